import AlertModel
import GRDB

extension Schema {
    /// The seal before a gateway covers what fills a text's places.
    static func sealValues(_ database: Database) throws { try LedgerSchema.sealValues(database) }
}

extension LedgerSchema {
    static func sealValues(_ database: Database) throws {
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
        let legs = try Row.fetchAll(
            database, sql: "SELECT legs.id, legs.seal, document FROM leg_values JOIN legs ON legs.id = leg_id ORDER BY legs.id")
        let seal = try database.makeStatement(sql: "UPDATE leg_values SET seal = ? WHERE leg_id = ?")
        for leg in legs {
            // What cannot be read stays without a seal, and does not leave.
            guard let values = PersonalValues(document: leg[2]) else { continue }
            try seal.execute(arguments: [ValuesSeal(values, of: LegSeal(rawValue: leg[1])).rawValue, leg[0] as Int64])
        }
    }
}
