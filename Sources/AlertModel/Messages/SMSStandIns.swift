/// What may stand for a character outside the SMS alphabet without changing what is read.
///
/// Typographic signs lose nothing. A letter loses its accent, which French readers make up for; the letters of other
/// alphabets and emoji have no stand-in, because a guess would change the words.
package enum SMSStandIns {
    package static func standIn(for character: Character) -> String? { table[character] }

    /// The text with a stand-in for every character that has one, and without the spaces inside French quotes.
    package static func plain(_ text: String) -> String {
        var plain = ""
        var isAfterOpening = false
        for character in text {
            let isSpace = character.isWhitespace && !character.isNewline
            if isAfterOpening, isSpace { continue }
            isAfterOpening = character == "«"
            if character == "»" { while plain.last == " " { plain.removeLast() } }
            plain += GSM7.septets(of: character) == nil ? table[character] ?? String(character) : String(character)
        }
        return plain
    }

    private static let table: [Character: String] = [
        "’": "'", "‘": "'", "‚": "'", "ʼ": "'", "“": "\"", "”": "\"", "„": "\"", "«": "\"", "»": "\"",
        "‹": "'", "›": "'", "–": "-", "—": "-", "‑": "-", "‐": "-", "−": "-", "…": "...", "•": "-", "·": ".",
        "\u{A0}": " ", "\u{202F}": " ", "\u{2009}": " ", "\u{AD}": "", "\u{200B}": "", "\t": " ",
        "œ": "oe", "Œ": "OE", "ê": "e", "ë": "e", "â": "a", "î": "i", "ï": "i", "ô": "o", "û": "u", "ÿ": "y", "ç": "c",
        "À": "A", "Â": "A", "È": "E", "Ê": "E", "Ë": "E", "Î": "I", "Ï": "I", "Ô": "O", "Ù": "U", "Û": "U", "Ÿ": "Y",
        "á": "a", "í": "i", "ó": "o", "ú": "u", "ã": "a", "õ": "o", "Á": "A", "Í": "I", "Ó": "O", "Ú": "U", "Ã": "A", "Õ": "O",
        "°": "o", "№": "No", "²": "2", "³": "3", "½": "1/2", "×": "x",
    ]
}
