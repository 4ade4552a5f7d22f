import Foundation
import GRDB
import GeoModel

/// A tile of the map as the atlas has it.
package enum AtlasTile: Sendable, Equatable {
    /// A gzipped vector tile.
    case drawn([UInt8])
    /// No commune touches the tile.
    case empty
    /// There is no atlas of the communes as they are now: draw the tile from the boundaries.
    case outOfDate
}

/// What an atlas would be drawn from.
package struct AtlasState: Sendable, Equatable {
    /// As `AlertDatabase.communesVersion()`.
    package let version: Int
    package let contentHash: Data
    /// Whether the atlas there is shows exactly these communes.
    package let isDrawn: Bool
}

extension AlertDatabase {
    /// A tile of one of the atlas's zooms, and the version of the communes it shows.
    package func atlasTile(zoom: Int, column: Int, row: Int) throws -> (tile: AtlasTile, version: Int) {
        try pool.read { database in
            let version = try database.communesVersion()
            guard try Int.fetchOne(
                database.cachedStatement(sql: "SELECT dataset_id FROM atlas WHERE id = 1")) == version
            else { return (.outOfDate, version) }
            let bytes = try Data.fetchOne(
                database.cachedStatement(sql: """
                    SELECT tile FROM atlas_tiles WHERE zoom = ? AND column_number = ? AND row_number = ?
                    """), arguments: [zoom, column, row])
            return (bytes.map { .drawn(Array($0)) } ?? .empty, version)
        }
    }

    /// The way an atlas is drawn, part of its hash: another number draws those of before again at the next import.
    private static let atlasDrawing = "2"

    /// What an atlas drawn now would show.
    package func atlasState() throws -> AtlasState {
        try pool.read { database in
            var hash = ContentHash()
            hash.add(Self.atlasDrawing)
            // What a tile tells of a commune, which code tables may change,
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT code, name, CAST(ifnull(population, (
                        SELECT population FROM commune_figures WHERE commune_figures.code = current_communes.code)) AS TEXT)
                    FROM current_communes ORDER BY code
                    """)
            while let row = try rows.next() {
                hash.add(fields: [row[0], row[1], row[2]])
            }
            // and the boundaries it is drawn from: of an older vintage where today's are not loaded.
            let grounds = try Row.fetchCursor(
                database,
                sql: """
                    SELECT commune_grounds.code, content_hash FROM commune_grounds JOIN communes ON id = commune_id
                    WHERE commune_grounds.code IN (SELECT code FROM current_communes)
                    ORDER BY commune_grounds.code, vintage, kind, communes.code
                    """)
            while let row = try grounds.next() {
                hash.add(row[0] as String)
                hash.add(bytes: Array(row[1] as Data))
            }
            let content = hash.finish()
            let drawn = try Data.fetchOne(database, sql: "SELECT content_hash FROM atlas WHERE id = 1")
            return AtlasState(
                version: try database.communesVersion(), contentHash: content, isDrawn: drawn == content)
        }
    }

    /// Puts an atlas in the place of the one there was, in one transaction.
    /// - Parameter tiles: gzipped; nil when those there are show the same communes already.
    package func replaceAtlas(
        _ state: AtlasState, tiles: [(zoom: Int, column: Int, row: Int, bytes: [UInt8])]?
    ) throws {
        try pool.write { database in
            if let tiles {
                try database.execute(sql: "DELETE FROM atlas_tiles")
                let insert = try database.cachedStatement(sql: """
                    INSERT INTO atlas_tiles (zoom, column_number, row_number, tile) VALUES (?, ?, ?, ?)
                    """)
                for tile in tiles {
                    try insert.execute(arguments: [tile.zoom, tile.column, tile.row, Data(tile.bytes)])
                }
            }
            // A newer import meanwhile leaves it out of date, as it should.
            try database.execute(
                sql: """
                    INSERT INTO atlas (id, dataset_id, content_hash, drawn_at) VALUES (1, ?, ?, ?)
                    ON CONFLICT (id) DO UPDATE SET dataset_id = excluded.dataset_id,
                        content_hash = excluded.content_hash, drawn_at = excluded.drawn_at
                    """, arguments: [state.version, state.contentHash, Date.now.milliseconds])
        }
    }
}
