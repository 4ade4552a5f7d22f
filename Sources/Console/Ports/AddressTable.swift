import Foundation

/// An uploaded table of addresses or positions, and what to do with it.
package struct AddressTableRequest: Sendable {
    package enum Direction: Hashable, Sendable {
        case search, reverse
    }

    package var direction: Direction
    /// The file as it came; mapped, not in memory.
    package var bytes: Data
    /// The columns whose texts make the query, in order; empty for all of them.
    package var columns: [String] = []
    /// The columns to be added; empty for all of them.
    package var resultColumns: [String] = []
    /// The columns that hold each row's filter, by the filter's name: `citycode`, `postcode`, `type`…
    package var filterColumns: [String: String] = [:]
    /// The columns of the coordinates; nil for the usual names.
    package var latitudeColumn: String?
    package var longitudeColumn: String?
    /// As the client calls it; nil to find out.
    package var encoding: String?
    package var delimiter: String?
    package var quote: String?
    /// Whether a UTF-8 answer is to begin with a byte order mark whatever the file did.
    package var writesMark = false
    /// Places that score less are not given.
    package var leastScore = 0.5
    /// Rows of a table, the header apart.
    package var mostRows: Int

    package init(direction: Direction, bytes: Data, mostRows: Int) {
        self.direction = direction
        self.bytes = bytes
        self.mostRows = mostRows
    }
}

/// A table being answered: its bytes come piece by piece.
package struct AddressTable: Sendable {
    /// The charset of the answer, which is the file's.
    package let charset: String
    /// The next piece, or nil at the end. Called by one caller after the other.
    package let next: @Sendable () async throws -> [UInt8]?

    package init(charset: String, next: @escaping @Sendable () async throws -> [UInt8]?) {
        self.charset = charset
        self.next = next
    }
}
