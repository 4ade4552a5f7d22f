import GeoModel

extension BoundingBox where CRS == WGS84 {
    /// A box that holds every point within a geodesic distance of a centre, and a little more.
    ///
    /// It is not cut at the antimeridian: west may be below -180 and east above 180. A disc that reaches a pole
    /// gets every longitude.
    static func around(_ centre: Position<WGS84>, metres: Double) -> BoundingBox {
        // The smallest radius of curvature makes the largest angle; a ten-thousandth more for the rest.
        let angle = metres / Ellipsoid.leastCurvatureRadiusMetres * 1.0001 + 1e-12
        let degrees = angle * 180 / .pi
        let south = centre.latitude - degrees, north = centre.latitude + degrees
        guard south > -89.5, north < 89.5, angle < .pi / 2 else {
            return BoundingBox(west: -540, south: max(-90, south), east: 540, north: min(90, north))
        }
        // On a sphere the widest meridian touched is asin(sin r / cos φ) away. The geodetic latitude is at most
        // 0.2° from the spherical one, which the cosine taken at the latitude 0.2° nearer the pole covers.
        let nearestPole = centre.latitude.magnitude + 0.2
        let ratio = sine(angle) / cos(degrees: nearestPole)
        let across = ratio < 1 ? arcSineDegrees(ratio) * 1.0001 + 1e-10 : 180
        return BoundingBox(
            west: centre.longitude - across, south: south, east: centre.longitude + across, north: north)
    }

    /// The boxes, within ±180, that a box that may cross the antimeridian covers, and by how much each was moved.
    var unwrapped: [(box: BoundingBox, shift: Double)] {
        [-360.0, 0, 360].compactMap { shift in
            west + shift <= 180 && east + shift >= -180
                ? (BoundingBox(west: west + shift, south: south, east: east + shift, north: north), shift) : nil
        }
    }
}
