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

    /// Streets compared of those that share trigrams: beyond the sixty likest of a commune none has ever been the
    /// right one.
    private static let byTrigramsLimit = 60
    /// Streets taken from the whole index when no commune is named; such an answer is never accepted.
    private static let anywhereLimit = 200
    /// Trigrams asked of the whole index: each costs one walk through it.
    private static let trigramTermLimit = 8

    /// The accepted streets over all readings of the text, likeliest first.
    func ranked(_ claim: CommuneClaim, allowsMisspelling: Bool = true) throws -> [RankedStreet] {
        let ranked = try ranked(claim, tokens: claim.streetTokens, allowsMisspelling: allowsMisspelling)
        guard ranked.isEmpty, !claim.wholeTokens.isEmpty, claim.wholeTokens != claim.streetTokens else { return ranked }
        return try self.ranked(claim, tokens: claim.wholeTokens, allowsMisspelling: false)
    }

    /// The streets whose name is written among other words, or of whose name only the last word is: what a search may
    /// show in place of the commune, and a register never takes.
    func rankedAmongOtherWords(_ claim: CommuneClaim) throws -> [RankedStreet] {
        let communes = try claim.communes.map { try index.streets($0.code) }
        var found: [StreetID: RankedStreet] = [:]
        func keep(_ street: StreetCandidate, _ reading: StreetReading, _ likeness: Double) {
            let likeness = isElsewhere(street, claim) ? likeness * GeocodingWeights.namesakeElsewhere : likeness
            guard likeness >= max(GeocodingWeights.shownStreetLikeness, claim.requiredLikeness - 0.1),
                  likeness > found[street.id]?.likeness ?? 0 else { return }
            found[street.id] = RankedStreet(street: street, reading: reading, likeness: likeness)
        }
        for (reading, isCutBefore, isCutAfter) in StreetReading.amongOtherWords(claim.streetTokens) {
            let factor = (isCutBefore ? GeocodingWeights.wordsBeforeStreet : 1)
                * (isCutAfter ? GeocodingWeights.wordsAfterStreet : 1)
            // A name that goes on is another's unless it is whole without what follows.
            let required = isCutAfter ? GeocodingWeights.certainStreetLikeness : GeocodingWeights.acceptedStreetLikeness
            func compare(_ street: StreetCandidate, _ name: StreetName) {
                let likeness = StreetLikeness.between(reading.name, name)
                if likeness >= required { keep(street, reading, likeness * factor) }
            }
            for commune in communes {
                commune.visit(withWordsOf: reading.name, compare)
                if !isCutAfter { commune.visit(alike: reading.name, limit: Self.byTrigramsLimit, compare) }
            }
            if !found.isEmpty { break }
        }
        if found.isEmpty {
            for reading in StreetReading.all(of: claim.streetTokens) where reading.name.hasMeaning {
                for commune in communes {
                    commune.visit(alike: reading.name, limit: Self.byTrigramsLimit) { street, name in
                        keep(street, reading, StreetLikeness.between(reading.name, name, bySound: true))
                    }
                }
            }
        }
        return found.values.sorted { ($1.likeness, $0.street.id.rawValue) < ($0.likeness, $1.street.id.rawValue) }
    }

    private func ranked(
        _ claim: CommuneClaim, tokens: [String], allowsMisspelling: Bool
    ) throws -> [RankedStreet] {
        let communes = try claim.communes.map { try index.streets($0.code) }
        var found: [RankedStreet] = []
        for reading in StreetReading.all(of: tokens) where reading.name.hasMeaning {
            var top = 0.0
            func compare(_ street: StreetCandidate, _ name: StreetName) { compare(street, name, reading, factor: 1) }
            func compare(_ street: StreetCandidate, _ name: StreetName, _ reading: StreetReading, factor: Double) {
                var likeness = StreetLikeness.between(reading.name, name) * factor
                if likeness > top { top = likeness }
                guard likeness >= GeocodingWeights.acceptedStreetLikeness else { return }
                if isElsewhere(street, claim) { likeness *= GeocodingWeights.namesakeElsewhere }
                if let known = found.firstIndex(where: { $0.street.id == street.id }) {
                    guard likeness > found[known].likeness else { return }
                    found[known] = RankedStreet(street: street, reading: reading, likeness: likeness)
                } else {
                    found.append(RankedStreet(street: street, reading: reading, likeness: likeness))
                }
            }
            if claim.communes.isEmpty {
                try anywhere(reading.name, claim.department, allowsMisspelling: false, compare)
                if top < GeocodingWeights.certainStreetLikeness, allowsMisspelling {
                    try anywhere(reading.name, claim.department, allowsMisspelling: true, compare)
                }
            } else {
                for commune in communes { commune.visit(withWordsOf: reading.name, compare) }
                if top < GeocodingWeights.certainStreetLikeness, allowsMisspelling {
                    for commune in communes { commune.visit(alike: reading.name, limit: Self.byTrigramsLimit, compare) }
                }
            }
            if top >= GeocodingWeights.certainStreetLikeness { break }
            if !claim.communes.isEmpty, allowsMisspelling, let corrected = reading.withTypeCorrected {
                for commune in communes {
                    commune.visit(withWordsOf: corrected.name) { street, name in
                        compare(street, name, corrected, factor: GeocodingWeights.misspeltType)
                    }
                }
            }
        }
        return found.filter { $0.likeness >= claim.requiredLikeness }
            .sorted { ($1.likeness, $0.street.id.rawValue) < ($0.likeness, $1.street.id.rawValue) }
    }

    private func anywhere(
        _ name: StreetName, _ department: String?, allowsMisspelling: Bool, _ body: (StreetCandidate, StreetName) -> Void
    ) throws {
        let terms: StreetSearch.Terms = allowsMisspelling
            ? .trigrams(spread(name.trigramTerms)) : .allWords(name.wordsToFind.map { name.text(of: $0) })
        for street in try index.streetsAnywhere(StreetSearch(terms: terms, limit: Self.anywhereLimit))
        where department.map({ Postcode.agrees($0, with: street.communeCode) }) ?? true {
            for key in [street.key] + street.otherKeys { body(street, StreetName(key: key)) }
        }
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

    /// At most `trigramTermLimit` trigrams, taken evenly over the name.
    private func spread(_ trigrams: [String]) -> [String] {
        guard trigrams.count > Self.trigramTermLimit else { return trigrams }
        return (0..<Self.trigramTermLimit).map { trigrams[$0 * trigrams.count / Self.trigramTermLimit] }
    }
}
