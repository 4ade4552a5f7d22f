import AlertModel
import Foundation
import GRDB

/// Recipients and contact points to be added by one statement for many: half of what a row costs is to start and end
/// its statement. Their values are bound where they lie, in the bytes that a spool gave.
final class RecipientQueue {
    /// Rows of a statement. More gain nothing.
    private static let rowsOfStatement = 16
    /// Recipients gathered: few enough to stay in the processor's cache, many enough to fill statements of contact points.
    private static let limit = 256

    private struct Entry {
        let id: Int64
        /// The operation's bytes, and where the values of its row begin in them.
        let bytes: Range<Int>
        let rowStart: Int
        let hasBelongings: Bool
    }

    private let rows: RecipientRows
    private let insertRow: RawStatement
    private let insertRows: RawStatement
    private let insertContact: RawStatement
    private let insertContacts: RawStatement
    private var nextID: Int64
    private var bytes: [UInt8] = []
    private var entries: [Entry] = []

    init(_ database: Database, rows: RecipientRows) throws {
        self.rows = rows
        insertRow = try RawStatement(database, RecipientRows.insertSQL(rows: 1))
        insertRows = try RawStatement(database, RecipientRows.insertSQL(rows: Self.rowsOfStatement))
        insertContact = try RawStatement(database, RecipientRows.insertContactSQL(rows: 1))
        insertContacts = try RawStatement(database, RecipientRows.insertContactSQL(rows: Self.rowsOfStatement))
        nextID = try database.nextRecipientNumber()
        entries.reserveCapacity(Self.limit)
    }

    var isFull: Bool { entries.count >= Self.limit }

    /// - Parameter operation: one that adds a recipient.
    /// - Returns: the identifier that the row will have.
    func append(_ operation: SpooledOperation) -> Int64 {
        defer { nextID += 1 }
        let start = bytes.count
        bytes.append(contentsOf: operation.bytes)
        entries.append(Entry(
            id: nextID, bytes: start..<bytes.count, rowStart: start + operation.rowStart,
            hasBelongings: operation.hasBelongings))
        return nextID
    }

    /// Writes the rows of the recipients and of their contact points.
    ///
    /// - Returns: those of the recipients that still lack their lists, tags or vulnerability.
    func write() throws -> [(id: Int64, recipient: Recipient)] {
        defer {
            entries.removeAll(keepingCapacity: true)
            bytes.removeAll(keepingCapacity: true)
        }
        return try bytes.withUnsafeBytes { bytes in
            let contacts = try writeRecipients(bytes)
            try writeContacts(contacts, bytes)
            return try entries.filter(\.hasBelongings).map { entry in
                let operation = try SpooledOperation(UnsafeRawBufferPointer(rebasing: bytes[entry.bytes])).decoded()
                return (entry.id, operation.recipient)
            }
        }
    }

    /// Where the values of a contact point begin.
    private typealias Contact = (id: Int64, start: Int)

    private func writeRecipients(_ bytes: UnsafeRawBufferPointer) throws -> [Contact] {
        var contacts: [Contact] = []
        try insert(entries.count, by: insertRow, or: insertRows) { number, place, statement in
            if place == 0 { rows.bindShared(to: statement) }
            let entry = entries[number]
            var reader = ByteReader(bytes, from: entry.rowStart)
            RecipientRows.bind(&reader, id: entry.id, to: statement, place: place)
            for _ in 0..<max(0, reader.count()) where !reader.isShort {
                // Its place among the recipient's.
                _ = reader.count()
                contacts.append((entry.id, reader.index))
                RecipientRows.skipContact(&reader)
            }
            guard !reader.isShort else { throw RegisterError.noRoom }
        }
        return contacts
    }

    private func writeContacts(_ contacts: [Contact], _ bytes: UnsafeRawBufferPointer) throws {
        try insert(contacts.count, by: insertContact, or: insertContacts) { number, place, statement in
            var reader = ByteReader(bytes, from: contacts[number].start)
            RecipientRows.bindContact(&reader, of: contacts[number].id, to: statement, place: place)
        }
    }

    /// Runs a statement of many rows as often as it is filled, and one of a single row for the rest.
    private func insert(
        _ count: Int, by one: RawStatement, or many: RawStatement,
        bind: (_ number: Int, _ place: Int, _ statement: RawStatement) throws -> Void
    ) throws {
        defer {
            // Before their bytes go.
            one.forget()
            many.forget()
        }
        let filled = count - count % Self.rowsOfStatement
        for number in 0..<count {
            let place = number < filled ? number % Self.rowsOfStatement : 0
            try bind(number, place, number < filled ? many : one)
            if number >= filled {
                try one.run()
            } else if place == Self.rowsOfStatement - 1 {
                try many.run()
            }
        }
    }
}
