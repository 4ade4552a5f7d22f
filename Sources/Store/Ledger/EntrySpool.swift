import AlertModel
import Campaigns
import GeoModel

/// What a launch writes of an audience's recipients, between the pass that hashes them and the pass that writes them: as bytes, about a hundred
/// for each, in pieces, so that a million of them take a third of what they would as values.
struct EntrySpool {
    private static let pieceSize = 1 << 20

    private var pieces: [[UInt8]] = []
    /// Most recipients of an audience are in it for the same few reasons, and speak the same few languages.
    private var reasons: [String] = []
    private var reasonNumbers: [String: Int] = [:]
    private(set) var count = 0
    private(set) var certainCount = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ entry: AudienceEntry) {
        count += 1
        if entry.certainty == .certain { certainCount += 1 }
        var piece = pieces.popLast() ?? []
        if piece.count > Self.pieceSize {
            pieces.append(piece)
            piece = []
        }
        if piece.isEmpty { piece.reserveCapacity(Self.pieceSize + 4_096) }
        piece.write(UInt64(bitPattern: entry.recipient.rawValue))
        piece.write(entry.externalID)
        piece.write(entry.name?.value)
        piece.write(entry.communeCode?.rawValue)
        piece.append(UInt8(Precision.allCases.firstIndex(of: entry.precision) ?? 0))
        piece.append(entry.certainty == .certain ? 1 : 0)
        piece.write(UInt64(number(of: entry.why)))
        piece.write(UInt64(number(of: entry.language)))
        piece.write(UInt64(entry.contactPoints.count))
        for contact in entry.contactPoints {
            piece.append(UInt8(Channel.allCases.firstIndex(of: contact.channel) ?? 0))
            piece.write(UInt64(bitPattern: Int64(contact.rank)))
            piece.write(contact.address.value)
        }
        piece.write(entry.values?.document)
        pieces.append(piece)
    }

    private mutating func number(of reason: String) -> Int {
        if let known = reasonNumbers[reason] { return known }
        reasons.append(reason)
        reasonNumbers[reason] = reasons.count - 1
        return reasons.count - 1
    }

    /// In the order they came.
    func forEach(_ body: (AudienceEntry) throws -> Void) throws {
        for piece in pieces {
            var reader = Reader(bytes: piece)
            while !reader.isAtEnd { try body(entry(&reader)) }
        }
    }

    private func entry(_ reader: inout Reader) -> AudienceEntry {
        let recipient = RecipientID(rawValue: Int64(bitPattern: reader.number()))
        let externalID = reader.text() ?? ""
        let name = reader.text()
        let commune = reader.text()
        let precision = Precision.allCases[Int(reader.byte())]
        let certainty: Certainty = reader.byte() == 1 ? .certain : .possible
        let why = reasons[Int(reader.number())]
        let language = reasons[Int(reader.number())]
        let contacts = (0..<reader.number()).map { _ in
            let channel = Channel.allCases[Int(reader.byte())]
            let rank = Int(Int64(bitPattern: reader.number()))
            return ContactPoint(channel: channel, address: Redacted(reader.text() ?? ""), rank: rank)
        }
        let values = reader.text().flatMap { PersonalValues(document: $0) }
        return AudienceEntry(
            recipient: recipient, externalID: externalID, name: name.map { Redacted($0) },
            communeCode: commune.flatMap { CommuneCode($0) }, precision: precision, certainty: certainty,
            language: language, why: why, contactPoints: contacts, values: values)
    }

    private struct Reader {
        let bytes: [UInt8]
        private var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { position == bytes.count }

        mutating func byte() -> UInt8 {
            position += 1
            return bytes[position - 1]
        }

        /// LEB128.
        mutating func number() -> UInt64 {
            var value: UInt64 = 0
            var shift: UInt64 = 0
            while true {
                let next = byte()
                value |= UInt64(next & 0x7F) << shift
                if next < 0x80 { return value }
                shift += 7
            }
        }

        mutating func text() -> String? {
            let length = Int(number())
            guard length > 0 else { return nil }
            defer { position += length - 1 }
            return String(decoding: bytes[position..<(position + length - 1)], as: UTF8.self)
        }
    }
}

extension [UInt8] {
    fileprivate mutating func write(_ number: UInt64) {
        var left = number
        while left >= 0x80 {
            append(UInt8(truncatingIfNeeded: left) | 0x80)
            left >>= 7
        }
        append(UInt8(left))
    }

    /// Its length and one, so that nil is 0.
    fileprivate mutating func write(_ text: String?) {
        guard let text else { return write(0) }
        write(UInt64(text.utf8.count + 1))
        append(contentsOf: text.utf8)
    }
}
