import GRDB

extension Schema {
    /// What finds people by words, kept by the register's own transactions.
    static func createRegisterSearch(_ database: Database) throws {
        try database.execute(sql: """
            -- Words of recipients by their row numbers, without the texts (contentless) and the places in them. A word of the
            -- name stands a second time behind `_`; __o1 says whose row it is, __c80021 of which commune: `_` stands in no
            -- other word.
            CREATE VIRTUAL TABLE recipient_words USING fts5 (
                words, content = '', columnsize = 0, detail = none, prefix = '1 2 3 4 5 6 7',
                tokenize = "unicode61 remove_diacritics 2 tokenchars '_'");
            -- Of the index being written, in bytes: a batch then makes one segment.
            INSERT INTO recipient_words (recipient_words, rank) VALUES ('hashsize', 16777216);

            -- Row numbers from first to last whose words are not written yet: searches read those rows themselves.
            CREATE TABLE recipient_words_due (
                first_id INTEGER PRIMARY KEY, last_id INTEGER NOT NULL CHECK (last_id >= first_id)
            ) STRICT;
            INSERT INTO recipient_words_due SELECT MIN(id), MAX(id) FROM recipients HAVING COUNT(*) > 0;

            -- Who opted out, and whom nothing reaches, are few.
            CREATE INDEX contact_points_refused ON contact_points (recipient_id) WHERE consent = 'refused';
            CREATE INDEX recipients_unreachable ON recipients (organisation_id) WHERE channels = 0;
            -- The history of a person.
            CREATE INDEX audit_entries_of_recipients ON audit_entries (subject, id)
                WHERE substr(subject, 1, 10) = 'recipient ';
            \(recipientWordTriggers)
            """)
    }

    /// Beginnings of up to fourteen letters have indexes of their own: FTS5 reads everybody who has a longer beginning before it
    /// answers, half of the register where half of it lives in one commune of a long name.
    static func lengthenBeginnings(_ database: Database) throws {
        try database.execute(sql: """
            DROP TABLE recipient_words;
            CREATE VIRTUAL TABLE recipient_words USING fts5 (
                words, content = '', columnsize = 0, detail = none, prefix = '1 2 3 4 5 6 7 8 9 10 11 12 13 14',
                tokenize = "unicode61 remove_diacritics 2 tokenchars '_'");
            INSERT INTO recipient_words (recipient_words, rank) VALUES ('hashsize', 16777216);

            DELETE FROM recipient_words_due;
            INSERT INTO recipient_words_due SELECT MIN(id), MAX(id) FROM recipients HAVING COUNT(*) > 0;
            -- An index that begins anew has nobody to forget.
            DELETE FROM recipient_words_erased;
            """)
    }

    /// What parts words of a name, besides what nobody's name has.
    private static let nameGaps = [" ", "-", "''", "’", ".", ",", "/", "("]

    /// Row number and words of a row of `recipients`. Ligatures are two letters, as whoever searches writes them.
    ///
    /// - Parameter row: the row's name in the statement.
    static func recipientWords(_ row: String) -> String {
        func plain(_ text: String) -> String {
            [("œ", "oe"), ("Œ", "oe"), ("ß", "ss"), ("_", " ")].reduce(text) { "replace(\($0), '\($1.0)', '\($1.1)')" }
        }
        let name = plain("\(row).name")
        let marked = nameGaps.reduce("'_' || \(name)") { "replace(\($0), '\($1)', ' _')" }
        let place = ["address", "postcode", "commune_name", "external_id"].map { "ifnull(\(row).\($0), '')" }
        return """
            \(row).id, \(marked) || ' ' || \(name) || ' ' || \(plain(place.joined(separator: " || ' ' || ")))
                || ' __o' || \(row).organisation_id || ifnull(' __c' || \(row).commune_code, '')
            """
    }

    private static let due = "EXISTS (SELECT 1 FROM recipient_words_due WHERE %.id BETWEEN first_id AND last_id)"
    private static func isDue(_ row: String) -> String { due.replacing("%", with: row) }

    private static let remove = """
        INSERT INTO recipient_words (recipient_words, rowid, words)
        SELECT 'delete', \(recipientWords("OLD"));
        """
    private static let add = """
        INSERT INTO recipient_words (rowid, words) SELECT \(recipientWords("NEW"));
        """
    private static let worded = ["organisation_id", "external_id", "name", "address", "postcode", "commune_code", "commune_name"]

    private static let recipientWordTriggers = """
        CREATE TRIGGER recipient_words_insert AFTER INSERT ON recipients WHEN NOT \(isDue("NEW"))
        BEGIN \(add) END;

        CREATE TRIGGER recipient_words_delete AFTER DELETE ON recipients WHEN NOT \(isDue("OLD"))
        BEGIN \(remove) END;

        CREATE TRIGGER recipient_words_update AFTER UPDATE OF \(worded.joined(separator: ", ")) ON recipients
        WHEN NOT \(isDue("NEW")) AND (\(worded.map { "OLD.\($0) IS NOT NEW.\($0)" }.joined(separator: " OR ")))
        BEGIN \(remove) \(add) END;
        """
}
