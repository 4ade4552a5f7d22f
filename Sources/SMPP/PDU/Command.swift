/// The operations of SMPP 3.4 §5.1.2.1. A response is its request with the top bit set.
package enum Command: UInt32, CaseIterable, Sendable {
    case bindReceiver = 0x0000_0001
    case bindTransmitter = 0x0000_0002
    case querySM = 0x0000_0003
    case submitSM = 0x0000_0004
    case deliverSM = 0x0000_0005
    case unbind = 0x0000_0006
    case replaceSM = 0x0000_0007
    case cancelSM = 0x0000_0008
    case bindTransceiver = 0x0000_0009
    case outbind = 0x0000_000B
    case enquireLink = 0x0000_0015
    case submitMulti = 0x0000_0021
    case alertNotification = 0x0000_0102
    case dataSM = 0x0000_0103
    case genericNack = 0x8000_0000
    case bindReceiverResponse = 0x8000_0001
    case bindTransmitterResponse = 0x8000_0002
    case querySMResponse = 0x8000_0003
    case submitSMResponse = 0x8000_0004
    case deliverSMResponse = 0x8000_0005
    case unbindResponse = 0x8000_0006
    case replaceSMResponse = 0x8000_0007
    case cancelSMResponse = 0x8000_0008
    case bindTransceiverResponse = 0x8000_0009
    case enquireLinkResponse = 0x8000_0015
    case submitMultiResponse = 0x8000_0021
    case dataSMResponse = 0x8000_0103

    static let responseBit: UInt32 = 0x8000_0000
}

/// What a session is bound to do.
package enum BindKind: String, CaseIterable, Sendable {
    case transmitter, receiver, transceiver

    package var canSubmit: Bool { self != .receiver }
    package var canReceive: Bool { self != .transmitter }

    var command: Command {
        switch self {
        case .transmitter: .bindTransmitter
        case .receiver: .bindReceiver
        case .transceiver: .bindTransceiver
        }
    }

    var response: Command {
        switch self {
        case .transmitter: .bindTransmitterResponse
        case .receiver: .bindReceiverResponse
        case .transceiver: .bindTransceiverResponse
        }
    }
}
