import GRDB

extension Schema {
    /// INSEE's tables of the Code officiel géographique as they came, and what follows from them: what every code means
    /// today (`commune_places`), on which ground (`commune_grounds`), with which figures (`commune_figures`).
    static func createCodeTables(_ database: Database) throws {
        try database.execute(sql: """
            -- Communes and their parts as INSEE names them: these names win over a boundary file's.
            CREATE TABLE code_communes (
                vintage INTEGER NOT NULL,
                kind TEXT NOT NULL,
                code TEXT NOT NULL,
                name TEXT NOT NULL,
                department TEXT NOT NULL,
                region TEXT,
                parent_code TEXT,
                PRIMARY KEY (vintage, kind, code)
            ) STRICT, WITHOUT ROWID;

            -- INSEE's file of movements, of one vintage: a newer file replaces all of it.
            CREATE TABLE code_movements (
                id INTEGER PRIMARY KEY,
                -- INSEE's MOD.
                event INTEGER NOT NULL,
                -- YYYY-MM-DD: the day it took effect.
                day TEXT NOT NULL,
                kind_before TEXT NOT NULL,
                code_before TEXT NOT NULL,
                name_before TEXT NOT NULL,
                kind_after TEXT NOT NULL,
                code_after TEXT NOT NULL,
                name_after TEXT NOT NULL
            ) STRICT;
            CREATE INDEX code_movements_by_code ON code_movements (code_before);

            CREATE TABLE code_areas (
                -- department or region
                kind TEXT NOT NULL CHECK (kind IN ('department', 'region')),
                vintage INTEGER NOT NULL,
                code TEXT NOT NULL,
                name TEXT NOT NULL,
                -- A department's region.
                region TEXT,
                PRIMARY KEY (kind, vintage, code)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE code_populations (
                -- Of the geography the figures are counted in.
                vintage INTEGER NOT NULL,
                code TEXT NOT NULL,
                -- Year of the census the figures are of.
                year INTEGER NOT NULL,
                -- Population municipale.
                population INTEGER NOT NULL,
                PRIMARY KEY (vintage, code)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE code_epci (
                vintage INTEGER NOT NULL,
                code TEXT NOT NULL,
                siren TEXT NOT NULL,
                name TEXT NOT NULL,
                PRIMARY KEY (vintage, code)
            ) STRICT, WITHOUT ROWID;

            -- Where the people of every code live today, one row a place. Computed anew with every import.
            CREATE TABLE commune_places (
                code TEXT NOT NULL,
                -- The commune that stands today.
                commune_code TEXT NOT NULL,
                -- Codes of the parts of it, from the innermost out, with a space between; '' for the whole commune.
                parts TEXT NOT NULL,
                -- The day the code ceased to be a commune of its own, YYYY-MM-DD, and its name then.
                since TEXT,
                name TEXT,
                PRIMARY KEY (code, commune_code, parts)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX commune_places_by_commune ON commune_places (commune_code);

            -- The rows of communes whose boundaries together are a code's ground today. is_exact is 0 when the ground
            -- is larger than the code's: nobody is certain by it.
            CREATE TABLE commune_grounds (
                code TEXT NOT NULL,
                commune_id INTEGER NOT NULL REFERENCES communes (id) ON DELETE CASCADE,
                is_exact INTEGER NOT NULL CHECK (is_exact IN (0, 1)),
                PRIMARY KEY (code, commune_id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX commune_grounds_by_row ON commune_grounds (commune_id);

            -- What the code tables say of the communes of today that their own file does not.
            CREATE TABLE commune_figures (
                code TEXT PRIMARY KEY,
                population INTEGER,
                population_year INTEGER,
                epci TEXT,
                epci_name TEXT
            ) STRICT, WITHOUT ROWID;

            -- Whether a code was given or found decides what it proves: answered from the index alone.
            DROP INDEX recipients_by_commune;
            CREATE INDEX recipients_by_commune ON recipients (commune_code, is_commune_found, organisation_id);

            -- Until the next import, with the plain rules of before: communes of today, and their parts.
            INSERT INTO commune_places (code, commune_code, parts) SELECT code, code, '' FROM current_communes;
            INSERT OR IGNORE INTO commune_places (code, commune_code, parts)
                SELECT DISTINCT code, parent_code, code FROM communes
                WHERE kind <> 'COM' AND parent_code IN (SELECT code FROM current_communes)
                    AND code NOT IN (SELECT code FROM current_communes);
            INSERT OR IGNORE INTO commune_grounds (code, commune_id, is_exact)
                SELECT code, (
                    SELECT id FROM communes AS grounds WHERE grounds.code = codes.code AND boundary IS NOT NULL
                    ORDER BY kind = 'COM' DESC, vintage DESC, kind LIMIT 1) AS ground, 1
                FROM (SELECT DISTINCT code FROM communes) AS codes WHERE ground IS NOT NULL;
            """)
    }
}
