import Foundation

/// What a backup says of itself, inside the encryption.
package struct BackupFacts: Codable, Sendable, Equatable {
    /// When it was begun: the database is of no later than its end.
    package let at: Date
    /// The journal's entries then, and the last one's hash.
    package let entries: Int
    package let hash: String

    package init(at: Date, entries: Int, hash: String) {
        self.at = at
        self.entries = entries
        self.hash = hash
    }
}

/// The clear bytes of a backup: the length of the facts (four bytes, the lowest first), the facts as JSON, then records: offset
/// (eight bytes), length (four) and so many bytes of the database; last, the file's size and a length of all ones.
enum BackupContents {
    static let endMark = UInt32.max
    /// Largest piece a record holds: SQLite's largest page.
    static let greatestPiece = 65_536

    static func number(_ value: UInt64, bytes count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

    static func head(_ facts: BackupFacts) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .millisecondsSince1970
        let json = Array(try encoder.encode(facts))
        return number(UInt64(json.count), bytes: 4) + json
    }

    static func record(at offset: UInt64, count: UInt32) -> [UInt8] { number(offset, bytes: 8) + number(UInt64(count), bytes: 4) }
}

/// Takes the clear bytes as they come, and gives the pieces of the database.
struct BackupParser {
    private let path: String
    private var pending: [UInt8] = []
    private(set) var facts: BackupFacts?
    /// The database's size in bytes, once the end was read.
    private(set) var size: UInt64?

    init(path: String) {
        self.path = path
    }

    /// - Throws: `BackupError.notWhole` for what no writer writes; else what `piece` throws.
    mutating func take(_ bytes: [UInt8], _ piece: (_ offset: UInt64, _ bytes: ArraySlice<UInt8>) throws -> Void) throws {
        pending += bytes
        var rest = pending[...]
        if facts == nil {
            guard rest.count >= 4 else { return }
            let count = Int(Self.number(rest.prefix(4)))
            guard count <= 4_096 else { throw strange }
            guard rest.count >= 4 + count else { return }
            let decoder = JSONDecoder()
            decoder.dateDecodingStrategy = .millisecondsSince1970
            guard let facts = try? decoder.decode(BackupFacts.self, from: Data(rest.dropFirst(4).prefix(count))) else { throw strange }
            self.facts = facts
            rest = rest.dropFirst(4 + count)
        }
        while rest.count >= 12 {
            let offset = Self.number(rest.prefix(8)), count = UInt32(Self.number(rest.dropFirst(8).prefix(4)))
            if count == BackupContents.endMark {
                guard rest.count == 12, size == nil else { throw strange }
                size = offset
                rest = rest.dropFirst(12)
                break
            }
            guard size == nil, count > 0, count <= BackupContents.greatestPiece, offset < 1 << 48 else { throw strange }
            guard rest.count >= 12 + Int(count) else { break }
            try piece(offset, rest.dropFirst(12).prefix(Int(count)))
            rest = rest.dropFirst(12 + Int(count))
        }
        pending = Array(rest)
    }

    /// - Throws: `BackupError.notWhole` when the end was not read.
    func finished() throws -> (facts: BackupFacts, size: UInt64) {
        guard pending.isEmpty, let facts, let size else { throw strange }
        return (facts, size)
    }

    private var strange: BackupError { .notWhole(path: path, reason: "its contents are not in the form of this version") }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
