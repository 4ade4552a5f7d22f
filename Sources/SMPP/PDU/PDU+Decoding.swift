import AlertModel
import NIOCore

extension PDU.Body {
    /// - Parameters:
    ///   - reader: the frame after its header.
    ///   - isRefused: the status is an error: a response may then have no body at all (§4.4.2).
    init(_ command: Command, _ reader: inout OctetReader, isRefused: Bool) throws(PDUError) {
        switch command {
        case .bindReceiver: self = .bind(.receiver, try Bind(&reader))
        case .bindTransmitter: self = .bind(.transmitter, try Bind(&reader))
        case .bindTransceiver: self = .bind(.transceiver, try Bind(&reader))
        case .bindReceiverResponse: self = try Self.bindResponse(.receiver, &reader)
        case .bindTransmitterResponse: self = try Self.bindResponse(.transmitter, &reader)
        case .bindTransceiverResponse: self = try Self.bindResponse(.transceiver, &reader)
        case .outbind:
            let systemID = try reader.text("system_id", limit: 16)
            self = .outbind(systemID: systemID, password: Redacted(try reader.text("password", limit: 9)))
        case .unbind: self = .unbind
        case .unbindResponse: self = .unbindResponse
        case .genericNack: self = .genericNack
        case .submitSM: self = .submit(try ShortMessage(&reader))
        case .submitSMResponse:
            let (id, parameters) = try Self.messageID(&reader)
            self = .submitResponse(messageID: id, parameters)
        case .submitMulti: self = try Self.submitMulti(&reader)
        case .submitMultiResponse: self = try Self.submitMultiResponse(&reader)
        case .deliverSM: self = .deliver(try ShortMessage(&reader))
        // Its message_id is unused (§4.6.2).
        case .deliverSMResponse: self = .deliverResponse
        case .dataSM: self = .data(try DataMessage(&reader))
        case .dataSMResponse:
            let (id, parameters) = try Self.messageID(&reader)
            self = .dataResponse(messageID: id, parameters)
        case .querySM: self = .query(try Self.messageName(&reader, hasService: false))
        case .querySMResponse:
            self = .queryResponse(isRefused && reader.isAtEnd ? QueryAnswer() : try QueryAnswer(&reader))
        case .cancelSM: self = .cancel(try Self.messageName(&reader, hasService: true))
        case .cancelSMResponse: self = .cancelResponse
        case .replaceSM: self = .replace(try Replacement(&reader))
        case .replaceSMResponse: self = .replaceResponse
        case .enquireLink: self = .enquireLink
        case .enquireLinkResponse: self = .enquireLinkResponse
        case .alertNotification:
            let source = try Address(&reader, "source_addr", limit: 65)
            let esme = try Address(&reader, "esme_addr", limit: 65)
            self = .alertNotification(source: source, esme: esme, try [TLV](&reader))
        }
    }

    private static func bindResponse(_ kind: BindKind, _ reader: inout OctetReader) throws(PDUError) -> Self {
        // Several SMSCs leave system_id out, of refusals above all.
        if reader.isAtEnd { return .bindResponse(kind, systemID: "", []) }
        let systemID = try reader.text("system_id", limit: 16)
        return .bindResponse(kind, systemID: systemID, try [TLV](&reader))
    }

    private static func messageID(_ reader: inout OctetReader) throws(PDUError) -> (String, [TLV]) {
        if reader.isAtEnd { return ("", []) }
        let id = try reader.text("message_id", limit: 65)
        return (id, try [TLV](&reader))
    }

    private static func submitMulti(_ reader: inout OctetReader) throws(PDUError) -> Self {
        var message = ShortMessage()
        message.serviceType = try reader.text("service_type", limit: 6)
        message.source = try Address(&reader, "source_addr")
        var destinations: [MultiDestination] = []
        for _ in 0..<(try reader.octet("number_of_dests")) {
            switch try reader.octet("dest_flag") {
            case 1: destinations.append(.address(try Address(&reader, "destination_addr")))
            case 2: destinations.append(.list(try reader.text("dl_name", limit: 21)))
            default: throw .badValue(field: "dest_flag")
            }
        }
        message.esmClass = try reader.octet("esm_class")
        message.protocolID = try reader.octet("protocol_id")
        message.priority = try reader.octet("priority_flag")
        message.scheduledAt = try reader.text("schedule_delivery_time", limit: 17)
        message.validity = try reader.text("validity_period", limit: 17)
        message.registeredDelivery = try reader.octet("registered_delivery")
        message.replaceIfPresent = try reader.octet("replace_if_present_flag")
        message.dataCoding = try reader.octet("data_coding")
        message.defaultMessageID = try reader.octet("sm_default_msg_id")
        let length = Int(try reader.octet("sm_length"))
        message.octets = Redacted(try reader.octets(length, "short_message"))
        message.parameters = try [TLV](&reader)
        return .submitMulti(message, destinations)
    }

    private static func submitMultiResponse(_ reader: inout OctetReader) throws(PDUError) -> Self {
        if reader.isAtEnd { return .submitMultiResponse(messageID: "", []) }
        let id = try reader.text("message_id", limit: 65)
        var failures: [MultiFailure] = []
        for _ in 0..<(try reader.octet("no_unsuccess")) {
            let address = try Address(&reader, "destination_addr")
            failures.append(MultiFailure(address, CommandStatus(rawValue: try reader.word("error_status_code"))))
        }
        return .submitMultiResponse(messageID: id, failures)
    }

    private static func messageName(_ reader: inout OctetReader, hasService: Bool) throws(PDUError) -> MessageName {
        var name = MessageName()
        if hasService { name.serviceType = try reader.text("service_type", limit: 6) }
        name.messageID = try reader.text("message_id", limit: 65)
        name.source = try Address(&reader, "source_addr")
        if hasService { name.destination = try Address(&reader, "destination_addr") }
        return name
    }
}
