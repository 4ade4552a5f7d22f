import GRDB

extension Schema {
    /// What each row gives to the card it became part of, so that a later file of one source takes nothing from the others.
    static func keepContributions(_ database: Database) throws {
        try database.execute(sql: """
            -- Of a card that several rows became: what each of them said last. None of a card that is one row's alone.
            CREATE TABLE recipient_contributions (
                recipient_id INTEGER NOT NULL REFERENCES recipients (id) ON DELETE CASCADE,
                external_id TEXT NOT NULL,
                -- The number that the row had as a card of its own; 0 when it never was one.
                number INTEGER NOT NULL,
                -- JSON, in the form of register_import_images, without protected facts.
                image TEXT NOT NULL,
                -- JSON: the single values of the card that are this row's.
                gives TEXT NOT NULL,
                -- Nobody kept what the row said: the image is the whole card.
                is_guessed INTEGER NOT NULL CHECK (is_guessed IN (0, 1)),
                PRIMARY KEY (recipient_id, external_id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX recipient_contributions_by_number ON recipient_contributions (number) WHERE number > 0;

            -- JSON: of whom the absorbed one was said to be another, and which of that the kept one took over.
            ALTER TABLE recipient_merges ADD COLUMN apart TEXT;

            -- The greatest number that a list ever had and has no more: images of recipients name lists by it, and must never
            -- put anybody on another organisation's.
            CREATE TABLE list_numbers (id INTEGER PRIMARY KEY CHECK (id = 1), greatest INTEGER NOT NULL) STRICT;
            INSERT INTO list_numbers SELECT 1, max(
                (SELECT ifnull(MAX(id), 0) FROM lists),
                (SELECT ifnull(MAX(value), 0) FROM register_import_images, json_each(image, '$.lists')),
                (SELECT ifnull(MAX(value), 0) FROM recipient_merges, json_each(kept_image, '$.lists')),
                (SELECT ifnull(MAX(value), 0) FROM recipient_merges, json_each(absorbed_image, '$.lists')));

            CREATE TRIGGER list_numbers_keep AFTER DELETE ON lists
            BEGIN UPDATE list_numbers SET greatest = OLD.id WHERE greatest < OLD.id; END;
            """)
    }
}
