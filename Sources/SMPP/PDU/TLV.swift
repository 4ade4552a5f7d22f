import NIOCore

/// An optional parameter (§5.3).
package struct TLV: Hashable, Sendable {
    package let tag: Tag
    package let value: [UInt8]

    package init(_ tag: Tag, _ value: [UInt8]) {
        self.tag = tag
        self.value = value
    }

    package init(_ tag: Tag, _ value: some FixedWidthInteger) {
        self.init(tag, withUnsafeBytes(of: value.bigEndian) { Array($0) })
    }

    package struct Tag: RawRepresentable, Hashable, Sendable {
        package let rawValue: UInt16

        package init(rawValue: UInt16) { self.rawValue = rawValue }

        package static let receiptedMessageID = Tag(rawValue: 0x001E)
        package static let sarReference = Tag(rawValue: 0x020C)
        package static let sarTotal = Tag(rawValue: 0x020E)
        package static let sarNumber = Tag(rawValue: 0x020F)
        package static let interfaceVersion = Tag(rawValue: 0x0210)
        package static let networkErrorCode = Tag(rawValue: 0x0423)
        package static let messagePayload = Tag(rawValue: 0x0424)
        package static let messageState = Tag(rawValue: 0x0427)
    }

    /// The value as an unsigned number; nil when it is empty or wider than eight octets.
    package var number: UInt64? {
        guard (1...8).contains(value.count) else { return nil }
        return value.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The value up to its first zero, as text.
    package var text: String { String(decoding: value.prefix { $0 != 0 }, as: UTF8.self) }
}

extension [TLV] {
    /// The first parameter of a tag: a repeated one is the sender's mistake.
    package subscript(tag: TLV.Tag) -> TLV? { first { $0.tag == tag } }

    init(_ reader: inout OctetReader) throws(PDUError) {
        self = []
        while !reader.isAtEnd {
            let tag = TLV.Tag(rawValue: try reader.short("tlv"))
            let length = Int(try reader.short("tlv"))
            append(TLV(tag, try reader.octets(length, "tlv")))
        }
    }

    func encode(into buffer: inout ByteBuffer) throws(PDUError) {
        for parameter in self {
            guard let length = UInt16(exactly: parameter.value.count) else {
                throw .fieldTooLong(field: "tlv", limit: Int(UInt16.max))
            }
            buffer.writeInteger(parameter.tag.rawValue)
            buffer.writeInteger(length)
            buffer.writeBytes(parameter.value)
        }
    }
}
