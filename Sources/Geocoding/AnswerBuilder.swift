import GeoModel

/// Turns the streets found for one claim into answers.
struct AnswerBuilder {
    let index: GeocoderIndex
    let claim: CommuneClaim

    private struct Answer {
        let ranked: RankedStreet
        let placement: HouseNumberPlacement
    }

    /// The one answer to trust: equals in one commune share a disc, equals in several are no answer.
    func single() throws -> GeocodedPlace? {
        if claim.streetTokens.isEmpty { return communes().first }
        let ranked = try StreetRanker(index: index).ranked(claim)
        guard let best = ranked.first else { return try instead().first }
        let tied = ranked.prefix { $0.likeness >= best.likeness - GeocodingWeights.tieMargin }
        guard tied.allSatisfy({ $0.street.communeCode == best.street.communeCode }) else { return nil }
        let answers = try tied.prefix(GeocodingWeights.namesakesInOneDisc + 1).map { try answer($0) }
        let withNumber = answers.filter { $0.placement.precision == .houseNumber }
        let equals = withNumber.isEmpty ? answers : withNumber
        if equals.count == 1 { return place(equals[0], isAmbiguous: false) }
        guard equals.count <= GeocodingWeights.namesakesInOneDisc else { return try instead().first }
        return shared(equals)
    }

    /// Every answer, each by itself.
    ///
    /// - Parameters:
    ///   - allowsMisspelling: whether streets are looked for that are only like what was written.
    ///   - limit: how many are wanted: what can only come after as many is left out.
    func all(allowsMisspelling: Bool = true, limit: Int = 20) throws -> [GeocodedPlace] {
        if claim.streetTokens.isEmpty { return communes() }
        let ranked = try StreetRanker(index: index).ranked(claim, allowsMisspelling: allowsMisspelling)
        guard let best = ranked.first else { return try amongOtherWords() + instead() }
        let equals = ranked.prefix { $0.likeness >= best.likeness - GeocodingWeights.tieMargin }.count
        var places: [GeocodedPlace] = []
        for (offset, ranked) in ranked.prefix(20).enumerated() {
            // Its house number can only lower what a street scores.
            let most = min(ranked.likeness * claim.agreement, claim.cap)
            if places.count(where: { $0.score > most }) >= limit { break }
            places.append(place(try answer(ranked), isAmbiguous: equals > 1 && offset < equals))
        }
        return try places + instead(isStreetFound: true)
    }

    private func amongOtherWords() throws -> [GeocodedPlace] {
        guard !claim.communes.isEmpty, claim.communes.count <= GeocodingWeights.namesakesInOneDisc else { return [] }
        let ranked = try StreetRanker(index: index).rankedAmongOtherWords(claim)
        return try ranked.prefix(5).map { place(try answer($0), isAmbiguous: ranked.count > 1) }
    }

    private func answer(_ ranked: RankedStreet) throws -> Answer {
        let reading = ranked.reading
        return Answer(
            ranked: ranked,
            placement: try .of(reading.houseNumber, rangeEnd: reading.rangeEnd, in: ranked.street, index: index))
    }

    // MARK: Streets

    private func place(
        _ answer: Answer, isAmbiguous: Bool, disc: (centre: Position<WGS84>, radiusMetres: Double)? = nil
    ) -> GeocodedPlace {
        let street = answer.ranked.street
        let placement = answer.placement
        let number = placement.found.map { "\($0) " } ?? ""
        return GeocodedPlace(
            label: label(number, street),
            position: disc?.centre ?? placement.position, score: score(answer), precision: placement.precision,
            communeCode: street.communeCode, communeName: street.communeName,
            postcode: postcode(of: street), uncertaintyMetres: disc?.radiusMetres ?? placement.uncertaintyMetres,
            isAmbiguous: isAmbiguous || claim.isAmbiguous,
            houseNumber: placement.found, street: street.name, isCommuneGuessed: claim.isGuessed)
    }

    private func score(_ answer: Answer) -> Double {
        min(answer.ranked.likeness * claim.agreement * answer.placement.confidence, claim.cap)
    }

    /// One disc over all the equals: whichever was meant is inside.
    private func shared(_ equals: [Answer]) -> GeocodedPlace {
        let first = equals[0]
        guard let box = BoundingBox(enclosing: equals.map(\.placement.position)) else {
            return place(first, isAmbiguous: true)
        }
        let centre = Position<WGS84>(longitude: (box.west + box.east) / 2, latitude: (box.south + box.north) / 2)
        let radii = equals.map {
            GroundDistance.metres(centre, $0.placement.position) + $0.placement.uncertaintyMetres
        }
        let radius = radii.max() ?? first.placement.uncertaintyMetres
        let street = first.ranked.street
        // One street entered twice under two spellings has its doors at the same places.
        let reach = equals.map { GroundDistance.metres(centre, $0.placement.position) }.max() ?? 0
        if first.placement.found != nil, reach <= GeocodingWeights.sameDoorReachMetres {
            return place(first, isAmbiguous: false, disc: (centre, radius))
        }
        return GeocodedPlace(
            label: label("", street), position: centre,
            score: min(score(first) * GeocodingWeights.commonDiscOfNamesakes, claim.cap),
            precision: equals.allSatisfy { $0.ranked.street.kind == .street } ? .street : .locality,
            communeCode: street.communeCode, communeName: street.communeName, postcode: postcode(of: street),
            uncertaintyMetres: radius, isAmbiguous: true, street: street.name)
    }

    // MARK: Communes

    /// The commune was all that was asked for.
    private func communes() -> [GeocodedPlace] {
        claim.communes.prefix(20).map { commune in
            let score = min(claim.agreement, claim.cap)
            guard claim.isTownHall, let townHall = commune.townHall else { return place(commune, score: score) }
            return GeocodedPlace(
                label: "Mairie \(postcode(of: commune).map { "\($0) " } ?? "")\(commune.name)", position: townHall,
                score: score, precision: .locality, communeCode: commune.code, communeName: commune.name,
                postcode: postcode(of: commune), uncertaintyMetres: GeocodingWeights.townHallRadiusMetres,
                isAmbiguous: claim.isAmbiguous || claim.communes.count > 1, isCommuneGuessed: claim.isGuessed)
        }
    }

    /// The commune in place of a street that was not found.
    private func instead(isStreetFound: Bool = false) throws -> [GeocodedPlace] {
        guard claim.allowsCommuneOnly else { return [] }
        var score = min(claim.agreement * GeocodingWeights.communeInsteadOfStreet, claim.cap)
        // "rue de la Pierre, Saint-Jean": when Saint-Jean's streets are known and this is none of them, a town whose name
        // only begins so may be meant.
        if claim.isNameAlone {
            if try !isStreetFound && isNameInDoubt() {
                score = min(score, GeocodingWeights.doubtfulCommuneAmbiguous * GeocodingWeights.communeInsteadOfStreet)
            } else if try claim.communes.contains(where: { try !index.streets($0.code).streets.isEmpty }) {
                score = min(score, GeocodingWeights.doubtfulCommuneAmbiguous)
            }
        }
        return claim.communes.prefix(20).map { place($0, score: score) }
    }

    /// Whether a name without postcode may be a part of another town's, once it does not have the street written.
    private func isNameInDoubt() throws -> Bool {
        if claim.isAmbiguous { return true }
        let codes = Set(claim.communes.map(\.code))
        // "Labastide" is a town, and the beginning of the names of thirty others.
        if let key = claim.formerKey,
           try index.communes(.beginning(with: key, limit: codes.count + 1)).contains(where: { !codes.contains($0.code) }) {
            return true
        }
        return try claim.widerKeys.contains { key in
            try index.communes(.similar(key: key, limit: 20)).contains {
                !codes.contains($0.code)
                    && CommuneResolver.likeness($0, Array(key.utf8)) >= GeocodingWeights.acceptedCommuneLikeness
            }
        }
    }

    private func place(_ commune: CommuneEntry, score: Double) -> GeocodedPlace {
        let postcode = postcode(of: commune)
        return GeocodedPlace(
            label: postcode.map { "\($0) \(commune.name)" } ?? commune.name, position: commune.position, score: score,
            precision: .commune, communeCode: commune.code, communeName: commune.name, postcode: postcode,
            uncertaintyMetres: nil, isAmbiguous: claim.isAmbiguous || claim.communes.count > 1,
            isCommuneGuessed: claim.isGuessed)
    }

    private func label(_ number: String, _ street: StreetCandidate) -> String {
        "\(number)\(street.name) \(postcode(of: street).map { "\($0) " } ?? "")\(street.communeName)"
    }

    /// Its own, or its commune's where its source knows no postcodes.
    private func postcode(of street: StreetCandidate) -> String? {
        street.postcode.isEmpty
            ? claim.communes.first { $0.code == street.communeCode }.flatMap { postcode(of: $0) } : street.postcode
    }

    /// The one asked for, or the only one it has.
    private func postcode(of commune: CommuneEntry) -> String? {
        claim.postcode.flatMap { commune.postcodes.contains($0) ? $0 : nil }
            ?? (commune.postcodes.count == 1 ? commune.postcodes.first : nil)
    }
}
