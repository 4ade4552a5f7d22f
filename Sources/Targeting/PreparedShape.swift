import AlertModel
import GeoEngine
import GeoModel

/// The geometry of one term, prepared once and asked about many recipients.
///
/// Holds C handles: used within one synchronous selection, never shared.
struct PreparedShape {
    private enum Kind {
        case area(ValidArea)
        case circle(GeodesicCircle)
    }

    private let kind: Kind
    let boundingBox: BoundingBox<WGS84>
    /// Nil where only one place at a time can be judged.
    let index: ZoneIndex?

    /// - Throws: for an empty or an invalid area, as `PreparedArea`.
    init(area: Area<WGS84>) throws {
        if let known = ZoneIndex.known(area) ?? ZoneIndex.preparing(plainlyValidArea: area) {
            kind = .area(try ValidArea(area, isKnownValid: true))
            boundingBox = known.boundingBox
            index = known
        } else {
            guard let box = area.boundingBox else { throw TargetingError.emptyPerimeter }
            kind = .area(try ValidArea(area, isKnownValid: false))
            boundingBox = box
            index = ZoneIndex.preparing(validArea: area)
        }
    }

    init(centre: Position<WGS84>, radiusMetres: Double) throws {
        let circle = try GeodesicCircle(centre: centre, radiusMetres: radiusMetres)
        kind = .circle(circle)
        boundingBox = circle.boundingBox
        index = ZoneIndex(circle)
    }

    /// The shape as the register is asked about everyone with a point at once.
    var query: ShapeQuery? {
        index.map { ShapeQuery(index: $0) { try verdict(at: $0, uncertaintyMetres: $1) } }
    }

    func verdict(at position: Position<WGS84>, uncertaintyMetres: Double) throws -> Verdict {
        switch kind {
        case .area(let area):
            Verdict(
                try index?.relation(toPointAt: position, uncertaintyMetres: uncertaintyMetres)
                    ?? area.prepared().relation(toPointAt: position, uncertaintyMetres: uncertaintyMetres))
        case .circle(let circle):
            Verdict(try circle.relation(toPointAt: position, uncertaintyMetres: uncertaintyMetres))
        }
    }

    func verdict(of extent: PreparedExtent) throws -> Verdict {
        if let told = index?.relation(to: extent) { return Verdict(told) }
        return switch kind {
        case .area(let area): Verdict(try area.prepared().relation(to: extent.area))
        case .circle(let circle): Verdict(try circle.relation(to: extent.area))
        }
    }

    /// Of a place known only to lie in one of some surfaces; several when one commune's ground is made of several.
    func verdict(ofAll extents: [Area<WGS84>]) throws -> Verdict {
        try verdict(ofAll: extents.map { try PreparedExtent($0) })
    }

    func verdict(ofAll extents: [PreparedExtent]) throws -> Verdict { .ofAny(try extents.map { try verdict(of: $0) }) }

    /// “132 m inside the edge of polygon 1, ring 1”, “4 210 m from the centre, whose circle has 4 000 m”.
    func distanceInWords(from position: Position<WGS84>) throws -> String {
        switch kind {
        case .area(let area):
            let distance = try area.prepared().distance(from: position)
            let metres = Int(distance.metres.rounded())
            return "\(metres) m \(distance.isInside ? "inside" : "outside") the nearest edge "
                + "(polygon \(distance.polygon), ring \(distance.ring))"
        case .circle(let circle):
            let metres = Int(Ellipsoid.distanceMetres(circle.centre, position).rounded())
            return "\(metres) m from the centre, radius \(Int(circle.radiusMetres.rounded())) m"
        }
    }
}

/// A valid area, prepared for GEOS when a place first needs it: most of a selection never does.
private final class ValidArea {
    private let area: Area<WGS84>
    private var known: PreparedArea?

    init(_ area: Area<WGS84>, isKnownValid: Bool) throws(GeometryError) {
        self.area = area
        known = isKnownValid ? nil : try PreparedArea(area)
    }

    func prepared() throws(GeometryError) -> PreparedArea {
        if let known { return known }
        let prepared = try PreparedArea(area)
        known = prepared
        return prepared
    }
}

extension Verdict {
    /// Of a place that lies in one of several surfaces, nobody knows which, by the verdicts of each.
    static func ofAny(_ verdicts: [Verdict]) -> Verdict {
        if let first = verdicts.first, verdicts.allSatisfy({ $0 == first }) { return first }
        return verdicts.contains { $0 != .outside } ? .possible : .outside
    }

    init(_ relation: Relation) {
        switch relation {
        case .outside: self = .outside
        case .touches: self = .possible
        case .within: self = .certain
        }
    }
}
