import AlertModel
import NIOCore

/// A number or a name, with what kind of it it is (§5.2.5, §5.2.6). The digits do not print themselves.
package struct Address: Hashable, Sendable {
    package let typeOfNumber: UInt8
    package let numberingPlan: UInt8
    package let digits: Redacted<String>

    package init(typeOfNumber: UInt8 = 0, numberingPlan: UInt8 = 0, _ digits: String = "") {
        self.typeOfNumber = typeOfNumber
        self.numberingPlan = numberingPlan
        self.digits = Redacted(digits)
    }

    /// An E.164 number, its plus sign left off as the specification has it.
    package static func international(_ number: String) -> Address {
        Address(typeOfNumber: 1, numberingPlan: 1, number.hasPrefix("+") ? String(number.dropFirst()) : number)
    }

    static let none = Address()

    init(_ reader: inout OctetReader, _ field: String, limit: Int = 21) throws(PDUError) {
        let type = try reader.octet(field)
        let plan = try reader.octet(field)
        self.init(typeOfNumber: type, numberingPlan: plan, try reader.text(field, limit: limit))
    }

    func encode(into buffer: inout ByteBuffer, _ field: String, limit: Int = 21) throws(PDUError) {
        buffer.writeInteger(typeOfNumber)
        buffer.writeInteger(numberingPlan)
        try buffer.writeText(digits.value, field, limit: limit)
    }
}
