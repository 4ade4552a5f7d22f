import Console
import GeoEngine
import GeoModel
import Import
import Store
import Synchronization

/// Vector tiles of the communes: of low zooms from the atlas that an import draws, the others drawn when asked for
/// and kept in memory.
final class CommuneTiles: Sendable {
    /// Tiles kept; a department at all its zooms has some hundreds, of a few kilobytes each.
    private static let capacity = 4000

    private let store: AlertDatabase
    /// The version of the communes that a tile was drawn from, and the tile; nil where no commune touches it.
    private struct Kept {
        let version: Int
        let tile: CommuneTile?
    }

    private let kept = Mutex<[TileAddress: Kept]>([:])

    init(store: AlertDatabase) {
        self.store = store
    }

    /// Nil when no commune touches the tile. The tag is of the data and the place: another import changes it.
    func tile(at address: TileAddress) throws -> CommuneTile? {
        if TileAtlas.zooms.contains(address.zoom) {
            let (tile, version) = try store.atlasTile(zoom: address.zoom, column: address.x, row: address.y)
            switch tile {
            case .drawn(let bytes):
                return CommuneTile(bytes: bytes, isGzipped: true, tag: "a\(Self.tag(version, address))")
            case .empty: return nil
            case .outOfDate: break
            }
        }
        let version = try store.communesVersion()
        if let known = kept.withLock({ $0[address] }), known.version == version { return known.tile }
        let tile = try draw(address, tag: Self.tag(version, address))
        kept.withLock { kept in
            if kept.count >= Self.capacity { kept.removeAll() }
            kept[address] = Kept(version: version, tile: tile)
        }
        return tile
    }

    private static func tag(_ version: Int, _ address: TileAddress) -> String {
        "\(version)-\(address.zoom)-\(address.x)-\(address.y)"
    }

    private func draw(_ address: TileAddress, tag: String) throws -> CommuneTile? {
        let features = try store.communes(touching: address.bounds).compactMap { VectorTileFeature($0) }
        guard let bytes = try VectorTile.encode(layer: CommuneTileFeature.layer, features: features, tile: address) else {
            return nil
        }
        return CommuneTile(bytes: bytes, isGzipped: false, tag: tag)
    }
}
