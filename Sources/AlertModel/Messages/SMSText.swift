/// Measures a text as SMS: its encoding, its segments, and the letters that cost.
///
/// GSM 03.38 default alphabet with its extension table; anything outside it turns the whole text to UCS-2.
/// A single message holds 160 septets or 70 UTF-16 units; each part of a longer one, with its concatenation
/// header, 153 or 67 (3GPP TS 23.040 §9.2.3.24.1). A part never splits an extension sequence or a surrogate pair.
package struct SMSText: Hashable, Sendable {
    package enum Encoding: String, Sendable {
        case gsm7 = "GSM-7"
        case ucs2 = "UCS-2"

        /// Units in a message that is alone, and in each part of a longer one.
        package var unitsAlone: Int { self == .gsm7 ? 160 : 70 }
        package var unitsInPart: Int { self == .gsm7 ? 153 : 67 }
    }

    /// Ten parts, 1,530 GSM-7 characters: more than a cell broadcast page set holds, and the most that common
    /// operators still deliver in order.
    package static let maximumSegments = 10

    package let encoding: Encoding
    /// Characters as a reader counts them.
    package let characters: Int
    /// Septets in GSM-7 (extension characters count two), UTF-16 units in UCS-2.
    package let units: Int
    package let segments: Int
    /// The distinct characters that are not in the GSM-7 alphabet, in order of appearance.
    package let offending: [Character]
    /// The distinct characters of the extension table, which count two, in order of appearance.
    package let countingTwo: [Character]

    package init(_ text: String) {
        var offending: [Character] = []
        var countingTwo: [Character] = []
        for character in text.normalisedLineEnds {
            switch GSM7.septets(of: character) {
            case .none where !offending.contains(character): offending.append(character)
            case 2? where !countingTwo.contains(character): countingTwo.append(character)
            default: break
            }
        }
        self.offending = offending
        self.countingTwo = countingTwo
        encoding = offending.isEmpty ? .gsm7 : .ucs2
        characters = text.count
        let sizes = Self.unitSizes(of: text.normalisedLineEnds, encoding)
        units = sizes.reduce(0, +)
        segments = Self.segments(sizes, units: units, encoding)
    }

    /// Characters of the current encoding's single message, or of the parts needed so far: what a counter shows
    /// as "n of …".
    package var segmentLimit: Int { segments <= 1 ? encoding.unitsAlone : encoding.unitsInPart }

    /// The text in plain characters and its segments, where that takes fewer; nil where nothing is to be gained.
    package static func plainer(_ text: String, mode: CampaignMode) -> (text: String, segments: Int)? {
        func segments(_ text: String) -> Int { SMSText(Message(subject: "", text: text).marked(for: mode).text).segments }
        let plain = SMSStandIns.plain(text)
        let fewer = segments(plain)
        return plain != text && fewer < segments(text) ? (plain, fewer) : nil
    }

    /// The parts a text leaves in, one string each, as `segments` counts them; empty for an empty text.
    package static func parts(of text: String) -> [String] {
        let measured = SMSText(text)
        let text = text.normalisedLineEnds
        guard measured.segments > 1 else { return text.isEmpty ? [] : [text] }
        switch measured.encoding {
        case .gsm7:
            return split(text, measured.encoding) { GSM7.septets(of: $0) ?? 1 }.map { String($0) }
        case .ucs2:
            return split(text.unicodeScalars, measured.encoding) { UTF16.width($0) }.map { String($0) }
        }
    }

    private static func split<Text: Collection>(
        _ text: Text, _ encoding: Encoding, size: (Text.Element) -> Int
    ) -> [Text.SubSequence] {
        var parts: [Text.SubSequence] = []
        var start = text.startIndex
        var used = 0
        for index in text.indices {
            let size = size(text[index])
            if used + size > encoding.unitsInPart {
                parts.append(text[start..<index])
                start = index
                used = 0
            }
            used += size
        }
        return parts + [text[start...]]
    }

    private static func unitSizes(of text: String, _ encoding: Encoding) -> [Int] {
        switch encoding {
        case .gsm7: text.map { GSM7.septets(of: $0) ?? 1 }
        case .ucs2: text.unicodeScalars.map { UTF16.width($0) }
        }
    }

    private static func segments(_ sizes: [Int], units: Int, _ encoding: Encoding) -> Int {
        guard units > encoding.unitsAlone else { return units == 0 ? 0 : 1 }
        var parts = 1
        var used = 0
        for size in sizes {
            if used + size > encoding.unitsInPart {
                parts += 1
                used = 0
            }
            used += size
        }
        return parts
    }
}

extension String {
    /// CR LF is one `Character` in Swift and two septets in a message: sent as the one LF a phone shows.
    fileprivate var normalisedLineEnds: String {
        String(map { $0 == "\r\n" ? "\n" : $0 })
    }
}
