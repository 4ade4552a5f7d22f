import AlertModel
import GeoModel

/// Why one recipient is, or is not, in a zone: the verdict, and a sentence for each term of the zone.
package struct Explanation: Sendable {
    package struct Term: Sendable {
        package let label: String
        package let verdict: Verdict
        /// In words, with distances; no personal data.
        package let because: String
    }

    package let verdict: Verdict
    /// What is known of the recipient's place, in words.
    package let location: String
    package let terms: [Term]
    /// What the zone as a whole adds, such as that it takes nobody who is only possibly in it.
    package let note: String?
}

/// Judges one recipient by the same shapes and the same algebra as `Selector`, and says why.
package struct Explainer {
    private let register: RegisterReader

    package init(register: RegisterReader) {
        self.register = register
    }

    /// - Throws: as `Selector.select`.
    package func explain(_ recipient: RecipientID, in zone: Zone) throws -> Explanation {
        try zone.requireJudgeable()
        let zone = try zone.mended().zone
        let facts = try register.facts(recipient)
        var terms: [Explanation.Term] = []
        let verdict = try judge(zone, facts, &terms)
        var note: String?
        if case .certainly(let whole) = zone, verdict == .outside {
            var others: [Explanation.Term] = []
            if try judge(whole, facts, &others) == .possible {
                note = "possibly inside, and this zone takes only who is certainly inside"
            }
        }
        return Explanation(verdict: verdict, location: Self.describe(facts), terms: terms, note: note)
    }

    private func judge(_ zone: Zone, _ facts: RecipientFacts, _ terms: inout [Explanation.Term]) throws -> Verdict {
        switch zone {
        case .union(let zones):
            var verdict = Verdict.outside
            for zone in zones { verdict = .union(verdict, try judge(zone, facts, &terms)) }
            return verdict
        case .intersection(let zones):
            var verdict = Verdict.certain
            for zone in zones { verdict = .intersection(verdict, try judge(zone, facts, &terms)) }
            return verdict
        case .difference(let zone, let except):
            let base = try judge(zone, facts, &terms)
            return .difference(base, except: try judge(except, facts, &terms))
        case .certainly(let zone):
            let verdict = try judge(zone, facts, &terms)
            return verdict == .possible ? .outside : verdict
        case .perimeter, .circle, .communes, .department, .epci, .members, .widened:
            let (verdict, because) = try judge(term: zone, facts)
            terms.append(Explanation.Term(label: zone.label, verdict: verdict, because: because))
            return verdict
        }
    }

    private func judge(term: Zone, _ facts: RecipientFacts) throws -> (Verdict, String) {
        switch term {
        case .perimeter(_, let area):
            try judge(try PreparedShape(area: area), facts)
        case .circle(let centre, let radius):
            try judge(try PreparedShape(centre: centre, radiusMetres: radius), facts)
        case .communes, .department, .epci:
            try judge(register.term(try register.named(by: term)), facts)
        case .members(let membership):
            try judge(membership, facts)
        case .widened(let place, let metres):
            try judge(place, widenedBy: metres, facts)
        case .certainly, .union, .intersection, .difference:
            preconditionFailure("only terms are judged")
        }
    }

    private func judge(_ membership: Membership, _ facts: RecipientFacts) throws -> (Verdict, String) {
        let isMember = try register.isMember(facts.recipient, membership)
        let because =
            switch (membership, isMember) {
            case (.list, true): "is a member of the list"
            case (.list, false): "is not a member of the list"
            case (.tag, true): "bears the tag"
            case (.tag, false): "does not bear the tag"
            case (.filter, true): "the filter takes this recipient"
            case (.filter, false): "the filter does not take this recipient"
            case (.campaign, true): "is one of those recipients of the campaign"
            case (.campaign, false): "is not one of those recipients of the campaign"
            }
        return (isMember ? .certain : .outside, because)
    }

    /// As `Selector.judge(_:widenedBy:_:)`: by the place itself, and by how near it is.
    private func judge(
        _ place: Zone, widenedBy metres: Double, _ facts: RecipientFacts
    ) throws -> (Verdict, String) {
        let (own, ownBecause) = try judge(term: place, facts)
        if own == .certain { return (own, ownBecause) }
        var verdict = own
        var because = ownBecause
        for shape in try register.surroundings(of: place, metres: metres) {
            let near = try shape.verdict(of: facts)
            verdict = .union(verdict, near)
            if let location = facts.location { because = try shape.distanceInWords(from: location.position) }
        }
        if facts.location == nil, verdict != own {
            because = ownBecause + ", but the commune comes within the margin"
        }
        return (verdict, because)
    }

    private func judge(_ shape: PreparedShape, _ facts: RecipientFacts) throws -> (Verdict, String) {
        if let location = facts.location {
            let verdict = try shape.verdict(
                at: location.position, uncertaintyMetres: location.uncertaintyMetres)
            return (verdict, try shape.distanceInWords(from: location.position))
        }
        guard !facts.extent.isEmpty else { return (.notLocated, "the place is not known") }
        let verdict = try shape.verdict(ofAll: facts.extent)
        let because =
            switch verdict {
            case .certain: "the whole commune is inside"
            case .possible: "part of the commune is inside, and only the commune is known"
            case .outside, .notLocated: "no part of the commune is inside"
            }
        return (verdict, because)
    }

    private func judge(_ term: CommuneTerm, _ facts: RecipientFacts) throws -> (Verdict, String) {
        let evidence = facts.evidence
        let verdict = try term.verdict(of: evidence, at: facts.location)
        let byPlace = try facts.location.flatMap { try term.distanceInWords(from: $0.position) }.map { "; by boundary: \($0)" }
        guard let code = evidence.code, let overlap = term.overlap(of: evidence) else {
            let start = evidence.code.map { "commune code \($0) is in no imported territory" } ?? "no commune code"
            guard let location = facts.location else { return (verdict, "\(start), and the place is not known") }
            if verdict == .possible, try term.verdict(at: location) == .outside {
                let metres = Int(BetweenCommunes.toleranceMetres)
                return (verdict, "\(start); in no commune, and within \(metres) m of these, whose boundary is simplified")
            }
            return (verdict, start + (byPlace ?? ", and these communes have no boundary"))
        }
        let source = evidence.isFound ? "the geocoder found commune \(code)" : "the register says commune \(code)"
        let history = facts.history.map { " (\($0))" } ?? ""
        let outcome =
            switch overlap {
            case .covered: evidence.isFound ? ", which is a guess" + (byPlace ?? "") : ""
            case .partial: ", of which this is a part" + (byPlace ?? ", and the place is not known")
            case .none: ", which is not one of these" + (evidence.isFound ? byPlace ?? "" : "")
            }
        return (verdict, source + history + outcome)
    }

    private static func describe(_ facts: RecipientFacts) -> String {
        let commune = facts.evidence.code.map { " (commune \($0))" } ?? ""
        guard let location = facts.location else {
            return facts.extent.isEmpty ? "not located\(commune)" : "known by commune only\(commune)"
        }
        let place = "\(location.position.longitude), \(location.position.latitude)\(commune)"
        switch location.precision {
        case .given: return "exact point \(place)"
        default:
            return "geocoded to \(location.precision.rawValue), within \(Int(location.uncertaintyMetres.rounded(.up))) m of "
                + place + ", score \((location.score * 100).rounded() / 100)"
        }
    }
}
