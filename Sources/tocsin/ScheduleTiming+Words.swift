import AlertModel
import Campaigns

/// What of a schedule's day, time or rule cannot be read.
struct ScheduleWordsFault: Error, CustomStringConvertible {
    /// `at`, `every` or `last`.
    let word: String
    let reason: String

    var description: String { "--\(word) \(reason)" }
}

extension ScheduleTiming {
    /// - Parameters:
    ///   - at: the first day and time by the clock: `2026-12-01 18:00`, or with a T.
    ///   - every: `daily`, `first-friday`, or a rule of RFC 5545; nil for once.
    ///   - last: the last day, `2027-06-30`.
    init(at: String, every: String?, last: String?, clock: LocalClock) throws(ScheduleWordsFault) {
        let parts = at.split(whereSeparator: { $0 == " " || $0 == "T" })
        let time = parts.count == 2 ? parts[1].split(separator: ":", omittingEmptySubsequences: false).compactMap { Int($0) } : []
        guard parts.count == 2, let day = Self.day(String(parts[0])), (2...3).contains(time.count),
            (0..<24).contains(time[0]), time.dropFirst().allSatisfy({ (0..<60).contains($0) })
        else { throw ScheduleWordsFault(word: "at", reason: "\(at): write a day and a time, such as \"2026-12-01 18:00\"") }
        var rule: Recurrence?
        if let every {
            do throws(RecurrenceFault) {
                rule = try Recurrence(every)
            } catch {
                throw ScheduleWordsFault(word: "every", reason: ": \(error)")
            }
        }
        if let text = last {
            guard let last = Self.day(text) else {
                throw ScheduleWordsFault(word: "last", reason: "\(text): write a day, such as 2027-06-30")
            }
            rule = rule.map { Recurrence($0, until: last) }
        }
        self.init(
            clock: clock, day: day, second: time[0] * 3600 + time[1] * 60 + (time.count == 3 ? time[2] : 0), rule: rule)
    }

    private static func day(_ text: String) -> CivilDay? {
        guard let date = CalendarDate(text) else { return nil }
        let numbers = date.text.split(separator: "-").compactMap { Int($0) }
        return numbers.count == 3 ? CivilDay(year: numbers[0], month: numbers[1], day: numbers[2]) : nil
    }
}
