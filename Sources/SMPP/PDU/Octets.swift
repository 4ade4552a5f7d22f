import NIOCore

/// Reads the field types of SMPP 3.4 §3.1 from one PDU's body, never beyond it.
struct OctetReader {
    private var buffer: ByteBuffer

    init(_ body: ByteBuffer) { buffer = body }

    var isAtEnd: Bool { buffer.readableBytes == 0 }

    mutating func octet(_ field: String) throws(PDUError) -> UInt8 {
        guard let value = buffer.readInteger(as: UInt8.self) else { throw .truncated(field: field) }
        return value
    }

    mutating func short(_ field: String) throws(PDUError) -> UInt16 {
        guard let value = buffer.readInteger(as: UInt16.self) else { throw .truncated(field: field) }
        return value
    }

    mutating func word(_ field: String) throws(PDUError) -> UInt32 {
        guard let value = buffer.readInteger(as: UInt32.self) else { throw .truncated(field: field) }
        return value
    }

    mutating func octets(_ count: Int, _ field: String) throws(PDUError) -> [UInt8] {
        guard let bytes = buffer.readBytes(length: count) else { throw .truncated(field: field) }
        return bytes
    }

    /// A C-octet string. Its octets are ASCII by the letter of the specification; what is not becomes U+FFFD.
    /// - Parameter limit: octets with the terminating zero.
    mutating func text(_ field: String, limit: Int) throws(PDUError) -> String {
        let bytes = buffer.readableBytesView
        guard let end = bytes.prefix(limit).firstIndex(of: 0) else {
            throw bytes.count >= limit
                ? .fieldTooLong(field: field, limit: limit) : .unterminated(field: field)
        }
        let text = String(decoding: bytes[bytes.startIndex..<end], as: UTF8.self)
        buffer.moveReaderIndex(forwardBy: end - bytes.startIndex + 1)
        return text
    }
}

extension ByteBuffer {
    /// - Parameter limit: octets with the terminating zero.
    mutating func writeText(_ text: String, _ field: String, limit: Int) throws(PDUError) {
        guard text.utf8.count < limit else { throw .fieldTooLong(field: field, limit: limit) }
        guard !text.utf8.contains(0) else { throw .badValue(field: field) }
        writeString(text)
        writeInteger(0 as UInt8)
    }
}
