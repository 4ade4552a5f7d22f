import AlertModel
import GRDB

extension Schema {
    /// What campaigns say: templates prepared ahead, and every version of every campaign's message.
    static func createMessages(_ database: Database) throws {
        try database.execute(sql: """
            -- A template is its newest version; none is ever changed. A version without a document is a removal.
            CREATE TABLE templates (
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                name TEXT NOT NULL CHECK (name <> ''),
                version INTEGER NOT NULL,
                -- The message, its correction and its all-clear, in their languages and channels.
                document TEXT CHECK (document <> ''),
                at INTEGER NOT NULL,
                actor TEXT NOT NULL,
                PRIMARY KEY (organisation_id, name, version)
            ) STRICT, WITHOUT ROWID;

            -- As they leave. The first is the one that was frozen; those after it amend it.
            CREATE TABLE campaign_messages (
                campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
                version INTEGER NOT NULL,
                document TEXT NOT NULL CHECK (document <> ''),
                at INTEGER NOT NULL,
                actor TEXT NOT NULL,
                PRIMARY KEY (campaign_id, version)
            ) STRICT, WITHOUT ROWID;

            ALTER TABLE deliveries ADD COLUMN language TEXT NOT NULL DEFAULT '';
            ALTER TABLE attempts ADD COLUMN message_version INTEGER NOT NULL DEFAULT 1;
            """)
        // The campaigns of before: one version, one wording.
        let campaigns = try Row.fetchAll(database, sql: "SELECT id, subject, text, created_at, created_by FROM campaigns")
        for row in campaigns {
            try database.execute(
                sql: "INSERT INTO campaign_messages (campaign_id, version, document, at, actor) VALUES (?, 1, ?, ?, ?)",
                arguments: [
                    row["id"] as Int64,
                    MessageDocument.encode(Message(subject: row["subject"], text: row["text"])),
                    row["created_at"] as Int64, row["created_by"] as String,
                ])
        }
    }
}
