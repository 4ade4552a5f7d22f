import GeoModel

/// A place of a text that the register fills for each recipient, as `{nom|Madame, Monsieur}`.
package enum PersonalPlace: String, CaseIterable, Comparable, Sendable {
    case name = "nom"
    case commune = "commune"
    case address = "adresse"

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// What one recipient's register says for the places of a text. It does not print itself.
package struct PersonalValues: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Characters of a value: a street with its building; what is longer is a mistake of a file, and would be paid for by
    /// the segment.
    package static let longest = 80

    private var values: [PersonalPlace: String] = [:]

    /// - Parameter given: as the register has them. A line end or another control character becomes a blank, since a value
    ///   may stand in a subject; an empty value is none.
    package init(_ given: [PersonalPlace: String?] = [:]) {
        for (place, text) in given {
            let text = Self.cleaned(text ?? "")
            if !text.isEmpty { values[place] = text }
        }
    }

    package subscript(place: PersonalPlace) -> String? { values[place] }
    package var isEmpty: Bool { values.isEmpty }

    private static func cleaned(_ text: String) -> String {
        var words: [String] = []
        var word = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator:
                if !word.isEmpty { words.append(word) }
                word = ""
            // Invisible, and able to turn the rest of a line round.
            case .format, .surrogate, .privateUse, .unassigned: continue
            default: word.unicodeScalars.append(scalar)
            }
        }
        if !word.isEmpty { words.append(word) }
        return String(words.joined(separator: " ").prefix(longest))
    }

    /// What two who share an address have in common: a message to both names neither.
    package func common(with other: PersonalValues) -> PersonalValues {
        var common = self
        common.values = values.filter { other.values[$0.key] == $0.value }
        return common
    }

    package func without(_ place: PersonalPlace) -> PersonalValues {
        var rest = self
        rest.values[place] = nil
        return rest
    }

    /// Values of the same lengths that take the same SMS segments and the same time to read out, and say nothing of anybody.
    package var masked: PersonalValues {
        var masked = self
        masked.values = values.mapValues { text in
            String(text.map { character in
                switch (GSM7.septets(of: character), SpokenText.Sign(character)) {
                case (1, .figure): "0"
                case (1, _): "n"
                case (2, _): "€"
                case (_, .consonant) where character.utf16.count == 1: "ع"
                case (_, .syllable) where character.utf16.count == 1: "漢"
                default: character.utf16.count == 1 ? "ê" : Self.wide[min(character.utf16.count, Self.wide.count - 1)]
                }
            })
        }
        return masked
    }

    /// A character of so many UTF-16 units: a letter with its accents apart, a picture.
    private static let wide: [Character] = (0...16).map { units in
        units < 2 ? "ê" : Character("e" + String(repeating: "\u{302}", count: units - 1))
    }

    /// Somebody invented, for previews.
    package static let sample = PersonalValues([.name: "Camille Exemple", .commune: "Exempleville", .address: "1 rue de l'Exemple"])

    // MARK: Its stored form

    /// One text for the same values, such as `{"commune":"Abbeville","nom":"Durand"}`; it enters the audience's hash.
    package var document: String {
        var object = JSONObject()
        for (place, text) in values.sorted(by: { $0.key < $1.key }) { object.append(place.rawValue, .string(text)) }
        var writer = JSONWriter()
        writer.value(.object(object))
        return writer.text
    }

    private static let limits = JSONNode.Limits(maxDepth: 2, maxValues: 100)

    /// - Returns: nil for a text that is no such document.
    package init?(document: String) {
        guard let node = try? JSONNode.read(Array(document.utf8), limits: Self.limits), case .object(let members) = node else {
            return nil
        }
        for (key, value) in members {
            guard let place = PersonalPlace(rawValue: key), case .string(let text) = value else { return nil }
            values[place] = text
        }
    }

    package var description: String { "‹redacted›" }
    package var debugDescription: String { "‹redacted›" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
