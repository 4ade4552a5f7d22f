import AlertModel
import Foundation
import GeoModel

/// What one row of a source does to the register.
package struct RegisterOperation: Sendable, Equatable {
    package enum Kind: UInt8, Sendable {
        case add, update
        /// Nothing but that this source now names the recipient last.
        case claim
        /// Gives its contact points, lists and tags to another recipient, and its identifier as an alias.
        case merge
    }

    package var kind: Kind
    /// The line of the file, unique in a spool.
    package let line: Int
    /// The row of the register; 0 when there is none yet.
    package let known: Int64
    package let hash: Data
    /// The digest the row must still have; empty when there is none.
    package let expectedHash: Data
    package let recipient: Recipient

    /// - Returns: nil for a row that changes nothing at all.
    package init?(_ comparison: RegisterComparison, line: Int, recipient: Recipient) {
        switch comparison.change {
        case _ where comparison.isAlias: kind = .merge
        case .added: kind = .add
        case .updated: kind = .update
        case .unchanged:
            guard comparison.isFromAnotherSource else { return nil }
            kind = .claim
        }
        self.line = line
        known = comparison.known?.rawValue ?? 0
        hash = comparison.hash
        expectedHash = comparison.expectedHash ?? Data()
        self.recipient = recipient
    }
}

/// A compact form for the temporary file that an import keeps its changes in. Not for keeping: it has no version.
extension RegisterOperation {
    package var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.put(kind.rawValue)
        writer.put(line)
        writer.put(Int(known))
        writer.put(bytes: hash)
        writer.put(bytes: expectedHash)
        writer.put(recipient.externalID)
        writer.put(recipient.name.value)
        writer.put(UInt8(RecipientKind.allCases.firstIndex(of: recipient.kind) ?? 0))
        writer.put(recipient.addressText?.value)
        writer.put(recipient.postcode)
        writer.put(recipient.communeCode?.rawValue)
        writer.put(recipient.communeName)
        writer.put(recipient.language)
        writer.put(recipient.isCommuneFound ? 1 : 0)
        put(recipient.location, &writer)
        writer.put(UInt8(ChannelMask(recipient.coveredChannels).rawValue))
        writer.put(recipient.contactPoints.count)
        for point in recipient.contactPoints { put(point, &writer) }
        put(recipient.lists, &writer)
        put(recipient.tags, &writer)
        writer.put(recipient.household)
        writer.put(recipient.building)
        writer.put(recipient.confirmedOn?.text)
        writer.put(recipient.coveredFacts.contains(.vulnerability) ? 1 : 0)
        writer.put(recipient.vulnerability?.kind.value)
        writer.put(recipient.vulnerability?.detail?.value)
        writer.put(recipient.vulnerability?.recordedOn?.text)
        writer.put(recipient.vulnerability?.provenance)
        return writer.bytes
    }

    private func put(_ location: Location?, _ writer: inout ByteWriter) {
        guard let location else { return writer.put(UInt8(0)) }
        writer.put(UInt8(1 + (Precision.allCases.firstIndex(of: location.precision) ?? 0)))
        for number in [
            location.position.longitude, location.position.latitude, location.uncertaintyMetres, location.score,
        ] { writer.put(number) }
    }

    private func put(_ point: ContactPoint, _ writer: inout ByteWriter) {
        writer.put(UInt8(ChannelMask(point.channel).rawValue))
        writer.put(point.address.value)
        writer.put(point.rank)
        writer.put((point.isEmergency ? 1 : 0) | (point.check == nil ? 0 : 2))
        writer.put(point.consent?.rawValue)
        writer.put(point.consentOn?.text)
        writer.put(point.provenance)
        writer.put(point.confirmedOn?.text)
    }

    private func put(_ texts: [String]?, _ writer: inout ByteWriter) {
        writer.put((texts?.count ?? -1) + 1)
        for text in texts ?? [] { writer.put(text) }
    }

    /// - Returns: nil when the bytes are not what `encoded` gave.
    package init?(encoded: UnsafeRawBufferPointer) {
        var reader = ByteReader(encoded)
        guard let kind = Kind(rawValue: reader.byte()) else { return nil }
        self.kind = kind
        line = reader.number()
        known = Int64(reader.number())
        hash = reader.data()
        expectedHash = reader.data()
        let externalID = reader.text() ?? ""
        let name = reader.text() ?? ""
        let kindIndex = Int(reader.byte())
        guard RecipientKind.allCases.indices.contains(kindIndex) else { return nil }
        let address = reader.text()
        let postcode = reader.text()
        let code = reader.text()
        let communeName = reader.text()
        let language = reader.text() ?? ""
        let isFound = reader.byte() == 1
        let location = Self.location(&reader)
        let covered = ChannelMask(rawValue: Int(reader.byte()))
        let contacts = (0..<max(0, reader.number())).map { _ in Self.contact(&reader) }
        let lists = Self.texts(&reader)
        let tags = Self.texts(&reader)
        var recipient = Recipient(
            externalID: externalID, name: Redacted(name), kind: RecipientKind.allCases[kindIndex],
            addressText: address.map { Redacted($0) }, postcode: postcode, communeCode: code.flatMap { CommuneCode($0) },
            communeName: communeName, language: language, location: location,
            contactPoints: contacts.compactMap(\.self),
            coveredChannels: Set(Channel.allCases.filter { covered.contains(ChannelMask($0)) }), lists: lists)
        recipient.isCommuneFound = isFound
        recipient.tags = tags
        recipient.household = reader.text()
        recipient.building = reader.text()
        recipient.confirmedOn = reader.text().flatMap { CalendarDate($0) }
        // Overlaid already: the writer asks of no other fact whether it is covered.
        if reader.byte() == 0 { recipient.coveredFacts.remove(.vulnerability) }
        let vulnerability = (kind: reader.text(), detail: reader.text(), on: reader.text(), from: reader.text())
        recipient.vulnerability = vulnerability.kind.map { kind in
            Vulnerability(
                kind: Redacted(kind), detail: vulnerability.detail.map { Redacted($0) },
                recordedOn: vulnerability.on.flatMap { CalendarDate($0) }, provenance: vulnerability.from)
        }
        self.recipient = recipient
        guard reader.isWhole else { return nil }
    }

    private static func location(_ reader: inout ByteReader) -> Location? {
        let index = Int(reader.byte()) - 1
        guard Precision.allCases.indices.contains(index) else { return nil }
        let longitude = reader.double()
        let latitude = reader.double()
        let uncertainty = reader.double()
        return Location(
            position: Position(longitude: longitude, latitude: latitude), uncertaintyMetres: uncertainty,
            precision: Precision.allCases[index], score: reader.double())
    }

    private static func contact(_ reader: inout ByteReader) -> ContactPoint? {
        let mask = ChannelMask(rawValue: Int(reader.byte()))
        let address = reader.text() ?? ""
        let rank = reader.number()
        let flags = reader.byte()
        let consent = reader.text().flatMap { Consent(rawValue: $0) }
        let consentOn = reader.text().flatMap { CalendarDate($0) }
        let provenance = reader.text()
        let confirmedOn = reader.text().flatMap { CalendarDate($0) }
        return Channel.allCases.first { ChannelMask($0) == mask }.map { channel in
            ContactPoint(
                channel: channel, address: Redacted(address), rank: rank, isEmergency: flags & 1 == 1,
                check: flags & 2 == 2 ? .unknownRange : nil, consent: consent, consentOn: consentOn,
                provenance: provenance, confirmedOn: confirmedOn)
        }
    }

    private static func texts(_ reader: inout ByteReader) -> [String]? {
        let count = reader.number()
        guard count > 0 else { return nil }
        return (0..<(count - 1)).map { _ in reader.text() ?? "" }
    }
}

/// Numbers as LEB128, texts by their length plus one.
private struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(320)
    }

    mutating func put(_ byte: UInt8) { bytes.append(byte) }

    mutating func put(_ number: Int) {
        var rest = UInt64(bitPattern: Int64(number))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func put(_ number: Double) {
        withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func put(_ text: String?) {
        guard let text else { return bytes.append(0) }
        put(text.utf8.count + 1)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func put(bytes data: Data) {
        put(data.count)
        bytes.append(contentsOf: data)
    }
}

private struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0
    private var isShort = false

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Whether all was there, and nothing more.
    var isWhole: Bool { !isShort && index == bytes.count }

    mutating func byte() -> UInt8 {
        guard index < bytes.count else {
            isShort = true
            return 0
        }
        index += 1
        return bytes[index - 1]
    }

    mutating func number() -> Int {
        var result: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = byte()
            result |= UInt64(next & 0x7F) << shift
            if next < 0x80 { break }
        }
        return Int(truncatingIfNeeded: result)
    }

    mutating func double() -> Double {
        let bits = slice(8)
        guard bits.count == 8 else { return 0 }
        return Double(bitPattern: UInt64(littleEndian: bits.loadUnaligned(as: UInt64.self)))
    }

    mutating func text() -> String? {
        let length = number()
        guard length > 0 else { return nil }
        return String(decoding: slice(length - 1), as: UTF8.self)
    }

    mutating func data() -> Data { Data(slice(number())) }

    private mutating func slice(_ count: Int) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= bytes.count - index else {
            isShort = true
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        index += count
        return UnsafeRawBufferPointer(rebasing: bytes[(index - count)..<index])
    }
}
