import GRDB

extension Schema {
    /// Who may launch by telephone, and what.
    static func createTelephone(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE telephone_operators (
                user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
                -- What they type to say who they are; their PIN proves it.
                code TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 4 AND 8 AND code NOT GLOB '*[^0-9]*'),
                -- The number they call from and are called back at, in E.164.
                number TEXT UNIQUE CHECK (number GLOB '+[1-9]*' AND substr(number, 2) NOT GLOB '*[^0-9]*')
            ) STRICT;
            CREATE TABLE telephone_scenarios (
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 999),
                scenario_id INTEGER NOT NULL UNIQUE REFERENCES scenarios (id) ON DELETE CASCADE,
                -- The scenario's hash as somebody marked it for real alerts; any other hash is launched as an exercise.
                real_hash TEXT CHECK (length(real_hash) = 64),
                PRIMARY KEY (organisation_id, number)
            ) STRICT, WITHOUT ROWID;
            """)
    }
}
