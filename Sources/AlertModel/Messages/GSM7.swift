/// The GSM 03.38 default alphabet and its extension table (3GPP TS 23.038 §6.2.1), without national tables.
package enum GSM7 {
    /// 1 for a character of the default alphabet, 2 for one of the extension table, nil for any other.
    package static func septets(of character: Character) -> Int? {
        if codes[character] != nil { return 1 }
        return extensionCodes[character] == nil ? nil : 2
    }

    /// One septet an octet, as gateways take them; nil when a character belongs to neither table.
    package static func encode(_ text: String) -> [UInt8]? {
        var octets: [UInt8] = []
        octets.reserveCapacity(text.utf8.count)
        for character in text {
            if let code = codes[character] {
                octets.append(code)
            } else if let code = extensionCodes[character] {
                octets.append(escape)
                octets.append(code)
            } else {
                return nil
            }
        }
        return octets
    }

    /// The text of unpacked septets. An octet beyond the alphabet becomes U+FFFD; a code that the extension table
    /// lacks shows the default alphabet's character, as the specification asks of phones.
    package static func decode(_ octets: some Sequence<UInt8>) -> String {
        var text = ""
        var isEscaped = false
        for octet in octets {
            guard octet < 0x80 else {
                text.append("\u{FFFD}")
                isEscaped = false
                continue
            }
            if isEscaped {
                isEscaped = false
                if octet == escape { text.append(" ") } else { text.append(extensions[octet] ?? characters[Int(octet)]) }
            } else if octet == escape {
                isEscaped = true
            } else {
                text.append(characters[Int(octet)])
            }
        }
        return text
    }

    private static let escape: UInt8 = 0x1B

    /// By code. The escape's own place holds a space, which nothing is encoded to.
    private static let characters: [Character] = Array(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")

    private static let extensions: [UInt8: Character] = [
        0x0A: "\u{0C}", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
    ]

    private static let codes: [Character: UInt8] = Dictionary(
        uniqueKeysWithValues: characters.enumerated().filter { $0.offset != Int(escape) }
            .map { ($0.element, UInt8($0.offset)) })
    private static let extensionCodes: [Character: UInt8] = Dictionary(
        uniqueKeysWithValues: extensions.map { ($0.value, $0.key) })
}
