/// Decimal numbers as the nearest doubles, without writing them out as text.
enum DecimalRounding {
    /// The double nearest to `mantissa` · 10^`exponent`, ties to even; nil where that takes more than is done here.
    static func double(_ mantissa: UInt64, exponent: Int) -> Double? {
        // Clinger's fast path: both the mantissa and the power of ten are exact doubles, so one operation rounds once, to
        // nearest.
        if mantissa <= exactMantissas, exponent >= -22, exponent <= 22 {
            let number = Double(mantissa)
            return exponent < 0 ? number / powersOfTen[-exponent] : number * powersOfTen[exponent]
        }
        guard mantissa != 0, exponent < 0, exponent >= -reciprocals.count else { return nil }
        return nearest(mantissa, exponent)
    }

    /// D. Lemire, "Number Parsing at a Gigabyte per Second", 2021, section 5, for the exponents that coordinates have: the
    /// products of these powers are never too close to a tie to be told from it.
    private static func nearest(_ mantissa: UInt64, _ exponent: Int) -> Double {
        let zeros = mantissa.leadingZeroBitCount
        let shifted = mantissa << UInt64(zeros)
        let power = reciprocals[exponent + reciprocals.count]
        var product = shifted.multipliedFullWidth(by: power.high)
        // The low half of the power matters only when the nine bits below those needed are all ones.
        if product.high & 0x1FF == 0x1FF {
            let (low, overflow) = product.low.addingReportingOverflow(shifted.multipliedFullWidth(by: power.low).high)
            product = (overflow ? product.high &+ 1 : product.high, low)
        }
        let upper = Int(product.high >> 63)
        let shift = UInt64(upper + 9)
        var bits = product.high >> shift
        // ⌊log₂ 10^exponent⌋ + 63, then the double's own bias.
        var power2 = (217_706 * exponent) >> 16 + 63 + upper - zeros + 1023
        // Half-way between two doubles: only small powers of five divide a mantissa.
        if product.low <= 1, exponent >= -4, bits & 3 == 1, bits << shift == product.high { bits &= ~1 }
        bits = (bits + bits & 1) >> 1
        if bits >= 2 << 52 {
            bits = 1 << 52
            power2 += 1
        }
        return Double(bitPattern: bits & ~(1 << 52) | UInt64(power2) << 52)
    }

    /// Integers up to it are doubles.
    static let exactMantissas: UInt64 = 1 << 53

    /// 10⁰ to 10²², every power of ten that a double holds exactly.
    static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
        1e19, 1e20, 1e21, 1e22,
    ]

    private static let integerPowers: [UInt64] = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
    ]

    static func withPowersOfTen<Value>(_ body: (PowersOfTen) -> Value?) -> Value? {
        powersOfTen.withUnsafeBufferPointer { doubles in
            integerPowers.withUnsafeBufferPointer { integers in
                guard let doubles = doubles.baseAddress, let integers = integers.baseAddress else { return nil }
                return body(PowersOfTen(doubles: doubles, integers: integers))
            }
        }
    }

    /// The first 128 bits of 5^q for q from -27 to -1, rounded up: exact reciprocals of powers that 64 bits hold.
    private static let reciprocals: [(high: UInt64, low: UInt64)] = [
        (0x9E74D1B791E07E48, 0x775EA264CF55347E),  // 10⁻²⁷
        (0xC612062576589DDA, 0x95364AFE032A819E),  // 10⁻²⁶
        (0xF79687AED3EEC551, 0x3A83DDBD83F52205),  // 10⁻²⁵
        (0x9ABE14CD44753B52, 0xC4926A9672793543),  // 10⁻²⁴
        (0xC16D9A0095928A27, 0x75B7053C0F178294),  // 10⁻²³
        (0xF1C90080BAF72CB1, 0x5324C68B12DD6339),  // 10⁻²²
        (0x971DA05074DA7BEE, 0xD3F6FC16EBCA5E04),  // 10⁻²¹
        (0xBCE5086492111AEA, 0x88F4BB1CA6BCF585),  // 10⁻²⁰
        (0xEC1E4A7DB69561A5, 0x2B31E9E3D06C32E6),  // 10⁻¹⁹
        (0x9392EE8E921D5D07, 0x3AFF322E62439FD0),  // 10⁻¹⁸
        (0xB877AA3236A4B449, 0x09BEFEB9FAD487C3),  // 10⁻¹⁷
        (0xE69594BEC44DE15B, 0x4C2EBE687989A9B4),  // 10⁻¹⁶
        (0x901D7CF73AB0ACD9, 0x0F9D37014BF60A11),  // 10⁻¹⁵
        (0xB424DC35095CD80F, 0x538484C19EF38C95),  // 10⁻¹⁴
        (0xE12E13424BB40E13, 0x2865A5F206B06FBA),  // 10⁻¹³
        (0x8CBCCC096F5088CB, 0xF93F87B7442E45D4),  // 10⁻¹²
        (0xAFEBFF0BCB24AAFE, 0xF78F69A51539D749),  // 10⁻¹¹
        (0xDBE6FECEBDEDD5BE, 0xB573440E5A884D1C),  // 10⁻¹⁰
        (0x89705F4136B4A597, 0x31680A88F8953031),  // 10⁻⁹
        (0xABCC77118461CEFC, 0xFDC20D2B36BA7C3E),  // 10⁻⁸
        (0xD6BF94D5E57A42BC, 0x3D32907604691B4D),  // 10⁻⁷
        (0x8637BD05AF6C69B5, 0xA63F9A49C2C1B110),  // 10⁻⁶
        (0xA7C5AC471B478423, 0x0FCF80DC33721D54),  // 10⁻⁵
        (0xD1B71758E219652B, 0xD3C36113404EA4A9),  // 10⁻⁴
        (0x83126E978D4FDF3B, 0x645A1CAC083126EA),  // 10⁻³
        (0xA3D70A3D70A3D70A, 0x3D70A3D70A3D70A4),  // 10⁻²
        (0xCCCCCCCCCCCCCCCC, 0xCCCCCCCCCCCCCCCD),  // 10⁻¹
    ]
}
