/// When information is not sent, as an organisation or an operator writes it: `20:00-08:00 sundays holidays`.
package struct QuietPattern: Hashable, Sendable, CustomStringConvertible {
    /// Minutes of the day from which and until which it is quiet; past midnight where the end is not after the start.
    package struct Window: Hashable, Sendable {
        package let from: Int
        package let to: Int
    }

    package let window: Window?
    /// Whole days.
    package let sundays: Bool
    package let holidays: Bool
    /// Alsace and Moselle's two are holidays as well.
    package let alsaceMoselle: Bool

    /// What an organisation has that settled none: stricter than the French operators' charter for promotional messages
    /// (08:00 to 21:30, Sundays tolerated), since a town hall's information is not urgent.
    package static let standard = QuietPattern(window: Window(from: 20 * 60, to: 8 * 60), sundays: false, holidays: false, alsaceMoselle: false)

    /// Never quiet.
    package static let none = QuietPattern(window: nil, sundays: false, holidays: false, alsaceMoselle: false)

    private static let localWord = "alsace-moselle"

    private init(window: Window?, sundays: Bool, holidays: Bool, alsaceMoselle: Bool) {
        self.alsaceMoselle = alsaceMoselle
        self.window = window
        self.sundays = sundays
        self.holidays = holidays
    }

    package struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// - Parameter text: hours, `sundays` and `holidays` in any order, `alsace-moselle` beside `holidays`, parted by spaces or commas; `none` alone.
    package init(_ text: some StringProtocol) throws(Fault) {
        let words = text.split { $0 == " " || $0 == "," }.map { $0.lowercased() }
        guard words != ["none"] else {
            self = .none
            return
        }
        var window: Window?
        for word in words where !["sundays", "holidays", Self.localWord].contains(word) {
            guard window == nil, let read = Self.window(word) else { throw Self.fault(text) }
            window = read
        }
        guard !words.isEmpty, Set(words).count == words.count else { throw Self.fault(text) }
        let isLocal = words.contains(Self.localWord)
        guard !isLocal || words.contains("holidays") else { throw Self.fault(text) }
        self.init(
            window: window, sundays: words.contains("sundays"), holidays: words.contains("holidays"), alsaceMoselle: isLocal)
    }

    /// The same where the law of Alsace and Moselle is in force: it changes nothing where holidays are days as others.
    package var inAlsaceMoselle: QuietPattern {
        QuietPattern(window: window, sundays: sundays, holidays: holidays, alsaceMoselle: holidays)
    }

    private static func fault(_ text: some StringProtocol) -> Fault {
        Fault(description:
            "“\(text.prefix(60))” are no quiet hours: write 20:00-08:00, with sundays and holidays after it for whole days (alsace-moselle beside holidays for its two more), or none")
    }

    private static func window(_ word: String) -> Window? {
        let sides = word.split(separator: "-", omittingEmptySubsequences: false).map(minute)
        guard sides.count == 2, let from = sides[0], let to = sides[1], from != to, from < 1440 else { return nil }
        return Window(from: from, to: to)
    }

    /// `8:00`, `08:00`; 24:00 ends a day.
    private static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }

    package var description: String {
        guard self != .none else { return "none" }
        func time(_ minute: Int) -> String { "\(LocalClock.two(minute / 60)):\(LocalClock.two(minute % 60))" }
        return [
            window.map { "\(time($0.from))-\(time($0.to))" }, sundays ? "sundays" : nil, holidays ? "holidays" : nil,
            alsaceMoselle ? Self.localWord : nil,
        ].compactMap { $0 }.joined(separator: " ")
    }
}

/// Quiet hours by the clock of a territory. Alerts have none.
package struct QuietHours: Hashable, Sendable, CustomStringConvertible {
    package let pattern: QuietPattern
    package let clock: LocalClock

    /// - Returns: nil where it is never quiet.
    package init?(_ pattern: QuietPattern, clock: LocalClock) {
        guard pattern != .none else { return nil }
        self.pattern = pattern
        self.clock = clock
    }

    /// As `description` writes it: `20:00-08:00 sundays Europe/Paris`.
    package init?(_ text: String) {
        guard let space = text.lastIndex(of: " "), let clock = LocalClock(String(text[text.index(after: space)...])),
            let pattern = try? QuietPattern(text[..<space])
        else { return nil }
        self.init(pattern, clock: clock)
    }

    package var description: String { "\(pattern) \(clock.zone)" }

    package func isQuiet(at time: UTCTime) -> Bool {
        let (day, milliseconds) = clock.reading(at: time)
        if pattern.sundays, day.weekday == 6 { return true }
        if pattern.holidays, FrenchHoliday.isHoliday(day, zone: clock.zone, isLocalLaw: pattern.alsaceMoselle) { return true }
        guard let window = pattern.window else { return false }
        let (from, to) = (Int64(window.from) * 60_000, Int64(window.to) * 60_000)
        return from < to ? (from..<to).contains(milliseconds) : milliseconds >= from || milliseconds < to
    }

    /// When the quiet hours that hold a moment end; nil where none does.
    package func end(at time: UTCTime) -> UTCTime? { isQuiet(at: time) ? turn(after: time) : nil }

    /// When quiet hours next begin; the moment itself when it lies in some.
    package func start(from time: UTCTime) -> UTCTime { isQuiet(at: time) ? time : turn(after: time) }

    /// How long of a span is not quiet, in milliseconds.
    package func openMilliseconds(from start: UTCTime, until end: UTCTime) -> Int64 {
        var open: Int64 = 0
        var moment = start
        while moment < end {
            let next = min(turn(after: moment), end)
            if !isQuiet(at: moment) { open += next.milliseconds(since: moment) }
            moment = next
        }
        return open
    }

    /// When it next becomes quiet or ceases to be.
    private func turn(after time: UTCTime) -> UTCTime {
        let isQuiet = isQuiet(at: time)
        var moment = time
        // Sundays and holidays beside nights: a few days at most.
        for _ in 0..<Self.longestSearch {
            let shown = clock.reading(at: moment).milliseconds
            let next = edges.first { $0 > shown } ?? LocalClock.day
            let ahead = moment.advanced(byMilliseconds: next - shown)
            moment = clock.change(after: moment, before: ahead) ?? ahead
            if self.isQuiet(at: moment) != isQuiet { return moment }
        }
        return .never
    }

    /// Steps, of which a day has four at most: more than a year, for a pattern of holidays alone.
    private static let longestSearch = 2_000

    /// Where it may turn within a day, in milliseconds.
    private var edges: [Int64] {
        [pattern.window?.from, pattern.window?.to].compactMap { $0 }.map { Int64($0) * 60_000 }.sorted()
    }
}
