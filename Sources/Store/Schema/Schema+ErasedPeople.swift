import GRDB

extension Schema {
    /// What an erasure leaves to be done, and numbers that nobody has twice.
    static func forgetErasedPeople(_ database: Database) throws {
        try database.execute(sql: """
            -- What the index of words still has to forget: 0 for erasures it has not begun with, 1 for the merge it is in.
            CREATE TABLE recipient_words_erased (phase INTEGER PRIMARY KEY CHECK (phase IN (0, 1))) STRICT;
            -- Nobody knows what was erased before.
            INSERT INTO recipient_words_erased VALUES (0);

            CREATE TRIGGER recipient_words_erase AFTER DELETE ON recipients
            BEGIN INSERT INTO recipient_words_erased VALUES (0) ON CONFLICT DO NOTHING; END;

            -- The greatest number that a recipient ever had and has no more: the next one's is greater, so that nobody
            -- inherits the journal of somebody who was erased.
            CREATE TABLE recipient_numbers (
                id INTEGER PRIMARY KEY CHECK (id = 1), greatest INTEGER NOT NULL
            ) STRICT;
            INSERT INTO recipient_numbers SELECT 1, max(
                (SELECT ifnull(MAX(id), 0) FROM recipients),
                (SELECT ifnull(MAX(recipient_id), 0) FROM deliveries),
                (SELECT ifnull(MAX(CAST(substr(subject, 11) AS INTEGER)), 0)
                 FROM audit_entries INDEXED BY audit_entries_of_recipients WHERE substr(subject, 1, 10) = 'recipient '));

            CREATE TRIGGER recipient_numbers_keep AFTER DELETE ON recipients
            BEGIN UPDATE recipient_numbers SET greatest = OLD.id WHERE greatest < OLD.id; END;
            """)
    }
}
