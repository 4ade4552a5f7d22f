import GRDB

extension Schema {
    /// What was expected of each campaign, and what was measured of it.
    static func createEstimates(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE campaign_estimates (
                campaign_id INTEGER PRIMARY KEY REFERENCES campaigns (id),
                -- As it stood at the launch, as JSON; NULL for a campaign that was launched without one.
                estimate TEXT,
                -- As counted once, after the campaign had ended, as JSON; NULL until then.
                measure TEXT,
                CHECK (estimate IS NOT NULL OR measure IS NOT NULL)
            ) STRICT;
            """)
    }
}
