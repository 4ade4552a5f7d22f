/// A run of tokens that may be a commune's name, and where it stands.
struct CommuneWindow {
    let key: String
    /// What is left of the address without it.
    let rest: [String]

    /// Whether it leaves a street with a name, or nothing: else it took the street's own name.
    var isPlausible: Bool { Self.isStreetOrNothing(rest) }

    /// Longest commune name in words: "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson" has eight.
    static let longestName = 8

    /// Whether what is left beside a commune is a street with a name, or nothing.
    static func isStreetOrNothing(_ rest: [String]) -> Bool {
        rest.isEmpty || StreetReading.all(of: rest).contains(where: \.name.hasMeaning)
    }

    /// Words at the end are a commune unless a small word ties them to a street: "avenue de Verdun".
    static func standsAlone(endOf tokens: [String], length: Int) -> Bool {
        guard length < tokens.count else { return length == tokens.count }
        let previous = tokens[tokens.count - length - 1]
        return !PlaceVocabulary.articles.contains(previous) && previous != "saint" && previous != "sainte"
            && previous != "st" && previous != "ste"
    }

    /// Words at the beginning are a commune only before a number or a street's type: "Bondy 12 rue Fontaine".
    static func standsAlone(startOf tokens: [String], length: Int) -> Bool {
        guard length < tokens.count else { return length == tokens.count }
        let next = tokens[length]
        return next.utf8.first?.isFigure == true || StreetReading.opensStreet(next)
    }
}
