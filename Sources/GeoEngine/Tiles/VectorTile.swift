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
        var layer = Layer()
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
            if !commands.words.isEmpty { layer.append(feature, commands.words) }
        }
        guard !layer.isEmpty else { return nil }
        var file = ProtobufWriter()
        file.field(3, layer.encoded(name: name))
        return file.bytes
    }

    /// A layer being gathered. Field numbers are those of `vector_tile.proto`.
    private struct Layer {
        private var features = ProtobufWriter()
        private var keys: [String: UInt32] = [:]
        private var values: [JSONValue: UInt32] = [:]
        private var dictionary = (keys: ProtobufWriter(), values: ProtobufWriter())
        private(set) var isEmpty = true

        mutating func append(_ feature: VectorTileFeature, _ geometry: [UInt32]) {
            isEmpty = false
            var tags: [UInt32] = []
            for member in feature.attributes.members {
                guard let value = Self.encoded(member.value) else { continue }
                tags.append(Self.index(of: member.key, in: &keys) { dictionary.keys.field(3, Array(member.key.utf8)) })
                tags.append(Self.index(of: member.value, in: &values) { dictionary.values.field(4, value) })
            }
            var message = ProtobufWriter()
            if let id = feature.id { message.field(1, id) }
            message.field(2, packed: tags)
            message.field(3, UInt64(3))  // POLYGON
            message.field(4, packed: geometry)
            features.field(2, message.bytes)
        }

        func encoded(name: String) -> [UInt8] {
            var message = ProtobufWriter()
            message.field(15, UInt64(2))  // version
            message.field(1, Array(name.utf8))
            message.field(5, UInt64(VectorTile.extent))
            return message.bytes + features.bytes + dictionary.keys.bytes + dictionary.values.bytes
        }

        private static func index<Key: Hashable>(
            of key: Key, in table: inout [Key: UInt32], whenNew: () -> Void
        ) -> UInt32 {
            if let known = table[key] { return known }
            let index = UInt32(table.count)
            table[key] = index
            whenNew()
            return index
        }

        private static func encoded(_ value: JSONValue) -> [UInt8]? {
            var message = ProtobufWriter()
            switch value {
            case .string(let text): message.field(1, Array(text.utf8))
            case .bool(let bool): message.field(7, UInt64(bool ? 1 : 0))
            case .number(let number):
                if let integer = Int64(exactly: number) {
                    integer < 0 ? message.field(6, zigzag: integer) : message.field(5, UInt64(integer))
                } else {
                    message.field(3, number)
                }
            case .array, .object, .null: return nil
            }
            return message.bytes
        }
    }
}
