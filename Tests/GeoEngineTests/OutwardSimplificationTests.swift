import GeoModel
import TestSupport
import Testing

@testable import GeoEngine

@Suite struct OutwardSimplificationTests {
    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func `outward loses no point of the area, inward takes none in, and both have fewer vertices`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for tolerance in [5.0, 60, 400] {
            let centre = Position<WGS84>(
                longitude: .random(in: -60...60, using: &generator), latitude: .random(in: -21...50, using: &generator))
            let given = area(star(around: centre, degrees: 0.05, vertices: 2_000, &generator))
            guard (try? Validity.check(given)) != nil else { continue }
            let exact = try PreparedArea(given)
            let outward = try OutwardSimplification.outward(given, toleranceMetres: tolerance)
            let inward = try OutwardSimplification.inward(given, toleranceMetres: tolerance)
            #expect(outward.vertexCount <= given.vertexCount)
            try Validity.check(outward)
            let (larger, smaller) = (try PreparedArea(outward), try PreparedArea(inward))
            for position in given.polygons[0].exterior.positions { #expect(try larger.contains(position)) }
            for _ in 0..<2_000 {
                let point = Position<WGS84>(
                    longitude: centre.longitude + .random(in: -0.06...0.06, using: &generator),
                    latitude: centre.latitude + .random(in: -0.06...0.06, using: &generator))
                if try exact.contains(point) { #expect(try larger.contains(point), "\(seed) \(tolerance) \(point)") }
                if try smaller.contains(point) { #expect(try exact.contains(point), "\(seed) \(tolerance) \(point)") }
            }
        }
    }

    @Test func `a detailed boundary loses most of its vertices and stays near`() throws {
        let circle = try GeodesicCircle(centre: Position(longitude: 2.3, latitude: 49.9), radiusMetres: 5_000)
            .outline(vertices: 5_000)
        let simple = try OutwardSimplification.outward(circle, toleranceMetres: 20)
        #expect(simple.vertexCount < 200)
        #expect(SurfaceArea.squareMetres(of: simple) < SurfaceArea.squareMetres(of: circle) * 1.02)
        #expect(SurfaceArea.squareMetres(of: simple) > SurfaceArea.squareMetres(of: circle))
    }

    @Test func `an area too small to shrink is given back`() throws {
        let tiny = area(square(2, 49, 2.00001, 49.00001))
        #expect(try OutwardSimplification.inward(tiny, toleranceMetres: 100) == tiny)
    }
}
