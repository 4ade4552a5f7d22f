import AlertModel
import TestSupport
import Testing

@Suite struct QuietHoursTests {
    private func quiet(_ text: String, _ zone: String = "Europe/Paris") throws -> QuietHours {
        try #require(QuietHours("\(text) \(zone)"))
    }

    private func time(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int = 0, _ zone: String = "Europe/Paris") throws -> UTCTime {
        try #require(LocalClock(zone)).moment(of: CivilDay(year: year, month: month, day: day), second: hour * 3600 + minute * 60)
    }

    @Test func `a night holds back until the morning, and not the day`() throws {
        let night = try quiet("20:00-08:00")
        #expect(try night.end(at: time(2026, 11, 22, 23)) == time(2026, 11, 23, 8))
        #expect(try night.end(at: time(2026, 11, 23, 3)) == time(2026, 11, 23, 8))
        #expect(try night.end(at: time(2026, 11, 23, 8)) == nil)
        #expect(try night.end(at: time(2026, 11, 23, 19, 59)) == nil)
        #expect(try night.start(from: time(2026, 11, 23, 8)) == time(2026, 11, 23, 20))
        #expect(try night.openMilliseconds(from: time(2026, 11, 22, 20), until: time(2026, 11, 23, 20)) == 12 * 3_600_000)
    }

    @Test func `whole days chain with nights, and Easter is a long one`() throws {
        let town = try quiet("20:00-08:00 sundays holidays")
        // Friday evening before Easter 2027 (28 March): Saturday is open, then Sunday and Monday are not.
        #expect(try town.end(at: time(2027, 3, 27, 21)) == time(2027, 3, 30, 8))
        #expect(try town.end(at: time(2027, 12, 31, 21)) == time(2028, 1, 3, 8))
        #expect(try town.end(at: time(2026, 12, 25, 12)) == time(2026, 12, 26, 8))
    }

    @Test func `Alsace and Moselle have two holidays more, and nobody else has`() throws {
        let plain = try quiet("holidays"), local = try quiet("holidays alsace-moselle")
        for (year, month, day) in [(2025, 4, 18), (2026, 4, 3), (2027, 3, 26), (2038, 4, 23), (2026, 12, 26), (2027, 12, 26)] {
            #expect(try local.isQuiet(at: time(year, month, day, 12)) && !plain.isQuiet(at: time(year, month, day, 12)), "\(year)-\(month)-\(day)")
        }
        for (month, day, isHoliday) in [(4, 2, false), (4, 4, false), (4, 6, true), (12, 25, true), (12, 27, false), (7, 14, true)] {
            #expect(try local.isQuiet(at: time(2026, month, day, 12)) == isHoliday)
        }
        #expect(try quiet("20:00-08:00 holidays alsace-moselle").end(at: time(2026, 12, 24, 21)) == time(2026, 12, 27, 8))
        #expect(try QuietPattern("20:00-08:00").inAlsaceMoselle.description == "20:00-08:00")
        #expect(try QuietPattern("sundays holidays").inAlsaceMoselle.description == "sundays holidays alsace-moselle")
    }

    @Test func `nights of the two changes of clock are an hour shorter and longer`() throws {
        let night = try quiet("20:00-08:00")
        let spring = try time(2027, 3, 27, 20), autumn = try time(2027, 10, 30, 20)
        #expect(try #require(night.end(at: spring)).milliseconds(since: spring) == 11 * 3_600_000)
        #expect(try #require(night.end(at: autumn)).milliseconds(since: autumn) == 13 * 3_600_000)
    }

    @Test(arguments: ["20:00-08:00", "02:30-03:30", "12:00-14:00 sundays", "22:15-02:30 holidays", "sundays", "00:00-24:00"])
    func `the end is the first minute that the clock shows outside`(text: String) throws {
        guard let quiet = QuietHours("\(text) Europe/Paris") else { return }
        var random = SeededGenerator(seed: 11)
        // Around both changes of clock, and anywhere.
        let around = try [time(2027, 3, 28, 0), time(2027, 10, 31, 0), time(2027, 5, 1, 0)]
        for _ in 0..<60 {
            let start = around.randomElement(using: &random)!.advanced(byMilliseconds: Int64.random(in: -40...40, using: &random) * 3_600_000 / 4)
            var scanned = start
            var minutes = 0
            while quiet.isQuiet(at: scanned), minutes < 10_000 {
                scanned = scanned.advanced(bySeconds: 60)
                minutes += 1
            }
            guard minutes < 10_000 else { continue }
            #expect(quiet.end(at: start) == (minutes == 0 ? nil : scanned))
        }
    }

    @Test func `each territory has its own night`() throws {
        let noonInParis = try time(2026, 11, 23, 12)
        for (code, zone, isQuiet) in [
            ("75056", "Europe/Paris", false), ("97105", "America/Guadeloupe", true), ("97209", "America/Martinique", true),
            ("97302", "America/Cayenne", false), ("97411", "Indian/Reunion", false), ("97608", "Indian/Mayotte", false),
            ("98818", "Pacific/Noumea", true), ("98735", "Pacific/Tahiti", true), ("2A004", "Europe/Paris", false),
        ] {
            let clock = LocalClock.french(code)
            #expect(clock.zone == zone)
            #expect(try quiet("20:00-08:00", zone).isQuiet(at: noonInParis) == isQuiet, "\(zone)")
        }
    }

    @Test(arguments: [
        "", "20:00", "20-08", "20:00-20:00", "25:00-08:00", "20:00-08:60", "20:00-08:00 mondays", "20:00-08:00 12:00-13:00",
        "sundays sundays", "24:00-08:00", "20:0-08:00", "none sundays", "+1:00-08:00", "alsace-moselle", "20:00-08:00 alsace-moselle",
    ])
    func `what is no quiet hours is refused with an example`(text: String) {
        let fault = #expect(throws: QuietPattern.Fault.self) { try QuietPattern(text) }
        #expect(fault?.description.contains("20:00-08:00") == true)
    }

    @Test(arguments: ["20:00-08:00", "none", "sundays", "12:00-14:00 sundays holidays", "00:00-24:00", "20:00-08:00 holidays alsace-moselle"])
    func `patterns read what they write`(text: String) throws { #expect(try QuietPattern(text).description == text) }
}
