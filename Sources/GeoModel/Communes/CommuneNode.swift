/// What INSEE's TYPECOM calls a code: one code may be a commune and its own delegated commune at once.
package enum CommuneKind: String, CaseIterable, Hashable, Sendable {
    case commune = "COM"
    case associated = "COMA"
    case delegated = "COMD"
    case arrondissement = "ARM"

    /// Whether it is a part of a commune, and no commune.
    package var isPart: Bool { self != .commune }
}

/// A code of the Code officiel géographique as one kind of thing.
package struct CommuneNode: Hashable, Sendable {
    package let kind: CommuneKind
    package let code: CommuneCode

    package init(_ kind: CommuneKind, _ code: CommuneCode) {
        self.kind = kind
        self.code = code
    }
}

/// A day of the calendar, for the date a movement takes effect.
package struct CalendarDay: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// `YYYY-MM-DD`: text in this form sorts as the days do.
    package let text: String

    /// Nil when the text is not of the form `YYYY-MM-DD`, or not within a year.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count == 10, parts.map(\.utf8.count) == [4, 2, 2],
              parts.allSatisfy({ $0.allSatisfy { $0.isASCIIDigit } }),
              let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        self.text = String(text)
    }

    /// 1 January of a year, the day a vintage of the Code officiel géographique describes.
    package init(firstOf year: Int) {
        let digits = String(min(9999, max(0, year)))
        text = String(repeating: "0", count: 4 - digits.count) + digits + "-01-01"
    }

    package var year: Int { Int(text.prefix(4)) ?? 0 }

    /// The first vintage that knows of what happened that day.
    package var vintage: Int { text.hasSuffix("-01-01") ? year : year + 1 }

    package var description: String { text }

    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}
