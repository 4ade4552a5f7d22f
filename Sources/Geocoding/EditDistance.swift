/// Typing errors between two words.
enum EditDistance {
    /// Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other (optimal string
    /// alignment).
    ///
    /// - Returns: nil when there are more than `limit`.
    static func between(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int? {
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { between(left, $0, limit: limit) }
        }
    }

    /// The same over bytes in place.
    static func between(
        _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>, limit: Int
    ) -> Int? {
        guard abs(left.count - right.count) <= limit else { return nil }
        if left.elementsEqual(right) { return 0 }
        guard limit > 0, !left.isEmpty, !right.isEmpty else { return nil }
        let distance = left.count <= 64 ? bitParallel(left, right) : byTable(left, right)
        return distance <= limit ? distance : nil
    }

    /// 1 for the same text, less by the share of letters that differ, 0 when more than a fifth do.
    static func likeness(_ left: [UInt8], _ right: [UInt8]) -> Double {
        let longest = max(left.count, right.count)
        guard longest > 0, let distance = between(left, right, limit: longest / 5) else { return 0 }
        return 1 - Double(distance) / Double(longest)
    }

    /// Hyyrö's bit-parallel algorithm (“A bit-vector algorithm for computing Levenshtein and Damerau edit distances”,
    /// 2003): a column of the table in one machine word. `left` has at most 64 letters.
    private static func bitParallel(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
        // Letters and figures differ in their low six bits, but for '0'–'9' (0x30…) and 'p'–'y' (0x70…): seven bits.
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 128) { masks in
            masks.initialize(repeating: 0)
            for (index, byte) in left.enumerated() { masks[Int(byte & 0x7F)] |= 1 << UInt64(index) }
            let last: UInt64 = 1 << UInt64(left.count - 1)
            var plus = UInt64.max, minus: UInt64 = 0, diagonal: UInt64 = 0, previous: UInt64 = 0
            var distance = left.count
            for byte in right {
                let mask = masks[Int(byte & 0x7F)]
                let swapped = ((~diagonal & mask) << 1) & previous
                diagonal = (((mask & plus) &+ plus) ^ plus) | mask | minus | swapped
                var horizontalPlus = minus | ~(diagonal | plus)
                var horizontalMinus = diagonal & plus
                if horizontalPlus & last != 0 { distance += 1 }
                if horizontalMinus & last != 0 { distance -= 1 }
                horizontalPlus = (horizontalPlus << 1) | 1
                horizontalMinus <<= 1
                plus = horizontalMinus | ~(diagonal | horizontalPlus)
                minus = horizontalPlus & diagonal
                previous = mask
            }
            return distance
        }
    }

    /// The definition itself, for texts of any length.
    static func byTable(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
        let width = right.count + 1
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: 3 * width) { rows in
            rows.initialize(repeating: 0)
            var previous = 0, current = width, beforePrevious = 2 * width
            for column in 0..<width { rows[previous + column] = column }
            for row in 1...left.count {
                rows[current] = row
                for column in 1..<width {
                    let same = left[row - 1] == right[column - 1]
                    var cost = min(
                        rows[previous + column] + 1, rows[current + column - 1] + 1,
                        rows[previous + column - 1] + (same ? 0 : 1))
                    if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                        cost = min(cost, rows[beforePrevious + column - 2] + 1)
                    }
                    rows[current + column] = cost
                }
                (beforePrevious, previous, current) = (previous, current, beforePrevious)
            }
            return rows[previous + width - 1]
        }
    }
}
