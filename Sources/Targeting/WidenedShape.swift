import AlertModel
import GeoEngine
import GeoModel

/// A place with its margin, prepared once and asked about many recipients. Holds C handles, as `PreparedShape`.
struct WidenedShape {
    private enum Kind {
        case area(SurroundedArea)
        case circle(PreparedShape, radiusMetres: Double, marginMetres: Double, centre: Position<WGS84>)
    }

    private let kind: Kind
    /// Whether the ground is no larger than the place: nobody is certain by one that is.
    private let isExact: Bool
    let boundingBox: BoundingBox<WGS84>

    init(area: Area<WGS84>, metres: Double, isExact: Bool = true) throws {
        guard !area.isEmpty else { throw TargetingError.emptyPerimeter }
        let widened = try SurroundedArea(area, metres: metres)
        kind = .area(widened)
        boundingBox = widened.boundingBox
        self.isExact = isExact
    }

    /// The margin of a circle is a longer radius, exactly.
    init(centre: Position<WGS84>, radiusMetres: Double, metres: Double) throws {
        let circle = try PreparedShape(centre: centre, radiusMetres: radiusMetres + metres)
        kind = .circle(circle, radiusMetres: radiusMetres, marginMetres: metres, centre: centre)
        boundingBox = circle.boundingBox
        isExact = true
    }

    /// The shape as the register is asked about everyone with a point at once.
    var query: ShapeQuery? {
        switch kind {
        case .area(let area):
            area.shape.index.map { index in
                ShapeQuery(index: index, marginMetres: area.metres, inside: verdict(.within)) {
                    try verdict(at: $0, uncertaintyMetres: $1)
                }
            }
        case .circle(let circle, _, _, _): circle.query
        }
    }

    func verdict(at position: Position<WGS84>, uncertaintyMetres: Double) throws -> Verdict {
        switch kind {
        case .area(let area):
            verdict(try area.relation(toPointAt: position, uncertaintyMetres: uncertaintyMetres))
        case .circle(let circle, _, _, _): try circle.verdict(at: position, uncertaintyMetres: uncertaintyMetres)
        }
    }

    /// Of a place known only to lie in one of some surfaces.
    func verdict(ofAll extents: [Area<WGS84>]) throws -> Verdict {
        try verdict(ofAll: extents.map { try PreparedExtent($0) })
    }

    func verdict(ofAll extents: [PreparedExtent]) throws -> Verdict {
        switch kind {
        case .area(let area): .ofAny(try extents.map { verdict(try area.relation(to: $0)) })
        case .circle(let circle, _, _, _): try circle.verdict(ofAll: extents)
        }
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
            let distance = try area.widened().prepared.distance(from: position)
            return "\(Int(distance.metres.rounded())) m \(distance.isInside ? "inside" : "outside") the nearest edge "
                + "(polygon \(distance.polygon), ring \(distance.ring)), margin \(Self.words(area.metres)) m"
        case .circle(_, let radius, let metres, let centre):
            let distance = Int(Ellipsoid.distanceMetres(centre, position).rounded())
            return "\(distance) m from the centre, radius \(Int(radius.rounded())) m and margin \(Self.words(metres)) m"
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

/// An area with a margin: judged by its index, and where that cannot tell by GEOS, which is prepared when first needed.
private final class SurroundedArea {
    let shape: PreparedShape
    let metres: Double
    let boundingBox: BoundingBox<WGS84>
    private let area: Area<WGS84>
    private var known: WidenedArea?

    /// - Throws: as `WidenedArea`.
    init(_ area: Area<WGS84>, metres: Double) throws {
        self.area = area
        self.metres = metres
        shape = try PreparedShape(area: area)
        boundingBox = shape.boundingBox.spread(byMetres: metres)
        if shape.index == nil || !(metres > 0 && metres.isFinite) { known = try WidenedArea(area, metres: metres) }
    }

    func widened() throws(GeometryError) -> WidenedArea {
        if let known { return known }
        let widened = try WidenedArea(area, metres: metres)
        known = widened
        return widened
    }

    func relation(toPointAt position: Position<WGS84>, uncertaintyMetres: Double) throws(GeometryError) -> Relation {
        let told = shape.index?.relation(
            toPointAt: position, uncertaintyMetres: uncertaintyMetres, marginMetres: metres)
        if let told { return told }
        return try widened().relation(toPointAt: position, uncertaintyMetres: uncertaintyMetres)
    }

    func relation(to extent: PreparedExtent) throws(GeometryError) -> Relation {
        if let index = shape.index {
            if let told = index.relation(to: extent), told != .outside { return told }
            // Its surface with the margin around it is in that box; nothing of the area is.
            let reach = extent.boundingBox.spread(byMetres: metres * 1.002 + 0.01)
            if reach.west >= -180, reach.east <= 180, index.side(of: reach) == .outside { return .outside }
        }
        return try widened().relation(to: extent.area)
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
