import GeoModel

/// A street that matches a reading of the query, and how well.
struct RankedStreet {
    let street: StreetCandidate
    let reading: StreetReading
    let likeness: Double
}

/// Finds the streets of a claim's communes that are like what was written.
struct StreetRanker {
    let index: GeocoderIndex

    /// Streets kept from the index for comparison; the exact words of a name rarely bring more than a dozen in one
    /// commune, and beyond the sixty likest by trigrams none has ever been the right one.
    private static let byWordsLimit = 200
    private static let byTrigramsLimit = 60
    /// Trigrams asked for: each costs one walk through the index.
    private static let trigramLimit = 24

    /// The accepted streets over all readings of the text, likeliest first.
    func ranked(_ claim: CommuneClaim, allowsMisspelling: Bool = true) throws -> [RankedStreet] {
        let ranked = try ranked(claim, tokens: claim.streetTokens, allowsMisspelling: allowsMisspelling)
        guard ranked.isEmpty, !claim.wholeTokens.isEmpty, claim.wholeTokens != claim.streetTokens else { return ranked }
        return try self.ranked(claim, tokens: claim.wholeTokens, allowsMisspelling: false)
    }

    private func ranked(
        _ claim: CommuneClaim, tokens: [String], allowsMisspelling: Bool
    ) throws -> [RankedStreet] {
        let codes = claim.communes.map(\.code)
        var best: [StreetID: RankedStreet] = [:]
        for reading in StreetReading.all(of: tokens) where reading.name.hasMeaning {
            var top = try compare(reading, .allWords(reading.name.wordsToFind), Self.byWordsLimit, codes, claim, &best)
            if top < GeocodingWeights.certainStreetLikeness, allowsMisspelling {
                let trigrams = spread(reading.name.trigrams)
                top = max(top, try compare(reading, .trigrams(trigrams), Self.byTrigramsLimit, codes, claim, &best))
            }
            if top >= GeocodingWeights.certainStreetLikeness { break }
        }
        return best.values.filter { $0.likeness >= claim.requiredLikeness }
            .sorted { ($1.likeness, $0.street.id.rawValue) < ($0.likeness, $1.street.id.rawValue) }
    }

    /// Compares the index's candidates with a reading; returns the best likeness.
    private func compare(
        _ reading: StreetReading, _ terms: StreetSearch.Terms, _ limit: Int, _ communes: [CommuneCode],
        _ claim: CommuneClaim, _ best: inout [StreetID: RankedStreet]
    ) throws -> Double {
        var top = 0.0
        for street in try index.streets(StreetSearch(terms: terms, communes: communes, limit: limit)) {
            var likeness = StreetLikeness.between(reading.name, StreetName(key: street.key))
            top = max(top, likeness)
            if isElsewhere(street, claim) { likeness *= GeocodingWeights.namesakeElsewhere }
            if likeness > best[street.id]?.likeness ?? 0 {
                best[street.id] = RankedStreet(street: street, reading: reading, likeness: likeness)
            }
        }
        return top
    }

    /// Whether a namesake of the same commune would fit the query's postcode or former commune better.
    private func isElsewhere(_ street: StreetCandidate, _ claim: CommuneClaim) -> Bool {
        if let postcode = claim.postcode, !street.postcode.isEmpty, postcode != street.postcode,
           claim.communes.contains(where: { $0.postcodes.contains(postcode) }) {
            return true
        }
        guard let key = claim.formerKey, let former = street.formerCommuneName,
              PlaceNormalizer.communeKey(street.communeName) != key
        else { return false }
        return PlaceNormalizer.communeKey(former) != key
    }

    /// At most `trigramLimit` trigrams, taken evenly over the name.
    private func spread(_ trigrams: [String]) -> [String] {
        guard trigrams.count > Self.trigramLimit else { return trigrams }
        return (0..<Self.trigramLimit).map { trigrams[$0 * trigrams.count / Self.trigramLimit] }
    }
}
