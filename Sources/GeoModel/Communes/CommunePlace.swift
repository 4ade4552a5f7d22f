/// Where the people of a code live today: a whole commune, or a part of one.
///
/// A part is a delegated or associated commune, a municipal arrondissement, or a former commune that merged without
/// leaving a legal trace. Parts may lie in parts: a commune that merged into one that is now delegated.
package struct CommunePlace: Hashable, Comparable, Sendable {
    /// The commune that stands today.
    package let commune: CommuneCode
    /// From the innermost part out, the commune left out; empty for the whole commune.
    package let parts: [CommuneCode]

    package init(commune: CommuneCode, parts: [CommuneCode] = []) {
        self.commune = commune
        self.parts = parts
    }

    package var isWhole: Bool { parts.isEmpty }

    /// Whether all of the other place lies in this one.
    package func encloses(_ other: CommunePlace) -> Bool {
        commune == other.commune && other.parts.suffix(parts.count).elementsEqual(parts)
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.commune == right.commune
            ? left.parts.lexicographicallyPrecedes(right.parts) : left.commune < right.commune
    }
}

/// What a code says today.
package struct CommuneMeaning: Hashable, Sendable {
    /// Sorted. Several when the code's ground was shared out; never empty.
    package let places: [CommunePlace]
    /// When the code ceased to be a commune's of its own; nil when it never did, or when no movement tells.
    package let since: CalendarDay?
    /// The name it last bore; nil when no movement tells.
    package let name: String?

    package init(places: [CommunePlace], since: CalendarDay? = nil, name: String? = nil) {
        self.places = places
        self.since = since
        self.name = name
    }
}
