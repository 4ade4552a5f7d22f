import Foundation
import GeoModel
import TestSupport
import Testing

@testable import GeoEngine

@Suite struct PreparedAreaTests {
    private static let paris = Position<WGS84>(longitude: 2.35, latitude: 48.85)

    // MARK: Exact points

    @Test func `inside, boundary and vertices are within, a hole is outside, its edge within`() throws {
        let prepared = try PreparedArea(area(square(2, 48, 3, 49), square(2.25, 48.25, 2.75, 48.75)))
        let cases: [(Double, Double, Relation)] = [
            (2.1, 48.1, .within), (2, 48, .within), (3, 49, .within), (2.5, 48, .within), (2, 48.3, .within),
            (2.25, 48.25, .within), (2.5, 48.25, .within), (2.5, 48.5, .outside), (1.9999999999, 48.5, .outside),
            (3.0000000001, 48.5, .outside), (2.5, 49.1, .outside), (-170, -80, .outside)
        ]
        for (longitude, latitude, relation) in cases {
            #expect(
                try prepared.relation(
                    toPointAt: Position(longitude: longitude, latitude: latitude), uncertaintyMetres: 0) == relation)
        }
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func `points on and beside the boundary are judged as exact arithmetic does`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let centre = Position<WGS84>(
            longitude: .random(in: 2...60, using: &generator), latitude: .random(in: 3...60, using: &generator))
        let exterior = star(around: centre, degrees: 1, vertices: 200, &generator)
        let hole = star(around: centre, degrees: 0.39, vertices: 60, &generator)
        let polygon = Polygon(exterior: exterior, holes: [hole])
        let prepared = try PreparedArea(Area([polygon]))
        let exact = ExactPolygon(polygon)
        var contradictions: [Position<WGS84>] = []
        for ring in polygon.rings {
            for (from, to) in zip(ring.positions, ring.positions.dropFirst()) {
                let edge = Edge(from: from, to: to)
                for along in [0, 0.5, Double.random(in: 0...1, using: &generator)] {
                    let on = edge.position(at: along)
                    for x in [on.longitude.nextDown, on.longitude, on.longitude.nextUp] {
                        for y in [on.latitude.nextDown, on.latitude, on.latitude.nextUp] {
                            let position = Position<WGS84>(longitude: x, latitude: y)
                            if try prepared.contains(position) != exact.contains(position) {
                                contradictions.append(position)
                            }
                        }
                    }
                }
            }
        }
        #expect(contradictions.isEmpty)
    }

    @Test func `a position that is no position is an error, never outside`() throws {
        let prepared = try PreparedArea(area(square(2, 48, 3, 49)))
        for (longitude, latitude) in [(Double.nan, 48.0), (2, .infinity), (200, 48), (2, 91)] {
            let position = Position<WGS84>(longitude: longitude, latitude: latitude)
            #expect(
                fault { _ = try prepared.relation(toPointAt: position, uncertaintyMetres: 0) }?.code == .badCoordinate)
            #expect(
                fault { _ = try prepared.relation(toPointAt: position, uncertaintyMetres: 9) }?.code == .badCoordinate)
        }
        for uncertainty in [-1, .nan, Double.infinity] {
            #expect(
                fault { _ = try prepared.relation(toPointAt: Self.paris, uncertaintyMetres: uncertainty) }?.code
                    == .badUncertainty)
        }
        #expect(fault { _ = try PreparedArea(Area([])) }?.code == .empty)
    }

    // MARK: Discs

    /// The least geodesic distance to the boundary, by steps along every edge: slow and plain.
    private func boundaryDistance(_ area: Area<WGS84>, _ position: Position<WGS84>) -> Double {
        var best = Double.infinity
        for ring in area.polygons.flatMap(\.rings) {
            for (from, to) in zip(ring.positions, ring.positions.dropFirst()) {
                let edge = Edge(from: from, to: to)
                // Two rounds of steps, the second around the best of the first.
                var (low, high) = (0.0, 1.0)
                for _ in 0..<2 {
                    let steps = (0...100).map { low + (high - low) * Double($0) / 100 }
                    let metres = steps.map { Ellipsoid.distanceMetres(position, edge.position(at: $0)) }
                    let least = metres.indices.min { metres[$0] < metres[$1] } ?? 0
                    best = min(best, metres[least])
                    (low, high) = (steps[max(0, least - 1)], steps[min(100, least + 1)])
                }
            }
        }
        return best
    }

    @Test(arguments: [14.6, 43.3, 48.9, 50.6, -21.1, 0.5, 66, -49.3])
    func `a disc is judged by the distance on the ground`(latitude: Double) throws {
        var generator = SeededGenerator(seed: UInt64(abs(latitude) * 10))
        for scale in [0.002, 0.05, 1.5] {
            let centre = Position<WGS84>(longitude: 5, latitude: latitude)
            let area = area(star(around: centre, degrees: scale, vertices: 12, &generator))
            let prepared = try PreparedArea(area)
            for _ in 0..<10 {
                let position = Position<WGS84>(
                    longitude: 5 + .random(in: -1.5...1.5, using: &generator) * scale,
                    latitude: latitude + .random(in: -1.5...1.5, using: &generator) * scale)
                let metres = boundaryDistance(area, position)
                let alone: Relation = try prepared.contains(position) ? .within : .outside
                // The oracle's steps overestimate by a little.
                #expect(try prepared.relation(toPointAt: position, uncertaintyMetres: metres) == .touches)
                #expect(try prepared.relation(toPointAt: position, uncertaintyMetres: metres * 1.3) == .touches)
                #expect(try prepared.relation(toPointAt: position, uncertaintyMetres: metres * 0.9999 - 0.001) == alone)
                let distance = try prepared.distance(from: position)
                #expect(abs(distance.metres - metres) <= metres * 0.0001 + 0.001)
                #expect(distance.isInside == (alone == .within))
            }
        }
    }

    @Test func `more uncertainty never turns touching into outside, nor into within`() throws {
        var generator = SeededGenerator(seed: 42)
        let area = area(star(around: Self.paris, degrees: 0.3, vertices: 80, &generator))
        let prepared = try PreparedArea(area)
        for _ in 0..<300 {
            let position = Position<WGS84>(
                longitude: 2.35 + .random(in: -0.5...0.5, using: &generator),
                latitude: 48.85 + .random(in: -0.5...0.5, using: &generator))
            var touched = false
            for uncertainty in [0.0, 0.01, 1, 30, 150, 800, 3000, 12_000, 50_000, 200_000, 2_000_000] {
                let relation = try prepared.relation(toPointAt: position, uncertaintyMetres: uncertainty)
                if touched { #expect(relation == .touches) }
                if relation == .touches { touched = true }
            }
            #expect(touched)
        }
    }

    @Test func `a disc that holds the whole area touches it`() throws {
        let prepared = try PreparedArea(area(square(2.34, 48.84, 2.36, 48.86)))
        #expect(try prepared.relation(toPointAt: Self.paris, uncertaintyMetres: 50_000) == .touches)
        let away = Position<WGS84>(longitude: 2.6, latitude: 48.85)
        #expect(try prepared.relation(toPointAt: away, uncertaintyMetres: 50_000) == .touches)
        #expect(try prepared.relation(toPointAt: away, uncertaintyMetres: 17_000) == .outside)
    }

    @Test func `an edge that two polygons share is no boundary`() throws {
        let both = Area(area(square(2, 48, 3, 49)).polygons + area(square(3, 48, 4, 49)).polygons)
        let seam = Position<WGS84>(longitude: 3, latitude: 48.5)
        #expect(try PreparedArea(both).relation(toPointAt: seam, uncertaintyMetres: 1000) == .within)
        #expect(
            try PreparedArea(area(square(2, 48, 3, 49))).relation(toPointAt: seam, uncertaintyMetres: 1000) == .touches)
        let overlapping = Area(area(square(2, 48, 3, 49)).polygons + area(square(2.9, 48, 4, 49)).polygons)
        #expect(try PreparedArea(overlapping).relation(toPointAt: seam, uncertaintyMetres: 1000) == .within)
        let distance = try PreparedArea(both).distance(from: Position(longitude: 3.9, latitude: 48.5))
        #expect(distance.polygon == 2)
        #expect(distance.ring == 1)
    }

    @Test func `a disc in a hole touches its edge only when it reaches it`() throws {
        let prepared = try PreparedArea(area(square(2, 48, 3, 49), square(2.3, 48.8, 2.4, 48.9)))
        #expect(try prepared.relation(toPointAt: Self.paris, uncertaintyMetres: 1000) == .outside)
        #expect(try prepared.relation(toPointAt: Self.paris, uncertaintyMetres: 4000) == .touches)
        #expect(try prepared.distance(from: Self.paris).ring == 2)
    }

    @Test func `a disc reaches over the antimeridian`() throws {
        let prepared = try PreparedArea(area(square(179, -17, 180, -16)))
        let east = Position<WGS84>(longitude: -179.99, latitude: -16.5)
        #expect(try prepared.relation(toPointAt: east, uncertaintyMetres: 1000) == .outside)
        #expect(try prepared.relation(toPointAt: east, uncertaintyMetres: 1100) == .touches)
    }

    // MARK: Extents

    @Test func `an extent covered is within, one that shares a point touches`() throws {
        let zone = Area(area(square(2, 48, 3, 49)).polygons + area(square(3, 48, 4, 49)).polygons)
        let prepared = try PreparedArea(zone)
        #expect(try prepared.relation(to: area(square(2.5, 48.2, 3.5, 48.8))) == .within)
        #expect(try prepared.relation(to: zone) == .within)
        #expect(try prepared.relation(to: area(square(3.5, 48.2, 4.5, 48.8))) == .touches)
        #expect(try prepared.relation(to: area(square(4, 49, 5, 50))) == .touches)
        #expect(try prepared.relation(to: area(square(1, 47, 6, 50))) == .touches)
        #expect(try prepared.relation(to: area(square(4.000001, 48, 5, 49))) == .outside)
        let holed = try PreparedArea(area(square(2, 48, 4, 49), square(2.5, 48.2, 3.5, 48.8)))
        #expect(try holed.relation(to: area(square(2.6, 48.3, 3.4, 48.7))) == .outside)
        #expect(try holed.relation(to: area(square(2.5, 48.2, 3.5, 48.8))) == .touches)
    }

    @Test func `an invalid extent is repaired, an empty one refused`() throws {
        let prepared = try PreparedArea(area(square(2, 48, 3, 49)))
        let bowTie = area(ring([(2.1, 48.1), (2.2, 48.2), (2.2, 48.1), (2.1, 48.2)]))
        #expect(try prepared.relation(to: bowTie) == .within)
        #expect(fault { _ = try prepared.relation(to: Area([])) }?.code == .empty)
    }

    // MARK: Real places

    @Test(
        .enabled(if: TestGeodata.isExpected, TestGeodata.skipReason),
        arguments: [
            ("n_perimetre_pprn_20120001_s_076", "cog2018", ["cog2018/76-seine-maritime"]),
            ("n_perimetre_pprn_20120001_s_076", "cog2024", ["cog2024/76"])
        ])
    func `the communes that a real perimeter touches are those of an independent GIS`(
        name: String, vintage: String, files: [String]
    ) throws {
        let zone = try perimeter(name)
        let prepared = try PreparedArea(zone)
        let rows = try String(contentsOf: TestGeodata.file("oracles/\(name).\(vintage).csv"), encoding: .utf8)
            .split(whereSeparator: \.isNewline).dropFirst().map { $0.split(separator: ",") }
        var expected: [String: Double] = [:]
        for row in rows where row.count >= 5 { expected[String(row[0])] = Double(row[row.count - 3]) }
        var touched: Set<String> = []
        for file in files {
            for feature in try features("communes/\(file).geojson.gz") {
                // Delegated and associated communes lie within their commune.
                guard feature.properties["type"]?.text ?? "COM" == "COM" else { continue }
                let code = try #require(feature.properties["code"]?.text)
                let commune = try Repair.repaired(#require(feature.area)).area
                guard try prepared.relation(to: commune) > .outside else {
                    #expect(expected[code] == nil || expected[code] == 0, "\(code) is missing")
                    continue
                }
                touched.insert(code)
                let metres = SurfaceArea.squareMetres(of: try Overlay.intersection(zone, commune))
                let oracle = try #require(expected[code], "\(code) is too many")
                #expect(abs(metres - oracle) <= max(oracle * 0.005, 20), "\(code): \(metres), \(oracle)")
            }
        }
        #expect(touched == Set(expected.keys))
    }

    @Test(.enabled(if: TestGeodata.isExpected, TestGeodata.skipReason))
    func `a department's communes together hold every disc away from its border`() throws {
        let communes = try features("communes/cog2018/80-somme.geojson.gz").compactMap(\.area)
        let prepared = try PreparedArea(Area(communes.flatMap(\.polygons)))
        // Amiens' town hall, 20 km from any other department.
        let amiens = Position<WGS84>(longitude: 2.2957, latitude: 49.8941)
        #expect(try prepared.relation(toPointAt: amiens, uncertaintyMetres: 15_000) == .within)
        #expect(try prepared.relation(toPointAt: amiens, uncertaintyMetres: 40_000) == .touches)
        #expect(abs(try prepared.areaSquareMetres() / 6_170e6 - 1) < 0.02)
    }
}
