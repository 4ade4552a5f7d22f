import Foundation
import GRDB
import Targeting

/// What a check of the register's indexes found.
package struct RegisterIndexReport: Sendable, Equatable {
    /// Pages that there should be.
    package var pages = 0
    /// Pages that wait to be stored again: slower to count, and right.
    package var stale = 0
    /// Stored pages that differ from their recipients' rows.
    package var wrong = 0
    /// Whether the R*Tree is sound, and has every point and no other.
    package var isTreeSound = true

    package var isSound: Bool { wrong == 0 && isTreeSound }
}

extension Database {
    /// Stores again the pages that this and former transactions have changed.
    ///
    /// Whoever writes many recipients calls it before committing. Until somebody does, the pages are read from rows.
    func storeStalePages() throws {
        let numbers = try Int64.fetchAll(self, sql: "SELECT page FROM register_stale_pages ORDER BY page")
        guard !numbers.isEmpty else { return }
        let pages = try RegisterPages(database: self)
        let store = try RawStatement(self, """
            INSERT INTO register_pages (page, organisation_id, planes, communes, radii, organisations)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (page) DO UPDATE SET organisation_id = excluded.organisation_id, planes = excluded.planes,
                communes = excluded.communes, radii = excluded.radii, organisations = excluded.organisations
            """)
        let remove = try RawStatement(self, "DELETE FROM register_pages WHERE page = ?")
        for number in numbers {
            let page = try pages.read(number)
            if page.isEmpty {
                remove.bind(number, at: 1)
                try remove.run()
            } else {
                store.bind(number, at: 1)
                store.bind(page.organisation, at: 2)
                store.bind(bytes: page.planes.bytes, at: 3)
                store.bind(bytes: page.communes.bytes, at: 4)
                store.bind(bytes: page.radii.isEmpty ? nil : page.radii.bytes, at: 5)
                store.bind(bytes: page.organisations.isEmpty ? nil : page.organisations.bytes, at: 6)
                try store.run()
            }
        }
        try execute(sql: "DELETE FROM register_stale_pages")
    }

    /// (Not by CheckSpatialIndex, which writes.)
    fileprivate func isTreeSound() throws -> Bool {
        guard try String.fetchOne(self, sql: "SELECT rtreecheck('idx_recipients_location')") == "ok" else { return false }
        return try Bool.fetchOne(self, sql: """
            SELECT (SELECT COUNT(*) FROM idx_recipients_location)
                    = (SELECT COUNT(*) FROM recipients WHERE location IS NOT NULL)
                AND NOT EXISTS (
                    SELECT 1 FROM recipients WHERE location IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM idx_recipients_location
                        WHERE pkid = recipients.id AND xmin <= X(location) AND xmax >= X(location)
                            AND ymin <= Y(location) AND ymax >= Y(location)))
            """) ?? false
    }

    /// Names every page stale: those of recipients, and those stored for recipients that are no more.
    func markEveryPageStale() throws {
        try execute(sql: """
            INSERT INTO register_stale_pages (page)
            SELECT page FROM (SELECT DISTINCT id >> 12 AS page FROM recipients UNION SELECT page FROM register_pages)
            WHERE true ON CONFLICT DO NOTHING
            """)
    }
}

extension AlertDatabase {
    /// Compares the register's indexes with the recipients themselves, in one read transaction.
    package func checkRegisterIndexes() throws -> RegisterIndexReport {
        try pool.read { database in
            var report = RegisterIndexReport()
            let pages = try RegisterPages(database: database)
            let numbers = try Int64.fetchAll(database, sql: """
                SELECT DISTINCT id >> 12 FROM recipients UNION SELECT page FROM register_pages ORDER BY 1
                """)
            let stale = Set(try Int64.fetchAll(database, sql: "SELECT page FROM register_stale_pages ORDER BY page"))
            report.pages = numbers.count
            report.stale = stale.count
            for number in numbers where !stale.contains(number) {
                let truth = try pages.read(number)
                let stored = try pages.stored(number)
                if stored != truth, stored != nil { report.wrong += 1 }
                // A page that is nowhere is read from rows, as a stale one.
                if stored == nil { report.stale += 1 }
            }
            report.isTreeSound = try database.isTreeSound()
            return report
        }
    }

    /// Makes the register's pages, and its R*Tree, again from the recipients.
    package func rebuildRegisterIndexes() throws {
        try pool.write { database in
            try database.execute(sql: "DELETE FROM register_pages")
            try database.markEveryPageStale()
            try database.storeStalePages()
            try database.spatialCall("RecoverSpatialIndex('recipients', 'location')")
        }
    }
}

extension Array where Element: BitwiseCopyable {
    fileprivate var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}
