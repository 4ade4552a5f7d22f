import AlertModel
import NIOCore

extension PDU {
    /// Appends the PDU with its header. When it throws, the buffer is as it was.
    package func encode(into buffer: inout ByteBuffer) throws(PDUError) {
        let start = buffer.writerIndex
        buffer.writeMultipleIntegers(0 as UInt32, body.command.rawValue, status.rawValue, sequence)
        do throws(PDUError) {
            try body.encode(into: &buffer, isRefused: status != .ok)
        } catch {
            buffer.moveWriterIndex(to: start)
            throw error
        }
        buffer.setInteger(UInt32(buffer.writerIndex - start), at: start)
    }
}

extension PDU.Body {
    fileprivate func encode(into buffer: inout ByteBuffer, isRefused: Bool) throws(PDUError) {
        switch self {
        case .bind(_, let bind): try bind.encode(into: &buffer)
        case .bindResponse(_, let systemID, let parameters):
            try buffer.writeText(systemID, "system_id", limit: 16)
            try parameters.encode(into: &buffer)
        case .outbind(let systemID, let password):
            try buffer.writeText(systemID, "system_id", limit: 16)
            try buffer.writeText(password.value, "password", limit: 9)
        case .submit(let message), .deliver(let message): try message.encode(into: &buffer)
        case .submitResponse(let id, let parameters), .dataResponse(let id, let parameters):
            if isRefused, id.isEmpty, parameters.isEmpty { return }
            try buffer.writeText(id, "message_id", limit: 65)
            try parameters.encode(into: &buffer)
        case .submitMulti(let message, let destinations):
            try Self.encode(message, destinations, into: &buffer)
        case .submitMultiResponse(let id, let failures):
            try buffer.writeText(id, "message_id", limit: 65)
            guard let count = UInt8(exactly: failures.count) else { throw .fieldTooLong(field: "no_unsuccess", limit: 255) }
            buffer.writeInteger(count)
            for failure in failures {
                try failure.address.encode(into: &buffer, "destination_addr")
                buffer.writeInteger(failure.status.rawValue)
            }
        case .deliverResponse: buffer.writeInteger(0 as UInt8)
        case .data(let message): try message.encode(into: &buffer)
        case .query(let name):
            try buffer.writeText(name.messageID, "message_id", limit: 65)
            try name.source.encode(into: &buffer, "source_addr")
        case .cancel(let name):
            try buffer.writeText(name.serviceType, "service_type", limit: 6)
            try buffer.writeText(name.messageID, "message_id", limit: 65)
            try name.source.encode(into: &buffer, "source_addr")
            try name.destination.encode(into: &buffer, "destination_addr")
        case .queryResponse(let answer): try answer.encode(into: &buffer)
        case .replace(let replacement): try replacement.encode(into: &buffer)
        case .alertNotification(let source, let esme, let parameters):
            try source.encode(into: &buffer, "source_addr", limit: 65)
            try esme.encode(into: &buffer, "esme_addr", limit: 65)
            try parameters.encode(into: &buffer)
        case .unbind, .unbindResponse, .genericNack, .cancelResponse, .replaceResponse, .enquireLink,
            .enquireLinkResponse:
            break
        }
    }

    private static func encode(
        _ message: ShortMessage, _ destinations: [MultiDestination], into buffer: inout ByteBuffer
    ) throws(PDUError) {
        try buffer.writeText(message.serviceType, "service_type", limit: 6)
        try message.source.encode(into: &buffer, "source_addr")
        guard let count = UInt8(exactly: destinations.count) else { throw .fieldTooLong(field: "number_of_dests", limit: 255) }
        buffer.writeInteger(count)
        for destination in destinations {
            switch destination {
            case .address(let address):
                buffer.writeInteger(1 as UInt8)
                try address.encode(into: &buffer, "destination_addr")
            case .list(let name):
                buffer.writeInteger(2 as UInt8)
                try buffer.writeText(name, "dl_name", limit: 21)
            }
        }
        buffer.writeMultipleIntegers(message.esmClass, message.protocolID, message.priority)
        try buffer.writeText(message.scheduledAt, "schedule_delivery_time", limit: 17)
        try buffer.writeText(message.validity, "validity_period", limit: 17)
        buffer.writeMultipleIntegers(
            message.registeredDelivery, message.replaceIfPresent, message.dataCoding, message.defaultMessageID)
        guard message.octets.value.count <= ShortMessage.octetLimit else {
            throw .fieldTooLong(field: "short_message", limit: ShortMessage.octetLimit)
        }
        buffer.writeInteger(UInt8(message.octets.value.count))
        buffer.writeBytes(message.octets.value)
        try message.parameters.encode(into: &buffer)
    }
}
