import Foundation
import GeoModel

/// Bounds of distances by the scale of the axes, to spare the exact ones; never over the true distance.
enum GroundReach {
    /// The shortest degree of latitude, and the degree of longitude at the equator, on WGS 84, in metres.
    private static let metresPerDegreeNorth = 110_574.0
    private static let metresPerDegreeEast = 111_319.0
    /// Parallels are not shortest lines: over the farthest reach of a search they are by less than this.
    private static let safety = 0.999

    /// A box that holds every point within a distance, away from the poles and the antimeridian.
    static func box(around centre: Position<WGS84>, metres: Double) -> BoundingBox<WGS84> {
        let north = metres / metresPerDegreeNorth / safety
        let nearestPole = min(89, centre.latitude.magnitude + north)
        let east = metres / (metresPerDegreeEast * cos(nearestPole * .pi / 180)) / safety
        return BoundingBox(
            west: centre.longitude - east, south: centre.latitude - north, east: centre.longitude + east,
            north: centre.latitude + north)
    }

    /// At most the geodesic distance, in metres, and nearly it over a few kilometres.
    static func metres(_ from: Position<WGS84>, _ to: Position<WGS84>) -> Double {
        let nearestPole = max(from.latitude.magnitude, to.latitude.magnitude)
        let east = (to.longitude - from.longitude) * metresPerDegreeEast * cos(nearestPole * .pi / 180)
        let north = (to.latitude - from.latitude) * metresPerDegreeNorth
        return (east * east + north * north).squareRoot() * safety
    }

    /// At most the geodesic distance from a position to any point of a box, in metres; 0 inside it.
    static func metres(_ from: Position<WGS84>, toBox box: BoundingBox<WGS84>) -> Double {
        let nearest = Position<WGS84>(
            longitude: min(max(from.longitude, box.west), box.east),
            latitude: min(max(from.latitude, box.south), box.north))
        let nearestPole = max(from.latitude.magnitude, box.south.magnitude, box.north.magnitude)
        let east = (nearest.longitude - from.longitude) * metresPerDegreeEast * cos(min(90, nearestPole) * .pi / 180)
        let north = (nearest.latitude - from.latitude) * metresPerDegreeNorth
        return (east * east + north * north).squareRoot() * safety
    }
}
