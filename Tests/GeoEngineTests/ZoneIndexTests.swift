import Foundation
import GeoModel
import TestSupport
import Testing

@testable import GeoEngine

@Suite struct ZoneIndexTests {
    // MARK: Points

    @Test(arguments: 0..<6 as Range<UInt64>)
    func `points on and beside the boundary are judged as exact arithmetic does`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let centre = Position<WGS84>(
            longitude: .random(in: 2...60, using: &generator), latitude: .random(in: 3...60, using: &generator))
        let exterior = star(around: centre, degrees: 1, vertices: 200, &generator)
        let hole = star(around: centre, degrees: 0.39, vertices: 60, &generator)
        let polygon = Polygon(exterior: exterior, holes: [hole])
        let index = try #require(ZoneIndex(validArea: Area([polygon])))
        let exact = ExactPolygon(polygon)
        var contradictions = 0
        for position in Self.besideBoundary(of: polygon, &generator) {
            let isInside = exact.contains(position)
            if index.contains(position) != isInside { contradictions += 1 }
            // The box of an R*Tree's entry must not say otherwise either.
            switch index.side(of: Self.float32Box(position)) {
            case .undecided: break
            case .inside: if !isInside { contradictions += 1 }
            case .outside: if isInside { contradictions += 1 }
            }
        }
        #expect(contradictions == 0)
    }

    /// On edges, a unit in the last place beside them, and on vertices.
    private static func besideBoundary(
        of polygon: Polygon<WGS84>, _ generator: inout SeededGenerator
    ) -> [Position<WGS84>] {
        var positions: [Position<WGS84>] = []
        for ring in polygon.rings {
            for (from, to) in zip(ring.positions, ring.positions.dropFirst()) {
                for along in [0, 0.5, Double.random(in: 0...1, using: &generator)] {
                    let on = Edge(from: from, to: to).position(at: along)
                    for x in [on.longitude.nextDown, on.longitude, on.longitude.nextUp] {
                        for y in [on.latitude.nextDown, on.latitude, on.latitude.nextUp] {
                            positions.append(Position(longitude: x, latitude: y))
                        }
                    }
                }
            }
        }
        return positions
    }

    /// As SQLite's R*Tree rounds: outward.
    private static func float32Box(_ position: Position<WGS84>) -> BoundingBox<WGS84> {
        func down(_ number: Double) -> Double {
            let nearest = Float(number)
            return Double(Double(nearest) > number ? nearest.nextDown : nearest)
        }
        func up(_ number: Double) -> Double { -down(-number) }
        return BoundingBox(
            west: down(position.longitude), south: down(position.latitude), east: up(position.longitude),
            north: up(position.latitude))
    }

    @Test(arguments: 10..<16 as Range<UInt64>)
    func `areas of many parts, overlapping ones too, are judged as PreparedArea does`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let polygons = (0..<60).map { _ in
            let centre = Position<WGS84>(
                longitude: .random(in: 1...5, using: &generator), latitude: .random(in: 45...49, using: &generator))
            let size = Double.random(in: 0.01...0.5, using: &generator)
            let exterior = star(around: centre, degrees: size, vertices: .random(in: 3...80, using: &generator), &generator)
            let hole = star(around: centre, degrees: size * 0.15, vertices: 5, &generator)
            return Polygon(exterior: exterior, holes: Bool.random(using: &generator) ? [hole] : [])
        }
        let area = Area(polygons.filter { polygon in (try? Validity.check(Area([polygon]))) != nil })
        #expect(area.polygons.count > 30)
        let index = try #require(ZoneIndex(validArea: area))
        let prepared = try PreparedArea(area)
        var places = (0..<2000).map { _ in
            Position<WGS84>(
                longitude: .random(in: 0...6, using: &generator), latitude: .random(in: 44...50, using: &generator))
        }
        places += area.polygons.flatMap { $0.rings.flatMap(\.positions) }
        let contradictions = try places.filter { try index.contains($0) != prepared.contains($0) }
        #expect(contradictions.isEmpty)
        try expectBoxesAreRight(index, &generator) { try prepared.contains($0) }
    }

    /// Boxes of all sizes about the zone, each checked at places of it.
    private func expectBoxesAreRight(
        _ index: ZoneIndex, _ generator: inout SeededGenerator, _ contains: (Position<WGS84>) throws -> Bool
    ) throws {
        var decided = 0
        for _ in 0..<1500 {
            let zone = index.boundingBox
            let size = pow(10, Double.random(in: -7...0, using: &generator)) * (zone.east - zone.west)
            let west = Double.random(in: (zone.west - size)...zone.east, using: &generator)
            let south = Double.random(in: (zone.south - size)...zone.north, using: &generator)
            let box = BoundingBox<WGS84>(
                west: west, south: south, east: west + size * .random(in: 0...1, using: &generator),
                north: south + size * .random(in: 0...1, using: &generator))
            let side = index.side(of: box)
            guard side != .undecided else { continue }
            decided += 1
            for _ in 0..<20 {
                let place = Position<WGS84>(
                    longitude: [box.west, box.east, .random(in: box.west...box.east, using: &generator)]
                        .randomElement(using: &generator)!,
                    latitude: [box.south, box.north, .random(in: box.south...box.north, using: &generator)]
                        .randomElement(using: &generator)!)
                #expect(try contains(place) == (side == .inside))
            }
        }
        #expect(decided > 300)
    }

    @Test func `areas of 20,000 vertices are judged as PreparedArea does`() throws {
        for seed in 20..<23 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let centre = Position<WGS84>(longitude: 2.3, latitude: 49.9)
            let area = area(star(around: centre, degrees: 0.3, vertices: 20_000, &generator))
            let index = try #require(ZoneIndex(validArea: area))
            let prepared = try PreparedArea(area)
            let places = (0..<5000).map { _ in
                Position<WGS84>(
                    longitude: .random(in: 2.0...2.6, using: &generator),
                    latitude: .random(in: 49.6...50.2, using: &generator))
            }
            let contradictions = try places.filter { try index.contains($0) != prepared.contains($0) }
            #expect(contradictions.isEmpty)
            try expectBoxesAreRight(index, &generator) { try prepared.contains($0) }
        }
    }

    // MARK: Circles

    @Test(arguments: 30..<42 as Range<UInt64>)
    func `circles are judged as GeodesicCircle does, at their edge too`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let radius = pow(10, Double.random(in: 0...5.6, using: &generator))
        let centre = Position<WGS84>(
            longitude: .random(in: -62...56, using: &generator), latitude: .random(in: -50...60, using: &generator))
        let circle = try GeodesicCircle(centre: centre, radiusMetres: radius)
        let index = try #require(ZoneIndex(circle))
        func contains(_ place: Position<WGS84>) throws -> Bool {
            try circle.relation(toPointAt: place, uncertaintyMetres: 0) == .within
        }
        var contradictions = 0
        for _ in 0..<2000 {
            let offset = [-2, -0.5, -1e-3, -1e-6, 0, 1e-6, 1e-5, 1e-3, 0.5, 2].randomElement(using: &generator)!
            let place = Ellipsoid.destination(
                from: centre, azimuthDegrees: .random(in: -180...180, using: &generator), metres: radius + offset)
            let isInside = try contains(place)
            if index.contains(place) != isInside { contradictions += 1 }
            let side = index.side(of: Self.float32Box(place))
            if side == (isInside ? .outside : .inside) { contradictions += 1 }
        }
        #expect(contradictions == 0)
        try expectBoxesAreRight(index, &generator, contains)
    }

    // MARK: Discs

    @Test(arguments: 50..<58 as Range<UInt64>)
    func `a box grown by the margin holds every disc that could touch the zone`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let centre = Position<WGS84>(longitude: 5.7, latitude: .random(in: -45...65, using: &generator))
        let area = area(star(around: centre, degrees: 0.1, vertices: 30, &generator))
        let prepared = try PreparedArea(area)
        let index = try #require(ZoneIndex(validArea: area))
        let metres = pow(10, Double.random(in: 0...4, using: &generator))
        let margin = try #require(index.margin(ofMetres: metres))
        var certain = 0, outside = 0
        for _ in 0..<1500 {
            let place = Position<WGS84>(
                longitude: centre.longitude + .random(in: -0.3...0.3, using: &generator),
                latitude: centre.latitude + .random(in: -0.3...0.3, using: &generator))
            let box = BoundingBox<WGS84>(
                west: place.longitude - margin.east, south: place.latitude - margin.north,
                east: place.longitude + margin.east, north: place.latitude + margin.north)
            let relation = try prepared.relation(toPointAt: place, uncertaintyMetres: metres)
            switch index.side(of: box) {
            case .undecided: break
            case .inside:
                certain += 1
                #expect(relation == .within)
            case .outside:
                outside += 1
                #expect(relation == .outside)
            }
        }
        #expect(outside > 0)
        if metres < 300 { #expect(certain > 0) }
    }

    @Test func `zones at the antimeridian, and discs that would reach it, are left to the one by one`() throws {
        #expect(ZoneIndex(try GeodesicCircle(centre: Position(longitude: 179.99, latitude: -16), radiusMetres: 5000)) == nil)
        let index = try #require(ZoneIndex(validArea: area(square(179.8, -17, 179.9, -16))))
        #expect(index.margin(ofMetres: 100) != nil)
        #expect(index.margin(ofMetres: 20_000) == nil)
        #expect(ZoneIndex(validArea: Area([])) == nil)
    }

    @Test func `a prepared area is kept, and known again by its value`() throws {
        let one = area(square(2, 48, 2.5, 48.5))
        #expect(ZoneIndex.known(one) == nil)
        let index = try #require(ZoneIndex.preparing(validArea: one))
        #expect(ZoneIndex.known(area(square(2, 48, 2.5, 48.5))) === index)
        #expect(ZoneIndex.known(area(square(2, 48, 2.5, 48.500001))) == nil)
    }
}
