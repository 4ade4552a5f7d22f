/// An INSEE commune code: five characters, `01001` to `95…`, `2A004`, `97411`…
///
/// The vintage of the Code officiel géographique it belongs to is kept beside it, never inside it.
package struct CommuneCode: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let rawValue: String

    /// - Returns: nil when the text is not of a code's form. A four-digit code whose leading zero a
    ///   spreadsheet swallowed ("1001") is given it back.
    package init?(_ text: some StringProtocol) { self.init(text: String(text)) }

    private init?(text: String) {
        // As it is nearly always written; the rest is for what people type.
        if text.utf8.count == 5, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text != "00000" {
            rawValue = text
            return
        }
        var code = String(text.filter { !$0.isWhitespace }).uppercased()
        if code.count == 4, code.allSatisfy(\.isASCIIDigit) { code = "0" + code }
        guard code.count == 5 else { return nil }
        let characters = Array(code)
        let corsican = characters[0] == "2" && (characters[1] == "A" || characters[1] == "B")
        guard characters[0].isASCIIDigit, characters[1].isASCIIDigit || corsican,
              characters[2...].allSatisfy(\.isASCIIDigit), code != "00000"
        else { return nil }
        rawValue = code
    }

    /// The department's code: two characters, three overseas (`974`).
    package var department: String {
        String(rawValue.prefix(rawValue.hasPrefix("97") || rawValue.hasPrefix("98") ? 3 : 2))
    }

    package var description: String { rawValue }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension Character {
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
