/// A day of the Gregorian calendar, kept as ISO 8601 text so that it sorts and stores as it reads.
package struct CalendarDate: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// `2026-01-31`.
    package let text: String

    package var description: String { text }

    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    /// - Parameter text: `2026-01-31`, with or without a time after it, or `31/01/2026` (also `31.01.2026`,
    ///   `31-01-2026`) as French spreadsheets write it.
    /// - Returns: nil for anything else, days that no month has included.
    package init?(_ text: String) {
        let day = text.utf8.prefix { $0 != UInt8(ascii: "T") && $0 != UInt8(ascii: " ") }
        let parts = day.split(omittingEmptySubsequences: false) { byte in "-/.".utf8.contains(byte) }
            .map { Substring($0) }
        guard parts.count == 3, parts.allSatisfy({ (1...4).contains($0.utf8.count) }) else { return nil }
        let numbers = parts.compactMap { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) : nil
        }
        guard numbers.count == 3 else { return nil }
        if parts[0].utf8.count == 4 {
            self.init(year: numbers[0], month: numbers[1], day: numbers[2])
        } else if parts[2].utf8.count == 4 {
            self.init(year: numbers[2], month: numbers[1], day: numbers[0])
        } else {
            return nil
        }
    }

    /// - Returns: nil for a day that the month does not have, or a year outside 1900 to 2999.
    package init?(year: Int, month: Int, day: Int) {
        guard (1900...2999).contains(year), (1...12).contains(month) else { return nil }
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...days[month - 1]).contains(day) else { return nil }
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        text = "\(year)-\(padded(month))-\(padded(day))"
    }
}
