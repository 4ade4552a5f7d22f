/// The GSM 03.38 default alphabet and its extension table (3GPP TS 23.038 §6.2.1), without national tables.
package enum GSM7 {
    /// 1 for a character of the default alphabet, 2 for one of the extension table, nil for any other.
    package static func septets(of character: Character) -> Int? {
        if alphabet.contains(character) { return 1 }
        return extensions.contains(character) ? 2 : nil
    }

    private static let alphabet: Set<Character> = Set(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")

    private static let extensions: Set<Character> = ["\u{0C}", "^", "{", "}", "\\", "[", "~", "]", "|", "€"]
}
