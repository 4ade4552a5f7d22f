/// Writes JSON text into bytes.
package struct JSONWriter {
    package private(set) var bytes: [UInt8]

    package init(reservingCapacity capacity: Int = 0) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Appends text that is already JSON.
    package mutating func raw(_ json: StaticString) {
        json.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    package mutating func raw(_ json: [UInt8]) {
        bytes.append(contentsOf: json)
    }

    package mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): raw(#"\""#)
            case UInt8(ascii: "\\"): raw(#"\\"#)
            case 0x0A: raw(#"\n"#)
            case 0x0D: raw(#"\r"#)
            case 0x09: raw(#"\t"#)
            case ..<0x20:
                raw(byte < 0x10 ? #"\u000"# : #"\u001"#)
                bytes.append(contentsOf: String(byte & 0xF, radix: 16).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// The shortest text that reads back as the same number; `null` when it is not finite.
    package mutating func number(_ number: Double) {
        bytes.append(contentsOf: number.isFinite ? Self.digits(of: number) : Array("null".utf8))
    }

    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: raw("null")
        case .bool(let bool): bool ? raw("true") : raw("false")
        case .number(let double): number(double)
        case .string(let text): string(text)
        case .array(let elements):
            separated(elements, open: "[", close: "]") { $0.value($1) }
        case .object(let object):
            separated(object.members, open: "{", close: "}") { writer, member in
                writer.string(member.key)
                writer.raw(":")
                writer.value(member.value)
            }
        }
    }

    /// Appends the elements between two signs, with commas.
    package mutating func separated<Elements: Sequence>(
        _ elements: Elements, open: StaticString, close: StaticString,
        _ body: (inout JSONWriter, Elements.Element) -> Void
    ) {
        raw(open)
        var isFirst = true
        for element in elements {
            if !isFirst { raw(",") }
            isFirst = false
            body(&self, element)
        }
        raw(close)
    }

    /// A coordinate with at most seven decimals (a centimetre in degrees), rounded to nearest, never an exponent.
    package mutating func coordinate(_ value: Double) {
        let scaled = (value * 1e7).rounded()
        guard scaled.magnitude < 9e18 else { return number(value) }
        var rest = UInt64(scaled.magnitude)
        var digits = (0 as UInt8, 0 as UInt8, 0 as UInt8, 0 as UInt8, 0 as UInt8, 0 as UInt8, 0 as UInt8)
        let whole = rest / 10_000_000
        rest %= 10_000_000
        if scaled < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes.append(contentsOf: String(whole).utf8)
        guard rest != 0 else { return }
        bytes.append(UInt8(ascii: "."))
        withUnsafeMutableBytes(of: &digits) { digits in
            var count = 7
            for place in stride(from: 6, through: 0, by: -1) {
                digits[place] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
            while digits[count - 1] == UInt8(ascii: "0") { count -= 1 }
            bytes.append(contentsOf: digits[..<count])
        }
    }

    /// The shortest digits of a finite number; integers without a decimal point.
    static func digits(of number: Double) -> [UInt8] {
        if number == number.rounded(), number.magnitude < 1e15 { return Array(String(Int64(number)).utf8) }
        return Array(number.description.utf8)
    }
}
