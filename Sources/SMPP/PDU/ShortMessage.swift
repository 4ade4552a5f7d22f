import AlertModel
import NIOCore

/// The body of submit_sm and deliver_sm (§4.4.1, §4.6.1), which have the same fields.
package struct ShortMessage: Hashable, Sendable {
    package var serviceType = ""
    package var source = Address.none
    package var destination = Address.none
    package var esmClass: UInt8 = 0
    package var protocolID: UInt8 = 0
    package var priority: UInt8 = 0
    package var scheduledAt = ""
    package var validity = ""
    package var registeredDelivery: UInt8 = 0
    package var replaceIfPresent: UInt8 = 0
    package var dataCoding: UInt8 = 0
    package var defaultMessageID: UInt8 = 0
    /// short_message as it stands, with a user data header if esm_class says so.
    package var octets = Redacted<[UInt8]>([])
    package var parameters: [TLV] = []

    package init() {}

    /// What the message carries: message_payload where there is one, short_message otherwise (§5.3.2.32).
    package var payload: [UInt8] {
        if octets.value.isEmpty, let payload = parameters[.messagePayload] { return payload.value }
        return octets.value
    }

    package var hasUserDataHeader: Bool { esmClass & 0x40 != 0 }

    init(_ reader: inout OctetReader) throws(PDUError) {
        serviceType = try reader.text("service_type", limit: 6)
        source = try Address(&reader, "source_addr")
        destination = try Address(&reader, "destination_addr")
        esmClass = try reader.octet("esm_class")
        protocolID = try reader.octet("protocol_id")
        priority = try reader.octet("priority_flag")
        scheduledAt = try reader.text("schedule_delivery_time", limit: 17)
        validity = try reader.text("validity_period", limit: 17)
        registeredDelivery = try reader.octet("registered_delivery")
        replaceIfPresent = try reader.octet("replace_if_present_flag")
        dataCoding = try reader.octet("data_coding")
        defaultMessageID = try reader.octet("sm_default_msg_id")
        let length = Int(try reader.octet("sm_length"))
        octets = Redacted(try reader.octets(length, "short_message"))
        parameters = try [TLV](&reader)
    }

    func encode(into buffer: inout ByteBuffer) throws(PDUError) {
        try buffer.writeText(serviceType, "service_type", limit: 6)
        try source.encode(into: &buffer, "source_addr")
        try destination.encode(into: &buffer, "destination_addr")
        buffer.writeMultipleIntegers(esmClass, protocolID, priority)
        try buffer.writeText(scheduledAt, "schedule_delivery_time", limit: 17)
        try buffer.writeText(validity, "validity_period", limit: 17)
        buffer.writeMultipleIntegers(registeredDelivery, replaceIfPresent, dataCoding, defaultMessageID)
        guard octets.value.count <= Self.octetLimit else {
            throw .fieldTooLong(field: "short_message", limit: Self.octetLimit)
        }
        buffer.writeInteger(UInt8(octets.value.count))
        buffer.writeBytes(octets.value)
        try parameters.encode(into: &buffer)
    }

    /// §5.2.22: what is longer goes into message_payload.
    package static let octetLimit = 254
}
