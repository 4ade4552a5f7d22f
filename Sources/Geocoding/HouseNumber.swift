/// A building's number in its street, with what follows it: `12`, `12 bis`, `12 B`.
package struct HouseNumber: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Highest number taken for one: roads numbered by distance reach the ten thousands, and a postcode
    /// (five figures too) is recognised before house numbers are.
    package static let highestNumber = 99_998

    package let number: Int
    /// `bis`, `ter`, `quater`, a letter, or empty; lower-case.
    package let suffix: String

    package init(_ number: Int, suffix: String = "") {
        self.number = number
        self.suffix = suffix.lowercased()
    }

    package var description: String { "\(number)\(suffix)" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.number, left.suffix) < (right.number, right.suffix)
    }

    /// Whether both stand for one door: `12 b` is how many write `12 bis`.
    func isSameDoor(as other: Self) -> Bool {
        number == other.number && (suffix == other.suffix || Self.longForm(suffix) == Self.longForm(other.suffix))
    }

    static func isSuffix(_ token: String) -> Bool {
        longSuffixes.contains(token) || (token.utf8.count == 1 && token.utf8.first?.isFigure == false)
    }

    static let longSuffixes: Set<String> = ["bis", "ter", "quater", "quinquies", "sexies", "septies"]

    private static func longForm(_ suffix: String) -> String {
        switch suffix {
        case "b": "bis"
        case "t": "ter"
        case "q": "quater"
        default: suffix
        }
    }
}
