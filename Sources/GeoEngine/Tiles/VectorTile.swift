import CGEOS
import GeoModel

/// A surface to draw, with what a map's style and a click need to know of it.
package struct VectorTileFeature: Hashable, Sendable {
    package let id: UInt64?
    /// Strings, numbers and booleans; anything else is left out.
    package let attributes: JSONObject
    package let area: Area<WGS84>

    package init(id: UInt64?, attributes: JSONObject, area: Area<WGS84>) {
        self.id = id
        self.attributes = attributes
        self.area = area
    }
}

/// Mapbox vector tiles (specification 2.1): surfaces to draw, simplified to what a screen shows.
///
/// For eyes only: nobody is ever selected by a tile.
package enum VectorTile {
    /// Units along a side, the usual number.
    static let extent = 4096
    /// Drawn beyond each side, so that outlines do not show where tiles meet: 8 of 512 pixels.
    static let bufferUnits = 64

    /// The tile of one layer.
    /// - Returns: nil when none of the features is in the tile.
    /// - Throws: when a feature's geometry cannot be cut; invalid ones are repaired first.
    package static func encode(
        layer name: String, features: some Sequence<VectorTileFeature>, tile: TileAddress
    ) throws(GeometryError) -> [UInt8]? {
        let bounds = tile.bounds(marginTiles: Double(bufferUnits) / Double(extent))
        var layer = VectorTileLayer()
        var clipper: TileClipper?
        for feature in features {
            var commands = TileCommands()
            for polygon in feature.area.polygons {
                guard let box = BoundingBox(enclosing: polygon.exterior.positions), box.intersects(bounds) else {
                    continue
                }
                let cutter = if let clipper { clipper } else { try TileClipper() }
                clipper = cutter
                for part in try cutter.clipped(polygon, to: tile) { commands.append(part) }
            }
            if !commands.words.isEmpty { layer.append(id: feature.id, feature.attributes, commands.words) }
        }
        return layer.isEmpty ? nil : layer.file(name: name)
    }
}
