import AlertModel
import GeoEngine
import GeoModel

extension Selector {
    /// Evaluates a zone for counting: the verdicts of `select`, by seats and without the reasons.
    ///
    /// - Throws: as `select`.
    package func pages(_ zone: Zone, in seats: RegisterSeats) throws -> VerdictPages {
        try zone.requireJudgeable()
        try register.requireWhole(zone)
        return try combinedPages(try zone.mended().zone, seats)
    }

    private func combinedPages(_ zone: Zone, _ seats: RegisterSeats) throws -> VerdictPages {
        switch zone {
        case .union(let zones):
            guard let first = zones.first else { return VerdictPages() }
            let result = try combinedPages(first, seats)
            for zone in zones.dropFirst() { result.formUnion(try combinedPages(zone, seats)) }
            return result
        case .intersection(let zones):
            let result = try combinedPages(zones[0], seats)
            for zone in zones.dropFirst() { result.formIntersection(try combinedPages(zone, seats)) }
            return result
        case .difference(let zone, let except):
            let result = try combinedPages(zone, seats)
            result.subtract(try combinedPages(except, seats))
            return result
        case .certainly(let zone):
            let result = try combinedPages(zone, seats)
            result.removePossible()
            return result
        case .perimeter, .circle, .communes, .department, .epci, .members, .widened:
            return try termPages(zone, seats)
        }
    }

    /// A term's verdicts: shapes and communes by seats, all others recipient by recipient.
    func termPages(_ term: Zone, _ seats: RegisterSeats) throws -> VerdictPages {
        let result: VerdictPages
        switch term {
        case .perimeter(_, let area):
            result = try pages(try PreparedShape(area: area), seats)
        case .circle(let centre, let radius):
            result = try pages(try PreparedShape(centre: centre, radiusMetres: radius), seats)
        case .communes(let codes, let vintage):
            result = try pages(.communes(codes, vintage: vintage), seats) { try register.named(by: term) }
        case .department(let code):
            result = try pages(.department(code), seats) { try register.named(by: term) }
        case .epci(let siren):
            result = try pages(.epci(siren), seats) { try register.named(by: term) }
        case .widened(let place, let metres):
            result = try pages(place, widenedBy: metres, seats)
        case .members, .certainly, .union, .intersection, .difference:
            result = VerdictPages()
            try judge(term) { recipient, verdict in
                if let seat = seats.seat(recipient) { result.insert(seat, verdict) }
            }
            // People who are written to once are of no register, and are only found by their list.
            try seats.keepReach(result)
            return result
        }
        seats.keepScope(result)
        return result
    }

    // MARK: Shapes

    private func pages(_ shape: PreparedShape, _ seats: RegisterSeats) throws -> VerdictPages {
        let result: VerdictPages
        if let query = shape.query, let located = try seats.points(query) {
            result = located
        } else {
            result = VerdictPages()
            try register.points(shape.boundingBox) { recipient, position, uncertainty in
                guard let seat = seats.seat(recipient) else { return }
                result.insert(seat, try shape.verdict(at: position, uncertaintyMetres: uncertainty))
            }
        }
        let rest = try seats.withoutPoint(shape.boundingBox, shape.index)
        for (code, ranges) in rest.near {
            let verdict = try shape.verdict(ofAll: try seats.extents(code))
            for range in ranges { result.insert(range, verdict) }
        }
        for range in rest.inside { result.insert(range, .certain) }
        for range in rest.unlocated { result.insert(range, .notLocated) }
        return result
    }

    /// A place and its margin, as `judge(_:widenedBy:_:)`.
    private func pages(_ place: Zone, widenedBy metres: Double, _ seats: RegisterSeats) throws -> VerdictPages {
        let result: VerdictPages
        switch place {
        // Their shapes with the margin hold them.
        case .perimeter, .circle: result = VerdictPages()
        default: result = try termPages(place, seats)
        }
        for shape in try register.surroundings(of: place, metres: metres) {
            if let query = shape.query, let located = try seats.points(query) {
                result.formUnion(located)
            } else {
                try register.points(shape.boundingBox) { recipient, position, uncertainty in
                    guard let seat = seats.seat(recipient) else { return }
                    result.insert(seat, try shape.verdict(at: position, uncertaintyMetres: uncertainty))
                }
            }
            for (code, ranges) in try seats.withoutPoint(shape.boundingBox, nil).near {
                let verdict = try shape.verdict(ofAll: try seats.extents(code))
                for range in ranges { result.insert(range, verdict) }
            }
        }
        // Whoever has no place at all may live within the margin.
        let everywhere = BoundingBox<WGS84>(west: -180, south: -90, east: 180, north: 90)
        for range in try seats.withoutPoint(everywhere, nil).unlocated { result.insert(range, .notLocated) }
        return result
    }

    // MARK: Communes

    private func pages(
        _ key: CommuneTermKey, _ seats: RegisterSeats, _ named: @escaping () throws -> [NamedCommune]
    ) throws -> VerdictPages {
        var made: CommuneTerm?
        func term() throws -> CommuneTerm {
            if let made { return made }
            let term = register.term(try named())
            made = term
            return term
        }
        let plan = try seats.plan(key) { try makePlan(try term()) }
        let result = VerdictPages()
        for code in plan.covered {
            for range in seats.ofCommune(code, false) { result.insert(range, .certain) }
            // A guess; a point that lies inside makes it certain below.
            for range in seats.ofCommune(code, true) { result.insert(range, .possible) }
        }
        for (code, places) in plan.partial {
            let term = try term()
            try register.locationsOfCommune(code) { recipient, isFound, location in
                guard let seat = seats.seat(recipient) else { return }
                let evidence = CommuneEvidence(code: code, isFound: isFound, places: places)
                result.insert(seat, try term.verdict(of: evidence, at: location))
            }
        }
        if plan.hasGround {
            try seats.judgeUnproven(
                key, plan,
                UnprovenJudge(
                    exactly: { try term().verdict(of: $0, at: $1) }, inside: { try term().verdictInside(of: $0) },
                    query: { try term().exactQuery }, boxes: { try term().boundingBoxes() }),
                result)
        }
        for range in try seats.withoutKnownCode() { result.insert(range, .notLocated) }
        return result
    }

    private func makePlan(_ term: CommuneTerm) throws -> CommunePlan {
        var plan = CommunePlan(hasGround: term.hasGround)
        for (code, places) in try register.codes(term.communes).sorted(by: { $0.key < $1.key }) {
            switch term.overlap(of: places) {
            case .covered: plan.covered.append(code)
            case .partial: plan.partial.append((code, places))
            case .none: break
            }
        }
        plan.isLasting = try term.named.allSatisfy { try !register.places($0.code).isEmpty }
        return plan
    }
}

extension CommuneTerm {
    /// Of somebody whose disc lies inside the ground of what is named, 250 m and more from its edge.
    func verdictInside(of evidence: CommuneEvidence) -> Verdict {
        // A guess that says elsewhere, and a place that says here: neither is proof.
        if evidence.isFound, overlap(of: evidence) == .some(Overlap.none) { return .possible }
        return .certain
    }

    /// What is named as one shape; nil where some of its ground is larger than it, or cannot be asked about at once.
    var exactQuery: ShapeQuery? {
        get throws {
            guard named.allSatisfy({ $0.grounds.allSatisfy(\.isExact) }) else { return nil }
            return try exactShape()?.query
        }
    }
}
