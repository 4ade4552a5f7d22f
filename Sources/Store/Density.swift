import AlertModel
import Foundation
import GRDB
import GeoModel
import Targeting

/// A square of a grid, with how many recipients are in it: what a map may show instead of positions.
package struct GridCell: Sendable, Equatable {
    package let centre: Position<WGS84>
    package let recipients: Int
    /// How many of them the zone selects; 0 without a zone.
    package let inside: Int
}

extension AlertDatabase {
    /// Cells per tile side of the map: squares of 64 pixels.
    private static let cellsPerTile = 4.0
    /// The finest grid, whatever the zoom asked: some 800 m at 50° N, so that a cell does not betray a home.
    private static let finestZoom = 13.0

    /// Counts recipients that have a point, by cell of a grid in Web Mercator. Cells that the box cuts are counted whole.
    ///
    /// - Parameters:
    ///   - zoom: of the map; the grid is never finer than at zoom 13.
    ///   - mergesFew: cells of so few that they tell of each are put with fuller ones; some cells beyond the box come along.
    /// - Throws: as `Selector.select` when a zone is given.
    package func density(
        in box: BoundingBox<WGS84>, zoom: Double, zone: Zone?, scope: RegisterScope, mergesFew: Bool = false
    ) throws -> [GridCell] {
        let grid = MercatorGrid(cells: Self.cellsPerTile * exp2(min(max(zoom, 0).rounded(.down), Self.finestZoom)))
        return try pool.read { database in
            let register = RegisterReader(database: database, scope: scope)
            var selected: Set<RecipientID> = []
            if let zone {
                let verdicts = try Selector(register: register).select(zone)
                selected = Set(verdicts.entries.lazy.filter { $0.verdict.certainty != nil }.map(\.recipient))
            }
            var counts: [MercatorGrid.Cell: (recipients: Int, inside: Int)] = [:]
            // Whole cells only: a cell counted as far as a small box reaches would tell where each person is.
            var first = grid.cell(of: Position(longitude: box.west, latitude: box.north))
            var last = grid.cell(of: Position(longitude: box.east, latitude: box.south))
            guard first.column <= last.column, first.row <= last.row else { return [] }
            if mergesFew { (first, last) = grid.bounded(CellMerging.whole(first, last)) }
            try register.points(grid.box(from: first, to: last)) { recipient, position, _ in
                let cell = grid.cell(of: position)
                guard (first.column...last.column).contains(cell.column), (first.row...last.row).contains(cell.row)
                else { return }
                counts[cell, default: (0, 0)].recipients += 1
                if selected.contains(recipient) { counts[cell]!.inside += 1 }
            }
            if mergesFew {
                return CellMerging.merged(counts, count: \.recipients) { ($0.recipients + $1.recipients, $0.inside + $1.inside) }
                    .map { one in
                        GridCell(centre: grid.centre(of: one.cell, level: one.level), recipients: one.value.recipients, inside: one.value.inside)
                    }
            }
            return counts.sorted { ($0.key.row, $0.key.column) < ($1.key.row, $1.key.column) }.map { cell, count in
                GridCell(centre: grid.centre(of: cell), recipients: count.recipients, inside: count.inside)
            }
        }
    }
}

/// Squares over the world in the map's own projection (EPSG:3857), so that they look square on it.
struct MercatorGrid {
    struct Cell: Hashable {
        let column: Int
        let row: Int
    }

    /// Where Web Mercator's square ends, in degrees.
    private static let greatestLatitude = 85.051_128_779_806_59

    /// Cells along a side of the world.
    let cells: Double

    func cell(of position: Position<WGS84>) -> Cell {
        // The projection has no poles: beyond its square everything falls in the outermost cells.
        let sine = sin(max(-Self.greatestLatitude, min(Self.greatestLatitude, position.latitude)) * .pi / 180)
        let x = (position.longitude + 180) / 360
        let y = 0.5 - log((1 + sine) / (1 - sine)) / (4 * .pi)
        return Cell(column: min(Int(x * cells), Int(cells) - 1), row: max(0, min(Int(y * cells), Int(cells) - 1)))
    }

    func centre(of cell: Cell) -> Position<WGS84> {
        position(column: Double(cell.column) + 0.5, row: Double(cell.row) + 0.5)
    }

    /// The middle of a square as large as so many halvings fewer make it.
    func centre(of cell: Cell, level: Int) -> Position<WGS84> {
        let side = Double(1 << level)
        return position(column: (Double(cell.column) + 0.5) * side, row: (Double(cell.row) + 0.5) * side)
    }

    /// The same within the world: at small zooms a block is larger than it.
    func bounded(_ range: (first: Cell, last: Cell)) -> (first: Cell, last: Cell) {
        (range.first, Cell(column: min(range.last.column, Int(cells) - 1), row: min(range.last.row, Int(cells) - 1)))
    }

    /// The box of whole cells from the north-western to the south-eastern one; the outermost rows reach the poles.
    func box(from first: Cell, to last: Cell) -> BoundingBox<WGS84> {
        let northWest = position(column: Double(first.column), row: Double(first.row))
        let southEast = position(column: Double(last.column) + 1, row: Double(last.row) + 1)
        return BoundingBox(
            west: northWest.longitude, south: last.row == Int(cells) - 1 ? -90 : southEast.latitude,
            east: southEast.longitude, north: first.row == 0 ? 90 : northWest.latitude)
    }

    private func position(column: Double, row: Double) -> Position<WGS84> {
        Position(
            longitude: column / cells * 360 - 180,
            latitude: atan(sinh(.pi * (1 - 2 * row / cells))) * 180 / .pi)
    }
}
