import GRDB

extension Schema {
    /// Parts of long messages that people write, and contact points by address: whoever writes STOP out of the blue is
    /// found without reading the register through.
    static func createInboundParts(_ database: Database) throws {
        try LedgerSchema.createInboundParts(database)
        try database.execute(sql: "CREATE INDEX contact_points_by_address ON contact_points (address, channel)")
    }
}

extension LedgerSchema {
    package static func createInboundParts(_ database: Database) throws {
        try database.execute(sql: """
            -- Kept before their SMSC is answered, until the others of their message are there or their time is over.
            CREATE TABLE inbound_parts (
                mode TEXT NOT NULL CHECK (mode = 'exercise' OR mode = 'real'),
                gateway TEXT NOT NULL,
                sender TEXT NOT NULL,
                recipient TEXT NOT NULL,
                -- What the sender's phone tells its long messages apart by.
                reference INTEGER NOT NULL,
                total INTEGER NOT NULL CHECK (total > 1 AND total < 256),
                number INTEGER NOT NULL CHECK (number > 0 AND number <= total),
                text TEXT NOT NULL,
                received_at INTEGER NOT NULL,
                -- 1 once its message is in inbound_messages: a part that comes again is then known.
                is_joined INTEGER NOT NULL CHECK (is_joined = 0 OR is_joined = 1),
                PRIMARY KEY (mode, gateway, sender, recipient, reference, total, number)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX inbound_parts_by_age ON inbound_parts (mode, received_at);
            """)
    }
}
