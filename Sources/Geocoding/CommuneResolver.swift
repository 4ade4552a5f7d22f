import GeoModel

/// Finds which commune a query names. A wrong town is the second worst error of an alert (the worst is nobody), so
/// every doubt here lowers the score under the accepted one rather than picking a likely town.
struct CommuneResolver {
    let index: GeocoderIndex
    /// Whether doubtful readings that are never accepted are wanted too.
    var allowsGuesses = true

    /// The possible claims, likeliest first; none when the query contradicts itself.
    func claims(for query: AddressQuery) throws -> [CommuneClaim] {
        try claims(
            for: query,
            text: PostcodeInText(tokens: PlaceNormalizer.withoutMailSorting(PlaceNormalizer.tokens(query.text))))
    }

    func claims(for query: AddressQuery, text: PostcodeInText) throws -> [CommuneClaim] {
        let isContradicted = query.postcode != nil && text.postcode != nil && query.postcode != text.postcode
        if isContradicted, query.communeCode == nil, query.communeName == nil { return [] }
        let postcode = query.postcode ?? text.postcode
        if query.communeCode == nil, query.communeName == nil {
            return try CommuneInText(index: index, text: text, postcode: postcode, allowsGuesses: allowsGuesses).claims()
        }
        guard var claim = try claim(code: query.communeCode, name: query.communeName, postcode: postcode)
        else { return [] }
        if isContradicted, let written = text.postcode {
            // The text and the fields name two towns; a CEDEX postcode, which no town has, names none.
            let served = Set(try index.communes(.postcode(written)).map(\.code))
            guard served.isEmpty || !served.isDisjoint(with: claim.communes.map(\.code)) else { return [] }
            claim.agreement = min(claim.agreement, GeocodingWeights.agreementContradicted)
        }
        claim.postcode = postcode
        claim.streetTokens = text.withoutCommune(
            keys: claim.communes.flatMap(\.strongKeys) + (query.communeName.map { [PlaceNormalizer.communeKey($0)] } ?? []))
        claim.wholeTokens = text.before + text.after
        return [claim]
    }

    // MARK: Structured fields

    private func claim(code: CommuneCode?, name: String?, postcode: String?) throws -> CommuneClaim? {
        let key = name.map { PlaceNormalizer.communeKey($0) }
        guard let code else {
            guard let key else { return nil }
            return try claim(key: key, postcode: postcode)
        }
        guard let commune = try index.communes(.code(code)).first else {
            return try claimByUnknownCode(code, key: key, postcode: postcode)
        }
        var claim = CommuneClaim(communes: [commune], streetTokens: [], agreement: GeocodingWeights.agreementFull)
        let isPostcodeRight = postcode.map { commune.postcodes.contains($0) }
        if let key {
            claim.formerKey = key
            let others = commune.keys.contains(key)
                ? [] : try index.communes(.keys([key])).filter {
                    $0.isNamed(key) && $0.code != commune.code && !isCity($0, of: commune)
                }
            if !others.isEmpty {
                // The code says one town, the name another: only a postcode of the first alone settles it.
                guard isPostcodeRight == true, let postcode,
                      !others.contains(where: { $0.postcodes.contains(postcode) })
                else { return nil }
                claim.agreement = GeocodingWeights.agreementContradicted
            } else if isPostcodeRight == false, let postcode, !Postcode.agrees(postcode, with: commune.code) {
                claim.agreement = GeocodingWeights.agreementContradicted
            }
        } else if isPostcodeRight == false, let postcode, !Postcode.agrees(postcode, with: commune.code) {
            return nil
        }
        return claim
    }

    /// A code that is not loaded may be a merged commune's: name and postcode together may still tell.
    private func claimByUnknownCode(_ code: CommuneCode, key: String?, postcode: String?) throws -> CommuneClaim? {
        guard let key, let postcode else { return nil }
        let communes = try index.communes(.keys([key]))
            .filter { $0.postcodes.contains(postcode) && $0.code.department == code.department }
        guard communes.count == 1 else { return nil }
        var claim = CommuneClaim(communes: communes, streetTokens: [], agreement: GeocodingWeights.agreementNameOnly)
        claim.formerKey = key
        return claim
    }

    private func claim(key: String, postcode: String?) throws -> CommuneClaim? {
        let named = Self.bearing(key, among: try index.communes(.keys([key])), postcode: postcode)
        var claim = CommuneClaim(communes: [], streetTokens: [], agreement: GeocodingWeights.agreementFull)
        claim.formerKey = key
        guard let postcode else {
            if named.isEmpty { return try guessed(key: key) }
            return Self.claim(among: named, agreement: GeocodingWeights.agreementNameOnly, from: claim)
        }
        let withBoth = named.filter { $0.postcodes.contains(postcode) }
        if !withBoth.isEmpty {
            return Self.claim(among: withBoth, agreement: GeocodingWeights.agreementFull, from: claim)
        }
        let served = try index.communes(.postcode(postcode))
        if !named.isEmpty {
            // CEDEX postcodes are in no table; a known postcode of another commune is a mistake of one or the other.
            let near = named.filter { Postcode.agrees(postcode, with: $0.code) }
            guard !near.isEmpty else { return nil }
            let agreement = served.isEmpty ? GeocodingWeights.agreementNameOnly : GeocodingWeights.agreementContradicted
            return Self.claim(among: near, agreement: agreement, from: claim)
        }
        let alike = served.filter { names($0, key) }
        if alike.count == 1 {
            return Self.claim(
                among: alike, agreement: GeocodingWeights.agreementMisspeltNameWithPostcode, from: claim)
        }
        if alike.count > 1 {
            return Self.claim(among: alike, agreement: GeocodingWeights.agreementPostcodeOnly, from: claim)
        }
        // A hamlet written as a town, perhaps; or a town that is not loaded. Only a postcode of a single commune
        // and a street as good as exact make an answer.
        guard served.count == 1 else { return nil }
        claim.communes = served
        claim.agreement = GeocodingWeights.agreementPostcodeOnly
        claim.requiredLikeness = GeocodingWeights.certainStreetLikeness
        claim.allowsCommuneOnly = false
        return claim
    }

    /// Those of some communes that a key names. The post's name of a hamlet counts only with a postcode of its commune:
    /// dozens of hamlets have the name of a town elsewhere.
    static func bearing(_ key: String, among communes: [CommuneEntry], postcode: String?) -> [CommuneEntry] {
        communes.filter { commune in
            commune.isNamed(key)
                || (commune.keys.contains(key) && postcode.map { commune.postcodes.contains($0) } ?? false)
        }
    }

    /// Several communes of one name are each possible, and no answer among them may be accepted.
    static func claim(
        among communes: [CommuneEntry], agreement: Double, from base: CommuneClaim
    ) -> CommuneClaim {
        var claim = base
        claim.communes = communes
        claim.agreement = agreement
        if communes.count > 1 { claim.cap = GeocodingWeights.doubtfulCommuneAmbiguous }
        return claim
    }

    /// The commune a misspelt name resembles most, never accepted without further evidence.
    func guessed(key: String) throws -> CommuneClaim? {
        let communes = try index.communes(.similar(key: key, limit: 20))
        let letters = Array(key.utf8)
        let ranked = communes.map { commune in
            // "Sarlat" for Sarlat-la-Canéda.
            let isBeginning = commune.strongKeys.contains { $0.hasPrefix(key + " ") }
            return (commune: commune, likeness: max(Self.likeness(commune, letters), isBeginning ? 0.85 : 0))
        }
            .filter { $0.likeness >= GeocodingWeights.acceptedCommuneLikeness }
            .sorted { ($1.likeness, $0.commune.code) < ($0.likeness, $1.commune.code) }
        guard !ranked.isEmpty else { return nil }
        var claim = CommuneClaim(
            communes: ranked.prefix(3).map(\.commune), streetTokens: [],
            agreement: GeocodingWeights.doubtfulCommuneGuessed)
        claim.cap = GeocodingWeights.doubtfulCommuneGuessed
        claim.isGuessed = true
        return claim
    }

    /// Whether a key is one of the commune's names, misspelt a little, shortened ("saint valery" for "saint valery sur
    /// somme") or extended by a quarter ("amiens nord"). Asked only of a postcode's or a code's communes.
    private func names(_ commune: CommuneEntry, _ key: String) -> Bool {
        Self.likeness(commune, Array(key.utf8)) >= GeocodingWeights.acceptedCommuneLikeness
            || commune.keys.contains { key.hasPrefix($0 + " ") }
            || (key.utf8.count >= 5 && Self.isPart(key, ofNameOf: commune))
    }

    /// Whether a key is the first or the last words of one of a commune's names.
    static func isPart(_ key: String, ofNameOf commune: CommuneEntry) -> Bool {
        commune.keys.contains { $0.hasPrefix(key + " ") || $0.hasSuffix(" " + key) }
    }

    /// How like a key is to one of a commune's names or to the first words of one, letters wrong in either; 0 when it is not.
    static func likenessOfPart(_ key: String, to commune: CommuneEntry) -> Double {
        let letters = Array(key.utf8)
        let words = key.utf8.lazy.filter { $0 == UInt8(ascii: " ") }.count + 1
        return commune.keyBytes.prefix(commune.strongKeys.count).reduce(likeness(commune, letters)) { best, name in
            let ends = name.indices.filter { name[$0] == UInt8(ascii: " ") }
            guard ends.count >= words else { return best }
            let part = EditDistance.likeness(letters, Array(name[..<ends[words - 1]]))
            return max(best, part * GeocodingWeights.beginningForCommune)
        }
    }

    private func isCity(_ other: CommuneEntry, of commune: CommuneEntry) -> Bool {
        MunicipalArrondissement.city(of: commune.code) == other.code
            || MunicipalArrondissement.city(of: other.code) == commune.code
    }

    static func likeness(_ commune: CommuneEntry, _ key: [UInt8]) -> Double {
        commune.keyBytes.reduce(0) { max($0, EditDistance.likeness($1, key)) }
    }
}
