import GeoModel

/// A commune code as a number below `count`, so that finding and counting communes needs no text.
enum CommuneNumber {
    /// No code.
    static let none: UInt32 = 0
    /// Something that is no code's form.
    static let unreadable = UInt32.max
    /// Codes of figures are their number, which is never zero; 2A and 2B follow.
    static let count = 102_000

    static func of(_ code: CommuneCode) -> UInt32 { of(code.rawValue) ?? unreadable }

    /// - Parameter text: of `recipients.commune_code`. Nil when it is not written as codes are.
    static func of(_ text: String) -> UInt32? {
        var text = text
        return text.withUTF8 { of($0) }
    }

    static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32? {
        guard bytes.count == 5 else { return nil }
        var number: UInt32 = 0
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = 10 * number + UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "A") where index == 1 && number == 2: number = 100
            case UInt8(ascii: "B") where index == 1 && number == 2: number = 101
            default: return nil
            }
        }
        return number == 0 ? nil : number
    }

    /// The code of a number from 1 to `count`.
    static func code(_ number: UInt32) -> CommuneCode? {
        let digits = String(number % 100_000)
        let padded = String(repeating: "0", count: 5 - digits.count) + digits
        return CommuneCode(
            number < 100_000 ? padded : (number < 101_000 ? "2A" : "2B") + padded.suffix(3))
    }
}
