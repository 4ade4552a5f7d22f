import AlertModel
import NIOCore

/// The body of the three bind requests (§4.1).
package struct Bind: Hashable, Sendable {
    package var systemID = ""
    package var password = Redacted("")
    package var systemType = ""
    package var interfaceVersion: UInt8 = 0x34
    package var range = Address.none

    package init() {}

    init(_ reader: inout OctetReader) throws(PDUError) {
        systemID = try reader.text("system_id", limit: 16)
        password = Redacted(try reader.text("password", limit: 9))
        systemType = try reader.text("system_type", limit: 13)
        interfaceVersion = try reader.octet("interface_version")
        range = try Address(&reader, "address_range", limit: 41)
    }

    func encode(into buffer: inout ByteBuffer) throws(PDUError) {
        try buffer.writeText(systemID, "system_id", limit: 16)
        try buffer.writeText(password.value, "password", limit: 9)
        try buffer.writeText(systemType, "system_type", limit: 13)
        buffer.writeInteger(interfaceVersion)
        try range.encode(into: &buffer, "address_range", limit: 41)
    }
}
