import AlertModel
import GeoEngine
import GeoModel

/// The geometry of one term, prepared once and asked about many recipients.
///
/// Holds C handles: used within one synchronous selection, never shared.
struct PreparedShape {
    private enum Kind {
        case area(PreparedArea)
        case circle(GeodesicCircle)
    }

    private let kind: Kind
    let boundingBox: BoundingBox<WGS84>

    init(area: Area<WGS84>) throws {
        guard let box = area.boundingBox else { throw TargetingError.emptyPerimeter }
        kind = .area(try PreparedArea(area))
        boundingBox = box
    }

    init(centre: Position<WGS84>, radiusMetres: Double) throws {
        let circle = try GeodesicCircle(centre: centre, radiusMetres: radiusMetres)
        kind = .circle(circle)
        boundingBox = circle.boundingBox
    }

    func verdict(at position: Position<WGS84>, uncertaintyMetres: Double) throws -> Verdict {
        switch kind {
        case .area(let area):
            Verdict(try area.relation(toPointAt: position, uncertaintyMetres: uncertaintyMetres))
        case .circle(let circle):
            Verdict(try circle.relation(toPointAt: position, uncertaintyMetres: uncertaintyMetres))
        }
    }

    func verdict(of extent: Area<WGS84>) throws -> Verdict {
        switch kind {
        case .area(let area): Verdict(try area.relation(to: extent))
        case .circle(let circle): Verdict(try circle.relation(to: extent))
        }
    }

    /// Of a place known only to lie in one of some surfaces; several when one commune's ground is made of several.
    func verdict(ofAll extents: [Area<WGS84>]) throws -> Verdict {
        let verdicts = try extents.map { try verdict(of: $0) }
        if let first = verdicts.first, verdicts.allSatisfy({ $0 == first }) { return first }
        return verdicts.contains { $0 != .outside } ? .possible : .outside
    }

    /// “132 m inside the edge of polygon 1, ring 1”, “4 210 m from the centre, whose circle has 4 000 m”.
    func distanceInWords(from position: Position<WGS84>) throws -> String {
        switch kind {
        case .area(let area):
            let distance = try area.distance(from: position)
            let metres = Int(distance.metres.rounded())
            return "\(metres) m \(distance.isInside ? "inside" : "outside") the nearest edge "
                + "(polygon \(distance.polygon), ring \(distance.ring))"
        case .circle(let circle):
            let metres = Int(Ellipsoid.distanceMetres(circle.centre, position).rounded())
            return "\(metres) m from the centre, radius \(Int(circle.radiusMetres.rounded())) m"
        }
    }
}

extension Verdict {
    fileprivate init(_ relation: Relation) {
        switch relation {
        case .outside: self = .outside
        case .touches: self = .possible
        case .within: self = .certain
        }
    }
}
