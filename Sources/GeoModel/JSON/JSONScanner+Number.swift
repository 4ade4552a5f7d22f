extension JSONScanner {
    /// A number of the grammar of RFC 8259, section 6, read but not yet converted.
    struct ScannedNumber {
        let range: Range<Int>
        let isNegative: Bool
        /// The digits as an integer; meaningless when `digitCount` is over 19.
        let mantissa: UInt64
        /// Significant digits, leading zeros not counted.
        let digitCount: Int
        /// Power of ten of the mantissa.
        let exponent: Int
    }

    /// Whether what is next can only be a number.
    var isAtNumber: Bool {
        guard let byte = current else { return false }
        return byte == UInt8(ascii: "-") || byte &- UInt8(ascii: "0") < 10
    }

    /// Reads the next number as a finite double, rounded to nearest.
    mutating func parseNumber() throws(GeoJSONError) -> Double {
        let number = try scanNumber()
        if number.digitCount <= 19,
           let value = DecimalRounding.double(number.mantissa, exponent: number.exponent)
        {
            return number.isNegative ? -value : value
        }
        guard let value = Double(String(decoding: bytes[number.range], as: UTF8.self)), value.isFinite else {
            throw syntaxError("the number is too large", at: number.range.lowerBound)
        }
        return value
    }

    /// Checks the grammar of the next number and moves past it.
    mutating func scanNumber() throws(GeoJSONError) -> ScannedNumber {
        skipWhitespace()
        let start = index
        let isNegative = current == UInt8(ascii: "-")
        if isNegative { index += 1 }
        var mantissa: UInt64 = 0
        var digitCount = 0
        let integerStart = index
        scanDigits(into: &mantissa, &digitCount)
        guard index > integerStart else {
            if isNegative || current == nil { throw unexpected("expected a number") }
            throw unexpected("expected a value")
        }
        if bytes[integerStart] == UInt8(ascii: "0"), index > integerStart + 1 {
            throw syntaxError("a number may not start with a zero", at: start)
        }
        var exponent = 0
        if current == UInt8(ascii: ".") {
            index += 1
            let fractionStart = index
            scanDigits(into: &mantissa, &digitCount)
            guard index > fractionStart else { throw unexpected("expected a digit after the decimal point") }
            exponent = fractionStart - index
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            index += 1
            let negative = current == UInt8(ascii: "-")
            if negative || current == UInt8(ascii: "+") { index += 1 }
            let exponentStart = index
            var written: UInt64 = 0
            var writtenDigits = 0
            scanDigits(into: &written, &writtenDigits)
            guard index > exponentStart else { throw unexpected("expected a digit in the exponent") }
            // Beyond four digits the value is zero or infinite whatever they are.
            let magnitude = writtenDigits > 4 ? 99_999 : Int(written)
            exponent += negative ? -magnitude : magnitude
        }
        return ScannedNumber(
            range: start..<index, isNegative: isNegative, mantissa: mantissa, digitCount: digitCount,
            exponent: exponent)
    }

    private mutating func scanDigits(into mantissa: inout UInt64, _ digitCount: inout Int) {
        while index < bytes.count {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return }
            if mantissa != 0 || digit != 0 { digitCount += 1 }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            index += 1
        }
    }
}
