import AlertModel

/// When a scheduled campaign is launched, by the clock of its organisation.
package struct ScheduleTiming: Hashable, Sendable {
    package let clock: LocalClock
    /// The day that recurrences are counted from.
    package let day: CivilDay
    /// Of the day, since midnight.
    package let second: Int
    /// Nil for once.
    package let rule: Recurrence?

    package init(clock: LocalClock, day: CivilDay, second: Int, rule: Recurrence?) {
        self.clock = clock
        self.day = day
        self.second = second
        self.rule = rule
    }

    /// The first occurrence after a moment; nil when there is none.
    package func next(after moment: UTCTime) -> UTCTime? { next(1, after: moment).first }

    /// The first occurrences after a moment.
    package func next(_ count: Int, after moment: UTCTime) -> [UTCTime] {
        var found: [UTCTime] = []
        let take = { (day: CivilDay) -> Bool in
            let occurrence = clock.moment(of: day, second: second)
            if occurrence > moment { found.append(occurrence) }
            return found.count >= count
        }
        if let rule { rule.forEachDay(from: day, take) } else { _ = take(day) }
        return found
    }
}
