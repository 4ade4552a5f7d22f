/// Reads positions at the speed of memory: the numbers of a perimeter come by the hundred thousand, at every move of a corner.
struct PlainTokens {
    private(set) var at: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>
    let powersOfTen: PowersOfTen

    /// - Parameter at: not behind `end`.
    init(at: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>, powersOfTen: PowersOfTen) {
        self.at = at
        self.end = end
        self.powersOfTen = powersOfTen
    }

    /// - Returns: nil for what is not two numbers in brackets, each without an exponent and of 19 digits at most.
    @inline(__always)
    mutating func position() -> Position<WGS84>? {
        guard take(UInt8(ascii: "[")) else { return nil }
        let east = number()
        guard take(UInt8(ascii: ",")) else { return nil }
        let north = number()
        guard take(UInt8(ascii: "]")), !(east + north).isNaN else { return nil }
        return Position(longitude: east, latitude: north)
    }

    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard at < end, at.pointee == byte else { return false }
        at += 1
        return true
    }

    @inline(__always)
    private mutating func skipSpace() {
        while at < end, at.pointee <= 0x20 {
            guard at.pointee == 0x20 || at.pointee == 0x0A || at.pointee == 0x0D || at.pointee == 0x09 else { return }
            at += 1
        }
    }

    /// As many bytes as a number of 20 digits may be looked at, eight at a time.
    private static let longestNumber = 48

    /// - Returns: not a number for what is none, or not one of these.
    @inline(__always)
    private mutating func number() -> Double {
        skipSpace()
        guard end - at >= Self.longestNumber else { return lastNumber() }
        let isNegative = at.pointee == UInt8(ascii: "-")
        if isNegative { at += 1 }
        let start = at
        var mantissa: UInt64 = 0
        while case let digit = at.pointee &- UInt8(ascii: "0"), digit < 10, at - start < 20 {
            mantissa = mantissa &* 10 &+ UInt64(digit)
            at += 1
        }
        let whole = at - start
        guard whole >= 1, whole == 1 || start.pointee != UInt8(ascii: "0") else { return .nan }
        var fraction = 0
        if at.pointee == UInt8(ascii: ".") {
            at += 1
            var length: Int
            repeat {
                length = eightDigits(&mantissa)
                at += length
                fraction += length
            } while length == 8 && fraction < 20
            guard fraction >= 1 else { return .nan }
        }
        return value(mantissa, whole: whole, fraction: fraction, at.pointee, isNegative)
    }

    /// Takes the digits of the next eight bytes, up to the first that is none; the mantissa means nothing beyond 19 digits.
    @inline(__always)
    private func eightDigits(_ mantissa: inout UInt64) -> Int {
        let word = UnsafeRawPointer(at).loadUnaligned(as: UInt64.self).littleEndian ^ 0x3030_3030_3030_3030
        // The lowest byte that is no digit: those above it may be judged wrongly by a carry.
        let others = ((word &+ 0x7676_7676_7676_7676) | word) & 0x8080_8080_8080_8080
        let length = others.trailingZeroBitCount >> 3
        guard length > 0 else { return 0 }
        let shifted = word << UInt64(64 - 8 * length)
        let pairs = (shifted &* 2561) >> 8 & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* 6_553_601) >> 16 & 0x0000_FFFF_0000_FFFF
        mantissa = mantissa &* powersOfTen.integers[length] &+ (fours &* 42_949_672_960_001) >> 32
        return length
    }

    /// One near the end of the text, byte by byte.
    private mutating func lastNumber() -> Double {
        let isNegative = at < end && at.pointee == UInt8(ascii: "-")
        if isNegative { at += 1 }
        let start = at
        var mantissa: UInt64 = 0
        let whole = lastDigits(&mantissa)
        guard whole >= 1, whole == 1 || start.pointee != UInt8(ascii: "0") else { return .nan }
        var fraction = 0
        if at < end, at.pointee == UInt8(ascii: ".") {
            at += 1
            fraction = lastDigits(&mantissa)
            guard fraction >= 1 else { return .nan }
        }
        return value(mantissa, whole: whole, fraction: fraction, at < end ? at.pointee : 0, isNegative)
    }

    private mutating func lastDigits(_ mantissa: inout UInt64) -> Int {
        let start = at
        while at < end, at.pointee &- UInt8(ascii: "0") < 10 {
            mantissa = mantissa &* 10 &+ UInt64(at.pointee &- UInt8(ascii: "0"))
            at += 1
        }
        return at - start
    }

    @inline(__always)
    private func value(_ mantissa: UInt64, whole: Int, fraction: Int, _ next: UInt8, _ isNegative: Bool) -> Double {
        guard whole + fraction <= 19, next | 0x20 != UInt8(ascii: "e") else { return .nan }
        let value: Double
        if mantissa <= DecimalRounding.exactMantissas {
            // Both exact, so that one division rounds once.
            value = Double(Int64(bitPattern: mantissa)) / powersOfTen.doubles[fraction]
        } else {
            value = DecimalRounding.double(mantissa, exponent: -fraction) ?? .nan
        }
        return isNegative ? -value : value
    }
}

/// Lent powers of ten: of reading them from arrays, each access would cost a check.
struct PowersOfTen {
    /// 10⁰ to 10²².
    let doubles: UnsafePointer<Double>
    /// 10⁰ to 10⁸.
    let integers: UnsafePointer<UInt64>
}
