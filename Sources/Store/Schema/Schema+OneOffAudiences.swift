import GRDB

extension Schema {
    /// People who are written to once and never enter the register: each dropped file gets a register of its own, which
    /// belongs to the organisation that dropped it.
    static func createOneOffAudiences(_ database: Database) throws {
        try database.execute(sql: """
            -- Of a register of people written to once: whose it is. Its own number is below 0, so that no scope takes it in.
            ALTER TABLE organisations ADD COLUMN annex_of INTEGER REFERENCES organisations (id);
            -- When it is erased, unless a campaign of it is still under way.
            ALTER TABLE organisations ADD COLUMN annex_until INTEGER CHECK ((annex_until IS NULL) = (annex_of IS NULL));
            CREATE INDEX organisations_by_annex ON organisations (annex_of) WHERE annex_of IS NOT NULL;
            """)
    }
}
