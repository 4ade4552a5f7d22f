/// Puts squares of a map that hold so few people that they tell of each with the fuller squares beside them: for whoever may see
/// figures and nobody's data.
///
/// Nobody is left out of the sum. Squares are joined within blocks of a fixed place alone, so that asking for another box tells
/// nothing more.
enum CellMerging {
    /// The fewest people that a square tells of: as in the statistics of the state, where fewer than five are not published.
    static let fewestPeople = 5
    /// A block's side is so many halvings of the square that is asked for: 16 of them, some 13 km at the finest. Who is alone in
    /// a block is told of by it.
    static let levels = 4

    /// A square of a grid so many times halved less than the one that is asked for.
    struct Merged<Value> {
        let cell: MercatorGrid.Cell
        /// 0 for the grid that is asked for.
        let level: Int
        let value: Value
    }

    /// The corners of the blocks that hold a range of squares.
    static func whole(_ first: MercatorGrid.Cell, _ last: MercatorGrid.Cell) -> (first: MercatorGrid.Cell, last: MercatorGrid.Cell) {
        let side = (1 << levels) - 1
        return (
            MercatorGrid.Cell(column: first.column & ~side, row: first.row & ~side),
            MercatorGrid.Cell(column: last.column | side, row: last.row | side)
        )
    }

    /// - Parameters:
    ///   - cells: of whole blocks, none of them empty.
    ///   - count: how many people a value tells of.
    static func merged<Value>(
        _ cells: [MercatorGrid.Cell: Value], count: (Value) -> Int, sum: (Value, Value) -> Value
    ) -> [Merged<Value>] {
        var merged: [Merged<Value>] = []
        func total(_ values: some Sequence<Value>) -> Value? {
            values.reduce(nil) { all, next in all.map { sum($0, next) } ?? next }
        }
        /// - Parameter others: of squares of the block that are too few.
        func part(_ block: MercatorGrid.Cell, _ level: Int, _ inside: [MercatorGrid.Cell: Value], _ others: Value?) {
            let quarters = level == 0 ? [:] : Dictionary(grouping: inside) { cell, _ in
                MercatorGrid.Cell(column: cell.column >> (level - 1), row: cell.row >> (level - 1))
            }
            let sums = quarters.compactMapValues { total($0.lazy.map(\.value)) }
            let full = sums.filter { count($0.value) >= fewestPeople }
            // Where two are as full, always the same one.
            guard let fullest = full.max(by: { (count($0.value), $1.key.row, $1.key.column) < (count($1.value), $0.key.row, $0.key.column) })?.key
            else {
                guard let all = total(Array(inside.values) + [others].compactMap(\.self)) else { return }
                merged.append(Merged(cell: block, level: level, value: all))
                return
            }
            let few = total(sums.filter { full[$0.key] == nil }.map(\.value) + [others].compactMap(\.self))
            for (quarter, inner) in quarters where full[quarter] != nil {
                part(quarter, level - 1, Dictionary(uniqueKeysWithValues: inner.map { ($0.key, $0.value) }), quarter == fullest ? few : nil)
            }
        }
        let blocks = Dictionary(grouping: cells) { cell, _ in
            MercatorGrid.Cell(column: cell.column >> levels, row: cell.row >> levels)
        }
        for (block, inside) in blocks {
            part(block, levels, Dictionary(uniqueKeysWithValues: inside.map { ($0.key, $0.value) }), nil)
        }
        return merged.sorted { ($0.level, $0.cell.row, $0.cell.column) < ($1.level, $1.cell.row, $1.cell.column) }
    }
}
