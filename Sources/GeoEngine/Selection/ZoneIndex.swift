import CZoneIndex
import Dispatch
import GeoModel

/// A zone prepared for millions of places: boxes are settled by a mask and by edges in slabs of latitude, points
/// exactly. It agrees with `PreparedArea` and `GeodesicCircle` on every place.
///
/// WGS 84, degrees, longitude first; boundary included.
package final class ZoneIndex: Sendable {
    /// How a box lies to the zone.
    package enum Side: Int32, Sendable {
        case outside = 0
        /// Its boundary may touch the box: look closer.
        case undecided = 1
        case inside = 2
    }

    package let boundingBox: BoundingBox<WGS84>
    /// Whether it has so many vertices that work on it is worth sharing between cores.
    package let isLarge: Bool
    // A prepared zone never changes and holds no thread's state, so threads may share it.
    nonisolated(unsafe) let zone: OpaquePointer
    /// What the zone points into; nil for a circle.
    private let flat: FlatArea?

    /// - Parameter area: valid, as `PreparedArea` demands.
    /// - Returns: nil for an area that is empty or reaches the antimeridian or a pole, and when memory is short.
    package convenience init?(validArea area: Area<WGS84>) { self.init(area, isKnownValid: true) }

    /// - Returns: nil as for a valid area, and for one that is not quickly seen to be valid: it may be so all the same.
    package convenience init?(plainlyValidArea area: Area<WGS84>) { self.init(area, isKnownValid: false) }

    private init?(_ area: Area<WGS84>, isKnownValid: Bool) {
        let flat = FlatArea(area)
        let made = flat.withPointers { czone_create_area($0, $1, $2, $3) }
        guard let made else { return nil }
        let bounds = czone_bounds(made)
        let box = BoundingBox<WGS84>(west: bounds.west, south: bounds.south, east: bounds.east, north: bounds.north)
        // Within plain bounds every coordinate is in range.
        let isLarge = flat.vertexCount >= Self.leastShared
        guard Self.isPlain(box), Self.prepare(made, isKnownValid: isKnownValid, isLarge: isLarge) else {
            czone_destroy(made)
            return nil
        }
        zone = made
        self.isLarge = isLarge
        self.flat = consume flat
        boundingBox = box
    }

    /// From so many vertices on it pays to check a zone on another core while it is prepared.
    private static let leastShared = 4096

    /// - Returns: false for a zone that is not plainly valid, and when memory is short.
    private static func prepare(_ zone: OpaquePointer, isKnownValid: Bool, isLarge: Bool) -> Bool {
        guard isLarge, !isKnownValid else {
            return (isKnownValid || czone_is_plainly_valid(zone) != 0) && czone_prepare_masks(zone) != 0
        }
        // The proof reads nothing that the preparation writes, and each has a variable of its own until both are done.
        nonisolated(unsafe) let zone = zone
        nonisolated(unsafe) var isPrepared = false
        nonisolated(unsafe) var isValid = false
        DispatchQueue.concurrentPerform(iterations: 2) { task in
            if task == 0 {
                isPrepared = czone_prepare_masks(zone) != 0
            } else {
                isValid = czone_is_plainly_valid(zone) != 0
            }
        }
        return isValid && isPrepared
    }

    /// - Returns: nil for a circle that reaches the antimeridian or a pole.
    package init?(_ circle: GeodesicCircle) {
        let box = circle.boundingBox, centre = circle.centre
        let metric = LocalMetric(atLatitude: centre.latitude)
        let error = LocalMetric.relativeError(atLatitude: centre.latitude, overMetres: 2 * circle.radiusMetres)
        guard Self.isPlain(box),
              let zone = czone_create_circle(
                  centre.longitude, centre.latitude, circle.radiusMetres, EdgeIndex.toleranceMetres, box.west,
                  box.south, box.east, box.north, metric.metresPerDegreeEast, metric.metresPerDegreeNorth, error)
        else { return nil }
        self.zone = zone
        isLarge = false
        flat = nil
        boundingBox = box
    }

    deinit {
        czone_destroy(zone)
    }

    /// Within the plain part of the map, where a disc around a place has one box.
    static func isPlain(_ box: BoundingBox<WGS84>) -> Bool {
        box.west >= -180 && box.east <= 180 && box.south >= -89 && box.north <= 89
    }

    package func side(of box: BoundingBox<WGS84>) -> Side {
        Side(rawValue: czone_box(zone, box.west, box.south, box.east, box.north)) ?? .undecided
    }

    package func contains(_ position: Position<WGS84>) -> Bool {
        czone_contains(zone, position.longitude, position.latitude) != 0
    }

    /// Lends the prepared zone to C code.
    package func withZone<Value>(_ body: (OpaquePointer) throws -> Value) rethrows -> Value { try body(zone) }

    /// Degrees, east and north, by which a box must grow to hold every disc around its places, of so many metres at
    /// most, that can touch the zone; and a little more.
    ///
    /// - Parameter metres: zero gives zero.
    /// - Returns: nil when the zone's surroundings of that width reach the antimeridian or a pole.
    package func margin(ofMetres metres: Double) -> (east: Double, north: Double)? {
        guard metres > 0 else { return (0, 0) }
        // A centimetre more: touching is judged with a micrometre to spare.
        let metres = metres + 0.01
        // A place whose disc touches the zone is itself no further than its radius; the disc's other side is twice as
        // far, and widest, in degrees, at the latitude nearest a pole.
        let angle = metres / Ellipsoid.leastCurvatureRadiusMetres * 180 / .pi * 1.001
        let nearestPole = max(boundingBox.south.magnitude, boundingBox.north.magnitude) + 2 * angle
        guard nearestPole < 88 else { return nil }
        let disc = BoundingBox<WGS84>.around(Position(longitude: 0, latitude: nearestPole), metres: metres)
        let margin = (east: disc.east, north: disc.north - nearestPole)
        let reach = BoundingBox<WGS84>(
            west: boundingBox.west - 2 * margin.east, south: boundingBox.south - 2 * margin.north,
            east: boundingBox.east + 2 * margin.east, north: boundingBox.north + 2 * margin.north)
        return Self.isPlain(reach) ? margin : nil
    }
}
