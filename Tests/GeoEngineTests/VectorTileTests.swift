import GeoModel
import TestSupport
import Testing

@testable import GeoEngine

@Suite struct VectorTileTests {
    private func tile(_ areas: Area<WGS84>..., zoom: Int, x: Int, y: Int) throws -> DecodedTile? {
        let features = areas.enumerated().map { index, area in
            VectorTileFeature(id: UInt64(index + 1), attributes: JSONObject(), area: area)
        }
        return try VectorTile.encode(layer: "zones", features: features, tile: TileAddress(zoom: zoom, x: x, y: y))
            .map { try DecodedTile($0) }
    }

    @Test func `a tile knows the ground it shows`() throws {
        // Paris at zoom 10.
        let bounds = try TileAddress(zoom: 10, x: 518, y: 352).bounds
        #expect(bounds.contains(Position(longitude: 2.35, latitude: 48.85)))
        #expect(abs(bounds.west - 2.109_375) < 1e-12)
        #expect(abs(bounds.north - 48.922_499) < 1e-6)
        #expect(abs(try TileAddress(zoom: 0, x: 0, y: 0).bounds.north - 85.051_128_78) < 1e-8)
    }

    @Test(arguments: [(-1, 0, 0), (23, 0, 0), (3, 8, 0), (3, 0, 8), (3, -1, 0), (.max, 0, 0)])
    func `an address outside the pyramid is refused`(zoom: Int, x: Int, y: Int) {
        #expect(fault { _ = try TileAddress(zoom: zoom, x: x, y: y) }?.code == .badTile)
    }

    @Test func `attributes of each kind are kept, others left out`() throws {
        let attributes = JSONObject([
            .init(key: "nom", value: "L'Étoile"), .init(key: "population", value: 1183),
            .init(key: "delta", value: -12),
            .init(key: "share", value: 0.25), .init(key: "chef", value: true), .init(key: "none", value: nil)
        ])
        let features = [1, 2].map {
            VectorTileFeature(id: $0, attributes: attributes, area: area(square(2, 48, 3, 49)))
        }
        let bytes = try #require(
            try VectorTile.encode(layer: "communes", features: features, tile: TileAddress(zoom: 6, x: 32, y: 22)))
        let tile = try DecodedTile(bytes)
        #expect(tile.name == "communes")
        #expect(tile.version == 2)
        #expect(tile.extent == 4096)
        #expect(tile.features.map(\.id) == [1, 2])
        for feature in tile.features {
            #expect(
                feature.attributes == ["nom": "L'Étoile", "population": 1183, "delta": -12, "share": 0.25, "chef": true]
            )
        }
    }

    @Test func `exteriors wind one way, holes the other, whatever they came as`() throws {
        let hole = square(2.2, 48.2, 2.4, 48.4)
        for exterior in [square(2, 48, 3, 49), Ring(square(2, 48, 3, 49).positions.reversed())] {
            for hole in [hole, Ring(hole.positions.reversed())] {
                let tile = try #require(try tile(area(exterior, hole), zoom: 6, x: 32, y: 22))
                let rings = tile.features[0].rings
                #expect(rings.count == 2)
                #expect(DecodedTile.Feature.area(rings[0]) > 0)
                #expect(DecodedTile.Feature.area(rings[1]) < 0)
            }
        }
    }

    @Test func `a corner is where Web Mercator puts it`() throws {
        let tile = try #require(try tile(area(square(2.8125, 40, 5, 48.922499263758)), zoom: 7, x: 65, y: 44))
        let ring = try #require(tile.features.first?.rings.first)
        #expect(ring.map(\.x).min() == 0)
        #expect(ring.map(\.y).min() == 0)
        #expect(ring.map(\.x).max() == Int(((5 - 2.8125) / 2.8125 * 4096).rounded()))
        #expect(ring.map(\.y).max() == 4096 + 64)
    }

    @Test func `what lies outside is left out, what crosses is cut at the buffer`() throws {
        #expect(try tile(area(square(2, 48, 3, 49)), zoom: 10, x: 0, y: 0) == nil)
        #expect(try tile(zoom: 0, x: 0, y: 0) == nil)
        let tile = try #require(
            try tile(area(square(-170, -80, 170, 80)), area(square(100, 0, 101, 1)), zoom: 12, x: 2075, y: 1409))
        #expect(tile.features.count == 1)
        let ring = tile.features[0].rings[0]
        #expect(Set(ring.map(\.x)) == [-64, 4160])
        #expect(Set(ring.map(\.y)) == [-64, 4160])
    }

    @Test func `an area in two parts stays in two parts`() throws {
        let both = Area(area(square(2, 48, 2.1, 48.1)).polygons + area(square(2.5, 48.5, 2.6, 48.6)).polygons)
        let tile = try #require(try tile(both, zoom: 6, x: 32, y: 22))
        #expect(tile.features[0].rings.count == 2)
        #expect(tile.features[0].rings.allSatisfy { DecodedTile.Feature.area($0) > 0 })
    }

    @Test func `a polygon too small for its shape stays in sight`() throws {
        let tile = try #require(try tile(area(square(2.35, 48.85, 2.3501, 48.8501)), zoom: 2, x: 2, y: 1))
        #expect(DecodedTile.Feature.area(tile.features[0].rings[0]) == 16)
    }

    @Test func `simplification moves a boundary by a unit at most`() throws {
        var generator = SeededGenerator(seed: 1)
        let rough = star(around: Position(longitude: 2.35, latitude: 48.85), degrees: 0.1, vertices: 800, &generator)
        let address = try TileAddress(zoom: 10, x: 518, y: 352)
        let tile = try #require(try tile(area(rough), zoom: 10, x: 518, y: 352))
        let ring = tile.features[0].rings[0]
        var furthest = 0.0
        for position in rough.positions {
            let units = address.units(of: position, extent: 4096)
            guard (0...4096).contains(units.east), (0...4096).contains(units.north) else { continue }
            let nearest = zip(ring, ring.dropFirst()).map { from, to in
                let edge = Edge(
                    from: Position(longitude: Double(from.x), latitude: Double(from.y)),
                    to: Position(longitude: Double(to.x), latitude: Double(to.y)))
                let point = Position<WGS84>(longitude: units.east, latitude: units.north)
                return edge.distance(at: edge.parameter(nearestTo: point, .degrees), from: point, .degrees)
            }.min()
            furthest = max(furthest, try #require(nearest))
        }
        #expect((0.1...1.25).contains(furthest))
    }

    @Test func `an invalid polygon is repaired to be cut, one without numbers refused`() throws {
        let bowTie = area(ring([(2, 48), (3, 49), (3, 48), (2, 49)]))
        for (zoom, x, y) in [(6, 32, 22), (9, 259, 176), (12, 2075, 1409)] {
            #expect(throws: Never.self) { try tile(bowTie, zoom: zoom, x: x, y: y) }
        }
        #expect(
            fault { _ = try tile(area(ring([(2, 48), (.nan, 49), (3, 48)])), zoom: 6, x: 32, y: 22) }?.code
                == .badCoordinate)
    }

    @Test(.enabled(if: TestGeodata.isExpected, TestGeodata.skipReason))
    func `every commune of the Somme is drawn in the one tile that holds them`() throws {
        let communes = try features("communes/cog2018/80-somme.geojson.gz").enumerated().map { index, feature in
            VectorTileFeature(id: UInt64(index), attributes: feature.properties, area: try #require(feature.area))
        }
        let bytes = try #require(
            try VectorTile.encode(layer: "communes", features: communes, tile: TileAddress(zoom: 5, x: 16, y: 10)))
        let tile = try DecodedTile(bytes)
        #expect(tile.features.count == communes.count)
        for feature in tile.features { #expect(DecodedTile.Feature.area(try #require(feature.rings.first)) > 0) }
        #expect(bytes.count < 200_000)
    }
}
