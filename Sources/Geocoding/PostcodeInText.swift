/// An address's tokens on both sides of the postcode written in it.
struct PostcodeInText {
    /// Nil when none is written; then all tokens are in `before`.
    let postcode: String?
    let before: [String]
    let after: [String]

    init(tokens: [String]) {
        var positions = tokens.indices.filter { Postcode.isPostcode(tokens[$0]) }
        // "10250 route de Paris": roads numbered by distance reach five figures. "80120 Rue" is a postcode and a town.
        if positions.first == 0, tokens.count > 2, positions.count > 1 || Self.longRoads.contains(tokens[1]) {
            positions.removeFirst()
        }
        if let position = positions.last {
            postcode = tokens[position]
            before = Array(tokens[..<position])
            after = Self.withoutCountry(tokens[(position + 1)...])
        } else {
            postcode = nil
            before = tokens
            after = []
        }
    }

    /// A country named at the end; "80000 Amiens 12 rue Anatole France" names none.
    private static func withoutCountry(_ tokens: ArraySlice<String>) -> [String] {
        Array(tokens.last == "france" && !tokens.contains(where: StreetReading.opensStreet) ? tokens.dropLast() : tokens)
    }

    /// Types of the roads that are numbered by distance.
    private static let longRoads: Set<String> = ["route", "rte", "rt", "chemin", "chem", "che", "ch"]

    /// The tokens left for the street when the commune is known from elsewhere: its name is taken out where it
    /// stands as a commune, not where it is part of a street ("rue d'Amiens") nor all there is of one ("rue Verdun").
    func withoutCommune(keys: [String]) -> [String] {
        let keys = Set(keys.filter { !$0.isEmpty }).sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
        for key in keys {
            for length in Self.lengths(of: key) where length <= after.count && Self.isKey(after.prefix(length), key) {
                return before + after.dropFirst(length)
            }
        }
        for key in keys {
            for length in Self.lengths(of: key) {
                if let rest = Self.withoutCommune(before, key, length) { return rest + after }
                if let rest = Self.withoutCommune(after, key, length) { return before + rest }
            }
        }
        return before + after
    }

    /// A key's number of words, and one more for an article before it.
    private static func lengths(of key: String) -> [Int] {
        let count = key.split(separator: " ").count
        return [count + 1, count]
    }

    private static func withoutCommune(_ tokens: [String], _ key: String, _ length: Int) -> [String]? {
        guard length <= tokens.count else { return nil }
        if CommuneWindow.standsAlone(endOf: tokens[...], length: length), isKey(tokens.suffix(length), key) {
            let rest = Array(tokens.dropLast(length))
            if CommuneWindow.isStreetOrNothing(rest) { return rest }
        }
        if CommuneWindow.standsAlone(startOf: tokens[...], length: length), isKey(tokens.prefix(length), key) {
            let rest = Array(tokens.dropFirst(length))
            if CommuneWindow.isStreetOrNothing(rest) { return rest }
        }
        return nil
    }

    private static func isKey(_ window: ArraySlice<String>, _ key: String) -> Bool {
        let written = PlaceNormalizer.communeKey(from: Array(window))
        if written == key { return true }
        // Most windows are too short or too long to be a misspelling.
        let longest = max(written.utf8.count, key.utf8.count)
        guard abs(written.utf8.count - key.utf8.count) * 5 <= longest else { return false }
        return EditDistance.likeness(Array(written.utf8), Array(key.utf8)) >= GeocodingWeights.acceptedCommuneLikeness
    }
}
