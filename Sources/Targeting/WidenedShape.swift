import AlertModel
import GeoEngine
import GeoModel

/// A place with its margin, prepared once and asked about many recipients. Holds C handles, as `PreparedShape`.
struct WidenedShape {
    private enum Kind {
        case area(WidenedArea)
        case circle(GeodesicCircle, marginMetres: Double)
    }

    private let kind: Kind
    /// Whether the ground is no larger than the place: nobody is certain by one that is.
    private let isExact: Bool
    let boundingBox: BoundingBox<WGS84>

    init(area: Area<WGS84>, metres: Double, isExact: Bool = true) throws {
        guard !area.isEmpty else { throw TargetingError.emptyPerimeter }
        let widened = try WidenedArea(area, metres: metres)
        kind = .area(widened)
        boundingBox = widened.boundingBox
        self.isExact = isExact
    }

    /// The margin of a circle is a longer radius, exactly.
    init(centre: Position<WGS84>, radiusMetres: Double, metres: Double) throws {
        let circle = try GeodesicCircle(centre: centre, radiusMetres: radiusMetres + metres)
        kind = .circle(circle, marginMetres: metres)
        boundingBox = circle.boundingBox
        isExact = true
    }

    func verdict(at position: Position<WGS84>, uncertaintyMetres: Double) throws -> Verdict {
        let relation =
            switch kind {
            case .area(let area): try area.relation(toPointAt: position, uncertaintyMetres: uncertaintyMetres)
            case .circle(let circle, _): try circle.relation(toPointAt: position, uncertaintyMetres: uncertaintyMetres)
            }
        return verdict(relation)
    }

    /// Of a place known only to lie in one of some surfaces.
    func verdict(ofAll extents: [Area<WGS84>]) throws -> Verdict {
        let verdicts = try extents.map { extent in
            switch kind {
            case .area(let area): verdict(try area.relation(to: extent))
            case .circle(let circle, _): verdict(try circle.relation(to: extent))
            }
        }
        if let first = verdicts.first, verdicts.allSatisfy({ $0 == first }) { return first }
        return verdicts.contains { $0 != .outside } ? .possible : .outside
    }

    func verdict(of facts: RecipientFacts) throws -> Verdict {
        if let location = facts.location {
            return try verdict(at: location.position, uncertaintyMetres: location.uncertaintyMetres)
        }
        return facts.extent.isEmpty ? .notLocated : try verdict(ofAll: facts.extent)
    }

    /// “132 m outside the nearest edge (polygon 1, ring 1), margin 200 m”.
    func distanceInWords(from position: Position<WGS84>) throws -> String {
        switch kind {
        case .area(let area):
            let distance = try area.prepared.distance(from: position)
            return "\(Int(distance.metres.rounded())) m \(distance.isInside ? "inside" : "outside") the nearest edge "
                + "(polygon \(distance.polygon), ring \(distance.ring)), margin \(Self.words(area.metres)) m"
        case .circle(let circle, let metres):
            let distance = Int(Ellipsoid.distanceMetres(circle.centre, position).rounded())
            return "\(distance) m from the centre, radius \(Int((circle.radiusMetres - metres).rounded())) m and margin "
                + "\(Self.words(metres)) m"
        }
    }

    private func verdict(_ relation: Relation) -> Verdict {
        switch relation {
        case .outside: .outside
        case .touches: .possible
        case .within: isExact ? .certain : .possible
        }
    }

    private static func words(_ metres: Double) -> String {
        metres == metres.rounded() ? "\(Int(metres))" : "\(metres)"
    }
}

extension RegisterReader {
    /// A place with its margin, as shapes of which each adds people; together they are all of it but what a commune code
    /// says.
    ///
    /// - Throws: `TargetingError.marginWithoutBoundary` when communes have no ground to measure from.
    func surroundings(of place: Zone, metres: Double) throws -> [WidenedShape] {
        switch place {
        case .perimeter(_, let area): return [try WidenedShape(area: area, metres: metres)]
        case .circle(let centre, let radius):
            return [try WidenedShape(centre: centre, radiusMetres: radius, metres: metres)]
        case .communes, .department, .epci:
            let named = try named(by: place)
            // A department's codes without ground are mostly the register's own, mistyped: they surround nothing.
            let isComplete = if case .department = place { named.contains { !$0.grounds.isEmpty } }
                else { named.allSatisfy { !$0.grounds.isEmpty } }
            guard isComplete else { throw TargetingError.marginWithoutBoundary(name: place.label) }
            return try [true, false].compactMap { isExact in
                let area = Area(named.flatMap(\.grounds).filter { $0.isExact == isExact }.flatMap(\.area.polygons))
                return area.isEmpty ? nil : try WidenedShape(area: area, metres: metres, isExact: isExact)
            }
        default: return []
        }
    }
}

extension Selector {
    /// Judges a place and its margin: first the place itself, then everybody whom the margin adds. Nobody whom the place
    /// takes is judged away.
    func judge(_ place: Zone, widenedBy metres: Double, _ add: (RecipientID, Verdict) -> Void) throws {
        switch place {
        // Their shapes with the margin hold them.
        case .perimeter, .circle: break
        default: try judge(place, add)
        }
        for shape in try register.surroundings(of: place, metres: metres) {
            try register.points(shape.boundingBox) { recipient, position, uncertainty in
                add(recipient, try shape.verdict(at: position, uncertaintyMetres: uncertainty))
            }
            try register.communeExtents(shape.boundingBox) { surfaces, recipients in
                let verdict = try shape.verdict(ofAll: surfaces)
                for recipient in recipients { add(recipient, verdict) }
            }
        }
        // Whoever has no place at all may live within the margin.
        for recipient in try register.unlocated(false) { add(recipient, .notLocated) }
    }
}
