/// Typing errors between two words.
enum EditDistance {
    /// Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other (optimal string
    /// alignment).
    ///
    /// - Returns: nil when there are more than `limit`.
    static func between(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int? {
        guard abs(left.count - right.count) <= limit else { return nil }
        if left == right { return 0 }
        guard limit > 0, !left.isEmpty, !right.isEmpty else { return nil }
        let width = right.count + 1
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: 3 * width) { rows -> Int? in
            rows.initialize(repeating: 0)
            var previous = 0, current = width, beforePrevious = 2 * width
            for column in 0..<width { rows[previous + column] = column }
            for row in 1...left.count {
                rows[current] = row
                var smallest = row
                for column in 1..<width {
                    let same = left[row - 1] == right[column - 1]
                    var cost = min(
                        rows[previous + column] + 1, rows[current + column - 1] + 1,
                        rows[previous + column - 1] + (same ? 0 : 1))
                    if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                        cost = min(cost, rows[beforePrevious + column - 2] + 1)
                    }
                    rows[current + column] = cost
                    smallest = min(smallest, cost)
                }
                if smallest > limit { return nil }
                (beforePrevious, previous, current) = (previous, current, beforePrevious)
            }
            let distance = rows[previous + width - 1]
            return distance <= limit ? distance : nil
        }
    }

    /// 1 for the same text, less by the share of letters that differ, 0 when more than a fifth do.
    static func likeness(_ left: [UInt8], _ right: [UInt8]) -> Double {
        let longest = max(left.count, right.count)
        guard longest > 0, let distance = between(left, right, limit: longest / 5) else { return 0 }
        return 1 - Double(distance) / Double(longest)
    }
}
