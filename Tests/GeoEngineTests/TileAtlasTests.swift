import GeoModel
import TestSupport
import Testing

@testable import GeoEngine

@Suite struct TileAtlasTests {
    private func feature(_ area: Area<WGS84>, _ code: String = "80021") -> VectorTileFeature {
        VectorTileFeature(
            id: nil, attributes: JSONObject([.init(key: "code", value: .string(code))]), area: area)
    }

    private func tiles(_ areas: Area<WGS84>...) throws -> [TileAddress: DecodedTile] {
        var atlas = try TileAtlas(layer: "communes")
        for (index, area) in areas.enumerated() { try atlas.add(feature(area, "8000\(index)")) }
        return Dictionary(uniqueKeysWithValues: try atlas.tiles.map { ($0.tile, try DecodedTile($0.bytes)) })
    }

    @Test func `a surface is on every tile that shows it, and on no other`() throws {
        // Across the corner of four tiles of zoom 9, well inside one of zoom 5.
        let corner = try TileAddress(zoom: 9, x: 259, y: 178).bounds
        let area = area(square(corner.west - 0.05, corner.north - 0.05, corner.west + 0.05, corner.north + 0.05))
        let found = try tiles(area)
        #expect(found.keys.filter { $0.zoom == 9 }.count == 4)
        #expect(found.keys.filter { $0.zoom == 5 }.count == 1)
        for zoom in TileAtlas.zooms {
            for x in 0..<(1 << zoom) where zoom < 8 {
                for y in 0..<(1 << zoom) {
                    let tile = try TileAddress(zoom: zoom, x: x, y: y)
                    let alone = try VectorTile.encode(layer: "communes", features: [feature(area)], tile: tile)
                    #expect((alone == nil) == (found[tile] == nil), "\(zoom)/\(x)/\(y)")
                }
            }
        }
    }

    @Test func `a commune too small to show is a dot on the one tile that holds it`() throws {
        let found = try tiles(area(square(2.3, 48.3, 2.30001, 48.30001)))
        for zoom in TileAtlas.zooms { #expect(found.keys.filter { $0.zoom == zoom }.count == 1, "\(zoom)") }
    }

    @Test func `order, names and holes are kept`() throws {
        let shell = area(square(2, 48, 2.6, 48.4), square(2.2, 48.1, 2.4, 48.3))
        let tile = try #require(try tiles(shell, area(square(2.2, 48.1, 2.4, 48.3)))[TileAddress(zoom: 7, x: 64, y: 44)])
        #expect(tile.features.map { $0.attributes["code"] } == ["80000", "80001"])
        #expect(tile.features[0].rings.count == 2)
        #expect(DecodedTile.Feature.area(tile.features[0].rings[0]) > 0)
        #expect(DecodedTile.Feature.area(tile.features[0].rings[1]) < 0)
    }

    /// The surface drawn differs by less than a unit and a half (a fifth of a pixel) all along the outline.
    @Test(arguments: [7, 8, 9] as [UInt64])
    func `what is drawn lies where a tile drawn alone has it`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let area = area(star(around: Position(longitude: 2.2, latitude: 48.1), degrees: 0.5, vertices: 200, &generator))
        for (tile, drawn) in try tiles(area) {
            let bytes = try #require(try VectorTile.encode(layer: "communes", features: [feature(area)], tile: tile))
            let alone = try DecodedTile(bytes)
            #expect(abs(surface(drawn) - surface(alone)) < 1.5 * outline(alone) + 20, "\(tile), seed \(seed)")
        }
    }

    private func surface(_ tile: DecodedTile) -> Double {
        tile.features.flatMap(\.rings).reduce(0) { $0 + Double(DecodedTile.Feature.area($1)) }
    }

    private func outline(_ tile: DecodedTile) -> Double {
        tile.features.flatMap(\.rings).reduce(0) { sum, ring in
            zip(ring, ring.dropFirst()).reduce(sum) { sum, edge in
                let x = Double(edge.1.x - edge.0.x), y = Double(edge.1.y - edge.0.y)
                return sum + (x * x + y * y).squareRoot()
            }
        }
    }

    @Test func `a coordinate that is no number is refused`() throws {
        var atlas = try TileAtlas(layer: "communes")
        let bad = Ring<WGS84>([
            Position(longitude: .nan, latitude: 48), Position(longitude: 2, latitude: 48),
            Position(longitude: 2, latitude: 49), Position(longitude: .nan, latitude: 48),
        ])
        #expect(fault { try atlas.add(feature(area(bad))) }?.code == .badCoordinate)
    }
}
