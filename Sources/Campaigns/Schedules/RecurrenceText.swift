import AlertModel

/// Why a recurrence was refused. Safe to show.
package struct RecurrenceFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
}

extension Recurrence {
    /// What is easier to remember than a rule.
    private static func shortcut(_ text: String) -> String? {
        switch text.lowercased() {
        case "daily": return "FREQ=DAILY"
        case "weekly": return "FREQ=WEEKLY"
        case "monthly": return "FREQ=MONTHLY"
        case "yearly": return "FREQ=YEARLY"
        case "weekdays": return "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
        default: break
        }
        let halves = text.lowercased().split(separator: "-", maxSplits: 1)
        let ordinals = ["first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1]
        let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        guard halves.count == 2, let ordinal = ordinals[String(halves[0])], let day = days.firstIndex(of: String(halves[1]))
        else { return nil }
        return "FREQ=MONTHLY;BYDAY=\(ordinal)\(words[day])"
    }

    /// - Parameter text: a rule such as `FREQ=MONTHLY;BYDAY=1FR`, with or without `RRULE:`, or `daily`, `weekly`,
    ///   `monthly`, `yearly`, `weekdays`, `first-friday` … `last-sunday`.
    package init(_ text: String) throws(RecurrenceFault) {
        let rule = Self.shortcut(text) ?? (text.uppercased().hasPrefix("RRULE:") ? String(text.dropFirst(6)) : text)
        self.init(try RecurrenceParts(rule.uppercased()))
    }
}

/// The parts of a rule as they are read.
struct RecurrenceParts {
    private(set) var frequency = Recurrence.Frequency.daily
    private(set) var interval = 1
    private(set) var count: Int?
    private(set) var until: CivilDay?
    private(set) var weekdays: [Recurrence.Weekday] = []
    private(set) var monthDays: [Int] = []
    private(set) var months: [Int] = []
    private(set) var positions: [Int] = []
    private(set) var weekStart = 0

    /// A list longer than every day of a year says nothing more.
    private static let longestList = 366

    init(_ rule: String) throws(RecurrenceFault) {
        var seen: Set<Substring> = []
        for part in rule.split(separator: ";", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, !sides[1].isEmpty, seen.insert(sides[0]).inserted else {
                throw RecurrenceFault(
                    description: "“\(part.prefix(40))” is no part of a recurrence: write FREQ=MONTHLY;BYDAY=1FR, or weekly, monthly, first-friday")
            }
            try read(sides[0], sides[1])
        }
        guard seen.contains("FREQ") else { throw RecurrenceFault(description: "a recurrence begins with FREQ=") }
        try check(seen)
    }

    private mutating func read(_ name: Substring, _ value: Substring) throws(RecurrenceFault) {
        switch name {
        case "FREQ":
            guard let known = Recurrence.Frequency(rawValue: String(value)) else {
                throw RecurrenceFault(description: "FREQ is DAILY, WEEKLY, MONTHLY or YEARLY")
            }
            frequency = known
        case "INTERVAL": interval = try Self.number(name, value, 1...1000)
        case "COUNT": count = try Self.number(name, value, 1...10_000)
        case "UNTIL": until = try Self.day(value)
        case "BYMONTH": months = try Self.numbers(name, value, 1...12)
        case "BYMONTHDAY": monthDays = try Self.numbers(name, value, -31...31)
        case "BYSETPOS": positions = try Self.numbers(name, value, -366...366)
        case "BYDAY":
            for word in try Self.list(name, value) { weekdays.append(try Self.weekday(word)) }
        case "WKST":
            let day = try Self.weekday(value)
            guard day.ordinal == nil else { throw RecurrenceFault(description: "WKST is a day such as MO") }
            weekStart = day.number
        default:
            throw RecurrenceFault(
                description: "\(name.prefix(20)) is not read here: FREQ, INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS and WKST are")
        }
    }

    /// What the RFC forbids together, or what would say nothing.
    private func check(_ seen: Set<Substring>) throws(RecurrenceFault) {
        let ofMonths = frequency == .monthly || frequency == .yearly
        if count != nil, until != nil { throw RecurrenceFault(description: "COUNT and UNTIL exclude each other") }
        if !ofMonths, weekdays.contains(where: { $0.ordinal != nil }) {
            throw RecurrenceFault(description: "BYDAY=1FR goes with FREQ=MONTHLY or YEARLY; every Friday is BYDAY=FR")
        }
        if frequency == .weekly, !monthDays.isEmpty {
            throw RecurrenceFault(description: "BYMONTHDAY does not go with FREQ=WEEKLY")
        }
        if !positions.isEmpty, !ofMonths || weekdays.isEmpty && monthDays.isEmpty {
            throw RecurrenceFault(description: "BYSETPOS goes with BYDAY or BYMONTHDAY of FREQ=MONTHLY or YEARLY")
        }
    }

    private static func list(_ name: Substring, _ value: Substring) throws(RecurrenceFault) -> [Substring] {
        let words = value.split(separator: ",", omittingEmptySubsequences: false)
        guard words.count <= longestList else { throw RecurrenceFault(description: "\(name) has too many values") }
        return words
    }

    private static func numbers(
        _ name: Substring, _ value: Substring, _ range: ClosedRange<Int>
    ) throws(RecurrenceFault) -> [Int] {
        var numbers: [Int] = []
        for word in try list(name, value) { numbers.append(try number(name, word, range)) }
        return numbers
    }

    private static func number(
        _ name: Substring, _ value: Substring, _ range: ClosedRange<Int>
    ) throws(RecurrenceFault) -> Int {
        guard let number = Int(value), range.contains(number), number != 0 else {
            throw RecurrenceFault(description: "\(name)=\(value.prefix(20)): numbers from \(range.lowerBound) to \(range.upperBound) are due, 0 not among them")
        }
        return number
    }

    private static func weekday(_ word: Substring) throws(RecurrenceFault) -> Recurrence.Weekday {
        let ordinal = word.dropLast(2)
        guard let number = Recurrence.words.firstIndex(of: String(word.suffix(2))),
            ordinal.isEmpty || Int(ordinal).map({ $0 != 0 && abs($0) <= 53 }) == true
        else { throw RecurrenceFault(description: "“\(word.prefix(20))” is no day: MO, TU, WE, TH, FR, SA, SU, 1FR, -1SU") }
        return Recurrence.Weekday(ordinal: Int(ordinal), number: number)
    }

    private static func day(_ value: Substring) throws(RecurrenceFault) -> CivilDay {
        guard value.utf8.count == 8, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(value),
            CalendarDate(year: number / 10_000, month: number / 100 % 100, day: number % 100) != nil
        else { throw RecurrenceFault(description: "UNTIL is the last day, such as 20271231") }
        return CivilDay(year: number / 10_000, month: number / 100 % 100, day: number % 100)
    }
}
