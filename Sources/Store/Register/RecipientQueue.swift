import AlertModel
import Foundation
import GRDB

/// Recipients and contact points to be added by one statement for many: half of what a row costs is to start and end
/// its statement.
final class RecipientQueue {
    /// Rows of a statement. More gain nothing.
    private static let limit = 16

    private let rows: RecipientRows
    private let insertRow: RawStatement
    private let insertRows: RawStatement
    private let insertContact: RawStatement
    private let insertContacts: RawStatement
    private var nextID: Int64
    private var recipients: [(id: Int64, recipient: Recipient, hash: Data)] = []
    private var contacts: [(id: Int64, point: ContactPoint)] = []

    init(_ database: Database, rows: RecipientRows) throws {
        self.rows = rows
        insertRow = try RawStatement(database, RecipientRows.insertSQL(rows: 1))
        insertRows = try RawStatement(database, RecipientRows.insertSQL(rows: Self.limit), hasRoom: true)
        insertContact = try RawStatement(database, RecipientRows.insertContactSQL(rows: 1))
        insertContacts = try RawStatement(database, RecipientRows.insertContactSQL(rows: Self.limit), hasRoom: true)
        nextID = try Int64.fetchOne(database, sql: "SELECT MAX(id) FROM recipients").map { $0 + 1 } ?? 1
        recipients.reserveCapacity(Self.limit)
        contacts.reserveCapacity(Self.limit)
    }

    var isFull: Bool { recipients.count >= Self.limit }

    /// - Returns: the identifier that the row will have.
    func append(_ recipient: Recipient, hash: Data) -> Int64 {
        defer { nextID += 1 }
        recipients.append((nextID, recipient, hash))
        return nextID
    }

    /// Writes the recipients' rows, and as many of their contact points as fill statements.
    ///
    /// - Returns: the recipients that are now there, and still without lists and what else is not in those tables.
    func writeRows() throws -> [(id: Int64, recipient: Recipient)] {
        let written = recipients
        recipients.removeAll(keepingCapacity: true)
        if written.count == Self.limit {
            for (row, (id, recipient, hash)) in written.enumerated() {
                rows.bind(
                    recipient, id: id, hash: hash, to: insertRows, after: Int32(row) * RecipientRows.parameters)
            }
            try insertRows.run()
        } else {
            for (id, recipient, hash) in written {
                rows.bind(recipient, id: id, hash: hash, to: insertRow)
                try insertRow.run()
            }
        }
        for (id, recipient, _) in written { try append(recipient.contactPoints, of: id) }
        return written.map { ($0.id, $0.recipient) }
    }

    /// Those of a recipient that has none yet: only among themselves can they repeat.
    private func append(_ points: [ContactPoint], of id: Int64) throws {
        for (index, point) in points.enumerated()
        where !points[..<index].contains(where: { $0.channel == point.channel && $0.address == point.address }) {
            contacts.append((id, point))
            guard contacts.count == Self.limit else { continue }
            for (row, (id, point)) in contacts.enumerated() {
                RecipientRows.bind(
                    point, of: id, to: insertContacts, after: Int32(row) * RecipientRows.contactParameters)
            }
            contacts.removeAll(keepingCapacity: true)
            try insertContacts.run()
        }
    }

    /// Writes the contact points that are left, once the recipients' rows are there.
    func writeLastContacts() throws {
        for (id, point) in contacts {
            RecipientRows.bind(point, of: id, to: insertContact)
            try insertContact.run()
        }
        contacts.removeAll(keepingCapacity: true)
    }
}
