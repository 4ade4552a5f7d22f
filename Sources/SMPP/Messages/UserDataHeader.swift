/// The header in front of a message's text (3GPP TS 23.040 §9.2.3.24), of which only concatenation matters here.
package struct UserDataHeader: Hashable, Sendable {
    /// Which part of which message this is. Numbers count from 1.
    package struct Concatenation: Hashable, Sendable {
        package let reference: UInt16
        package let total: UInt8
        package let number: UInt8

        package init(reference: UInt16, total: UInt8, number: UInt8) {
            self.reference = reference
            self.total = total
            self.number = number
        }

        /// What says part 0, or part 3 of 2, says nothing.
        var isValid: Bool { total > 0 && (1...total).contains(number) }
    }

    package let concatenation: Concatenation?
    /// Octets the header takes, its own length octet included.
    package let length: Int

    /// Six octets with an 8-bit reference: 153 septets or 67 UTF-16 units are left to each part.
    package static func octets(_ part: Concatenation) -> [UInt8] {
        [5, 0, 3, UInt8(truncatingIfNeeded: part.reference), part.total, part.number]
    }

    /// Reads the header at the start of a message; nil when it is not one.
    package init?(_ octets: [UInt8]) {
        guard let size = octets.first, octets.count > Int(size) else { return nil }
        length = Int(size) + 1
        var elements = octets[1..<length]
        var found: Concatenation?
        while elements.count >= 2 {
            let tag = elements.removeFirst()
            let count = Int(elements.removeFirst())
            guard elements.count >= count else { break }
            let value = Array(elements.prefix(count))
            elements.removeFirst(count)
            switch (tag, count) {
            case (0x00, 3): found = Concatenation(reference: UInt16(value[0]), total: value[1], number: value[2])
            case (0x08, 4):
                found = Concatenation(
                    reference: UInt16(value[0]) << 8 | UInt16(value[1]), total: value[2], number: value[3])
            default: break
            }
        }
        concatenation = found.flatMap { $0.isValid ? $0 : nil }
    }
}
