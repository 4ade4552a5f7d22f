import AlertModel
import Foundation
import GRDB
import GeoModel

/// A campaign's people by state, in squares of the finest grid that a map may show: no square tells a home.
package struct StateGrid: Sendable {
    /// Squares of 64 pixels at zoom 13: some 800 m at 50° N, as the density of the register.
    private static let finestZoom = 13
    private static let cellsPerTile = 4.0
    /// Beyond this the squares are made larger: a map shows some hundred.
    private static let greatestCellCount = 5_000

    /// One square, of whatever size was asked.
    package struct Cell: Sendable {
        package let centre: Position<WGS84>
        package let states: [DeliveryState: Int]
    }

    private let counts: [MercatorGrid.Cell: [Int]]
    /// Those whom no point places, or who have left the register.
    package let withoutPlace: Int

    fileprivate init(counts: [MercatorGrid.Cell: [Int]], withoutPlace: Int) {
        self.counts = counts
        self.withoutPlace = withoutPlace
    }

    fileprivate static func grid(_ zoom: Int) -> MercatorGrid { MercatorGrid(cells: cellsPerTile * exp2(Double(zoom))) }
    fileprivate static var finest: MercatorGrid { grid(finestZoom) }

    /// Whole squares, those that the box cuts too, from north to south.
    ///
    /// - Parameters:
    ///   - zoom: of the map; squares are never finer than at zoom 13.
    ///   - mergesFew: squares of so few that they tell of each are put with fuller ones; some beyond the box come along.
    package func cells(in box: BoundingBox<WGS84>, zoom: Double, mergesFew: Bool = false) -> [Cell] {
        var level = Int(min(max(zoom, 0).rounded(.down), Double(Self.finestZoom)))
        while true {
            let found = cells(in: box, level: level, mergesFew: mergesFew)
            if found.count <= Self.greatestCellCount || level == 0 { return found }
            level -= 1
        }
    }

    private func cells(in box: BoundingBox<WGS84>, level: Int, mergesFew: Bool) -> [Cell] {
        let grid = Self.grid(level), shift = Self.finestZoom - level
        var first = grid.cell(of: Position(longitude: box.west, latitude: box.north))
        var last = grid.cell(of: Position(longitude: box.east, latitude: box.south))
        guard first.column <= last.column, first.row <= last.row else { return [] }
        if mergesFew { (first, last) = grid.bounded(CellMerging.whole(first, last)) }
        var sums: [MercatorGrid.Cell: [Int]] = [:]
        for (cell, states) in counts {
            // Four squares make one of the next zoom: exact, whatever the zoom.
            let whole = MercatorGrid.Cell(column: cell.column >> shift, row: cell.row >> shift)
            guard (first.column...last.column).contains(whole.column), (first.row...last.row).contains(whole.row) else { continue }
            for (index, count) in states.enumerated() where count > 0 {
                sums[whole, default: Self.nothing][index] += count
            }
        }
        if mergesFew {
            return CellMerging.merged(sums, count: { $0.reduce(0, +) }) { zip($0, $1).map(+) }
                .map { Cell(centre: grid.centre(of: $0.cell, level: $0.level), states: Self.named($0.value)) }
        }
        return sums.sorted { ($0.key.row, $0.key.column) < ($1.key.row, $1.key.column) }.map { cell, states in
            Cell(centre: grid.centre(of: cell), states: Self.named(states))
        }
    }

    private static func named(_ states: [Int]) -> [DeliveryState: Int] {
        Dictionary(uniqueKeysWithValues: zip(DeliveryState.allCases, states).filter { $0.1 > 0 })
    }

    fileprivate static let nothing = [Int](repeating: 0, count: DeliveryState.allCases.count)
}

extension AlertDatabase {
    /// Reads where everybody of a campaign is and what became of it for them: a second or two for a million.
    ///
    /// - Parameter scope: of the campaign's organisation: whoever is beyond it has no place.
    package func stateGrid(of id: CampaignID, scope: RegisterScope) throws -> StateGrid {
        let places = Dictionary(uniqueKeysWithValues: DeliveryState.allCases.enumerated().map { ($0.element.rawValue, $0.offset) })
        let owner = scope.condition(on: "recipients.organisation_id")
        return try pool.read { database in
            let grid = StateGrid.finest
            var counts: [MercatorGrid.Cell: [Int]] = [:], withoutPlace = 0
            let rows = try Row.fetchCursor(
                database, sql: """
                    SELECT state, X(location), Y(location) FROM deliveries
                    LEFT JOIN recipients ON recipients.id = recipient_id AND \(owner.sql) WHERE campaign_id = ?
                    """, arguments: owner.arguments + [id.rawValue])
            while let row = try rows.next() {
                guard let longitude = row[1] as Double?, let latitude = row[2] as Double?, let state = places[row[0]] else {
                    withoutPlace += 1
                    continue
                }
                counts[grid.cell(of: Position(longitude: longitude, latitude: latitude)), default: StateGrid.nothing][state] += 1
            }
            return StateGrid(counts: counts, withoutPlace: withoutPlace)
        }
    }
}
