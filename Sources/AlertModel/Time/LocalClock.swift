// The time zone database is Foundation's; its essentials alone know GMT only.
import Foundation

/// What the clocks of a territory show, summer time included.
package struct LocalClock: Hashable, Sendable {
    /// The name in the IANA time zone database: `Europe/Paris`.
    package let zone: String
    private let timeZone: TimeZone

    /// - Returns: nil for a name that the database does not have.
    package init?(_ zone: String) {
        guard zone.contains("/"), let timeZone = TimeZone(identifier: zone) else { return nil }
        self.zone = zone
        self.timeZone = timeZone
    }

    private init(certain zone: String) {
        self.zone = zone
        timeZone = TimeZone(identifier: zone) ?? .gmt
    }

    package static let paris = LocalClock(certain: "Europe/Paris")

    package static func == (left: Self, right: Self) -> Bool { left.zone == right.zone }
    package func hash(into hasher: inout Hasher) { hasher.combine(zone) }

    /// What the clock shows: the day, and milliseconds since its midnight.
    package func reading(at time: UTCTime) -> (day: CivilDay, milliseconds: Int64) {
        let shown = time.millisecondsSince1970 + offset(at: time)
        let day = shown >= 0 ? shown / Self.day : -((Self.day - 1 - shown) / Self.day)
        return (CivilDay(number: Int(day)), shown - day * Self.day)
    }

    /// When the clock shows a time of day: the first time where it shows it twice; where it never does, as long after
    /// the change as it would have been before.
    /// - Parameter second: since midnight.
    package func moment(of day: CivilDay, second: Int) -> UTCTime {
        let shown = Int64(day.number) * Self.day + Int64(second) * 1000
        func at(_ milliseconds: Int64) -> UTCTime { UTCTime(millisecondsSince1970: milliseconds) }
        let before = offset(at: at(shown - Self.day))
        let after = offset(at: at(shown + Self.day))
        if before == after || offset(at: at(shown - before)) == before { return at(shown - before) }
        return offset(at: at(shown - after)) == after ? at(shown - after) : at(shown - before)
    }

    /// When the clock is next put forward or back, if it is before `limit`.
    func change(after time: UTCTime, before limit: UTCTime) -> UTCTime? {
        guard offset(at: time) != offset(at: limit),
            let change = timeZone.nextDaylightSavingTimeTransition(after: Self.date(time))
        else { return nil }
        let moment = UTCTime(millisecondsSince1970: Int64((change.timeIntervalSince1970 * 1000).rounded()))
        return moment > time && moment < limit ? moment : nil
    }

    /// `2026-12-01 18:00`.
    package func text(_ time: UTCTime) -> String {
        let (day, milliseconds) = reading(at: time)
        let (year, month, date) = day.parts
        let minute = Int(milliseconds / 60_000)
        return "\(year)-\(Self.two(month))-\(Self.two(date)) \(Self.two(minute / 60)):\(Self.two(minute % 60))"
    }

    static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

    static let day: Int64 = 86_400_000

    /// Milliseconds that the clock is ahead of UTC.
    private func offset(at time: UTCTime) -> Int64 { Int64(timeZone.secondsFromGMT(for: Self.date(time))) * 1000 }

    private static func date(_ time: UTCTime) -> Date {
        Date(timeIntervalSince1970: Double(time.millisecondsSince1970) / 1000)
    }
}

extension LocalClock {
    /// The legal time of a French department or overseas collectivity, by its code or a commune's that begins with it.
    package static func french(_ code: String) -> LocalClock {
        overseas[String(code.prefix(3))].flatMap(LocalClock.init) ?? .paris
    }

    private static let overseas = [
        "971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne", "974": "Indian/Reunion",
        "975": "America/Miquelon", "976": "Indian/Mayotte", "977": "America/St_Barthelemy", "978": "America/Marigot",
        "986": "Pacific/Wallis", "987": "Pacific/Tahiti", "988": "Pacific/Noumea",
    ]
}
