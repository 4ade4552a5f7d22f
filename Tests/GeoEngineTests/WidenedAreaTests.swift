import GeoModel
import TestSupport
import Testing

@testable import GeoEngine

@Suite struct WidenedAreaTests {
    /// Every French territory.
    static let places: [(Double, Double)] = [
        (2.3, 49.9), (9.1, 42.2), (-61.5, 16.2), (-61.0, 14.6), (-52.3, 4.9), (55.5, -21.1), (45.15, -12.8), (-56.2, 46.8),
        (166.4, -22.3), (-149.5, -17.6), (-176.2, -13.3),
    ]

    @Test(arguments: [100.0, 1_000, 10_000, 100_000])
    func `a drawn margin reaches as far as it should to a thousandth, and never less`(metres: Double) throws {
        for (longitude, latitude) in Self.places {
            let given = area(square(longitude, latitude, longitude + 0.02, latitude + 0.02))
            let drawn = try MetricBuffer.area(around: given, metres: metres)
            let surroundings = AreaSurroundings(given)
            for position in drawn.polygons.flatMap(\.exterior.positions) {
                let inRange = Position<WGS84>(longitude: max(-180, min(180, position.longitude)), latitude: position.latitude)
                #expect(surroundings.comesWithin(metres * 1.001, of: inRange), "\(longitude) \(latitude) \(metres)")
                #expect(!surroundings.comesWithin(metres * 0.9995, of: inRange), "\(longitude) \(latitude) \(metres)")
            }
        }
    }

    @Test(arguments: [100.0, 5_000, 100_000])
    func `a circle is round to a thousandth everywhere in France`(radius: Double) throws {
        for (longitude, latitude) in Self.places {
            let centre = Position<WGS84>(longitude: longitude, latitude: latitude)
            let circle = try GeodesicCircle(centre: centre, radiusMetres: radius)
            for azimuth in stride(from: 0.0, to: 360, by: 15) {
                func at(_ metres: Double) -> Position<WGS84> {
                    let place = Ellipsoid.destination(from: centre, azimuthDegrees: azimuth, metres: metres)
                    return Position(longitude: place.longitude > 180 ? place.longitude - 360 : place.longitude < -180 ? place.longitude + 360 : place.longitude, latitude: place.latitude)
                }
                #expect(try circle.relation(toPointAt: at(radius * 0.999999), uncertaintyMetres: 0) == .within)
                #expect(try circle.relation(toPointAt: at(radius * 1.000001), uncertaintyMetres: 0) == .outside)
            }
        }
    }

    @Test func `a margin holds whoever its drawing holds by a thousandth, and nobody it does not`() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20 {
            let centre = Position<WGS84>(longitude: .random(in: -1...5, using: &generator), latitude: .random(in: 43...50, using: &generator))
            let given = area(star(around: centre, degrees: 0.02, vertices: 30, &generator))
            guard (try? Validity.check(given)) != nil else { continue }
            let metres = Double.random(in: 50...3_000, using: &generator)
            let widened = try WidenedArea(given, metres: metres)
            let larger = try PreparedArea(MetricBuffer.area(around: given, metres: metres * 1.002))
            let smaller = try PreparedArea(MetricBuffer.area(around: given, metres: metres * 0.998))
            for _ in 0..<200 {
                let point = Position<WGS84>(
                    longitude: centre.longitude + .random(in: -0.08...0.08, using: &generator),
                    latitude: centre.latitude + .random(in: -0.08...0.08, using: &generator))
                let isIn = try widened.relation(toPointAt: point, uncertaintyMetres: 0) == .within
                if try smaller.contains(point) { #expect(isIn) }
                if isIn { #expect(try larger.contains(point)) }
                #expect(try !PreparedArea(given).contains(point) || isIn)
            }
        }
    }

    @Test func `a surface touches a margin when it comes within it, vertex to edge and edge to vertex`() throws {
        let given = area(square(2, 49, 2.1, 49.1))
        // 0.001° of latitude is 111 m: a long edge far from its ends, and a corner.
        for other in [square(1, 49.101, 3, 49.2), square(2.04, 49.101, 2.05, 49.11)] {
            #expect(try WidenedArea(given, metres: 112).relation(to: area(other)) == .touches)
            #expect(try WidenedArea(given, metres: 110).relation(to: area(other)) == .outside)
        }
        #expect(try WidenedArea(given, metres: 10).relation(to: area(square(2.01, 49.01, 2.02, 49.02))) == .within)
    }
}
