import Foundation

/// What somebody's answer by SMS says, read as narrowly as machines must: what is not one of a few words is left to a
/// person.
package struct ReplyMeaning: Hashable, Sendable {
    /// “OUI”, “1”, “OK”, or the organisation's own words: the message was read.
    package let acknowledges: Bool
    /// “STOP”: no more information. Alerts go on.
    package let refuses: Bool
    /// Whether somebody has to read it: it says more than the words above, or two things at once.
    package let needsReading: Bool

    /// Characters looked at: an answer of one word is short, and what follows is for a person in any case.
    private static let limit = 2_000

    /// Said with the others, and saying nothing of their own.
    private static let fillerWords: Set<String> = [
        "merci", "bonjour", "bonsoir", "bien", "d", "message", "madame", "monsieur", "cordialement", "svp", "tocsin",
    ]
    /// - Parameters:
    ///   - text: as it came.
    ///   - words: of the organisation it answers.
    ///   - language: of whom it is from, where that is known.
    package init(_ text: String, words known: ReplyWords = .standard, language: String = "") {
        let yes = known.spoken(.yes, language: language)
        let stop = known.spoken(.stop, language: language)
        let says = Self.words(String(text.prefix(Self.limit))).map { Word($0, yes: yes, stop: stop) }
        let hasStop = says.contains(.stop)
        // An order to stop comes first, or with nothing but courtesies; within a sentence it may be about the water.
        refuses = hasStop && (says.first == .stop || !says.contains(.other))
        acknowledges = says.contains(.yes) && !says.contains(.other) && !hasStop
        needsReading = says.contains(.other) || (says.contains(.yes) && hasStop) || (!acknowledges && !refuses)
    }

    private enum Word {
        case yes, stop, filler, other

        init(_ text: String, yes: Set<String>, stop: Set<String>) {
            // “ouiii” and “OKKK” are meant as they sound.
            let plain = text.reduce(into: "") { if $0.last != $1 || $1.isNumber { $0.append($1) } }
            if yes.contains(text) || yes.contains(plain) {
                self = .yes
            } else if stop.contains(text) || stop.contains(plain) || Self.isStopNumber(text) {
                self = .stop
            } else {
                self = fillerWords.contains(text) ? .filler : .other
            }
        }

        /// “STOP36180”: the word and the short number it goes to, written as one.
        private static func isStopNumber(_ text: String) -> Bool {
            text.hasPrefix("stop") && text.count <= 9 && text.dropFirst(4).allSatisfy { ("0"..."9").contains($0) }
        }
    }

    /// Lower case, without accents, punctuation and pictures; “1️⃣” is 1.
    static func words(_ text: String) -> [String] {
        let folded = text.precomposedStringWithCompatibilityMapping
            .folding(options: [.diacriticInsensitive, .widthInsensitive], locale: nil).lowercased()
            .decomposedStringWithCompatibilityMapping
        var words: [String] = []
        var word = ""
        for scalar in folded.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .spacingMark, .format: continue
            case .lowercaseLetter, .uppercaseLetter, .otherLetter, .modifierLetter, .titlecaseLetter, .decimalNumber:
                word.unicodeScalars.append(scalar)
            default:
                if !word.isEmpty { words.append(word) }
                word = ""
            }
        }
        return word.isEmpty ? words : words + [word]
    }
}
