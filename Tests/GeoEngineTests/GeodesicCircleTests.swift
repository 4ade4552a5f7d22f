import GeoModel
import TestSupport
import Testing

@testable import GeoEngine

@Suite struct GeodesicCircleTests {
    /// Martinique, Marseille, Paris, Lille, La Réunion.
    private static let latitudes = [14.6, 43.3, 48.9, 50.6, -21.1]

    @Test(arguments: latitudes, [0.5, 120, 5000, 30_000, 500_000])
    func `a millimetre decides, in every direction`(latitude: Double, radius: Double) throws {
        let centre = Position<WGS84>(longitude: 5.37, latitude: latitude)
        let circle = try GeodesicCircle(centre: centre, radiusMetres: radius)
        for azimuth in stride(from: 0.0, to: 360, by: 7.3) {
            func relation(_ metres: Double, _ uncertainty: Double = 0) throws -> Relation {
                try circle.relation(
                    toPointAt: Ellipsoid.destination(from: centre, azimuthDegrees: azimuth, metres: metres),
                    uncertaintyMetres: uncertainty)
            }
            #expect(try relation(radius) == .within)
            #expect(try relation(radius - 0.001) == .within)
            #expect(try relation(radius + 0.001) == .outside)
            #expect(try relation(radius + 10, 10.001) == .touches)
            #expect(try relation(radius + 10, 9.999) == .outside)
            #expect(try relation(radius * 0.75, radius * 0.25 - 0.001) == .within)
            #expect(try relation(radius * 0.75, radius * 0.25 + 0.001) == .touches)
            #expect(try relation(0, radius + 1) == .touches)
        }
        #expect(try circle.relation(toPointAt: centre, uncertaintyMetres: 0) == .within)
    }

    @Test func `the quick bounds never contradict the geodesic`() throws {
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<20_000 {
            let centre = Position<WGS84>(
                longitude: .random(in: -180...180, using: &generator),
                latitude: .random(in: -89...89, using: &generator))
            let radius = Double.random(in: 1...500_000, using: &generator)
            let circle = try GeodesicCircle(centre: centre, radiusMetres: radius)
            let metres = radius * Double.random(in: 0.99...1.01, using: &generator)
            var position = Ellipsoid.destination(
                from: centre, azimuthDegrees: .random(in: 0...360, using: &generator), metres: metres)
            #expect(circle.boundingBox.contains(position) || metres > radius)
            if position.longitude.magnitude > 180 {
                position = Position(
                    longitude: position.longitude - (position.longitude > 0 ? 360 : -360), latitude: position.latitude)
            }
            #expect(
                try (circle.relation(toPointAt: position, uncertaintyMetres: 0) == .within) == (metres <= radius))
        }
    }

    @Test(arguments: [0, -1, .nan, .infinity, 500_001] as [Double])
    func `a radius that means nothing is refused`(radius: Double) {
        let centre = Position<WGS84>(longitude: 2, latitude: 48)
        #expect(fault { _ = try GeodesicCircle(centre: centre, radiusMetres: radius) }?.code == .badRadius)
    }

    @Test func `a centre that is no position is refused`() {
        let centre = Position<WGS84>(longitude: 2, latitude: 98)
        #expect(fault { _ = try GeodesicCircle(centre: centre, radiusMetres: 5) }?.code == .badCoordinate)
    }

    @Test(arguments: latitudes)
    func `an extent is within, touched or outside by its furthest and nearest points`(latitude: Double) throws {
        let centre = Position<WGS84>(longitude: 5.37, latitude: latitude)
        let circle = try GeodesicCircle(centre: centre, radiusMetres: 10_000)
        func box(_ azimuth: Double, _ metres: Double, degrees: Double) -> Area<WGS84> {
            let middle = Ellipsoid.destination(from: centre, azimuthDegrees: azimuth, metres: metres)
            return area(
                square(
                    middle.longitude - degrees, middle.latitude - degrees, middle.longitude + degrees,
                    middle.latitude + degrees))
        }
        #expect(try circle.relation(to: box(0, 0, degrees: 0.01)) == .within)
        #expect(try circle.relation(to: box(0, 0, degrees: 1)) == .touches)
        for azimuth in stride(from: 0.0, to: 360, by: 30) {
            #expect(try circle.relation(to: box(azimuth, 5000, degrees: 0.01)) == .within)
            #expect(try circle.relation(to: box(azimuth, 10_000, degrees: 0.01)) == .touches)
            #expect(try circle.relation(to: box(azimuth, 13_000, degrees: 0.01)) == .outside)
        }
    }

    @Test func `a circle within a hole of the extent is outside it`() throws {
        let circle = try GeodesicCircle(centre: Position(longitude: 2.5, latitude: 48.5), radiusMetres: 1000)
        let holed = area(square(2, 48, 3, 49), square(2.4, 48.4, 2.6, 48.6))
        #expect(try circle.relation(to: holed) == .outside)
        #expect(try circle.relation(to: area(square(2, 48, 3, 49))) == .touches)
        #expect(fault { _ = try circle.relation(to: Area([])) }?.code == .empty)
    }

    @Test func `an extent whose long edges swell out of the circle is not within`() throws {
        // Both ends lie on the parallel through them; the straight edge bends away from the geodesic.
        let centre = Position<WGS84>(longitude: 3, latitude: 50)
        let west = Ellipsoid.destination(from: centre, azimuthDegrees: 250, metres: 299_900)
        let east = Ellipsoid.destination(from: centre, azimuthDegrees: 110, metres: 299_900)
        let circle = try GeodesicCircle(centre: centre, radiusMetres: 300_000)
        let extent = area(ring([(west.longitude, west.latitude), (east.longitude, east.latitude), (3, 50)]))
        #expect(try circle.relation(to: extent) == .within)
        let small = try GeodesicCircle(centre: centre, radiusMetres: 299_800)
        #expect(try small.relation(to: extent) == .touches)
    }

    @Test(arguments: latitudes)
    func `the outline lies on the circle and its surface agrees`(latitude: Double) throws {
        let circle = try GeodesicCircle(centre: Position(longitude: -61, latitude: latitude), radiusMetres: 20_000)
        let outline = circle.outline(vertices: 720)
        try Validity.check(outline)
        for position in outline.polygons[0].exterior.positions {
            #expect(abs(Ellipsoid.distanceMetres(circle.centre, position) - 20_000) < 1e-6)
            #expect(circle.boundingBox.contains(position))
        }
        #expect(abs(SurfaceArea.squareMetres(of: outline) / circle.areaSquareMetres - 1) < 2e-5)
    }

    @Test func `the surface takes the curvature of the ground into account`() throws {
        let circle = try GeodesicCircle(centre: Position(longitude: 2, latitude: 47), radiusMetres: 500_000)
        let outline = circle.outline(vertices: 5000).polygons[0].exterior.positions
        #expect(abs(Ellipsoid.areaSquareMetres(geodesicRing: outline) / circle.areaSquareMetres - 1) < 5e-6)
    }
}
