import AlertModel
import NIOCore

/// One protocol data unit of SMPP 3.4, as a value. Its numbers, texts and passwords do not print themselves.
package struct PDU: Hashable, Sendable {
    package static let headerLength = 16

    package var status: CommandStatus
    package var sequence: UInt32
    package var body: Body

    package init(_ body: Body, sequence: UInt32, status: CommandStatus = .ok) {
        self.body = body
        self.sequence = sequence
        self.status = status
    }

    package enum Body: Hashable, Sendable {
        case bind(BindKind, Bind)
        case bindResponse(BindKind, systemID: String, [TLV])
        case outbind(systemID: String, password: Redacted<String>)
        case unbind
        case unbindResponse
        case genericNack
        case submit(ShortMessage)
        case submitResponse(messageID: String, [TLV])
        case submitMulti(ShortMessage, [MultiDestination])
        case submitMultiResponse(messageID: String, [MultiFailure])
        case deliver(ShortMessage)
        case deliverResponse
        case data(DataMessage)
        case dataResponse(messageID: String, [TLV])
        case query(MessageName)
        case queryResponse(QueryAnswer)
        case cancel(MessageName)
        case cancelResponse
        case replace(Replacement)
        case replaceResponse
        case enquireLink
        case enquireLinkResponse
        case alertNotification(source: Address, esme: Address, [TLV])

        package var command: Command {
            switch self {
            case .bind(let kind, _): kind.command
            case .bindResponse(let kind, _, _): kind.response
            case .outbind: .outbind
            case .unbind: .unbind
            case .unbindResponse: .unbindResponse
            case .genericNack: .genericNack
            case .submit: .submitSM
            case .submitResponse: .submitSMResponse
            case .submitMulti: .submitMulti
            case .submitMultiResponse: .submitMultiResponse
            case .deliver: .deliverSM
            case .deliverResponse: .deliverSMResponse
            case .data: .dataSM
            case .dataResponse: .dataSMResponse
            case .query: .querySM
            case .queryResponse: .querySMResponse
            case .cancel: .cancelSM
            case .cancelResponse: .cancelSMResponse
            case .replace: .replaceSM
            case .replaceResponse: .replaceSMResponse
            case .enquireLink: .enquireLink
            case .enquireLinkResponse: .enquireLinkResponse
            case .alertNotification: .alertNotification
            }
        }
    }
}

/// A frame's first 16 octets, which tell whom to answer even when the body can't be read.
package struct PDUHeader: Hashable, Sendable {
    package let command: UInt32
    package let status: CommandStatus
    package let sequence: UInt32

    package init(command: UInt32, status: CommandStatus, sequence: UInt32) {
        self.command = command
        self.status = status
        self.sequence = sequence
    }

    package var isRequest: Bool { command & Command.responseBit == 0 }
}
