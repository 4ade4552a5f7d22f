import NIOCore

/// Cuts a byte stream into PDUs, however the stream was split on its way.
package struct PDUDecoder: Sendable {
    /// A deliver_sm with the largest message_payload (64 KiB) and every other field full fits.
    package static let standardLimit = 70 * 1024

    /// What came out of a frame.
    package enum Frame: Hashable, Sendable {
        case pdu(PDU)
        /// The frame was whole and its body wrong; the next frame can still be read.
        case broken(PDUHeader, PDUError)
    }

    private var buffer = ByteBuffer()
    private let limit: Int

    /// - Parameter limit: the longest PDU taken, in octets; memory never grows beyond it and what was just fed.
    package init(limit: Int = Self.standardLimit) { self.limit = max(limit, PDU.headerLength) }

    package mutating func feed(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            var bytes = bytes
            buffer.discardReadBytes()
            buffer.writeBuffer(&bytes)
        }
    }

    /// The next whole frame; nil when more bytes are needed.
    /// - Throws: `PDUError.badLength` when the stream can't be followed any more. It keeps throwing.
    package mutating func next() throws(PDUError) -> Frame? {
        guard let length = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self) else { return nil }
        guard length >= PDU.headerLength, length <= limit else { throw .badLength(length, limit: limit) }
        guard var frame = buffer.readSlice(length: Int(length)) else { return nil }
        guard let (_, code, status, sequence) = frame.readMultipleIntegers(
            as: (UInt32, UInt32, UInt32, UInt32).self)
        else { return nil }
        let header = PDUHeader(command: code, status: CommandStatus(rawValue: status), sequence: sequence)
        do throws(PDUError) {
            guard let command = Command(rawValue: code) else { throw .unknownCommand(code) }
            var reader = OctetReader(frame)
            let body = try PDU.Body(command, &reader, isRefused: status != 0)
            return .pdu(PDU(body, sequence: sequence, status: header.status))
        } catch {
            return .broken(header, error)
        }
    }
}
