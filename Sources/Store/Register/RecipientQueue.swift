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
    // Elements are named by index throughout: to take a recipient out copies it, and counts references to its texts.

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
    /// - Returns: those of the recipients that are now there who still lack their lists, tags or vulnerability.
    func writeRows() throws -> [(id: Int64, recipient: Recipient)] {
        defer { recipients.removeAll(keepingCapacity: true) }
        let isWhole = recipients.count == Self.limit
        for index in recipients.indices {
            rows.bind(
                recipients[index].recipient, id: recipients[index].id, hash: recipients[index].hash,
                to: isWhole ? insertRows : insertRow, after: isWhole ? Int32(index) * RecipientRows.parameters : 0)
            if !isWhole { try insertRow.run() }
        }
        if isWhole { try insertRows.run() }
        var rest: [(id: Int64, recipient: Recipient)] = []
        for index in recipients.indices {
            try append(recipients[index].recipient.contactPoints, of: recipients[index].id)
            if recipients[index].recipient.hasBelongings {
                rest.append((recipients[index].id, recipients[index].recipient))
            }
        }
        return rest
    }

    /// Those of a recipient that has none yet: only among themselves can they repeat.
    private func append(_ points: [ContactPoint], of id: Int64) throws {
        for index in points.indices where !Self.isRepeated(index, in: points) {
            contacts.append((id, points[index]))
            guard contacts.count == Self.limit else { continue }
            for row in contacts.indices {
                RecipientRows.bind(
                    contacts[row].point, of: contacts[row].id, to: insertContacts,
                    after: Int32(row) * RecipientRows.contactParameters)
            }
            contacts.removeAll(keepingCapacity: true)
            try insertContacts.run()
        }
    }

    private static func isRepeated(_ index: Int, in points: [ContactPoint]) -> Bool {
        for earlier in 0..<index
        where points[earlier].channel == points[index].channel && points[earlier].address == points[index].address {
            return true
        }
        return false
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

extension Recipient {
    /// Whether some of it stands in tables other than those of recipients and contact points.
    fileprivate var hasBelongings: Bool {
        lists?.isEmpty == false || tags?.isEmpty == false || vulnerability != nil
    }
}
