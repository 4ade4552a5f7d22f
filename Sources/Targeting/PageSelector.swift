import AlertModel
import GeoEngine
import GeoModel

/// A shape as the register is asked about it, all recipients with a point at once.
package struct ShapeQuery {
    package let index: ZoneIndex
    /// Judges one place, exactly: (point, uncertainty in metres).
    package let verdict: (Position<WGS84>, Double) throws -> Verdict
}

extension Selector {
    /// Evaluates a zone for counting: the verdicts of `select`, without the reasons.
    ///
    /// - Throws: as `select`.
    package func pages(_ zone: Zone) throws -> VerdictPages {
        try zone.requireJudgeable()
        return try combinedPages(try zone.mended().zone)
    }

    private func combinedPages(_ zone: Zone) throws -> VerdictPages {
        switch zone {
        case .union(let zones):
            let result = VerdictPages()
            for zone in zones { result.formUnion(try combinedPages(zone)) }
            return result
        case .intersection(let zones):
            let result = try combinedPages(zones[0])
            for zone in zones.dropFirst() { result.formIntersection(try combinedPages(zone)) }
            return result
        case .difference(let zone, let except):
            let result = try combinedPages(zone)
            result.subtract(try combinedPages(except))
            return result
        case .perimeter(_, let area):
            return try termPages(try PreparedShape(area: area))
        case .circle(let centre, let radius):
            return try termPages(try PreparedShape(centre: centre, radiusMetres: radius))
        case .certainly(let zone):
            let result = try combinedPages(zone)
            result.removePossible()
            return result
        case .communes, .department, .epci, .members, .widened:
            let result = VerdictPages()
            try judge(zone, result.insert)
            return result
        }
    }

    private func termPages(_ shape: PreparedShape) throws -> VerdictPages {
        let result: VerdictPages
        if let query = shape.query, let located = try register.verdictsOfPoints(query) {
            result = located
        } else {
            result = VerdictPages()
            try judgePointsOneByOne(shape, result.insert)
        }
        try judgeWithoutPoint(shape, result.insert)
        return result
    }

    /// Judges everyone with a point.
    func judgePoints(_ shape: PreparedShape, _ add: (RecipientID, Verdict) -> Void) throws {
        if let query = shape.query, let pages = try register.verdictsOfPoints(query) {
            pages.forEach(add)
        } else {
            try judgePointsOneByOne(shape, add)
        }
    }

    private func judgePointsOneByOne(_ shape: PreparedShape, _ add: (RecipientID, Verdict) -> Void) throws {
        try register.points(shape.boundingBox) { recipient, position, uncertainty in
            add(recipient, try shape.verdict(at: position, uncertaintyMetres: uncertainty))
        }
    }
}
