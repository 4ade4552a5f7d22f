import GeoModel

/// Finds the commune in an address written as one text.
struct CommuneInText {
    let index: GeocoderIndex
    let postcode: String?
    /// Whether to look for communes that a misspelt name resembles, though none of them is ever accepted.
    let allowsGuesses: Bool
    /// Normalised as communes' names are, so that positions agree with keys; what is after the postcode at the end.
    private let tokens: [String]
    private let split: Int
    /// The department written after the commune: "Bondy (93)".
    private let department: String?

    init(index: GeocoderIndex, text: PostcodeInText, postcode: String?, allowsGuesses: Bool) {
        self.index = index
        self.postcode = postcode
        self.allowsGuesses = allowsGuesses
        var before = PlaceNormalizer.communeTokens(from: text.before)
        var after = PlaceNormalizer.communeTokens(from: text.after)
        department = DepartmentInText.taken(from: &after) ?? (after.isEmpty ? DepartmentInText.taken(from: &before) : nil)
        tokens = before + after
        split = before.count
    }

    func claims() throws -> [CommuneClaim] {
        let windows = CommuneWindow.all(of: tokens, split: split)
        let found = try postcode.map { try claims(postcode: $0, windows: windows) } ?? claimsByName(windows: windows)
        return found.map { claim in
            var claim = claim
            claim.postcode = postcode
            return claim
        }
    }

    // MARK: With a postcode

    private func claims(postcode: String, windows: [CommuneWindow]) throws -> [CommuneClaim] {
        let served = try index.communes(.postcode(postcode))
        let named = try communesByKey(windows)
        if let (window, communes) = first(windows, named, { $0.postcodes.contains(postcode) }) {
            return [CommuneResolver.claim(
                among: communes, agreement: GeocodingWeights.agreementFull, from: base(window))]
        }
        let elsewhere = first(windows, named) { _ in true }
        let near = elsewhere.map { found in
            (window: found.window, communes: found.communes.filter { Postcode.agrees(postcode, with: $0.code) })
        }.flatMap { $0.communes.isEmpty ? nil : $0 }
        if served.isEmpty {
            // A CEDEX postcode is in no table; its first figures still name the department.
            guard let near else { return [] }
            return [CommuneResolver.claim(
                among: near.communes, agreement: GeocodingWeights.agreementNameOnly, from: base(near.window))]
        }
        if let claim = misspelt(among: served, windows: windows) { return [claim] }
        var claims: [CommuneClaim] = []
        if let near {
            claims.append(CommuneResolver.claim(
                among: near.communes, agreement: GeocodingWeights.agreementContradicted, from: base(near.window)))
        }
        // No name, or one that is no commune of this postcode: then only a street that takes in every word written.
        var claim = CommuneClaim(
            communes: served, streetTokens: tokens, agreement: GeocodingWeights.agreementPostcodeOnly)
        claim.allowsCommuneOnly = served.count == 1 && elsewhere == nil
        if elsewhere != nil { claim.requiredLikeness = GeocodingWeights.certainStreetLikeness }
        if claim.streetTokens.isEmpty, served.count > 1 { claim.cap = GeocodingWeights.doubtfulCommuneAmbiguous }
        return claims + [claim]
    }

    private func misspelt(among served: [CommuneEntry], windows: [CommuneWindow]) -> CommuneClaim? {
        var best: (likeness: Double, commune: CommuneEntry, window: CommuneWindow)?
        for window in windows where window.key.utf8.count >= 4 {
            let key = Array(window.key.utf8)
            for commune in served {
                let likeness = CommuneResolver.likeness(commune, key)
                if likeness >= GeocodingWeights.acceptedCommuneLikeness, likeness > best?.likeness ?? 0,
                   window.isPlausible {
                    best = (likeness, commune, window)
                }
            }
        }
        guard let best else { return nil }
        var claim = base(best.window)
        claim.communes = [best.commune]
        claim.agreement = GeocodingWeights.agreementMisspeltNameWithPostcode
        return claim
    }

    // MARK: Without a postcode

    private func claimsByName(windows: [CommuneWindow]) throws -> [CommuneClaim] {
        let named = try communesByKey(windows)
        var claims: [CommuneClaim] = []
        for window in windows where claims.count < 3 {
            guard let communes = named[window.key], window.isPlausible else { continue }
            var claim = base(window)
            guard let department else {
                claims.append(CommuneResolver.claim(
                    among: communes, agreement: GeocodingWeights.agreementNameOnly, from: claim))
                continue
            }
            // A department written beside the name tells namesakes apart; one that has none of them names a town that
            // is not loaded.
            let inside = communes.filter { DepartmentInText.holds(department, $0.code) }
            if inside.isEmpty { claim.cap = GeocodingWeights.doubtfulCommuneAmbiguous }
            claims.append(CommuneResolver.claim(
                among: inside.isEmpty ? communes : inside,
                agreement: inside.isEmpty
                    ? GeocodingWeights.agreementContradicted : GeocodingWeights.agreementFull, from: claim))
        }
        if claims.isEmpty, allowsGuesses {
            for window in windows.reversed() where window.key.utf8.count >= 5 && window.isPlausible {
                guard var claim = try CommuneResolver(index: index).guessed(key: window.key) else { continue }
                claim.streetTokens = window.rest
                claims.append(claim)
                break
            }
        }
        var unnamed = CommuneClaim(
            communes: [], streetTokens: tokens, agreement: GeocodingWeights.doubtfulCommuneUnnamed)
        unnamed.cap = GeocodingWeights.doubtfulCommuneUnnamed
        unnamed.allowsCommuneOnly = false
        return claims + [unnamed]
    }

    private func communesByKey(_ windows: [CommuneWindow]) throws -> [String: [CommuneEntry]] {
        guard !windows.isEmpty else { return [:] }
        let found = try index.communes(.keys(windows.map(\.key)))
        var named: [String: [CommuneEntry]] = [:]
        for window in windows where !found.isEmpty && named[window.key] == nil {
            let communes = CommuneResolver.bearing(window.key, among: found, postcode: postcode)
            if !communes.isEmpty { named[window.key] = communes }
        }
        return named
    }

    /// The first window whose name is that of some of these communes.
    private func first(
        _ windows: [CommuneWindow], _ named: [String: [CommuneEntry]], _ isMeant: (CommuneEntry) -> Bool
    ) -> (window: CommuneWindow, communes: [CommuneEntry])? {
        for window in windows {
            guard let communes = named[window.key]?.filter(isMeant), !communes.isEmpty, window.isPlausible
            else { continue }
            return (window, communes)
        }
        return nil
    }

    private func base(_ window: CommuneWindow) -> CommuneClaim {
        var claim = CommuneClaim(communes: [], streetTokens: window.rest, agreement: 0)
        claim.wholeTokens = tokens
        claim.formerKey = window.key
        return claim
    }
}
