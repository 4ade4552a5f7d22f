import AlertModel
import Foundation
import GeoModel

/// A compact form for the temporary file that an import keeps its changes in: what an added recipient's statements take
/// is bound as it lies there. Not for keeping: it has no version.
///
/// A header, the values of the recipient's row, those of its contact points, and what other tables hold.
extension RegisterOperation {
    package var encoded: [UInt8] {
        var writer = ByteWriter()
        Self.put(kind, line: line, hash: hash, known: known, expectedHash: expectedHash, recipient, into: &writer)
        return writer.bytes
    }

    /// Writes what the row does to the register; nothing for a row that changes nothing at all.
    package static func put(
        _ comparison: RegisterComparison, line: Int, recipient: Recipient, into writer: inout ByteWriter
    ) {
        guard let kind = Kind(comparison) else { return }
        put(
            kind, line: line, hash: comparison.hash, known: comparison.known?.rawValue ?? 0,
            expectedHash: comparison.expectedHash ?? Data(), recipient, into: &writer)
    }

    private static func put(
        _ kind: Kind, line: Int, hash: Data, known: Int64, expectedHash: Data, _ recipient: Recipient,
        into writer: inout ByteWriter
    ) {
        writer.put(byte: kind.rawValue)
        writer.put(count: line)
        writer.put(byte: recipient.hasBelongings ? 1 : 0)
        RecipientRows.put(recipient, hash: hash, into: &writer)
        put(recipient.contactPoints, into: &writer)
        writer.put(count: Int(known))
        writer.put(blob: expectedHash)
        writer.put(byte: UInt8(ChannelMask(recipient.coveredChannels).rawValue))
        put(recipient.lists, into: &writer)
        put(recipient.tags, into: &writer)
        writer.put(recipient.coveredFacts.contains(.vulnerability))
        writer.put(recipient.vulnerability?.kind.value)
        writer.put(recipient.vulnerability?.detail?.value)
        writer.put(recipient.vulnerability?.recordedOn?.text)
        writer.put(recipient.vulnerability?.provenance)
    }

    /// Each address once a channel, the first of them, with its place among all; channel by channel in the order of the
    /// table's key, which then grows at its end.
    private static func put(_ points: [ContactPoint], into writer: inout ByteWriter) {
        let repeated = points.indices.count { isRepeated($0, in: points) }
        writer.put(count: points.count - repeated)
        for channel in channelsByName {
            for index in points.indices where points[index].channel == channel && !isRepeated(index, in: points) {
                writer.put(count: index)
                RecipientRows.put(points[index], into: &writer)
            }
        }
    }

    private static let channelsByName = Channel.allCases.sorted { $0.rawValue < $1.rawValue }

    private static func isRepeated(_ index: Int, in points: [ContactPoint]) -> Bool {
        for earlier in 0..<index
        where points[earlier].channel == points[index].channel && points[earlier].address == points[index].address {
            return true
        }
        return false
    }

    private static func put(_ texts: [String]?, into writer: inout ByteWriter) {
        writer.put(count: (texts?.count ?? -1) + 1)
        for text in texts ?? [] { writer.put(text) }
    }

    // MARK: Reading

    /// - Returns: nil when the bytes are not what `encoded` gave.
    package init?(encoded: UnsafeRawBufferPointer) {
        var reader = ByteReader(encoded)
        guard let kind = Kind(rawValue: reader.byte()) else { return nil }
        self.kind = kind
        line = reader.count()
        _ = reader.byte()
        let row = Row(&reader)
        hash = row.hash
        let points = Self.points(&reader)
        known = Int64(reader.count())
        expectedHash = reader.value().data ?? Data()
        let covered = ChannelMask(rawValue: Int(reader.byte()))
        let lists = Self.texts(&reader)
        var recipient = row.recipient(
            with: points, covering: Set(Channel.allCases.filter { covered.contains(ChannelMask($0)) }), lists: lists)
        recipient.tags = Self.texts(&reader)
        // Overlaid already: the writer asks of no other fact whether it is covered.
        if reader.value().number == 0 { recipient.coveredFacts.remove(.vulnerability) }
        let vulnerability = (kind: reader.text(), detail: reader.text(), on: reader.text(), from: reader.text())
        recipient.vulnerability = vulnerability.kind.map { kind in
            Vulnerability(
                kind: Redacted(kind), detail: vulnerability.detail.map { Redacted($0) },
                recordedOn: vulnerability.on.flatMap { CalendarDate($0) }, provenance: vulnerability.from)
        }
        self.recipient = recipient
        guard reader.isWhole else { return nil }
    }

    /// The values of a recipient's row, in the order in which `RecipientRows` puts them.
    private struct Row {
        let externalID, kind, name, address, postcode, code: String?
        let isFound: Bool
        let communeName, language, precision: String?
        let score, uncertaintyMetres: Double?
        let hash: Data
        let household, building, confirmedOn: String?
        let place: (longitude: Double, latitude: Double)?

        init(_ reader: inout ByteReader) {
            externalID = reader.text()
            kind = reader.text()
            name = reader.text()
            address = reader.text()
            postcode = reader.text()
            code = reader.text()
            isFound = reader.value().number == 1
            communeName = reader.text()
            language = reader.text()
            precision = reader.text()
            score = reader.value().double
            uncertaintyMetres = reader.value().double
            // The channels follow from the contact points.
            _ = reader.value()
            hash = reader.value().data ?? Data()
            household = reader.text()
            building = reader.text()
            confirmedOn = reader.text()
            place = if case .blob(let bytes) = reader.value() { PointBlob.decode(bytes) } else { nil }
        }

        func recipient(with points: [ContactPoint], covering channels: Set<Channel>, lists: [String]?) -> Recipient {
            let precision = precision.flatMap { Precision(rawValue: $0) }
            let location = place.flatMap { place in
                precision.map { precision in
                    Location(
                        position: Position(longitude: place.longitude, latitude: place.latitude),
                        uncertaintyMetres: uncertaintyMetres ?? 0, precision: precision, score: score ?? 0)
                }
            }
            var recipient = Recipient(
                externalID: externalID ?? "", name: Redacted(name ?? ""),
                kind: kind.flatMap { RecipientKind(rawValue: $0) } ?? .person, addressText: address.map { Redacted($0) },
                postcode: postcode, communeCode: code.flatMap { CommuneCode($0) }, communeName: communeName,
                language: language ?? "", location: location, contactPoints: points, coveredChannels: channels,
                lists: lists)
            recipient.isCommuneFound = isFound
            recipient.household = household
            recipient.building = building
            recipient.confirmedOn = confirmedOn.flatMap { CalendarDate($0) }
            return recipient
        }
    }

    private static func points(_ reader: inout ByteReader) -> [ContactPoint] {
        var points: [(place: Int, point: ContactPoint)] = []
        for _ in 0..<max(0, reader.count()) where !reader.isShort {
            let place = reader.count()
            if let point = point(&reader) { points.append((place, point)) }
        }
        return points.sorted { $0.place < $1.place }.map(\.point)
    }

    private static func point(_ reader: inout ByteReader) -> ContactPoint? {
        let channel = reader.text().flatMap { Channel(rawValue: $0) }
        let address = reader.text() ?? ""
        let rank = Int(reader.value().number ?? 1)
        let isEmergency = reader.value().number == 1
        let check = reader.text().flatMap { ContactCheck(rawValue: $0) }
        let consent = reader.text().flatMap { Consent(rawValue: $0) }
        let consentOn = reader.text().flatMap { CalendarDate($0) }
        let provenance = reader.text()
        let confirmedOn = reader.text().flatMap { CalendarDate($0) }
        return channel.map { channel in
            ContactPoint(
                channel: channel, address: Redacted(address), rank: rank, isEmergency: isEmergency, check: check,
                consent: consent, consentOn: consentOn, provenance: provenance, confirmedOn: confirmedOn)
        }
    }

    private static func texts(_ reader: inout ByteReader) -> [String]? {
        let count = reader.count()
        guard count > 0 else { return nil }
        var texts: [String] = []
        for _ in 1..<count where !reader.isShort { texts.append(reader.text() ?? "") }
        return texts
    }
}

extension Recipient {
    /// Whether some of it stands in tables other than those of recipients and contact points.
    fileprivate var hasBelongings: Bool {
        lists?.isEmpty == false || tags?.isEmpty == false || vulnerability != nil
    }
}

/// An operation in its bytes, which lie in somebody else's memory while it is handed over.
package struct SpooledOperation {
    package let kind: RegisterOperation.Kind
    package let line: Int
    /// Whether the recipient has lists, tags or a vulnerability.
    let hasBelongings: Bool
    let bytes: UnsafeRawBufferPointer
    /// Where the values of the row begin.
    let rowStart: Int

    /// - Throws: `RegisterError.noRoom` when the bytes are none of an operation's.
    init(_ bytes: UnsafeRawBufferPointer) throws {
        var reader = ByteReader(bytes)
        guard let kind = RegisterOperation.Kind(rawValue: reader.byte()) else { throw RegisterError.noRoom }
        self.kind = kind
        self.bytes = bytes
        line = reader.count()
        hasBelongings = reader.byte() == 1
        rowStart = reader.index
        guard !reader.isShort else { throw RegisterError.noRoom }
    }

    /// The operation as a value.
    ///
    /// - Throws: `RegisterError.noRoom` when the bytes were damaged.
    package func decoded() throws -> RegisterOperation {
        guard let operation = RegisterOperation(encoded: bytes) else { throw RegisterError.noRoom }
        return operation
    }
}
