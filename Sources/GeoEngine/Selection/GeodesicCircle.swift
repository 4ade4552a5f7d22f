import GeoModel

/// Everything within a distance of a centre on the ellipsoid, never drawn as a polygon to decide.
package struct GeodesicCircle: Hashable, Sendable {
    /// No alert reaches further: the whole of metropolitan France is 1,000 km across.
    package static let greatestRadiusMetres = 500_000.0

    /// Distances are compared with a micrometre to spare, outward, so that a position set on the circle is in.
    private static let toleranceMetres = EdgeIndex.toleranceMetres

    package let centre: Position<WGS84>
    package let radiusMetres: Double
    /// Holds the circle, without being cut at the antimeridian: longitudes may leave ±180.
    package let boundingBox: BoundingBox<WGS84>

    /// - Throws: `bad_coordinate`, or `bad_radius` unless the radius is above 0 and at most 500 km.
    package init(centre: Position<WGS84>, radiusMetres: Double) throws(GeometryError) {
        guard centre.isInRange else {
            throw GeometryError(
                .badCoordinate, "the centre must be a longitude from -180 to 180 and a latitude from -90 to 90")
        }
        guard radiusMetres > 0, radiusMetres <= Self.greatestRadiusMetres else {
            throw GeometryError(.badRadius, "a radius must be above 0 and at most 500,000 metres")
        }
        self.centre = centre
        self.radiusMetres = radiusMetres
        boundingBox = .around(centre, metres: radiusMetres)
    }

    /// How a place known to within a distance lies to the circle, by the geodesic between centres.
    /// - Parameter uncertaintyMetres: finite, zero or more.
    package func relation(
        toPointAt position: Position<WGS84>, uncertaintyMetres: Double
    ) throws(GeometryError) -> Relation {
        guard uncertaintyMetres.isFinite, uncertaintyMetres >= 0 else {
            throw GeometryError(.badUncertainty, "an uncertainty must be zero or a finite number of metres")
        }
        guard position.isInRange else {
            throw GeometryError(
                .badCoordinate, "the position is not a longitude from -180 to 180 and a latitude from -90 to 90")
        }
        // The longest and the shortest distance from the centre to the disc differ from the one to its centre by
        // the uncertainty: triangle inequality, reached along the geodesic.
        guard isWithin(radiusMetres + uncertaintyMetres, position) else { return .outside }
        return isWithin(radiusMetres - uncertaintyMetres, position) ? .within : .touches
    }

    /// How far a position is from the circle's edge; polygon and ring are 1.
    package func distance(from position: Position<WGS84>) -> SignedDistance {
        let metres = radiusMetres - Ellipsoid.distanceMetres(centre, position)
        return SignedDistance(isInside: metres >= -Self.toleranceMetres, metres: metres.magnitude, polygon: 1, ring: 1)
    }

    /// Whether a position is as near to the centre as `metres`; the geodesic is only computed when bounds that
    /// cost a tenth of it leave the question open.
    private func isWithin(_ metres: Double, _ position: Position<WGS84>) -> Bool {
        guard metres >= 0 else { return false }
        let chord = Self.chordMetres(centre, position)
        // A line on the ground is no shorter than the straight line through it.
        if chord > metres + 1 { return false }
        // And no longer than the arc of the most curved circle of the ellipsoid over the same chord (Schur).
        let radius = Ellipsoid.leastCurvatureRadiusMetres
        if chord < radius, 2 * radius * arcSine(chord / (2 * radius)) < metres - 1 { return true }
        return Ellipsoid.distanceMetres(centre, position) <= metres + Self.toleranceMetres
    }

    private static func chordMetres(_ from: Position<WGS84>, _ to: Position<WGS84>) -> Double {
        let (a, b) = (cartesian(from), cartesian(to))
        let (x, y, z) = (a.x - b.x, a.y - b.y, a.z - b.z)
        return (x * x + y * y + z * z).squareRoot()
    }

    private static func cartesian(_ position: Position<WGS84>) -> (x: Double, y: Double, z: Double) {
        let radius = Ellipsoid.radiiMetres(atLatitude: position.latitude).primeVertical
        let across = radius * cos(degrees: position.latitude)
        return (
            across * cos(degrees: position.longitude), across * sin(degrees: position.longitude),
            radius * (1 - Ellipsoid.eccentricitySquared) * sin(degrees: position.latitude)
        )
    }

    // MARK: Extents

    /// How a recipient known only by a surface, such as a commune's, lies to the circle.
    ///
    /// `within` when all of it is within the radius, `touches` when its nearest point is, centre inside included.
    /// An invalid extent is repaired first.
    package func relation(to extent: Area<WGS84>) throws(GeometryError) -> Relation {
        let extent = try Repair.repaired(extent).area
        guard let box = extent.boundingBox, boundingBox.unwrapped.contains(where: { $0.box.intersects(box) }) else {
            return .outside
        }
        if extent.polygons.allSatisfy({ holds($0.exterior) }) { return .within }
        if EdgeIndex(extent).comesWithin(radiusMetres, of: centre, boundingBox) { return .touches }
        return try PreparedArea(extent).contains(centre) ? .touches : .outside
    }

    /// Whether every point of the ring is within the radius. It may say no when less than a millimetre is
    /// missing, never yes wrongly.
    private func holds(_ ring: Ring<WGS84>) -> Bool {
        guard ring.positions.allSatisfy({ isWithin(radiusMetres, $0) }) else { return false }
        return zip(ring.positions, ring.positions.dropFirst()).allSatisfy { holds(Edge(from: $0, to: $1)) }
    }

    /// Both ends are within. So is the geodesic between them, small circles being convex; the edge, straight in
    /// longitude and latitude, may swell beyond it.
    private func holds(_ edge: Edge) -> Bool {
        let length = Ellipsoid.distanceMetres(edge.from, edge.to)
        let latitude = max(edge.from.latitude.magnitude, edge.to.latitude.magnitude)
        guard latitude < 89 else { return false }
        let tangent = sin(degrees: latitude) / cos(degrees: latitude)
        // The sagitta of a curve that turns by 1.09 tan φ / R per metre, the most that such an edge does, is
        // L² · 1.09 tan φ / 8R; the double covers the ellipsoid.
        let swell = length * length * (tangent + 0.05) / (4 * Ellipsoid.leastCurvatureRadiusMetres)
        if isWithin(radiusMetres - swell, edge.from), isWithin(radiusMetres - swell, edge.to) { return true }
        if swell < 0.0001 { return false }
        let middle = edge.position(at: 0.5)
        return isWithin(radiusMetres, middle) && holds(Edge(from: edge.from, to: middle))
            && holds(Edge(from: middle, to: edge.to))
    }

    // MARK: For people to see

    /// The circle as a polygon of equal steps, to draw it and for nothing else: it lies inside the true one.
    package func outline(vertices: Int = 96) -> Area<WGS84> {
        let count = max(8, vertices)
        var positions = (0..<count).map { step in
            Ellipsoid.destination(
                from: centre, azimuthDegrees: -360 * Double(step) / Double(count), metres: radiusMetres)
        }
        positions.append(positions[0])
        return Area([Polygon(exterior: Ring(positions))])
    }

    /// The ground covered, in square metres, to a few parts in a million: π r² less the curvature of the ground.
    package var areaSquareMetres: Double {
        let radii = Ellipsoid.radiiMetres(atLatitude: centre.latitude)
        let angleSquared = radiusMetres * radiusMetres / (radii.meridian * radii.primeVertical)
        return .pi * radiusMetres * radiusMetres * (1 - angleSquared / 12 + angleSquared * angleSquared / 360)
    }
}
