/// Text for a page of HTML or an SVG picture.
package enum HTMLText {
    /// As an element's text, or an attribute's value in either kind of quotes. Control characters, which no document may
    /// hold, become U+FFFD; tabs and line ends stay.
    package static func escaped(_ text: String) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count + 16)
        var isLatinControl = false
        for byte in text.utf8 {
            // U+0080 to U+009F, the second set of controls, are C2 80 to C2 9F.
            if isLatinControl {
                isLatinControl = false
                output += byte < 0xA0 ? replacement : [0xC2, byte]
                continue
            }
            switch byte {
            case 0x26: output += "&amp;".utf8
            case 0x3C: output += "&lt;".utf8
            case 0x3E: output += "&gt;".utf8
            case 0x22: output += "&quot;".utf8
            case 0x27: output += "&#39;".utf8
            case 0x09, 0x0A, 0x0D: output.append(byte)
            case 0..<0x20, 0x7F: output += replacement
            case 0xC2: isLatinControl = true
            default: output.append(byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static let replacement = Array("\u{FFFD}".utf8)
}
