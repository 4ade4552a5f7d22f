import GeoModel

/// Finds which of many areas hold a point: "which commune is this in?".
///
/// Not `Sendable`. Invalid areas are repaired; each is prepared the first time a point falls in its box.
package final class AreaLocator<Key: Hashable> {
    private struct Cell: Hashable {
        let column: Int
        let row: Int
    }

    /// The side of a cell, in degrees: a dozen communes each.
    private static var cellDegrees: Double { 0.1 }
    /// An area over more cells than this, such as a whole ocean, is looked at for every point instead.
    private static var greatestCellCount: Int { 20_000 }

    private let areas: [(key: Key, area: Area<WGS84>, box: BoundingBox<WGS84>)]
    private var cells: [Cell: [Int]] = [:]
    private var everywhere: [Int] = []
    private var prepared: [Int: PreparedArea] = [:]

    /// - Throws: an area that is empty, as it can hold nobody.
    package init(_ areas: some Sequence<(key: Key, area: Area<WGS84>)>) throws(GeometryError) {
        var entries: [(key: Key, area: Area<WGS84>, box: BoundingBox<WGS84>)] = []
        for (key, area) in areas {
            guard let box = area.boundingBox else { throw GeometryError(.empty, "an area has no polygon") }
            entries.append((key, area, box))
        }
        self.areas = entries
        for (index, entry) in entries.enumerated() {
            let low = Self.cell(entry.box.west, entry.box.south), high = Self.cell(entry.box.east, entry.box.north)
            let columns = high.column - low.column + 1, rows = high.row - low.row + 1
            if columns * rows > Self.greatestCellCount {
                everywhere.append(index)
                continue
            }
            for column in low.column...high.column {
                for row in low.row...high.row { cells[Cell(column: column, row: row), default: []].append(index) }
            }
        }
    }

    /// The keys of the areas that hold the position, boundary included, in the order they were given.
    package func keys(containing position: Position<WGS84>) throws(GeometryError) -> [Key] {
        guard position.isInRange else { throw GeometryError(.badCoordinate, "the position is out of range") }
        var found: [Key] = []
        let candidates = (cells[Self.cell(position.longitude, position.latitude)] ?? []) + everywhere
        for index in candidates.sorted() where areas[index].box.contains(position) {
            if try preparedArea(index).contains(position) { found.append(areas[index].key) }
        }
        return found
    }

    private func preparedArea(_ index: Int) throws(GeometryError) -> PreparedArea {
        if let known = prepared[index] { return known }
        let area = try PreparedArea(Repair.repaired(areas[index].area).area)
        prepared[index] = area
        return area
    }

    private static func cell(_ longitude: Double, _ latitude: Double) -> Cell {
        // Out of range, which only a box of a bad area can be, lands in a cell that no point asks for.
        Cell(
            column: Int((max(-400, min(400, longitude)) / cellDegrees).rounded(.down)),
            row: Int((max(-100, min(100, latitude)) / cellDegrees).rounded(.down)))
    }
}
