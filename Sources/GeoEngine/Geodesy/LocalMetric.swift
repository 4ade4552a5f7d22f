import GeoModel

/// Metres around one point, by the scale of the axes there: straight edges stay straight.
struct LocalMetric {
    let metresPerDegreeEast: Double
    let metresPerDegreeNorth: Double

    /// No scale at all: distances in degrees, to compare and not to show.
    static let degrees = LocalMetric(metresPerDegreeEast: 1, metresPerDegreeNorth: 1)

    private init(metresPerDegreeEast: Double, metresPerDegreeNorth: Double) {
        self.metresPerDegreeEast = metresPerDegreeEast
        self.metresPerDegreeNorth = metresPerDegreeNorth
    }

    init(atLatitude latitude: Double) {
        let radii = Ellipsoid.radiiMetres(atLatitude: latitude)
        metresPerDegreeEast = radii.primeVertical * cos(degrees: latitude) * .pi / 180
        metresPerDegreeNorth = radii.meridian * .pi / 180
    }

    /// How far, relatively, a distance measured so may be from the geodesic one, either way.
    ///
    /// Over `metres` the east scale changes by the tangent of the latitude times the angle; the meridian's by
    /// less than a twentieth of it; the curvature of the ground by the square. Taken one and a half times.
    static func relativeError(atLatitude latitude: Double, overMetres metres: Double) -> Double {
        let angle = metres / Ellipsoid.leastCurvatureRadiusMetres
        let furthest = min(90, latitude.magnitude + angle * 180 / .pi)
        let tangent = sin(degrees: furthest) / max(1e-9, cos(degrees: furthest))
        return 1.5 * (angle * (tangent + 0.05) + angle * angle)
    }
}

/// An edge of a ring, straight in longitude and latitude (RFC 7946, section 3.1.1).
struct Edge {
    let from: Position<WGS84>
    let to: Position<WGS84>

    func position(at parameter: Double) -> Position<WGS84> {
        if parameter == 1 { return to }
        return Position(
            longitude: from.longitude + (to.longitude - from.longitude) * parameter,
            latitude: from.latitude + (to.latitude - from.latitude) * parameter)
    }

    /// Where along the edge, from 0 to 1, the point nearest to a position lies.
    func parameter(nearestTo position: Position<WGS84>, _ metric: LocalMetric) -> Double {
        let x = (to.longitude - from.longitude) * metric.metresPerDegreeEast
        let y = (to.latitude - from.latitude) * metric.metresPerDegreeNorth
        let squared = x * x + y * y
        guard squared > 0 else { return 0 }
        let px = (position.longitude - from.longitude) * metric.metresPerDegreeEast
        let py = (position.latitude - from.latitude) * metric.metresPerDegreeNorth
        return max(0, min(1, (px * x + py * y) / squared))
    }

    func distance(at parameter: Double, from position: Position<WGS84>, _ metric: LocalMetric) -> Double {
        let nearest = self.position(at: parameter)
        let x = (nearest.longitude - position.longitude) * metric.metresPerDegreeEast
        let y = (nearest.latitude - position.latitude) * metric.metresPerDegreeNorth
        return (x * x + y * y).squareRoot()
    }

    /// The geodesic distance from a position to the edge, in metres, and where on the edge it is reached.
    ///
    /// Golden-section search: near the edge the distance along it falls, then rises. Edges longer than 200 km,
    /// which may bend around the position, are searched in pieces.
    func geodesicDistance(from position: Position<WGS84>) -> (metres: Double, parameter: Double) {
        let degrees = max((to.longitude - from.longitude).magnitude, (to.latitude - from.latitude).magnitude)
        let pieces = max(1, Int((degrees / 1.8).rounded(.up)))
        var best = (metres: Double.infinity, parameter: 0.0)
        for piece in 0..<pieces {
            let found = search(
                from: position, between: Double(piece) / Double(pieces), and: Double(piece + 1) / Double(pieces))
            if found.metres < best.metres { best = found }
        }
        return best
    }

    private func search(
        from position: Position<WGS84>, between start: Double, and end: Double
    ) -> (metres: Double, parameter: Double) {
        func metres(_ parameter: Double) -> Double {
            Ellipsoid.distanceMetres(position, self.position(at: parameter))
        }
        let golden = (5.0.squareRoot() - 1) / 2
        var low = start, high = end
        var left = high - golden * (high - low), right = low + golden * (high - low)
        var leftMetres = metres(left), rightMetres = metres(right)
        // Forty steps narrow 200 km to a millimetre, which moves a distance by far less.
        for _ in 0..<40 {
            if leftMetres < rightMetres {
                (high, right, rightMetres) = (right, left, leftMetres)
                left = high - golden * (high - low)
                leftMetres = metres(left)
            } else {
                (low, left, leftMetres) = (left, right, rightMetres)
                right = low + golden * (high - low)
                rightMetres = metres(right)
            }
        }
        let candidates = [start, (low + high) / 2, end].map { (metres: metres($0), parameter: $0) }
        return candidates.min { $0.metres < $1.metres } ?? (.infinity, start)
    }
}
