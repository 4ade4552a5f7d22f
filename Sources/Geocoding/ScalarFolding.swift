/// Folds one Unicode scalar to the alphabet of the index.
///
/// Written out because the engine needs neither a locale nor Foundation: France's letters, its neighbours'
/// and those of its regional languages are all within Latin-1 and Latin Extended-A. A letter of another
/// script parts words, so that it can match nothing by accident.
enum ScalarFolding {
    enum Result: Equatable {
        /// One or two of `a–z`, `0–9`; the second is 0 where there is none.
        case letters(UInt8, UInt8)
        /// A combining mark or an invisible character: dropped.
        case nothing
        /// Everything else parts two words.
        case separator
    }

    static func fold(_ scalar: Unicode.Scalar) -> Result {
        let value = scalar.value
        if value < 0x80 { return ascii(UInt8(value)) }
        switch value {
        case 0x300...0x36F, 0xAD, 0x200B...0x200D, 0xFEFF: return .nothing
        case 0xC0...0x17F: return latin[Int(value - 0xC0)]
        default: return .separator
        }
    }

    private static func ascii(_ byte: UInt8) -> Result {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): .letters(byte, 0)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): .letters(byte + 32, 0)
        default: .separator
        }
    }

    /// U+00C0 to U+017F, one entry a scalar; `-` parts words.
    private static let latin: [Result] = """
        a a a a a a ae c e e e e i i i i d n o o o o o - o u u u u y th ss \
        a a a a a a ae c e e e e i i i i d n o o o o o - o u u u u y th y \
        a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g g g g g h h h h \
        i i i i i i i i i i ij ij j j k k k l l l l l l l l l l n n n n n n n n n \
        o o o o o o oe oe r r r r r r s s s s s s s s t t t t t t \
        u u u u u u u u u u u u w w y y y z z z z z z s
        """.split(separator: " ").map { entry in
            let letters = Array(entry.utf8)
            return entry == "-" ? .separator : .letters(letters[0], letters.count > 1 ? letters[1] : 0)
        }
}
