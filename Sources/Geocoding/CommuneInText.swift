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
            // "Bertaucourt-lès-Thennes" is no Thennes, though a letter is missing.
            let wider = windows.filter { $0.contains(window) }
            if let claim = misspelt(among: served.filter { !communes.contains($0) }, windows: wider) { return [claim] }
            return [CommuneResolver.claim(
                among: communes, agreement: GeocodingWeights.agreementFull, from: base(window))]
        }
        let elsewhere = first(windows, named) { _ in true }
        let near = elsewhere.map { found in
            (window: found.window, communes: found.communes.filter { Postcode.agrees(postcode, with: $0.code) })
        }.flatMap { $0.communes.isEmpty ? nil : $0 }
        if served.isEmpty {
            // A CEDEX postcode is in no table; its first figures still name the department.
            guard let near else { return [unnamed(inDepartmentOf: postcode)] }
            return [CommuneResolver.claim(
                among: near.communes, agreement: GeocodingWeights.agreementNameOnly, from: base(near.window))]
        }
        var claims: [CommuneClaim] = []
        if var claim = misspelt(among: served, windows: windows) {
            guard near != nil else { return [claim] }
            // A name that is another commune's, written right: only the street decides.
            claim.allowsCommuneOnly = false
            claims.append(claim)
        }
        if claims.isEmpty, near == nil, let claim = shortened(among: served, windows: windows) { claims.append(claim) }
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
        // With a commune of that very name nearby, the postcode alone says less than the two together.
        return claims + [claim]
    }

    /// A part of the name of one of the postcode's communes: "35630 Hédé" for Hédé-Bazouges.
    ///
    /// Where a commune's name stands, behind the postcode, it may be the commune itself; elsewhere only a street decides.
    private func shortened(among served: [CommuneEntry], windows: [CommuneWindow]) -> CommuneClaim? {
        for window in windows where window.key.utf8.count >= 3 && window.isPlausible {
            let communes = served.filter { CommuneResolver.isPart(window.key, ofNameOf: $0) }
            guard !communes.isEmpty else { continue }
            var claim = CommuneResolver.claim(
                among: communes, agreement: GeocodingWeights.agreementMisspeltNameWithPostcode, from: base(window))
            // The postcode vouches for the neighbourhood: a street that one of them has decides.
            claim.cap = 1
            if communes.count > 1 { claim.agreement = GeocodingWeights.agreementPostcodeOnly }
            claim.allowsCommuneOnly = communes.count == 1 && window.isBehindPostcode
            if !window.isBehindPostcode { claim.requiredLikeness = GeocodingWeights.certainStreetLikeness }
            return claim
        }
        return nil
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
            claim.isNameAlone = true
            claim.widerKeys = Self.widerKeys(of: window, among: windows)
            // "Dommartin-lès-Toul" is a town: its last word alone is none that was meant, unless it has the street.
            if windows.contains(where: { $0.contains(window) && named[$0.key] != nil }) { claim.allowsCommuneOnly = false }
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
            for window in windows.reversed() where window.key.utf8.count >= Self.shortestGuess && window.isPlausible {
                guard var claim = try CommuneResolver(index: index).guessed(key: window.key) else { continue }
                claim.streetTokens = window.rest
                claims.append(claim)
                break
            }
        }
        return claims + [unnamed(inDepartmentOf: nil)]
    }

    /// The names that a window may be the end of: "Pocé-less-Bois", misspelt, ends in a town called Bois.
    private static func widerKeys(of window: CommuneWindow, among windows: [CommuneWindow]) -> [String] {
        windows.filter { $0.contains(window) && $0.key.utf8.count >= shortestGuess }.map(\.key)
    }

    /// Shorter names resemble too many others.
    private static let shortestGuess = 5

    /// A street anywhere, or anywhere in the department whose figures a postcode begins with; never accepted.
    private func unnamed(inDepartmentOf postcode: String?) -> CommuneClaim {
        var unnamed = CommuneClaim(
            communes: [], streetTokens: tokens, agreement: GeocodingWeights.doubtfulCommuneUnnamed)
        unnamed.cap = GeocodingWeights.doubtfulCommuneUnnamed
        unnamed.allowsCommuneOnly = false
        // What takes more than a letter from the words written took a town's name for a part of the street's.
        unnamed.requiredLikeness = GeocodingWeights.anywhereStreetLikeness
        unnamed.department = postcode
        return unnamed
    }

    // MARK: By the street

    /// Windows tried, and communes asked of one: bounds the cost of a text that means nothing.
    private static let windowsByStreet = 10
    private static let communesByStreet = 60

    /// Communes that a name cut short or misspelt may mean and that have the street written beside it, likest first;
    /// none of them is ever accepted.
    func claimsByStreet() throws -> [CommuneClaim] {
        var claims: [CommuneCode: (likeness: Double, claim: CommuneClaim)] = [:]
        let windows = CommuneWindow.all(of: tokens, split: split)
            .filter { $0.key.utf8.count >= 4 && !$0.rest.isEmpty && $0.isPlausible }
        for window in windows.prefix(Self.windowsByStreet) {
            for (code, commune, likeness) in try meant(by: window) where likeness > claims[code]?.likeness ?? 0 {
                var claim = base(window)
                claim.communes = [commune]
                claim.agreement = 1
                claim.cap = GeocodingWeights.doubtfulCommuneByStreet * likeness
                claim.allowsCommuneOnly = false
                claim.isGuessed = true
                claims[code] = (likeness, claim)
            }
        }
        return claims.sorted { ($1.value.likeness, $0.key) < ($0.value.likeness, $1.key) }.prefix(5).map(\.value.claim)
    }

    private func meant(by window: CommuneWindow) throws -> [(CommuneCode, CommuneEntry, Double)] {
        let limit = Self.communesByStreet
        let names = StreetReading.all(of: window.rest).prefix(2).map(\.name).filter(\.hasMeaning)
        let beginning = try index.communes(.beginning(with: window.key, limit: limit + 1))
        var meant: [CommuneCode: (commune: CommuneEntry, likeness: Double)] = [:]
        // One letter of five wrong leaves a short name few of its three-letter sequences.
        let similar = try index.communes(.similar(key: window.key, limit: window.key.utf8.count > 6 ? limit : 8 * limit))
        for commune in beginning.prefix(limit) + similar {
            if let department, !DepartmentInText.holds(department, commune.code) { continue }
            let likeness = CommuneResolver.likenessOfPart(window.key, to: commune)
            if likeness > meant[commune.code]?.likeness ?? 0 { meant[commune.code] = (commune, likeness) }
        }
        var found: Set<CommuneCode> = []
        func look(in communes: [CommuneCode]) throws {
            for name in names {
                let terms = StreetSearch.Terms.allWords(name.wordsToFind.map { name.text(of: $0) })
                for street in try index.streetsAnywhere(StreetSearch(terms: terms, communes: communes, limit: 200))
                where StreetLikeness.between(name, StreetName(key: street.key)) >= GeocodingWeights.acceptedStreetLikeness {
                    found.insert(street.communeCode)
                }
            }
        }
        if !meant.isEmpty { try look(in: meant.keys.sorted()) }
        if beginning.count > limit {
            // "Saint" begins thousands of names: there the street leads.
            try look(in: [])
            for code in found.sorted() where meant[code] == nil {
                guard let commune = try index.communes(.code(code)).first else { continue }
                meant[code] = (commune, CommuneResolver.likenessOfPart(window.key, to: commune))
            }
        }
        return found.compactMap { code in
            meant[code].flatMap { $0.likeness > 0 ? (code, $0.commune, $0.likeness) : nil }
        }
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
