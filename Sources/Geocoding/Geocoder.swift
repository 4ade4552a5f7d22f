import GeoModel

/// A local geocoder of French addresses: text to ranked places, over an index of streets, house numbers and communes.
///
/// It never answers a street outside the communes that the query names by code, name or postcode; when the street is
/// not found there the commune itself is the answer, and when the commune is in doubt there is none.
///
/// It is synchronous, and lives inside one read of the database (`GeocoderIndex`).
package struct Geocoder {
    private let index: GeocoderIndex

    package init(index: GeocoderIndex) {
        self.index = index
    }

    /// The place of a recipient's address, or nil when it is not located well enough to choose people by it.
    ///
    /// The score is at least `GeocodingWeights.acceptedScore`. Namesakes of one commune share one disc.
    ///
    /// - Throws: what the index throws.
    package func locate(structured query: AddressQuery) throws -> GeocodedPlace? {
        let place = try located(query)
        guard place?.isAnswer != true, let corrected = KeyboardSlip.corrected(query.text) else { return place }
        let better = try located(query.with(text: corrected))
        return better?.isAnswer == true ? better : place
    }

    private func located(_ query: AddressQuery) throws -> GeocodedPlace? {
        var best: GeocodedPlace?
        var rivals: [GeocodedPlace] = []
        for claim in try claims(for: query, allowsGuesses: false) {
            if claim.communes.isEmpty {
                if let found = best, try isPartOfStreetElsewhere(found, claim) { return nil }
                continue
            }
            guard claim.cap >= GeocodingWeights.acceptedScore,
                  let place = try AnswerBuilder(index: index, claim: claim).single(),
                  place.score >= GeocodingWeights.acceptedScore
            else { continue }
            if let found = best {
                rivals.append(place.score > found.score ? found : place)
                if place.score > found.score { best = place }
            } else {
                best = place
            }
        }
        guard let best else { return nil }
        let isContested = rivals.contains {
            $0.communeCode != best.communeCode && $0.score > best.score - GeocodingWeights.rivalMargin
        }
        return isContested ? nil : best
    }

    /// The claims of a query; one that asks for a town hall is read as the commune it belongs to.
    private func claims(for query: AddressQuery, allowsGuesses: Bool) throws -> [CommuneClaim] {
        let tokens = PlaceNormalizer.withoutMailSorting(PlaceNormalizer.tokens(query.text))
        let resolver = CommuneResolver(index: index, allowsGuesses: allowsGuesses)
        if let rest = TownHallInText.rest(of: tokens) {
            var claims = try resolver.claims(for: query, text: PostcodeInText(tokens: rest))
            // What is left says where the town hall stands: "Mairie, 1 place de la Mairie, 80000 Amiens".
            for index in claims.indices where claims[index].streetTokens.isEmpty { claims[index].isTownHall = true }
            return claims
        }
        return try resolver.claims(for: query, text: PostcodeInText(tokens: tokens))
    }

    /// Whether the words taken for a commune end a street's name elsewhere: "12 rue du Pont Rémy" may be the street
    /// of that name, and not the Rue du Pont of a town called Rémy. A namesake of the street that was found does not
    /// count.
    private func isPartOfStreetElsewhere(_ found: GeocodedPlace, _ whole: CommuneClaim) throws -> Bool {
        let foundKey = found.street.map { PlaceNormalizer.streetTokens($0).joined(separator: " ") }
        return try StreetRanker(index: index).ranked(whole, allowsMisspelling: false).contains {
            $0.likeness >= GeocodingWeights.certainStreetLikeness && $0.street.key != foundKey
                && $0.street.communeCode != found.communeCode
        }
    }

    /// The places a text may mean, best first; doubtful ones included, with their low scores.
    ///
    /// - Parameter limit: at most fifty.
    /// - Throws: what the index throws.
    package func search(text: String, limit: Int = 5) throws -> [GeocodedPlace] {
        var places = try self.places(text: text, limit: limit)
        if !places.contains(where: \.isAnswer), let corrected = KeyboardSlip.corrected(text) {
            places += try self.places(text: corrected, limit: limit)
        }
        if !places.contains(where: { $0.isAnswer || $0.score > GeocodingWeights.communeInsteadOfStreet }) {
            for claim in try claimsByStreet(text: text) { places += try AnswerBuilder(index: index, claim: claim).all() }
        }
        var seen: Set<String> = []
        let ranked = places.sorted {
            ($1.score, $0.precision.exactness, $0.label) < ($0.score, $1.precision.exactness, $1.label)
        }.filter { seen.insert("\($0.communeCode) \($0.label)").inserted }
        return Array(writtenAlikeFirst(ranked, text).prefix(min(max(limit, 0), 50)))
    }

    /// Of those that answer as well as the best, the one written more like the question first: "4b avenue" before "4bis av".
    private func writtenAlikeFirst(_ ranked: [GeocodedPlace], _ text: String) -> [GeocodedPlace] {
        guard let best = ranked.first else { return ranked }
        let equals = ranked.prefix { $0.score == best.score && $0.precision == best.precision }
        guard equals.count > 1 else { return ranked }
        let words = Set(PlaceNormalizer.tokens(text))
        let shared = equals.map { words.intersection(PlaceNormalizer.tokens($0.label)).count }
        let order = equals.indices.sorted { (shared[$1], $0) < (shared[$0], $1) }
        return order.map { equals[$0] } + ranked.dropFirst(equals.count)
    }

    private func places(text: String, limit: Int) throws -> [GeocodedPlace] {
        var places: [GeocodedPlace] = []
        for claim in try claims(for: AddressQuery(text: text), allowsGuesses: true) {
            // What can only come after as many as are wanted need not be looked for.
            if claim.communes.isEmpty, places.count(where: { $0.score > claim.cap }) >= limit { continue }
            // A street anywhere is never an answer to trust: its misspellings are looked for, all over the country,
            // only when there is nothing else to show.
            places += try AnswerBuilder(index: index, claim: claim).all(
                allowsMisspelling: !claim.communes.isEmpty || !places.contains(where: \.isAnswer),
                // Streets entered twice answer once.
                limit: limit == 1 ? 1 : limit + 5)
        }
        return places
    }

    private func claimsByStreet(text: String) throws -> [CommuneClaim] {
        let tokens = PlaceNormalizer.withoutMailSorting(PlaceNormalizer.tokens(text))
        let parted = PostcodeInText(tokens: tokens)
        guard parted.postcode == nil else { return [] }
        return try CommuneInText(index: index, text: parted, postcode: nil, allowsGuesses: true).claimsByStreet()
    }
}

extension GeocodedPlace {
    /// Whether it is a place in a commune, and good enough to be taken.
    fileprivate var isAnswer: Bool { score >= GeocodingWeights.acceptedScore && precision != .commune }
}
