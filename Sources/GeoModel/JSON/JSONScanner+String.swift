/// A JSON string in place: the bytes between its quotes, checked but not yet unescaped.
struct JSONToken {
    let range: Range<Int>
    let hasEscapes: Bool

    /// The text, escapes resolved. A lone surrogate (`\ud800`), which no string can hold, becomes U+FFFD.
    func text(in bytes: [UInt8]) -> String {
        guard hasEscapes else { return String(decoding: bytes[range], as: UTF8.self) }
        var output: [UInt8] = []
        output.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            guard bytes[index] == UInt8(ascii: "\\") else {
                output.append(bytes[index])
                index += 1
                continue
            }
            let escape = bytes[index + 1]
            index += 2
            switch escape {
            case UInt8(ascii: "b"): output.append(0x08)
            case UInt8(ascii: "f"): output.append(0x0C)
            case UInt8(ascii: "n"): output.append(0x0A)
            case UInt8(ascii: "r"): output.append(0x0D)
            case UInt8(ascii: "t"): output.append(0x09)
            case UInt8(ascii: "u"):
                let scalar = scalar(at: &index, in: bytes)
                output.append(contentsOf: String(Character(scalar)).utf8)
            default: output.append(escape)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Reads the four digits at `index`, and the second half of a surrogate pair if it follows.
    private func scalar(at index: inout Int, in bytes: [UInt8]) -> Unicode.Scalar {
        let first = Self.hexadecimal(bytes[index..<index + 4])
        index += 4
        if (0xD800..<0xDC00).contains(first), index + 6 <= range.upperBound,
            bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
        {
            let second = Self.hexadecimal(bytes[index + 2..<index + 6])
            if (0xDC00..<0xE000).contains(second) {
                index += 6
                return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) ?? "\u{FFFD}"
            }
        }
        return Unicode.Scalar(first) ?? "\u{FFFD}"
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt32 {
        digits.reduce(0) { value, digit in
            value << 4 | UInt32(digit <= UInt8(ascii: "9") ? digit - 48 : (digit | 0x20) - 87)
        }
    }
}

extension JSONScanner {
    /// Checks the next string (escapes, control characters, UTF-8) and moves past it.
    mutating func scanString() throws(GeoJSONError) -> JSONToken {
        try expect(UInt8(ascii: "\""), "a string")
        let start = index
        var hasEscapes = false
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return JSONToken(range: start..<index - 1, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try skipEscape()
            case ..<0x20: throw syntaxError("a control character in a string must be escaped")
            case ..<0x80: index += 1
            default: try skipMultibyteScalar(first: byte)
            }
        }
        throw syntaxError("a string is not closed", at: start - 1)
    }

    private mutating func skipEscape() throws(GeoJSONError) {
        let start = index
        index += 1
        switch current {
        case UInt8(ascii: "u"):
            index += 1
            for _ in 0..<4 {
                guard let digit = current, Self.isHexadecimal(digit) else {
                    throw syntaxError("\\u must be followed by four hexadecimal digits", at: start)
                }
                index += 1
            }
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            index += 1
        default: throw syntaxError("a backslash in a string must start an escape", at: start)
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
    }

    /// Unicode 15, table 3-7: the well-formed UTF-8 sequences of two bytes and more.
    private mutating func skipMultibyteScalar(first: UInt8) throws(GeoJSONError) {
        let second: ClosedRange<UInt8>
        let length: Int
        switch first {
        case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
        case 0xE0: (second, length) = (0xA0...0xBF, 3)
        case 0xED: (second, length) = (0x80...0x9F, 3)
        case 0xE1...0xEF: (second, length) = (0x80...0xBF, 3)
        case 0xF0: (second, length) = (0x90...0xBF, 4)
        case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
        case 0xF4: (second, length) = (0x80...0x8F, 4)
        default: throw notUTF8
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]),
            bytes[(index + 2)..<(index + length)].allSatisfy({ (0x80...0xBF).contains($0) })
        else { throw notUTF8 }
        index += length
    }

    private var notUTF8: GeoJSONError {
        syntaxError("the text is not UTF-8; save the file again as UTF-8")
    }
}
