import AlertModel
import NIOCore

/// The body of data_sm (§4.7.1); its text is in message_payload.
package struct DataMessage: Hashable, Sendable {
    package var serviceType = ""
    package var source = Address.none
    package var destination = Address.none
    package var esmClass: UInt8 = 0
    package var registeredDelivery: UInt8 = 0
    package var dataCoding: UInt8 = 0
    package var parameters: [TLV] = []

    package init() {}

    init(_ reader: inout OctetReader) throws(PDUError) {
        serviceType = try reader.text("service_type", limit: 6)
        source = try Address(&reader, "source_addr", limit: 65)
        destination = try Address(&reader, "destination_addr", limit: 65)
        esmClass = try reader.octet("esm_class")
        registeredDelivery = try reader.octet("registered_delivery")
        dataCoding = try reader.octet("data_coding")
        parameters = try [TLV](&reader)
    }

    func encode(into buffer: inout ByteBuffer) throws(PDUError) {
        try buffer.writeText(serviceType, "service_type", limit: 6)
        try source.encode(into: &buffer, "source_addr", limit: 65)
        try destination.encode(into: &buffer, "destination_addr", limit: 65)
        buffer.writeMultipleIntegers(esmClass, registeredDelivery, dataCoding)
        try parameters.encode(into: &buffer)
    }

    /// The same as a deliver_sm would carry it: an SMSC may use either for receipts and inbound messages.
    package var asShortMessage: ShortMessage {
        var message = ShortMessage()
        message.serviceType = serviceType
        message.source = source
        message.destination = destination
        message.esmClass = esmClass
        message.registeredDelivery = registeredDelivery
        message.dataCoding = dataCoding
        message.parameters = parameters
        return message
    }
}

/// The bodies of query_sm and cancel_sm, which name a message sent before (§4.8.1, §4.9.1).
package struct MessageName: Hashable, Sendable {
    package var serviceType = ""
    package var messageID = ""
    package var source = Address.none
    package var destination = Address.none

    package init() {}
}

/// The body of query_sm_resp (§4.8.2).
package struct QueryAnswer: Hashable, Sendable {
    package var messageID = ""
    package var finalDate = ""
    package var state: UInt8 = 0
    package var errorCode: UInt8 = 0

    package init() {}

    init(_ reader: inout OctetReader) throws(PDUError) {
        messageID = try reader.text("message_id", limit: 65)
        finalDate = try reader.text("final_date", limit: 17)
        state = try reader.octet("message_state")
        errorCode = try reader.octet("error_code")
    }

    func encode(into buffer: inout ByteBuffer) throws(PDUError) {
        try buffer.writeText(messageID, "message_id", limit: 65)
        try buffer.writeText(finalDate, "final_date", limit: 17)
        buffer.writeMultipleIntegers(state, errorCode)
    }
}

/// The body of replace_sm (§4.10.1).
package struct Replacement: Hashable, Sendable {
    package var messageID = ""
    package var source = Address.none
    package var scheduledAt = ""
    package var validity = ""
    package var registeredDelivery: UInt8 = 0
    package var defaultMessageID: UInt8 = 0
    package var octets = Redacted<[UInt8]>([])

    package init() {}

    init(_ reader: inout OctetReader) throws(PDUError) {
        messageID = try reader.text("message_id", limit: 65)
        source = try Address(&reader, "source_addr")
        scheduledAt = try reader.text("schedule_delivery_time", limit: 17)
        validity = try reader.text("validity_period", limit: 17)
        registeredDelivery = try reader.octet("registered_delivery")
        defaultMessageID = try reader.octet("sm_default_msg_id")
        let length = Int(try reader.octet("sm_length"))
        octets = Redacted(try reader.octets(length, "short_message"))
    }

    func encode(into buffer: inout ByteBuffer) throws(PDUError) {
        try buffer.writeText(messageID, "message_id", limit: 65)
        try source.encode(into: &buffer, "source_addr")
        try buffer.writeText(scheduledAt, "schedule_delivery_time", limit: 17)
        try buffer.writeText(validity, "validity_period", limit: 17)
        guard octets.value.count <= ShortMessage.octetLimit else {
            throw .fieldTooLong(field: "short_message", limit: ShortMessage.octetLimit)
        }
        buffer.writeMultipleIntegers(registeredDelivery, defaultMessageID, UInt8(octets.value.count))
        buffer.writeBytes(octets.value)
    }
}

/// submit_multi's destinations (§4.5.1): a number or the name of a distribution list.
package enum MultiDestination: Hashable, Sendable {
    case address(Address)
    case list(String)
}

/// One of submit_multi_resp's refusals (§4.5.2).
package struct MultiFailure: Hashable, Sendable {
    package let address: Address
    package let status: CommandStatus

    package init(_ address: Address, _ status: CommandStatus) {
        self.address = address
        self.status = status
    }
}
