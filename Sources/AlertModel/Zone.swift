import GeoModel

/// What a selection is made over. There is no default zone: an empty union selects nobody and is refused.
package indirect enum Zone: Hashable, Sendable {
    /// A drawn, uploaded or saved geometry.
    case perimeter(name: String, area: Area<WGS84>)
    /// Everything within a geodesic distance of a centre, on the ellipsoid.
    case circle(centre: Position<WGS84>, radiusMetres: Double)
    /// Recipients of these communes: by their commune code, by boundary only for those who have none.
    case communes([CommuneCode])
    /// Recipients of a department, as the set of its communes.
    case department(String)
    /// Members of a static list.
    case list(String)
    case union([Zone])
    case intersection([Zone])
    case difference(Zone, except: Zone)
}
