import AlertModel
import GeoEngine
import GeoModel

/// Evaluates a zone over a register: the one place where geometry decides who is in.
///
/// Each term is judged on its original geometry, exactly, and verdicts are combined; no overlay is computed,
/// so no vertex is ever rounded away from under a recipient's feet.
package struct Selector {
    let register: RegisterReader

    package init(register: RegisterReader) {
        self.register = register
    }

    /// Invalid perimeters are judged as `Zone.mended` mends them.
    ///
    /// - Throws: `TargetingError`, `GeometryError` (a perimeter that cannot be mended, naming ring and vertex), or what the
    ///   register throws for an unknown list, commune or department.
    package func select(_ zone: Zone) throws -> VerdictSet {
        try zone.requireJudgeable()
        try register.requireWhole(zone)
        let zone = try zone.mended().zone
        var nextTerm = 0
        return try verdicts(zone, try register.seats(), nextTerm: &nextTerm)
    }

    private func verdicts(_ zone: Zone, _ seats: RegisterSeats?, nextTerm: inout Int) throws -> VerdictSet {
        switch zone {
        case .union(let zones):
            var result = VerdictSet()
            for zone in zones { result = result.union(try verdicts(zone, seats, nextTerm: &nextTerm)) }
            return result
        case .intersection(let zones):
            var result = try verdicts(zones[0], seats, nextTerm: &nextTerm)
            for zone in zones.dropFirst() { result = result.intersection(try verdicts(zone, seats, nextTerm: &nextTerm)) }
            return result
        case .difference(let zone, let except):
            let base = try verdicts(zone, seats, nextTerm: &nextTerm)
            return base.subtracting(try verdicts(except, seats, nextTerm: &nextTerm))
        case .certainly(let zone):
            return try verdicts(zone, seats, nextTerm: &nextTerm).certainOnly()
        case .perimeter, .circle, .communes, .department, .epci, .members, .widened:
            let reasons = TermSet(term: nextTerm)
            nextTerm += 1
            var found: [VerdictSet.Entry] = []
            func add(_ recipient: RecipientID, _ verdict: Verdict) {
                found.append(VerdictSet.Entry(recipient: recipient, verdict: verdict, reasons: reasons))
            }
            if let seats {
                try termPages(zone, seats).forEach { add(seats.recipient($0), $1) }
            } else {
                try judge(zone, add)
            }
            return VerdictSet(unsorted: found)
        }
    }

    func judge(_ term: Zone, _ add: (RecipientID, Verdict) -> Void) throws {
        switch term {
        case .perimeter(_, let area):
            try judge(try PreparedShape(area: area), add)
        case .circle(let centre, let radius):
            try judge(try PreparedShape(centre: centre, radiusMetres: radius), add)
        case .communes, .department, .epci:
            try judge(register.term(try register.named(by: term)), add)
        case .members(let membership):
            for recipient in try register.members(membership) { add(recipient, .certain) }
        case .widened(let place, let metres):
            try judge(place, widenedBy: metres, add)
        case .certainly, .union, .intersection, .difference:
            preconditionFailure("only terms are judged")
        }
    }

    private func judge(_ shape: PreparedShape, _ add: (RecipientID, Verdict) -> Void) throws {
        try register.points(shape.boundingBox) { recipient, position, uncertainty in
            add(recipient, try shape.verdict(at: position, uncertaintyMetres: uncertainty))
        }
        try register.communeExtents(shape.boundingBox) { surfaces, recipients in
            let verdict = try shape.verdict(ofAll: surfaces)
            for recipient in recipients { add(recipient, verdict) }
        }
        for recipient in try register.unlocated(false) { add(recipient, .notLocated) }
    }

    /// By the codes that the people of these communes may bear; by place for those whom no given code proves.
    private func judge(_ term: CommuneTerm, _ add: (RecipientID, Verdict) -> Void) throws {
        for (code, places) in try register.codes(term.communes).sorted(by: { $0.key < $1.key }) {
            switch term.overlap(of: places) {
            case .covered:
                for recipient in try register.ofCommune(code, false) { add(recipient, .certain) }
                // A guess; a point that lies inside makes it certain below.
                for recipient in try register.ofCommune(code, true) { add(recipient, .possible) }
            case .partial:
                try register.locationsOfCommune(code) { recipient, isFound, location in
                    let evidence = CommuneEvidence(code: code, isFound: isFound, places: places)
                    add(recipient, try term.verdict(of: evidence, at: location))
                }
            case .none:
                break
            }
        }
        for box in try term.boundingBoxes() {
            try register.unprovenPoints(box) { recipient, location, evidence in
                add(recipient, try term.verdict(of: evidence, at: location))
            }
        }
        for recipient in try register.unlocated(true) { add(recipient, .notLocated) }
    }
}
