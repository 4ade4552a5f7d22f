import AlertModel
import Foundation
import GRDB

/// Which entries of the journal somebody may see.
package enum JournalScope: Sendable, Hashable {
    /// All of them: the machine's administrator's view.
    case all
    /// Those of these organisations.
    case organisations([OrganisationID])
}

/// Which entries of the journal somebody asks for; what is nil narrows nothing.
package struct JournalQuery: Sendable {
    /// Most entries one page has.
    package static let greatestPage = 1_000

    package var scope: JournalScope
    package var actor: String?
    /// An action such as `campaign.launch`, or the beginning of some, such as `campaign.`.
    package var action: String?
    package var since: Date?
    package var until: Date?

    package init(
        scope: JournalScope = .all, actor: String? = nil, action: String? = nil, since: Date? = nil, until: Date? = nil
    ) {
        self.scope = scope
        self.actor = actor
        self.action = action
        self.since = since
        self.until = until
    }

    fileprivate var condition: (sql: String, arguments: StatementArguments) {
        var parts = ["1"]
        var arguments = StatementArguments()
        if case .organisations(let organisations) = scope {
            let marks = organisations.map { _ in "?" }.joined(separator: ", ")
            parts.append("organisation_id IN (\(marks))")
            arguments += StatementArguments(organisations.map(\.rawValue))
        }
        if let actor {
            parts.append("actor = ?")
            arguments += [actor]
        }
        if let action {
            parts.append("substr(action, 1, length(?)) = ?")
            arguments += [action, action]
        }
        if let since {
            parts.append("at >= ?")
            arguments += [since.milliseconds]
        }
        if let until {
            parts.append("at <= ?")
            arguments += [until.milliseconds]
        }
        return (parts.joined(separator: " AND "), arguments)
    }
}

extension AlertDatabase {
    /// What somebody of an organisation may see of the journal: its own entries; with those of the machine, where it is the
    /// only organisation.
    ///
    /// - Parameter organisation: nil for the machine's administrator, who sees all.
    package func journalScope(of organisation: OrganisationID?) throws -> JournalScope {
        guard let organisation else { return .all }
        return try isOnlyOrganisation ? .all : .organisations([organisation])
    }

    /// Whether one organisation at most is in this database: what concerns all of it concerns that one.
    package var isOnlyOrganisation: Bool {
        get throws { try pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM organisations WHERE id > 0") ?? 0 } <= 1 }
    }

    /// The newest entries first.
    ///
    /// - Parameters:
    ///   - limit: at most `JournalQuery.greatestPage` are answered.
    ///   - before: only entries of lower numbers: the next page.
    package func auditEntries(
        _ query: JournalQuery = JournalQuery(), limit: Int, before: Int64? = nil
    ) throws -> [AuditEntry] {
        try page(query, before == nil ? "id <= ?" : "id < ?", before ?? .max, order: "DESC", limit: limit)
    }

    /// The oldest entries first, after a number: an export's pages.
    package func auditEntries(_ query: JournalQuery, after: Int64, limit: Int) throws -> [AuditEntry] {
        try page(query, "id > ?", after, order: "ASC", limit: limit)
    }

    private func page(
        _ query: JournalQuery, _ place: String, _ bound: Int64, order: String, limit: Int
    ) throws -> [AuditEntry] {
        let condition = query.condition
        return try pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT id, at, actor, action, subject, detail, organisation_id, version, previous_hash, hash
                    FROM audit_entries WHERE \(place) AND \(condition.sql) ORDER BY id \(order) LIMIT ?
                    """,
                arguments: [bound] + condition.arguments + [max(0, min(limit, JournalQuery.greatestPage))]
            ).map { try AuditEntry(row: $0) }
        }
    }

    /// How often each action was done, by action: no people, no subjects.
    package func auditFigures(_ query: JournalQuery) throws -> [(action: String, entries: Int, lastAt: Date)] {
        let condition = query.condition
        return try pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT action, COUNT(*) AS entries, MAX(at) AS last_at FROM audit_entries
                    WHERE \(condition.sql) GROUP BY action ORDER BY action
                    """, arguments: condition.arguments
            ).map { row in
                (
                    String.fromDatabaseValue(row["action"]) ?? AuditEntry.unreadable, row["entries"],
                    Date(milliseconds: Int64.fromDatabaseValue(row["last_at"]) ?? 0)
                )
            }
        }
    }
}

extension AuditEntry {
    /// What stands for a value that can't be what was written; as a detail's key, for what it holds as it is stored.
    package static let unreadable = "unreadable"

    /// One damaged entry hides none of the others: what is not readable of it is marked so.
    ///
    /// - Throws: `StoreError.damagedJournal` when it has no number.
    fileprivate init(row: Row) throws {
        guard let id = Int64.fromDatabaseValue(row["id"]) else { throw StoreError.damagedJournal(entry: 0) }
        self.init(
            id: id, at: Date(milliseconds: Int64.fromDatabaseValue(row["at"]) ?? 0), actor: Self.text(row["actor"]),
            action: Self.text(row["action"]), subject: Self.text(row["subject"]), detail: Self.detail(row["detail"]),
            organisation: Int64.fromDatabaseValue(row["organisation_id"]).map { OrganisationID(rawValue: $0) },
            version: Int.fromDatabaseValue(row["version"]) ?? 0,
            previousHash: Data.fromDatabaseValue(row["previous_hash"])?.hexadecimal ?? Self.unreadable,
            hash: Data.fromDatabaseValue(row["hash"])?.hexadecimal ?? Self.unreadable)
    }

    private static func text(_ value: DatabaseValue) -> String { String.fromDatabaseValue(value) ?? unreadable }

    private static func detail(_ value: DatabaseValue) -> [String: String] {
        let stored = text(value)
        return (try? JSONDecoder().decode([String: String].self, from: Data(stored.utf8))) ?? [unreadable: stored]
    }
}
