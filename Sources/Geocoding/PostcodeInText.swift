/// An address's tokens on both sides of the postcode written in it.
struct PostcodeInText {
    /// Nil when none is written; then all tokens are in `before`.
    let postcode: String?
    let before: [String]
    let after: [String]

    init(tokens: [String]) {
        let positions = tokens.indices.filter { index in
            guard Postcode.isPostcode(tokens[index]) else { return false }
            // "10250 route de Paris": roads numbered by distance reach five figures.
            let isHouseNumber = index == 0 && tokens.count > 1 && StreetReading.opensStreet(tokens[1])
            return !isHouseNumber
        }
        if let position = positions.last {
            postcode = tokens[position]
            before = Array(tokens[..<position])
            after = Array(tokens[(position + 1)...].filter { $0 != "france" })
        } else {
            postcode = nil
            before = tokens
            after = []
        }
    }

    /// The tokens left for the street when the commune is known from elsewhere: its name is taken out where it
    /// stands as a commune, not where it is part of a street ("rue d'Amiens").
    func withoutCommune(keys: [String]) -> [String] {
        let keys = keys.map { $0.split(separator: " ").map(String.init) }.filter { !$0.isEmpty }
            .sorted { $0.count > $1.count }
        var before = before, after = after
        func isKey(_ window: ArraySlice<String>, _ key: [String]) -> Bool {
            let written = PlaceNormalizer.communeTokens(from: Array(window))
            return written == key || EditDistance.likeness(
                Array(written.joined(separator: " ").utf8), Array(key.joined(separator: " ").utf8))
                >= GeocodingWeights.acceptedCommuneLikeness
        }
        for key in keys where after.count >= key.count && !after.isEmpty {
            if isKey(after.prefix(key.count), key) {
                after.removeFirst(key.count)
                return before + after
            }
        }
        for key in keys where before.count >= key.count {
            if CommuneWindow.standsAlone(endOf: before, length: key.count), isKey(before.suffix(key.count), key) {
                before.removeLast(key.count)
                return before + after
            }
            if CommuneWindow.standsAlone(startOf: before, length: key.count), isKey(before.prefix(key.count), key) {
                before.removeFirst(key.count)
                return before + after
            }
        }
        for key in keys where after.count >= key.count {
            if CommuneWindow.standsAlone(endOf: after, length: key.count), isKey(after.suffix(key.count), key) {
                after.removeLast(key.count)
                break
            }
        }
        return before + after
    }
}

/// A run of tokens that may be a commune's name, and where it stands.
struct CommuneWindow {
    let key: String
    /// What is left of the address without it.
    let rest: [String]

    /// Longest commune name in words: "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson" has eight.
    static let longestName = 8

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
