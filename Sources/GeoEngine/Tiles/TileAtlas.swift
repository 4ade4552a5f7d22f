import GeoModel

/// All the tiles of a map's low zooms, drawn in one pass over the surfaces.
///
/// A surface is brought to the units of the last zoom once, and each zoom before is made from the one after it, so that
/// a whole country costs little more than reading it once. A boundary lies within an eighth of a pixel of where a tile
/// drawn alone has it, and the two sides of a shared one as near to each other.
///
/// For eyes only, as all tiles: nobody is ever selected by what is simplified here.
package struct TileAtlas {
    /// Whole countries at a glance to some tens of communes; nearer tiles hold few enough to be drawn when asked for.
    package static let zooms = 5...9

    private let name: String
    private let clipper: TileClipper
    private var layers: [TileAddress: VectorTileLayer] = [:]

    /// - Parameter name: of the tiles' one layer.
    package init(layer name: String) throws(GeometryError) {
        self.name = name
        clipper = try TileClipper()
    }

    /// Draws a surface on every tile that shows it. Surfaces keep the order they come in.
    /// - Throws: when a geometry cannot be cut; invalid ones are repaired first.
    package mutating func add(_ feature: VectorTileFeature) throws(GeometryError) {
        var commands: [TileAddress: TileCommands] = [:]
        for polygon in feature.area.polygons { try draw(polygon, &commands) }
        for (tile, geometry) in commands where !geometry.words.isEmpty {
            layers[tile, default: VectorTileLayer()].append(id: feature.id, feature.attributes, geometry.words)
        }
    }

    /// The tiles that show anything, by zoom, column and row.
    package var tiles: [(tile: TileAddress, bytes: [UInt8])] {
        layers.sorted { ($0.key.zoom, $0.key.x, $0.key.y) < ($1.key.zoom, $1.key.x, $1.key.y) }
            .map { ($0.key, $0.value.file(name: name)) }
    }

    private func draw(
        _ polygon: Polygon<WGS84>, _ commands: inout [TileAddress: TileCommands]
    ) throws(GeometryError) {
        let pyramid = try TileAddress(zoom: Self.zooms.upperBound, x: 0, y: 0)
        func units(_ ring: Ring<WGS84>) -> Ring<TilePlane> {
            Ring(ring.positions.map { pyramid.units(of: $0, extent: Double(VectorTile.extent)) })
        }
        let exterior = units(polygon.exterior)
        guard exterior.positions.allSatisfy({ $0.east.isFinite && $0.north.isFinite }),
            let box = BoundingBox(enclosing: exterior.positions)
        else { throw GeometryError(.badCoordinate, "a coordinate is not a finite number") }
        var shell = TileRing(exterior)
        var holes = polygon.holes.compactMap { TileRing(units($0)) }
        for zoom in Self.zooms.reversed() {
            if zoom < Self.zooms.upperBound {
                shell = shell?.halved()
                holes = holes.compactMap { $0.halved() }
            }
            guard let drawn = shell else {
                let scale = Double(1 << (Self.zooms.upperBound - zoom))
                try dot(at: (box.west + box.east) / 2 / scale, (box.south + box.north) / 2 / scale, zoom, &commands)
                continue
            }
            try draw(drawn, holes, of: polygon, zoom, &commands)
        }
    }

    private func draw(
        _ shell: TileRing, _ holes: [TileRing], of polygon: Polygon<WGS84>, _ zoom: Int,
        _ commands: inout [TileAddress: TileCommands]
    ) throws(GeometryError) {
        let extent = Int32(VectorTile.extent), buffer = Int32(VectorTile.bufferUnits)
        let last = Int32(1 << zoom) - 1
        let xs = shell.points.map(\.x), ys = shell.points.map(\.y)
        guard let west = xs.min(), let east = xs.max(), let north = ys.min(), let south = ys.max() else { return }
        // Arithmetic shift: a position just west of the pyramid is on column -1, which there is not.
        func range(_ low: Int32, _ high: Int32) -> ClosedRange<Int32>? {
            let from = max(0, (low - buffer) / extent - 1), to = min(last, (high + buffer) / extent)
            return from <= to ? from...to : nil
        }
        guard let columns = range(west, east), let rows = range(north, south) else { return }
        for column in columns {
            for row in rows {
                let corner = TileRing.Point(x: column * extent, y: row * extent)
                let low = -buffer, high = extent + buffer
                guard west - corner.x <= high, east - corner.x >= low, north - corner.y <= high, south - corner.y >= low
                else { continue }
                let tile = try TileAddress(zoom: zoom, x: Int(column), y: Int(row))
                let isInside =
                    west - corner.x >= low && east - corner.x <= high && north - corner.y >= low
                    && south - corner.y <= high
                let parts =
                    isInside
                    ? [[shell.moved(from: corner).wound(positive: true)]
                        + holes.map { $0.moved(from: corner).wound(positive: false) }]
                    : try cut(shell.moved(from: corner), holes.map { $0.moved(from: corner) }, of: polygon, tile)
                for part in parts { commands[tile, default: TileCommands()].append(part) }
            }
        }
    }

    private func cut(
        _ shell: TileRing, _ holes: [TileRing], of polygon: Polygon<WGS84>, _ tile: TileAddress
    ) throws(GeometryError) -> [[TileRing]] {
        do throws(GeometryError) {
            return try clipper.clipped(Polygon<TilePlane>(exterior: shell.ring, holes: holes.map(\.ring)))
        } catch {
            // Rounding may have made it cross itself: from the original, then, which can be repaired.
            return try clipper.clipped(polygon, to: tile)
        }
    }

    private func dot(
        at x: Double, _ y: Double, _ zoom: Int, _ commands: inout [TileAddress: TileCommands]
    ) throws(GeometryError) {
        let extent = Double(VectorTile.extent), last = (1 << zoom) - 1
        let column = max(0, min(last, Int((x / extent).rounded(.down))))
        let row = max(0, min(last, Int((y / extent).rounded(.down))))
        let point = TileRing.Point(
            x: Int32((x - Double(column) * extent).rounded()), y: Int32((y - Double(row) * extent).rounded()))
        commands[try TileAddress(zoom: zoom, x: column, y: row), default: TileCommands()].append([TileRing(dotAt: point)])
    }
}
