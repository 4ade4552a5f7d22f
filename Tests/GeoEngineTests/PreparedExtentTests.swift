import Foundation
import GeoModel
import TestSupport
import Testing

@testable import GeoEngine

/// Surfaces and discs by the index against GEOS, which prepares each zone of its own.
@Suite struct PreparedExtentTests {
    /// Polygons on a coarse grid, so that vertices fall on edges and edges on edges.
    private func onGrid(_ generator: inout SeededGenerator, polygons: Int, cells: Int) -> Area<WGS84>? {
        func place() -> (Double, Double) {
            (2 + Double(Int.random(in: 0...cells, using: &generator)) / 64, 49 + Double(Int.random(in: 0...cells, using: &generator)) / 64)
        }
        var made: [Polygon<WGS84>] = []
        while made.count < polygons {
            let centre = place()
            let corners = (0..<Int.random(in: 3...9, using: &generator)).map { _ in place() }
                .sorted { atan2($0.1 - centre.1, $0.0 - centre.0) < atan2($1.1 - centre.1, $1.0 - centre.0) }
            var rings = [ring(corners)]
            if Bool.random(using: &generator) {
                let (x, y) = place()
                rings.append(square(x, y, x + 1.0 / 64, y + 1.0 / 64))
            }
            let polygon = Polygon(exterior: rings[0], holes: Array(rings.dropFirst()))
            if (try? Validity.check(Area([polygon]))) != nil { made.append(polygon) }
        }
        return Area(made)
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func `surfaces that share vertices and edges with a zone lie to it as GEOS says`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var told = 0, asked = 0, wrong = 0
        for _ in 0..<60 {
            let zone = try #require(onGrid(&generator, polygons: .random(in: 1...3, using: &generator), cells: 8))
            let index = try #require(ZoneIndex(validArea: zone))
            let prepared = try PreparedArea(zone)
            var extents = try (0..<12).map { _ in
                try #require(onGrid(&generator, polygons: .random(in: 1...2, using: &generator), cells: 8))
            }
            // The zone itself, its shell, its hole.
            extents += [zone, Area([Polygon(exterior: zone.polygons[0].exterior)])]
            if let hole = zone.polygons[0].holes.first { extents.append(Area([Polygon(exterior: hole)])) }
            for extent in extents {
                asked += 1
                guard let relation = index.relation(to: try PreparedExtent(extent)) else { continue }
                told += 1
                if try relation != Self.exactly(zone, prepared, extent) { wrong += 1 }
            }
        }
        #expect(wrong == 0)
        #expect(told > asked * 3 / 4)
    }

    /// GEOS's answer; but what one polygon holds by itself is within, though the union's crossings, rounded, may miss it.
    private static func exactly(
        _ zone: Area<WGS84>, _ prepared: PreparedArea, _ extent: Area<WGS84>
    ) throws -> Relation {
        let polygons = try zone.polygons.map { try PreparedArea(Area([$0])) }
        let isHeld = try extent.polygons.allSatisfy { part in
            try polygons.contains { try $0.relation(to: Area([part])) == .within }
        }
        return isHeld ? .within : try prepared.relation(to: extent)
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `rough surfaces lie to rough zones with holes as GEOS says`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var untold = 0, asked = 0
        for _ in 0..<20 {
            let zone = area(
                star(around: Position(longitude: 2, latitude: 49), degrees: 1, vertices: 80, &generator),
                star(around: Position(longitude: 2, latitude: 49), degrees: 0.39, vertices: 20, &generator))
            let index = try #require(ZoneIndex(validArea: zone))
            let prepared = try PreparedArea(zone)
            for _ in 0..<60 {
                let centre = Position<WGS84>(
                    longitude: .random(in: 0.9...3.1, using: &generator), latitude: .random(in: 47.9...50.1, using: &generator))
                let degrees = [0.01, 0.05, 0.2, 0.6].randomElement(using: &generator)!
                let extent = area(star(around: centre, degrees: degrees, vertices: 30, &generator))
                asked += 1
                guard let relation = index.relation(to: try PreparedExtent(extent)) else {
                    untold += 1
                    continue
                }
                #expect(try relation == prepared.relation(to: extent))
            }
        }
        #expect(untold == 0, "of \(asked)")
    }

    @Test(.enabled(if: TestGeodata.isExpected, TestGeodata.skipReason))
    func `communes lie to risk plans, to each other and to circles as GEOS and the ellipsoid say`() throws {
        let all = try features("communes/cog2018/80-somme.geojson.gz")
        let communes = Array(all.compactMap(\.area).prefix(240))
        let extents = try communes.map { try PreparedExtent($0) }
        var untold = 0, asked = 0
        for zone in communes.prefix(40) {
            guard let index = ZoneIndex(validArea: zone) else { continue }
            let prepared = try PreparedArea(zone)
            for (commune, extent) in zip(communes, extents) {
                asked += 1
                guard let relation = index.relation(to: extent) else {
                    untold += 1
                    continue
                }
                #expect(try relation == prepared.relation(to: commune))
            }
        }
        // The zone drawn from neighbours: only their union could tell of some.
        #expect(untold < asked / 50, "\(untold) of \(asked)")
        for metres in [500.0, 5000, 20_000] {
            let circle = try GeodesicCircle(centre: Position(longitude: 2.3, latitude: 49.9), radiusMetres: metres)
            let index = try #require(ZoneIndex(circle))
            for (commune, extent) in zip(communes, extents) {
                guard let relation = index.relation(to: extent) else { continue }
                #expect(try relation == circle.relation(to: commune))
            }
        }
    }

    // MARK: Discs

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `discs at the edge of a zone are judged as by geodesic distance to its boundary`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let centre = Position<WGS84>(longitude: 2, latitude: 49)
        let zone = area(
            star(around: centre, degrees: 0.1, vertices: 200, &generator),
            star(around: centre, degrees: 0.03, vertices: 30, &generator))
        let parts = Area(
            zone.polygons + [Polygon(exterior: square(2.09, 48.95, 2.2, 49.05)), Polygon(exterior: square(2.2, 48.95, 2.3, 49.05))])
        for zone in [zone, parts] {
            let index = try #require(ZoneIndex(validArea: zone))
            let prepared = try PreparedArea(zone)
            var told = 0
            for _ in 0..<300 {
                let position = Position<WGS84>(
                    longitude: .random(in: 1.85...2.35, using: &generator), latitude: .random(in: 48.85...49.15, using: &generator))
                let metres = [0, 0.5, 40, 900, 4000].randomElement(using: &generator)!
                    * Double.random(in: 0.5...1, using: &generator)
                guard let relation = index.relation(toPointAt: position, uncertaintyMetres: metres) else { continue }
                told += 1
                #expect(try relation == prepared.relation(toPointAt: position, uncertaintyMetres: metres))
            }
            #expect(told > (zone.polygons.count == 1 ? 299 : 200))
        }
    }

    @Test func `a disc that just touches the boundary, and one a micrometre shorter, are told apart`() throws {
        let zone = area(square(2, 49, 2.1, 49.1))
        let index = try #require(ZoneIndex(validArea: zone)), prepared = try PreparedArea(zone)
        let position = Position<WGS84>(longitude: 2.05, latitude: 49.103)
        let metres = try prepared.distance(from: position).metres
        for uncertainty in [metres - 0.5, metres - 1e-5, metres + 1e-5, metres + 0.5] {
            let relation = index.relation(toPointAt: position, uncertaintyMetres: uncertainty)
            #expect(relation == (uncertainty > metres ? .touches : .outside))
            #expect(try relation == prepared.relation(toPointAt: position, uncertaintyMetres: uncertainty))
        }
    }

    @Test(arguments: 0..<3 as Range<UInt64>)
    func `places within a margin are judged as a widened area judges them`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let centre = Position<WGS84>(longitude: 2, latitude: 49)
        let zone = area(
            star(around: centre, degrees: 0.05, vertices: 60, &generator),
            star(around: centre, degrees: 0.015, vertices: 12, &generator))
        let index = try #require(ZoneIndex(validArea: zone))
        for margin in [1.0, 120, 2500] {
            let widened = try WidenedArea(zone, metres: margin)
            for _ in 0..<150 {
                let position = Position<WGS84>(
                    longitude: .random(in: 1.9...2.1, using: &generator), latitude: .random(in: 48.92...49.08, using: &generator))
                let metres: Double = [0, 50, 120, 3000].randomElement(using: &generator)!
                let relation = index.relation(toPointAt: position, uncertaintyMetres: metres, marginMetres: margin)
                let expected = try widened.relation(toPointAt: position, uncertaintyMetres: metres)
                #expect(relation == expected)
                let cell = BoundingBox<WGS84>(
                    west: position.longitude - 4e-8, south: position.latitude - 2e-8, east: position.longitude + 4e-8,
                    north: position.latitude + 2e-8)
                if metres == 0, let quick = index.relation(toCell: cell, cellMetres: 0.006, marginMetres: margin) {
                    #expect(quick == expected)
                }
            }
        }
    }
}
