import AlertModel
import GeoModel
import TestSupport
import Testing

@testable import Store

@Suite struct CellMergingTests {
    private let world = BoundingBox<WGS84>(west: -180, south: -90, east: 180, north: 90)

    private func cells(_ dice: inout SeededGenerator) -> [MercatorGrid.Cell: Int] {
        var cells: [MercatorGrid.Cell: Int] = [:]
        for _ in 0..<Int.random(in: 1...80, using: &dice) {
            let cell = MercatorGrid.Cell(column: .random(in: 0..<64, using: &dice), row: .random(in: 0..<64, using: &dice))
            cells[cell] = Int.random(in: 1...12, using: &dice)
        }
        return cells
    }

    @Test(arguments: UInt64(1)...50) func `nobody is lost, and no square tells of fewer than five but a whole block's`(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        let cells = cells(&dice)
        let merged = CellMerging.merged(cells, count: { $0 }, sum: +)
        #expect(merged.reduce(0) { $0 + $1.value } == cells.values.reduce(0, +))
        for one in merged where one.value < CellMerging.fewestPeople {
            #expect(one.level == CellMerging.levels)
            let block = cells.filter { $0.key.column >> CellMerging.levels == one.cell.column && $0.key.row >> CellMerging.levels == one.cell.row }
            #expect(block.values.reduce(0, +) == one.value, "it is all of its block")
        }
        // A square of enough people that has nobody alone beside it stays as it is.
        for (cell, count) in cells where count >= CellMerging.fewestPeople {
            #expect(merged.contains { $0.level == 0 && $0.cell == cell && $0.value >= count })
        }
    }

    @Test(arguments: UInt64(1)...20) func `another box tells the same of the same ground`(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        let bench = try StoreBench()
        try bench.register((0..<60).map { index in
            person("r\(index)", at: place(.random(in: 2.0...2.4, using: &dice), .random(in: 49.9...50.1, using: &dice)))
        })
        let whole = try bench.database.density(in: world, zoom: 13, zone: nil, scope: .all, mergesFew: true)
        #expect(whole.reduce(0) { $0 + $1.recipients } == 60)
        let west = Double.random(in: 2.0...2.3, using: &dice), south = Double.random(in: 49.9...50.05, using: &dice)
        let window = BoundingBox<WGS84>(west: west, south: south, east: west + 0.001, north: south + 0.001)
        let seen = try bench.database.density(in: window, zoom: 13, zone: nil, scope: .all, mergesFew: true)
        #expect(seen.allSatisfy(whole.contains))
    }
}
