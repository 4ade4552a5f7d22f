import Foundation

/// An address as whoever walks a street needs it: the street, then its numbers as they follow each other.
///
/// Read from free text: the first part between commas or lines that begins with a number is number and street; what is
/// around it (a residence, a floor) is beside it. An address without a number is a street, or a hamlet, of its own.
package struct DoorAddress: Hashable, Sendable, Comparable {
    package let street: String
    /// Nil without one.
    package let number: Int?
    /// What follows the number: `bis`, `B`, `-6`; as it is written.
    package let suffix: String
    /// The rest of the address.
    package let beside: String

    /// More figures are a postcode or a distance.
    private static let mostFigures = 5
    private static let ordinals = ["bis": 2, "ter": 3, "quater": 4, "quinquies": 5, "sexies": 6, "septies": 7]

    package init(_ text: String) {
        let parts = text.split { $0 == "," || $0 == ";" || $0.isNewline }.map { Self.trimmed($0) }.filter { !$0.isEmpty }
        for (index, part) in parts.enumerated() {
            guard let read = Self.numbered(part) else { continue }
            var used: Set<Int> = [index]
            var street = read.street
            if street.isEmpty {
                // “12, rue des Lilas”, and “rue des Lilas, 12”.
                let neighbour = index + 1 < parts.count ? index + 1 : index - 1
                guard parts.indices.contains(neighbour), Self.numbered(parts[neighbour]) == nil else { continue }
                street = parts[neighbour]
                used.insert(neighbour)
            }
            self.street = street
            number = read.number
            suffix = read.suffix
            beside = parts.indices.filter { !used.contains($0) }.map { parts[$0] }.joined(separator: ", ")
            return
        }
        street = parts.first ?? ""
        number = nil
        suffix = ""
        beside = parts.dropFirst().joined(separator: ", ")
    }

    /// The number as it is written on a door.
    package var numberText: String {
        guard let number else { return "" }
        return suffix.isEmpty || suffix.hasPrefix("-") || suffix.hasPrefix("/") ? "\(number)\(suffix)" : "\(number) \(suffix)"
    }

    /// What addresses of one commune are ordered by. Made once an address: folding a text is slow.
    struct Key: Hashable, Comparable {
        let street: String
        let number: Int
        let rank: Int
        let suffix: String
        let beside: String

        static func < (left: Self, right: Self) -> Bool {
            (left.street, left.number, left.rank, left.suffix, left.beside)
                < (right.street, right.number, right.rank, right.suffix, right.beside)
        }
    }

    var key: Key {
        Key(
            street: DoorAddress.folded(street), number: number ?? -1, rank: rank, suffix: suffix.lowercased(),
            beside: DoorAddress.folded(beside))
    }

    package static func < (left: Self, right: Self) -> Bool { left.key < right.key }

    /// A house comes before its “bis”; letters and ordinals follow each other as they do in a street.
    private var rank: Int {
        let word = suffix.lowercased()
        if word.isEmpty { return 0 }
        if let ordinal = Self.ordinals[word] { return ordinal }
        if word.utf8.count == 1, let letter = word.utf8.first, (0x61...0x7A).contains(letter) { return Int(letter) - 0x60 }
        return 100
    }

    /// Letter case, accents and double spaces aside.
    package static func folded(_ text: String) -> String {
        text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: Locale(identifier: "fr_FR"))
            .split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// `12 bis rue des Lilas`, `12B, …`, `4-6 rue …`, `12`; nil for what does not begin with a number.
    private static func numbered(_ part: String) -> (number: Int, suffix: String, street: String)? {
        var rest = part[...]
        for mark in ["n°", "N°", "no ", "No "] where rest.hasPrefix(mark) { rest = rest.dropFirst(mark.count).drop(while: \.isWhitespace) }
        let figures = rest.prefix { ("0"..."9").contains($0) }
        guard !figures.isEmpty, figures.count < mostFigures, let number = Int(figures) else { return nil }
        rest = rest.dropFirst(figures.count)
        let range = rest.prefix { "0123456789-/".contains($0) }
        var suffix = String(range)
        rest = rest.dropFirst(range.count)
        let isGlued = rest.first.map { !$0.isWhitespace } ?? false
        let word = rest.drop(while: \.isWhitespace).prefix { $0.isLetter }
        let after = rest.drop(while: \.isWhitespace).dropFirst(word.count)
        if suffix.isEmpty, isSuffix(String(word)), after.isEmpty || after.first?.isWhitespace == true {
            suffix = String(word)
            rest = after
        } else if isGlued {
            // A letter that belongs to no number we know: “2e étage”.
            return nil
        }
        let street = rest.drop { $0.isWhitespace || $0 == "." }
        return (number, suffix, String(street))
    }

    /// “8 mai” is no suffix; “12 B rue” and “12 à rue” differ.
    private static func isSuffix(_ word: String) -> Bool {
        ordinals[word.lowercased()] != nil || (word.utf8.count == 1 && word.first?.isLetter == true)
    }
}
