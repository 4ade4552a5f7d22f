/// What a gateway's operator charges for one unit.
package struct Tariff: Codable, Hashable, Sendable {
    /// What is charged.
    package enum Unit: String, CaseIterable, Codable, Sendable {
        /// A part of a text message.
        case segment
        /// A started minute of a call.
        case minute
        /// A message, whatever its length.
        case message
    }

    package let unit: Unit
    package let price: Money

    package init(unit: Unit, price: Money) {
        self.unit = unit
        self.price = price
    }

    /// The units one message is charged for.
    /// - Parameter message: as it leaves.
    package func units(_ message: Message) -> Int {
        switch unit {
        case .segment: max(1, SMSText(message.text).segments)
        case .minute: SpokenText.startedMinutes(message.text)
        case .message: 1
        }
    }
}

/// How long a text takes to be heard: an assumption, since a call's length is only known once it was made.
///
/// Read at some 160 words a minute. What a sign takes depends on how its language is written, and the text shows that
/// better than a tag does: letters of an alphabet 14 a second with their blanks, those of a script that leaves its vowels
/// out 10, signs that are a syllable or a word 4.5, figures 3, since numbers are read out.
package enum SpokenText {
    enum Sign: Hashable, CaseIterable {
        case letter, consonant, syllable, figure

        var perSecond: Double {
            switch self {
            case .letter: 14
            case .consonant: 10
            case .syllable: 4.5
            case .figure: 3
            }
        }

        init(_ character: Character) {
            let scalar = character.unicodeScalars.first?.value ?? 0
            switch scalar {
            case 0x30...0x39: self = .figure
            // Hebrew, Arabic, Syriac.
            case 0x590...0x74F, 0x750...0x77F, 0xFB1D...0xFDFF, 0xFE70...0xFEFF: self = .consonant
            // Kana, CJK and Hangul; Ethiopic.
            case 0x1200...0x137F, 0x2E80...0x9FFF, 0xAC00...0xD7AF, 0x20000...0x3134F: self = .syllable
            default: self = .letter
            }
        }
    }

    /// Ringing is not charged; picking up, and pressing a key at the end, is.
    package static let secondsAround = 8

    package static func seconds(_ text: String) -> Int {
        var counts: [Sign: Int] = [:]
        for character in text { counts[Sign(character), default: 0] += 1 }
        return secondsAround + Int(Sign.allCases.reduce(0.0) { $0 + Double(counts[$1, default: 0]) / $1.perSecond })
    }

    package static func startedMinutes(_ text: String) -> Int { (seconds(text) + 59) / 60 }
}
