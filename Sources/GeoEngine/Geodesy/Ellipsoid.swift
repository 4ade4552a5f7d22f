import CPROJ
import GeoModel

/// The WGS 84 ellipsoid: true distances on the ground (Karney's geodesics, exact to nanometres).
package enum Ellipsoid {
    /// Semi-major axis, in metres (EPSG:7030).
    static let semiMajorMetres = 6_378_137.0
    static let flattening = 1 / 298.257_223_563
    static let eccentricitySquared = flattening * (2 - flattening)
    /// The smallest radius of curvature anywhere, in metres: b²/a.
    static let leastCurvatureRadiusMetres = semiMajorMetres * (1 - flattening) * (1 - flattening)

    private static let geodesic: geod_geodesic = {
        var geodesic = geod_geodesic()
        geod_init(&geodesic, semiMajorMetres, flattening)
        return geodesic
    }()

    /// The length of the shortest line on the ground, in metres.
    package static func distanceMetres(_ from: Position<WGS84>, _ to: Position<WGS84>) -> Double {
        var metres = 0.0
        withUnsafePointer(to: geodesic) {
            geod_inverse($0, from.latitude, from.longitude, to.latitude, to.longitude, &metres, nil, nil)
        }
        return metres
    }

    /// Where one arrives. The longitude is within half a turn of the start's, so it may leave ±180.
    /// - Parameter azimuthDegrees: clockwise from north.
    package static func destination(
        from start: Position<WGS84>, azimuthDegrees: Double, metres: Double
    ) -> Position<WGS84> {
        var latitude = 0.0, longitude = 0.0
        withUnsafePointer(to: geodesic) {
            geod_direct($0, start.latitude, start.longitude, azimuthDegrees, metres, &latitude, &longitude, nil)
        }
        if longitude - start.longitude > 180 { longitude -= 360 }
        if longitude - start.longitude < -180 { longitude += 360 }
        return Position(longitude: longitude, latitude: latitude)
    }

    /// The surface inside a closed ring whose edges are geodesics, in square metres, never negative.
    static func areaSquareMetres(geodesicRing positions: [Position<WGS84>]) -> Double {
        var polygon = geod_polygon()
        geod_polygon_init(&polygon, 0)
        var squareMetres = 0.0
        withUnsafePointer(to: geodesic) { geodesic in
            for position in positions.dropLast() {
                geod_polygon_addpoint(geodesic, &polygon, position.latitude, position.longitude)
            }
            _ = geod_polygon_compute(geodesic, &polygon, 0, 1, &squareMetres, nil)
        }
        return squareMetres.magnitude
    }

    /// Radii of curvature at a latitude, in metres: along the meridian, and across it.
    static func radiiMetres(atLatitude degrees: Double) -> (meridian: Double, primeVertical: Double) {
        let sine = sin(degrees: degrees)
        let squared = 1 - eccentricitySquared * sine * sine
        let primeVertical = semiMajorMetres / squared.squareRoot()
        return (primeVertical * (1 - eccentricitySquared) / squared, primeVertical)
    }
}
