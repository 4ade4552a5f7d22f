import GeoModel

/// Short distances on the ground, never under the true one.
package enum GroundDistance {
    /// Longest degree of latitude and of longitude at the equator on WGS 84, in metres: 111,694 and 111,320. Taking
    /// the longest for both overstates a distance by less than 1 % in France, so a disc only ever grows by it.
    package static let metresPerDegree = 111_700.0

    /// Metres between two positions of one commune (flat ground: not for distances over a hundred kilometres).
    package static func metres(_ left: Position<WGS84>, _ right: Position<WGS84>) -> Double {
        let degreesToRadians = Double.pi / 180
        // The latitude nearer the equator gives the longer degree of longitude.
        let latitude = min(abs(left.latitude), abs(right.latitude))
        let east = (left.longitude - right.longitude) * cosine(latitude * degreesToRadians)
        let north = left.latitude - right.latitude
        return ((east * east + north * north).squareRoot()) * metresPerDegree
    }

    /// Cosine by its series, exact to 1e-9 on a quarter turn: the engine needs no C library for one function.
    static func cosine(_ angle: Double) -> Double {
        let square = angle * angle
        var term = 1.0, sum = 1.0
        for order in stride(from: 2.0, through: 16, by: 2) {
            term *= -square / (order * (order - 1))
            sum += term
        }
        return sum
    }

    /// The position a share of the way from one to another.
    static func between(_ left: Position<WGS84>, _ right: Position<WGS84>, share: Double) -> Position<WGS84> {
        Position(
            longitude: left.longitude + (right.longitude - left.longitude) * share,
            latitude: left.latitude + (right.latitude - left.latitude) * share)
    }
}
