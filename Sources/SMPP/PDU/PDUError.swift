/// What a peer's bytes, or a message of our own, can be wrong in. Names fields and lengths, never their content.
package enum PDUError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The stream itself can't be followed any more: close the session.
    case badLength(UInt32, limit: Int)
    /// The body is wrong, the stream is not: answer with an error and go on.
    case unknownCommand(UInt32)
    case truncated(field: String)
    case unterminated(field: String)
    case fieldTooLong(field: String, limit: Int)
    case badValue(field: String)

    /// Whether the bytes that follow can still be read.
    package var isRecoverable: Bool {
        if case .badLength = self { return false }
        return true
    }

    /// What a broken request is answered with (§5.1.3).
    package var status: CommandStatus {
        switch self {
        case .badLength: .invalidCommandLength
        case .unknownCommand: .invalidCommand
        case .truncated(let field): field == "tlv" ? .badTLVStream : .invalidCommandLength
        case .unterminated, .fieldTooLong: .invalidMessageLength
        case .badValue: .systemError
        }
    }

    package var description: String {
        switch self {
        case .badLength(let length, let limit):
            "a PDU says it is \(length) octets long; between \(PDU.headerLength) and \(limit) are taken"
        case .unknownCommand(let command): "the operation 0x\(String(command, radix: 16)) is not of SMPP 3.4"
        case .truncated(let field): "the PDU ends inside \(field)"
        case .unterminated(let field): "\(field) has no end within the PDU"
        case .fieldTooLong(let field, let limit): "\(field) is longer than \(limit) octets"
        case .badValue(let field): "\(field) has a value that SMPP 3.4 does not know"
        }
    }
}
