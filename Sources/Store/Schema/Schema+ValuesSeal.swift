import AlertModel
import GRDB

extension Schema {
    /// The seal before a gateway covers what fills a text's places.
    static func sealValues(_ database: Database) throws { try LedgerSchema.sealValues(database) }
}

extension LedgerSchema {
    static func sealValues(_ database: Database) throws { try sealByPages(database, pageLength: 10_000) }

    /// - Parameter pageLength: rows read at once: a database of years holds millions.
    static func sealByPages(_ database: Database, pageLength: Int) throws {
        try database.execute(sql: """
            -- 64 bits of a SHA-256 over the leg's seal and the document. A row that is written without it is not sent.
            ALTER TABLE leg_values ADD COLUMN seal INTEGER NOT NULL DEFAULT 0;
            -- Who joined a personal campaign while its text was the same for everybody.
            INSERT INTO leg_values (leg_id, document) SELECT id, '{}' FROM legs
            WHERE id NOT IN (SELECT leg_id FROM leg_values) AND campaign_id IN (
                SELECT campaign_id FROM campaign_messages WHERE version = 1
                    AND EXISTS (SELECT 1 FROM legs AS sealed JOIN leg_values ON leg_id = sealed.id
                        WHERE sealed.campaign_id = campaign_messages.campaign_id));
            """)
        let page = try database.makeStatement(sql: """
            SELECT leg_id, legs.seal, document FROM leg_values JOIN legs ON legs.id = leg_id
            WHERE leg_id > ? ORDER BY leg_id LIMIT \(pageLength)
            """)
        let seal = try database.makeStatement(sql: "UPDATE leg_values SET seal = ? WHERE leg_id = ?")
        var last = Int64.min
        while true {
            let legs = try Row.fetchAll(page, arguments: [last])
            for leg in legs {
                last = leg[0]
                // What cannot be read stays without a seal, and does not leave.
                guard let values = PersonalValues(document: leg[2]) else { continue }
                try seal.execute(arguments: [ValuesSeal(values, of: LegSeal(rawValue: leg[1])).rawValue, last])
            }
            if legs.isEmpty { return }
        }
    }
}
