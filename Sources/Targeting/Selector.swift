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

    /// - Throws: `TargetingError`, `GeometryError` (invalid perimeter, naming ring and vertex), or what the
    ///   register throws for an unknown list, commune or department.
    package func select(_ zone: Zone) throws -> VerdictSet {
        try zone.requireJudgeable()
        var nextTerm = 0
        return try verdicts(zone, nextTerm: &nextTerm)
    }

    private func verdicts(_ zone: Zone, nextTerm: inout Int) throws -> VerdictSet {
        switch zone {
        case .union(let zones):
            var result = VerdictSet()
            for zone in zones { result = result.union(try verdicts(zone, nextTerm: &nextTerm)) }
            return result
        case .intersection(let zones):
            var result = try verdicts(zones[0], nextTerm: &nextTerm)
            for zone in zones.dropFirst() { result = result.intersection(try verdicts(zone, nextTerm: &nextTerm)) }
            return result
        case .difference(let zone, let except):
            let base = try verdicts(zone, nextTerm: &nextTerm)
            return base.subtracting(try verdicts(except, nextTerm: &nextTerm))
        case .perimeter, .circle, .communes, .department, .list:
            let reasons = TermSet(term: nextTerm)
            nextTerm += 1
            var found: [VerdictSet.Entry] = []
            try judge(zone) { recipient, verdict in
                found.append(VerdictSet.Entry(recipient: recipient, verdict: verdict, reasons: reasons))
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
        case .communes(let codes):
            try judge(communes: codes, add)
        case .department(let code):
            try judge(communes: try register.communesOfDepartment(code), add)
        case .list(let name):
            for recipient in try register.ofList(name) { add(recipient, .certain) }
        case .union, .intersection, .difference:
            preconditionFailure("only terms are judged")
        }
    }

    private func judge(_ shape: PreparedShape, _ add: (RecipientID, Verdict) -> Void) throws {
        try judgePoints(shape, add)
        try judgeWithoutPoint(shape, add)
    }

    /// Who is known by the commune only, and who is not located.
    func judgeWithoutPoint(_ shape: PreparedShape, _ add: (RecipientID, Verdict) -> Void) throws {
        try register.communeExtents(shape.boundingBox) { boundary, recipients in
            let verdict = try shape.verdict(of: boundary)
            for recipient in recipients { add(recipient, verdict) }
        }
        for recipient in try register.unlocated(false) { add(recipient, .notLocated) }
    }

    /// By code; by boundary, or as `BetweenCommunes` says, only for those who have a point and no code. Who has neither
    /// cannot be judged.
    private func judge(communes codes: [CommuneCode], _ add: (RecipientID, Verdict) -> Void) throws {
        let boundaries = try register.boundaries(codes)
        for recipient in try register.ofCommunes(try register.withParts(codes)) { add(recipient, .certain) }
        let area = Area(boundaries.flatMap(\.polygons))
        if !area.isEmpty {
            let shape = try PreparedShape(area: area)
            let between = BetweenCommunes(area: area, codes: codes, register: register)
            let box = shape.boundingBox.spread(byMetres: BetweenCommunes.toleranceMetres)
            try register.points(box, true) { recipient, position, uncertainty in
                let verdict = try shape.verdict(at: position, uncertaintyMetres: uncertainty)
                add(
                    recipient,
                    verdict == .outside
                        ? try between.verdict(at: position, uncertaintyMetres: uncertainty) : verdict)
            }
        }
        for recipient in try register.unlocated(true) { add(recipient, .notLocated) }
    }
}
