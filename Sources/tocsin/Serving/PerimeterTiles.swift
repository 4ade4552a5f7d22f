import AlertModel
import Console
import GeoEngine
import GeoModel
import Store
import Synchronization

/// Vector tiles of an organisation's saved perimeters, drawn when asked for and kept in memory as long as none of them changes.
///
/// To look at: simplified to what a screen shows, inward as well as outward. Who is alerted comes from the exact geometry,
/// which is asked for apart.
final class PerimeterTiles: Sendable {
    static let layer = "perimetres"
    /// Organisations whose perimeters are kept decoded, and tiles of each.
    private static let mostOrganisations = 16
    private static let mostTiles = 2_000

    private struct Kept {
        let version: String
        let features: [VectorTileFeature]
        var tiles: [TileAddress: CommuneTile?] = [:]
    }

    private let store: AlertDatabase
    private let kept = Mutex<[OrganisationID: Kept]>([:])

    init(store: AlertDatabase) {
        self.store = store
    }

    /// Nil where none of the perimeters is. The tag is of the perimeters and the place.
    func tile(at address: TileAddress, for organisation: OrganisationID) throws -> CommuneTile? {
        let scope = RegisterScope.organisation(organisation)
        let version = try store.perimeterIndex(scope: scope).version
        let known = kept.withLock { $0[organisation] }
        if let known, known.version == version {
            if let tile = known.tiles[address] { return tile }
            return try draw(address, known.features, version, organisation)
        }
        let (index, perimeters) = try store.indexedPerimeters(scope: scope)
        let features = perimeters.map { perimeter in
            VectorTileFeature(
                id: UInt64(perimeter.id), attributes: JSONObject([.init(key: "nom", value: .string(perimeter.name))]), area: perimeter.area)
        }
        kept.withLock { kept in
            if kept.count >= Self.mostOrganisations { kept.removeAll() }
            kept[organisation] = Kept(version: index.version, features: features)
        }
        return try draw(address, features, index.version, organisation)
    }

    private func draw(
        _ address: TileAddress, _ features: [VectorTileFeature], _ version: String, _ organisation: OrganisationID
    ) throws -> CommuneTile? {
        let tile = try VectorTile.encode(layer: Self.layer, features: features, tile: address).map {
            CommuneTile(
                bytes: $0, isGzipped: false, tag: "p\(version)-\(address.zoom)-\(address.x)-\(address.y)")
        }
        kept.withLock { kept in
            // Another version may have come meanwhile.
            guard kept[organisation]?.version == version else { return }
            if kept[organisation]!.tiles.count >= Self.mostTiles { kept[organisation]!.tiles.removeAll() }
            kept[organisation]!.tiles[address] = .some(tile)
        }
        return tile
    }
}
