import GRDB

extension Schema {
    /// The lists of a campaign's people find those who are few among a million.
    static func indexOutcomes(_ database: Database) throws { try LedgerSchema.indexOutcomes(database) }
}

extension LedgerSchema {
    /// Nothing is written to the index while messages leave: a delivery enters it when it is answered or given up.
    static func indexOutcomes(_ database: Database) throws {
        try database.execute(sql: """
            CREATE INDEX deliveries_by_outcome ON deliveries (campaign_id, state)
                WHERE state NOT IN ('pending', 'passed')
            """)
    }
}
