import AlertModel
import Foundation
import GRDB

/// What lists show of a draft.
package struct DraftHead: Hashable, Sendable {
    /// The UUID it will be launched with, in capitals.
    package let key: String
    package let version: Int
    package let name: String
    package let createdBy: String
    package let changedBy: String
    package let changedAt: UTCTime
}

/// Why a draft is not kept.
package enum DraftRefusal: Error, Hashable, Sendable {
    /// Somebody saved it since it was read.
    case changed
    /// It was launched or asked for, removed, or is too old.
    case gone
    /// The organisation has as many as it may.
    case tooMany(limit: Int)
}

/// Where drafts are kept: one organisation's, of one mode. They are in no journal: nothing is done with them until they are
/// launched, and that is.
package struct DraftShelf: Hashable, Sendable {
    /// More than a crisis cell prepares at once; with the console's bound of a document, what they take of the disk is bounded.
    package static let most = 64
    /// A draft that nobody touched for a week is about yesterday's event.
    package static let keptMilliseconds: Int64 = 7 * 24 * 3_600 * 1_000

    package let organisation: OrganisationID
    package let mode: CampaignMode

    package init(organisation: OrganisationID, mode: CampaignMode) {
        self.organisation = organisation
        self.mode = mode
    }
}

extension AlertDatabase {
    /// The shelf's drafts, last changed first.
    package func drafts(on shelf: DraftShelf, now: UTCTime) throws -> [DraftHead] {
        try pool.read { database in
            try Row.fetchAll(
                database, sql: "SELECT \(DraftHead.columns) FROM drafts WHERE \(Self.alive) ORDER BY changed_at DESC, key",
                arguments: shelf.arguments(now)
            ).map(DraftHead.init)
        }
    }

    /// One of them with its document; nil when it is gone.
    package func draft(_ key: String, on shelf: DraftShelf, now: UTCTime) throws -> (head: DraftHead, document: String)? {
        try pool.read { database in
            try Row.fetchOne(
                database, sql: "SELECT \(DraftHead.columns), document FROM drafts WHERE \(Self.alive) AND key = :key",
                arguments: shelf.arguments(now, key)
            ).map { (DraftHead($0), $0["document"]) }
        }
    }

    /// Keeps a draft's next version. What is kept already is answered as it was: whoever lost the answer sends it again.
    ///
    /// - Parameter base: the version that was read; 0 for a new draft.
    /// - Returns: its version now.
    /// - Throws: `DraftRefusal`.
    package func saveDraft(
        _ key: String, on shelf: DraftShelf, base: Int, name: String, document: String, by user: String, now: UTCTime
    ) throws -> Int {
        try pool.write { database in
            let known = try Row.fetchOne(
                database, sql: "SELECT version, document FROM drafts WHERE \(Self.alive) AND key = :key",
                arguments: shelf.arguments(now, key))
            guard let known else {
                guard base == 0, try !database.isLaunched(key) else { throw DraftRefusal.gone }
                try database.execute(sql: "DELETE FROM drafts WHERE \(Self.old)", arguments: ["eldest": now.eldestDraft])
                let others = try Int.fetchOne(
                    database, sql: "SELECT count(*) FROM drafts WHERE \(Self.alive)", arguments: shelf.arguments(now))
                guard others ?? 0 < DraftShelf.most else { throw DraftRefusal.tooMany(limit: DraftShelf.most) }
                try database.execute(
                    sql: """
                        INSERT INTO drafts (organisation_id, mode, key, version, name, document, created_by, created_at, changed_by,
                            changed_at) VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        shelf.organisation.rawValue, shelf.mode.rawValue, key, name, document, user, now.millisecondsSince1970,
                        user, now.millisecondsSince1970,
                    ])
                return 1
            }
            let version: Int = known["version"]
            guard known["document"] != document else { return version }
            guard version == base else { throw DraftRefusal.changed }
            try database.execute(
                sql: """
                    UPDATE drafts SET version = version + 1, name = ?, document = ?, changed_by = ?, changed_at = ?
                    WHERE organisation_id = ? AND mode = ? AND key = ?
                    """,
                arguments: [
                    name, document, user, now.millisecondsSince1970, shelf.organisation.rawValue, shelf.mode.rawValue, key,
                ])
            return version + 1
        }
    }

    /// - Returns: whether there was such a draft.
    package func removeDraft(_ key: String, on shelf: DraftShelf) throws -> Bool {
        try pool.write { database in
            try database.execute(
                sql: "DELETE FROM drafts WHERE organisation_id = ? AND mode = ? AND key = ?",
                arguments: [shelf.organisation.rawValue, shelf.mode.rawValue, key])
            return database.changesCount > 0
        }
    }

    /// Erases what is too old, and what was launched.
    package func sweepDrafts(now: UTCTime) throws {
        let isDue = try pool.read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM drafts WHERE \(Self.old) OR \(Self.launched))",
                arguments: ["eldest": now.eldestDraft])
        }
        guard isDue == true else { return }
        try pool.write { database in
            try database.execute(
                sql: "DELETE FROM drafts WHERE \(Self.old) OR \(Self.launched)", arguments: ["eldest": now.eldestDraft])
        }
    }

    private static let old = "changed_at < :eldest"
    private static let launched = Database.launched(key: "drafts.key")
    private static let alive = """
        drafts.organisation_id = :organisation AND drafts.mode = :mode AND changed_at >= :eldest AND NOT \(launched)
        """
}

extension DraftShelf {
    fileprivate func arguments(_ now: UTCTime, _ key: String? = nil) -> StatementArguments {
        var arguments: StatementArguments = [
            "organisation": organisation.rawValue, "mode": mode.rawValue, "eldest": now.eldestDraft,
        ]
        if let key { arguments += ["key": key] }
        return arguments
    }
}

extension UTCTime {
    /// Drafts changed before are too old.
    fileprivate var eldestDraft: Int64 { millisecondsSince1970 - DraftShelf.keptMilliseconds }
}

extension Database {
    /// Whether something was launched, or asked for, with a draft's key.
    fileprivate func isLaunched(_ key: String) throws -> Bool {
        try Bool.fetchOne(self, sql: "SELECT \(Self.launched(key: ":key"))", arguments: ["key": key]) ?? false
    }

    /// - Parameter key: an expression of SQL.
    fileprivate static func launched(key: String) -> String {
        """
        (EXISTS (SELECT 1 FROM campaigns WHERE campaigns.request_key = \(key))
            OR EXISTS (SELECT 1 FROM approvals WHERE approvals.request_key = \(key)))
        """
    }
}

extension DraftHead {
    fileprivate static let columns = "key, version, name, created_by, changed_by, changed_at"

    fileprivate init(_ row: Row) {
        key = row["key"]
        version = row["version"]
        name = row["name"]
        createdBy = row["created_by"]
        changedBy = row["changed_by"]
        changedAt = UTCTime(millisecondsSince1970: row["changed_at"])
    }
}
