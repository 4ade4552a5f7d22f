import GRDB

extension Schema {
    /// Two worlds of sign-in: a session and a token are of one mode, and exercises have a password of their own.
    static func separateExercises(_ database: Database) throws {
        try database.execute(sql: """
            ALTER TABLE sessions ADD COLUMN mode TEXT NOT NULL DEFAULT 'real' CHECK (mode = 'real' OR mode = 'exercise');
            ALTER TABLE api_tokens ADD COLUMN mode TEXT NOT NULL DEFAULT 'real' CHECK (mode = 'real' OR mode = 'exercise');
            -- NULL: no sign-in where exercises are held.
            ALTER TABLE users ADD COLUMN exercise_password_hash TEXT;
            """)
    }
}
