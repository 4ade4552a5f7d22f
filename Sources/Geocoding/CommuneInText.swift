import GeoModel

/// Finds the commune in an address written as one text.
struct CommuneInText {
    let index: GeocoderIndex
    let postcode: String?
    /// Normalised as communes' names are, so that positions agree with keys.
    private let before: [String]
    private let after: [String]

    init(index: GeocoderIndex, text: PostcodeInText, postcode: String?) {
        self.index = index
        self.postcode = postcode
        before = PlaceNormalizer.communeTokens(from: text.before)
        after = PlaceNormalizer.communeTokens(from: text.after)
    }

    func claims() throws -> [CommuneClaim] {
        let windows = self.windows()
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
        let keys = Dictionary(served.flatMap { entry in entry.keys.map { ($0, [entry]) } }, uniquingKeysWith: +)
        if let window = windows.first(where: { keys[$0.key] != nil && $0.isPlausible }),
           let communes = keys[window.key] {
            var claim = base(window)
            claim.agreement = GeocodingWeights.agreementFull
            return [CommuneResolver.claim(among: communes, agreement: claim.agreement, from: claim)]
        }
        let named = try communesByKey(windows)
        let window = windows.first { named[$0.key] != nil && $0.isPlausible }
        let communes = window.flatMap { named[$0.key] } ?? []
        let near = communes.filter { Postcode.agrees(postcode, with: $0.code) }
        if served.isEmpty {
            // A CEDEX postcode is in no table; its first figures still name the department.
            guard let window, !near.isEmpty else { return [] }
            return [CommuneResolver.claim(
                among: near, agreement: GeocodingWeights.agreementNameOnly, from: base(window))]
        }
        if let claim = misspelt(among: served, windows: windows) { return [claim] }
        var claims: [CommuneClaim] = []
        if let window, !near.isEmpty {
            claims.append(CommuneResolver.claim(
                among: near, agreement: GeocodingWeights.agreementContradicted, from: base(window)))
        }
        // No name, or one that is no commune of this postcode: then only a street that takes in every word written.
        var claim = CommuneClaim(
            communes: served, streetTokens: before + after, agreement: GeocodingWeights.agreementPostcodeOnly)
        claim.allowsCommuneOnly = served.count == 1 && communes.isEmpty
        if !communes.isEmpty { claim.requiredLikeness = GeocodingWeights.certainStreetLikeness }
        if claim.streetTokens.isEmpty, served.count > 1 { claim.cap = GeocodingWeights.doubtfulCommuneAmbiguous }
        return claims + [claim]
    }

    private func misspelt(among served: [CommuneEntry], windows: [CommuneWindow]) -> CommuneClaim? {
        var best: (likeness: Double, commune: CommuneEntry, window: CommuneWindow)?
        for window in windows where window.key.utf8.count >= 4 {
            for commune in served {
                let likeness = CommuneResolver.likeness(commune, window.key)
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
        var claims = windows.filter { named[$0.key] != nil && $0.isPlausible }.prefix(3).map { window in
            CommuneResolver.claim(
                among: named[window.key] ?? [], agreement: GeocodingWeights.agreementNameOnly, from: base(window))
        }
        if claims.isEmpty {
            for window in windows.reversed() where window.key.utf8.count >= 5 && window.isPlausible {
                guard var claim = try CommuneResolver(index: index).guessed(key: window.key) else { continue }
                claim.streetTokens = window.rest
                claims.append(claim)
                break
            }
        }
        var unnamed = CommuneClaim(
            communes: [], streetTokens: before, agreement: GeocodingWeights.doubtfulCommuneUnnamed)
        unnamed.cap = GeocodingWeights.doubtfulCommuneUnnamed
        unnamed.allowsCommuneOnly = false
        return claims + [unnamed]
    }

    private func communesByKey(_ windows: [CommuneWindow]) throws -> [String: [CommuneEntry]] {
        guard !windows.isEmpty else { return [:] }
        let wanted = Set(windows.map(\.key))
        var found: [String: [CommuneEntry]] = [:]
        for entry in try index.communes(.keys(windows.map(\.key))) {
            for key in Set(entry.keys).intersection(wanted) { found[key, default: []].append(entry) }
        }
        return found
    }

    // MARK: Windows

    private func base(_ window: CommuneWindow) -> CommuneClaim {
        var claim = CommuneClaim(communes: [], streetTokens: window.rest, agreement: 0)
        claim.wholeTokens = before + after
        claim.formerKey = window.key
        return claim
    }

    /// Where a commune's name may stand, longest first within each place: after the postcode, before it, at the
    /// end, at the beginning.
    private func windows() -> [CommuneWindow] {
        var windows: [CommuneWindow] = []
        func add(_ key: some Collection<String>, rest: [String]) {
            windows.append(CommuneWindow(key: PlaceNormalizer.communeKey(from: Array(key)), rest: rest))
        }
        let longest = CommuneWindow.longestName
        if !after.isEmpty {
            for length in (1...min(longest, after.count)).reversed() {
                add(after.prefix(length), rest: before + after.dropFirst(length))
            }
        }
        if !before.isEmpty {
            for length in (1...min(longest, before.count)).reversed()
            where CommuneWindow.standsAlone(endOf: before, length: length) {
                add(before.suffix(length), rest: before.dropLast(length) + after)
            }
        }
        if after.count > 1 {
            for length in (1...min(longest, after.count - 1)).reversed()
            where CommuneWindow.standsAlone(endOf: after, length: length) {
                add(after.suffix(length), rest: before + after.dropLast(length))
            }
        }
        if before.count > 1 {
            for length in (1...min(longest, before.count - 1)).reversed()
            where CommuneWindow.standsAlone(startOf: before, length: length) {
                add(before.prefix(length), rest: before.dropFirst(length) + after)
            }
        }
        return windows
    }
}
