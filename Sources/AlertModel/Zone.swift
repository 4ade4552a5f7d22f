import GeoModel

/// What a selection is made over. There is no default zone: an empty union selects nobody and is refused.
package indirect enum Zone: Hashable, Sendable {
    /// A drawn, uploaded or saved geometry.
    case perimeter(name: String, area: Area<WGS84>)
    /// Everything within a geodesic distance of a centre, on the ellipsoid.
    case circle(centre: Position<WGS84>, radiusMetres: Double)
    /// Recipients of these communes: by their commune code, by boundary only for those who have none.
    ///
    /// With a vintage the codes are those of 1 January of that year, and each means the ground it had then: the seat of a
    /// later merger is only the commune it was. Without one a code that stands today is today's whole commune.
    case communes([CommuneCode], vintage: Int? = nil)
    /// Recipients of a department, as the set of its communes.
    case department(String)
    /// Recipients of an intercommunalité, as the set of its communes: its SIREN number.
    case epci(String)
    /// Recipients by what the register or the ledger says of them, wherever they are: always certain.
    case members(Membership)
    /// A place (perimeter, circle, communes, department, intercommunalité) and everything within a geodesic distance of
    /// it. Made by `widened(byMetres:)`; never in an excluded part, where it would leave people out.
    case widened(Zone, metres: Double)
    /// Only who is certainly in the zone. At the root alone.
    case certainly(Zone)
    case union([Zone])
    case intersection([Zone])
    case difference(Zone, except: Zone)

    /// Members of a list of any kind.
    package static func list(_ name: String) -> Zone { .members(.list(name)) }
}

extension Zone {
    /// Farthest a margin may reach, in metres: an alert that needs more names departments.
    package static let greatestMarginMetres = 100_000.0

    /// The zone with a margin: each of its places reaches further by as much; what is excluded stays as it is. Nobody is
    /// lost by it: margins of parts together hold the margin of the whole.
    ///
    /// - Parameter metres: above 0; it adds to a margin that a part has already.
    /// - Returns: nil when nothing of the zone is a place.
    package func widened(byMetres metres: Double) -> Zone? {
        switch self {
        case .perimeter, .circle, .communes, .department, .epci: .widened(self, metres: metres)
        case .widened(let place, let margin): .widened(place, metres: margin + metres)
        case .members: nil
        case .certainly(let zone): zone.widened(byMetres: metres).map { .certainly($0) }
        case .union(let zones): Self.widened(zones, byMetres: metres).map { .union($0) }
        case .intersection(let zones): Self.widened(zones, byMetres: metres).map { .intersection($0) }
        case .difference(let zone, let except):
            zone.widened(byMetres: metres).map { .difference($0, except: except) }
        }
    }

    private static func widened(_ zones: [Zone], byMetres metres: Double) -> [Zone]? {
        let parts = zones.map { $0.widened(byMetres: metres) }
        return parts.contains { $0 != nil } ? zip(zones, parts).map { $1 ?? $0 } : nil
    }
}
