import GeoModel
import TestSupport
import Testing

@testable import GeoEngine

@Suite struct EllipsoidTests {
    @Test func `known distances are found`() {
        // GeographicLib's GeodSolve example: JFK to LHR.
        let jfk = Position<WGS84>(longitude: -73.8, latitude: 40.6),
            lhr = Position<WGS84>(longitude: -0.5, latitude: 51.6)
        #expect(abs(Ellipsoid.distanceMetres(jfk, lhr) - 5_551_759.400) < 0.001)
        // The quarter meridian of WGS 84.
        let equator = Position<WGS84>(longitude: 0, latitude: 0), pole = Position<WGS84>(longitude: 0, latitude: 90)
        #expect(abs(Ellipsoid.distanceMetres(equator, pole) - 10_001_965.729) < 0.001)
        // One degree along the equator.
        let east = Position<WGS84>(longitude: 1, latitude: 0)
        #expect(abs(Ellipsoid.distanceMetres(equator, east) - 111_319.491) < 0.001)
    }

    @Test func `the surface of a known quadrilateral is found`() {
        // One degree by one degree on the equator, as WGS 84's authalic formulas give it.
        let squareMetres = SurfaceArea.squareMetres(of: area(square(0, 0, 1, 1)))
        #expect(abs(squareMetres / 12_308_463_894 - 1) < 1e-9)
        let holed = SurfaceArea.squareMetres(of: area(square(0, 0, 1, 1), square(0.25, 0.25, 0.75, 0.75)))
        #expect(holed < squareMetres * 0.751 && holed > squareMetres * 0.749)
    }

    @Test func `overlaps count once in a prepared area`() throws {
        let one = try PreparedArea(area(square(2, 48, 3, 49))).areaSquareMetres()
        let twice = try PreparedArea(
            Area([Polygon(exterior: square(2, 48, 3, 49)), Polygon(exterior: square(2, 48, 3, 49))]))
        #expect(abs(try twice.areaSquareMetres() / one - 1) < 1e-9)
        #expect(SurfaceArea.squareMetres(of: twice.area) > one * 1.9)
    }

    @Test func `the box around a disc holds it`() {
        var generator = SeededGenerator(seed: 77)
        for _ in 0..<5000 {
            let centre = Position<WGS84>(
                longitude: .random(in: -180...180, using: &generator),
                latitude: .random(in: -90...90, using: &generator))
            let metres = Double.random(in: 0...3_000_000, using: &generator)
            let box = BoundingBox<WGS84>.around(centre, metres: metres)
            for azimuth in stride(from: 0.0, to: 360, by: 15) {
                #expect(box.contains(Ellipsoid.destination(from: centre, azimuthDegrees: azimuth, metres: metres)))
            }
        }
    }
}
