import GeoEngine
import GeoModel
import Store

/// Draws the low zooms of the map of communes once, after an import, so that a whole country shows at once.
///
/// For drawing only: nobody is ever selected by what is simplified here.
package enum AtlasDrawing {
    /// Brings the atlas up to date: reads under a read transaction, then writes the tiles in one short one.
    /// - Returns: the number of tiles drawn; nil when the communes it shows have not changed.
    @discardableResult
    package static func draw(in database: AlertDatabase) throws -> Int? {
        let state = try database.atlasState()
        guard !state.isDrawn else {
            try database.replaceAtlas(state, tiles: nil)
            return nil
        }
        var atlas = try TileAtlas(layer: CommuneTileFeature.layer)
        try database.readBoundaries { boundaries in
            try boundaries.forEach { commune in
                if let feature = VectorTileFeature(commune) { try atlas.add(feature) }
            }
        }
        var tiles: [(zoom: Int, column: Int, row: Int, bytes: [UInt8])] = []
        for (tile, bytes) in atlas.tiles {
            guard let zipped = Deflater.gzip(bytes) else { throw AtlasError.outOfMemory }
            tiles.append((tile.zoom, tile.x, tile.y, zipped))
        }
        try database.replaceAtlas(state, tiles: tiles)
        return tiles.count
    }
}

/// Why no atlas was drawn. The map is then drawn from the boundaries, more slowly.
package enum AtlasError: Error, CustomStringConvertible {
    case outOfMemory

    package var description: String { "there is not enough memory to compress the tiles of the map" }
}

/// How a commune appears in a vector tile, prepared or drawn when asked for.
package enum CommuneTileFeature {
    /// The one layer of the tiles.
    package static let layer = "communes"
}

extension VectorTileFeature {
    /// Nil for a commune without a boundary.
    package init?(_ commune: Commune) {
        guard let boundary = commune.boundary else { return nil }
        self.init(
            id: nil,
            attributes: JSONObject([
                .init(key: "code", value: .string(commune.code.rawValue)),
                .init(key: "nom", value: .string(commune.name)),
                .init(key: "population", value: commune.population.map { .number(Double($0)) } ?? .null),
            ]),
            area: boundary)
    }
}
