import GRDB

extension Schema {
    /// Frozen audiences: whom a zone selected at one moment, each with how surely and why.
    static func createAudiences(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE audiences (
                id INTEGER PRIMARY KEY,
                -- Of one that somebody froze; NULL for a campaign's.
                name TEXT,
                campaign_id INTEGER UNIQUE REFERENCES campaigns (id) ON DELETE CASCADE,
                -- NULL: over the whole register.
                organisation_id INTEGER REFERENCES organisations (id),
                at INTEGER NOT NULL,
                actor TEXT NOT NULL,
                -- The canonical document.
                zone TEXT NOT NULL,
                recipients INTEGER NOT NULL,
                certain INTEGER NOT NULL,
                not_located INTEGER NOT NULL,
                -- As AudienceMembers writes them.
                members BLOB NOT NULL,
                -- SHA-256 over the members' cards as they were; NULL for a campaign's, whose deliveries copy them.
                cards BLOB CHECK (length(cards) = 32),
                -- SHA-256 over all of the above but id, name and campaign.
                hash TEXT NOT NULL CHECK (length(hash) = 64),
                CHECK ((name IS NULL) <> (campaign_id IS NULL))
            ) STRICT;
            CREATE UNIQUE INDEX audiences_by_name ON audiences (name, ifnull(organisation_id, 0)) WHERE name IS NOT NULL;
            """)
    }
}
