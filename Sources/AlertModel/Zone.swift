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
    /// Members of a static list.
    case list(String)
    case union([Zone])
    case intersection([Zone])
    case difference(Zone, except: Zone)
}
