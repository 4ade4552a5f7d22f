import AlertModel

/// The days something recurs on: a recurrence rule of iCalendar (RFC 5545, section 3.3.10), of days.
///
/// FREQ is DAILY, WEEKLY, MONTHLY or YEARLY; INTERVAL, COUNT, UNTIL (a day), BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS and
/// WKST are read as the RFC has them, and the rest is refused. Foundation's own rules were tried and leave days out: see
/// decision 0033.
package struct Recurrence: Hashable, Sendable, CustomStringConvertible {
    package enum Frequency: String, CaseIterable, Sendable {
        case daily = "DAILY", weekly = "WEEKLY", monthly = "MONTHLY", yearly = "YEARLY"
    }

    /// `FR`, or `1FR` and `-1FR`: the first and the last of the month or year.
    struct Weekday: Hashable, Sendable {
        let ordinal: Int?
        /// 0 for Monday.
        let number: Int
    }

    package let frequency: Frequency
    let interval: Int
    let count: Int?
    /// The last day, if anything is on it.
    package let until: CivilDay?
    let weekdays: [Weekday]
    let monthDays: [Int]
    let months: [Int]
    let positions: [Int]
    /// The day weeks begin on, 0 for Monday: it matters to every second week.
    let weekStart: Int

    static let words = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

    /// - Parameter until: in the place of the rule's own; nil leaves that.
    package init(_ rule: Recurrence, until: CivilDay?) {
        frequency = rule.frequency
        interval = rule.interval
        count = until == nil ? rule.count : nil
        self.until = until ?? rule.until
        weekdays = rule.weekdays
        monthDays = rule.monthDays
        months = rule.months
        positions = rule.positions
        weekStart = rule.weekStart
    }

    init(_ parts: RecurrenceParts) {
        frequency = parts.frequency
        interval = parts.interval
        count = parts.count
        until = parts.until
        weekdays = parts.weekdays
        monthDays = parts.monthDays
        months = parts.months
        positions = parts.positions
        weekStart = parts.weekStart
    }

    /// As it is written and read.
    package var description: String {
        var parts = ["FREQ=\(frequency.rawValue)"]
        if interval != 1 { parts.append("INTERVAL=\(interval)") }
        if let count { parts.append("COUNT=\(count)") }
        if let until { parts.append("UNTIL=\(Self.text(until))") }
        func add(_ name: String, _ values: [String]) {
            if !values.isEmpty { parts.append("\(name)=\(values.joined(separator: ","))") }
        }
        add("BYMONTH", months.map(String.init))
        add("BYMONTHDAY", monthDays.map(String.init))
        add("BYDAY", weekdays.map { ($0.ordinal.map(String.init) ?? "") + Self.words[$0.number] })
        add("BYSETPOS", positions.map(String.init))
        if weekStart != 0 { parts.append("WKST=\(Self.words[weekStart])") }
        return parts.joined(separator: ";")
    }

    private static func text(_ day: CivilDay) -> String {
        let (year, month, date) = day.parts
        return String(year * 10_000 + month * 100 + date)
    }

    /// Calls with each day in order, from the start on, until told to stop or there is none for a long time.
    /// - Parameter isEnough: returns true to stop.
    package func forEachDay(from start: CivilDay, _ isEnough: (CivilDay) -> Bool) {
        var found = 0
        let last = CivilDay(year: start.parts.year + Self.longestYears, month: 12, day: 31)
        for period in 0... {
            guard let days = days(of: period, from: start), days.first.map({ $0 <= last }) ?? true,
                beginning(of: period, from: start) <= last
            else { return }
            for day in days where day >= start {
                if let until, day > until { return }
                found += 1
                if isEnough(day) || found == count { return }
            }
        }
    }

    /// A rule that names 29 February recurs within eight years; one that names 31 February never.
    private static let longestYears = 60

    private func beginning(of period: Int, from start: CivilDay) -> CivilDay {
        let (year, month, _) = start.parts
        return switch frequency {
        case .daily: start.advanced(byDays: period * interval)
        case .weekly: start.advanced(byDays: period * interval * 7 - (start.weekday - weekStart + 7) % 7)
        case .monthly: CivilDay(year: year, month: month + period * interval, day: 1)
        case .yearly: CivilDay(year: year + period * interval, month: 1, day: 1)
        }
    }

    /// The days of a period, those before the start included, for BYSETPOS counts them.
    private func days(of period: Int, from start: CivilDay) -> [CivilDay]? {
        let first = beginning(of: period, from: start)
        let (year, month, _) = first.parts
        let length = switch frequency {
        case .daily: 1
        case .weekly: 7
        case .monthly: CivilDay.daysInMonth(month, of: year)
        case .yearly: CivilDay(year: year + 1, month: 1, day: 1).number - first.number
        }
        var days: [CivilDay] = []
        for offset in 0..<length {
            let day = first.advanced(byDays: offset)
            if isMeant(day, from: start) { days.append(day) }
        }
        guard !positions.isEmpty else { return days }
        let chosen = Set(positions.map { $0 > 0 ? $0 - 1 : days.count + $0 })
        return days.enumerated().filter { chosen.contains($0.offset) }.map(\.element)
    }

    private func isMeant(_ day: CivilDay, from start: CivilDay) -> Bool {
        let (year, month, date) = day.parts
        if !months.isEmpty, !months.contains(month) { return false }
        let length = CivilDay.daysInMonth(month, of: year)
        if !monthDays.isEmpty, !monthDays.contains(where: { $0 == date || $0 == date - length - 1 }) { return false }
        if !weekdays.isEmpty { return weekdays.contains { isMeant($0, day, year, month, date, length) } }
        guard monthDays.isEmpty else { return true }
        // Where the rule does not say, the start does.
        let (_, startMonth, startDate) = start.parts
        return switch frequency {
        case .daily: true
        case .weekly: day.weekday == start.weekday
        case .monthly: date == startDate
        case .yearly: date == startDate && (!months.isEmpty || month == startMonth)
        }
    }

    private func isMeant(_ weekday: Weekday, _ day: CivilDay, _ year: Int, _ month: Int, _ date: Int, _ length: Int) -> Bool {
        guard day.weekday == weekday.number else { return false }
        guard let ordinal = weekday.ordinal else { return true }
        // Of the month, unless a year is asked for without its months.
        let isOfYear = frequency == .yearly && months.isEmpty
        let first = CivilDay(year: year, month: 1, day: 1)
        let place = isOfYear ? day.number - first.number : date - 1
        let size = isOfYear ? CivilDay(year: year + 1, month: 1, day: 1).number - first.number : length
        return ordinal > 0 ? place / 7 + 1 == ordinal : (size - 1 - place) / 7 + 1 == -ordinal
    }
}
