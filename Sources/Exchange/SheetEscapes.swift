/// `_x000D_` in an XLSX file stands for the character U+000D, and `_x005F_` for an underscore that does not start such an
/// escape (ECMA-376, part 1, 22.9.2.19). Excel writes the first for every line break made of CR and LF.
enum SheetEscapes {
    /// The text meant, control characters other than tab and line feed left out.
    static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "_")) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if let scalar = escape(bytes, at: index) {
                if scalar.value >= 0x20 || ["\t", "\n"].contains(scalar) { result += Array(String(scalar).utf8) }
                index += 7
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The text in which nothing reads as an escape.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "_")) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        for index in bytes.indices {
            result += escape(bytes, at: index) == nil ? [bytes[index]] : Array("_x005F_".utf8)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func escape(_ bytes: [UInt8], at index: Int) -> Unicode.Scalar? {
        guard index + 7 <= bytes.count, bytes[index] == UInt8(ascii: "_"), bytes[index + 1] == UInt8(ascii: "x"),
            bytes[index + 6] == UInt8(ascii: "_"),
            let value = UInt32(String(decoding: bytes[(index + 2)..<(index + 6)], as: UTF8.self), radix: 16)
        else { return nil }
        return Unicode.Scalar(value)
    }
}
