/// A moment, in whole milliseconds of UTC since 1970-01-01T00:00:00Z.
///
/// The ledger stores exactly this integer. SQLite's own clock is never asked: its `subsec` modifier answers
/// NULL, without an error, before SQLite 3.42.
package struct UTCTime: Hashable, Sendable, Codable, Comparable {
    package let millisecondsSince1970: Int64

    package init(millisecondsSince1970: Int64) {
        self.millisecondsSince1970 = millisecondsSince1970
    }

    /// Later than any moment that can be written as a date; added to, it stays one.
    package static let never = UTCTime(millisecondsSince1970: .max)

    package static func < (left: Self, right: Self) -> Bool {
        left.millisecondsSince1970 < right.millisecondsSince1970
    }

    package func advanced(byMilliseconds milliseconds: Int64) -> UTCTime {
        let (sum, overflow) = millisecondsSince1970.addingReportingOverflow(milliseconds)
        return overflow ? .never : UTCTime(millisecondsSince1970: sum)
    }

    package func advanced(bySeconds seconds: Int) -> UTCTime { advanced(byMilliseconds: Int64(seconds) * 1000) }

    package func advanced(by duration: Duration) -> UTCTime { advanced(byMilliseconds: duration.wholeMilliseconds) }

    /// Milliseconds from `earlier` to this moment; negative when it lies after.
    package func milliseconds(since earlier: UTCTime) -> Int64 {
        millisecondsSince1970 - earlier.millisecondsSince1970
    }
}

extension Duration {
    /// Truncated towards zero.
    package var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
