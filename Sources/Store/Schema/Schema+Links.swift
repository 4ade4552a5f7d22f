import AlertModel
import Foundation
import GRDB

extension Schema {
    /// What recipients do by the links of their messages, and the secret that those links are made with.
    static func createLinks(_ database: Database) throws {
        try LedgerSchema.createAnswers(database)
        try database.execute(sql: """
            -- With the database, so that a backup put back in its place keeps links and return addresses working.
            CREATE TABLE secrets (
                name TEXT PRIMARY KEY,
                value BLOB NOT NULL CHECK (length(value) = 32)
            ) STRICT, WITHOUT ROWID;

            -- Survives the imports that bring a contact point back.
            CREATE TABLE information_refusals (
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                channel TEXT NOT NULL,
                address TEXT NOT NULL,
                refused_at INTEGER NOT NULL,
                PRIMARY KEY (organisation_id, channel, address)
            ) STRICT, WITHOUT ROWID;
            """)
        try database.execute(
            sql: "INSERT INTO secrets (name, value) VALUES ('links', ?)", arguments: [Data(LinkKey.random())])
    }
}

extension LedgerSchema {
    /// What recipients said of their legs by a link.
    package static func createAnswers(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE leg_answers (
                leg_id INTEGER PRIMARY KEY REFERENCES legs (id),
                acknowledged_at INTEGER NOT NULL,
                -- 0 while the leg's attempt is in flight: the leg says so when it has ended.
                is_applied INTEGER NOT NULL CHECK (is_applied = 0 OR is_applied = 1)
            ) STRICT;
            CREATE INDEX leg_answers_waiting ON leg_answers (leg_id) WHERE is_applied = 0;
            """)
    }
}
