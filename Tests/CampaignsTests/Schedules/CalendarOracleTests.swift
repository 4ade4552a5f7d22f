import AlertModel
import DispatchSupport
import Foundation
import TestSupport
import Testing

@testable import Campaigns

/// Rules, clocks and Easter beside python-dateutil and zoneinfo.
@Suite(.enabled(if: CalendarOracle.isExpected, CalendarOracle.reason)) struct CalendarOracleTests {
    private static let zones = [
        "Europe/Paris", "America/Guadeloupe", "America/Miquelon", "Indian/Reunion", "Indian/Mayotte", "Pacific/Noumea",
    ]

    @Test func `six hundred random rules recur on the days that dateutil says`() throws {
        var random = SeededGenerator(seed: 33)
        var cases: [(timing: ScheduleTiming, line: String)] = []
        for _ in 0..<600 {
            let rule = Self.rule(&random)
            let zone = Self.zones.randomElement(using: &random)!
            let day = CivilDay(year: 2026, month: 1, day: 1).advanced(byDays: Int.random(in: 0..<800, using: &random))
            // Any minute, those that a clock skips or shows twice among them.
            let second = [9_000, 64_800, Int.random(in: 0..<1440, using: &random) * 60].randomElement(using: &random)!
            let (year, month, date) = day.parts
            cases.append((
                ScheduleTiming(clock: try #require(LocalClock(zone)), day: day, second: second, rule: try Recurrence(rule)),
                "rule \(zone) \(year)-\(month < 10 ? "0" : "")\(month)-\(date < 10 ? "0" : "")\(date) \(second) 25 \(rule.replacing("UNTIL=20290630", with: "UNTIL=20290630T235959"))"))
        }
        let answers = try CalendarOracle.answers(cases.map(\.line))
        var occurrences = 0
        for (known, answer) in zip(cases, answers) {
            let expected = answer.split(separator: " ").compactMap { Int64($0) }
            let found = known.timing.next(25, after: UTCTime(millisecondsSince1970: 0)).map { $0.millisecondsSince1970 / 1000 }
            #expect(found.prefix(expected.count) == expected[...], "\(known.line)")
            #expect(found.count == expected.count || found[expected.count] >= 3_471_292_800, "\(known.line)")
            #expect(try Recurrence(known.timing.rule!.description) == known.timing.rule)
            occurrences += expected.count
        }
        #expect(answers.count == 600 && occurrences > 8_000)
    }

    @Test func `clocks show what zoneinfo says, near every change and anywhere`() throws {
        var random = SeededGenerator(seed: 34)
        let cases = (0..<3_000).map { number -> (zone: String, seconds: Int) in
            let anywhere = Int.random(in: 1_700_000_000..<2_000_000_000, using: &random)
            // The changes of Paris of 2027, an hour around them.
            let change = [1_806_195_600, 1_824_944_400].randomElement(using: &random)! + Int.random(in: -3_600...3_600, using: &random)
            return (Self.zones.randomElement(using: &random)!, number.isMultiple(of: 2) ? anywhere : change)
        }
        let answers = try CalendarOracle.answers(cases.map { "clock \($0.zone) \($0.seconds)" })
        for (known, answer) in zip(cases, answers) {
            let clock = try #require(LocalClock(known.zone))
            #expect(clock.text(UTCTime(millisecondsSince1970: Int64(known.seconds) * 1000)) == answer, "\(known)")
        }
        #expect(answers.count == 3_000)
    }

    @Test func `holidays move with Easter`() throws {
        let years = Array(1950...2150)
        let answers = try CalendarOracle.answers(years.map { "easter \($0)" })
        for (year, answer) in zip(years, answers) {
            let parts = answer.split(separator: "-").compactMap { Int($0) }
            let sunday = CivilDay(year: parts[0], month: parts[1], day: parts[2])
            for offset in [1, 39, 50] { #expect(FrenchHoliday.isHoliday(sunday.advanced(byDays: offset), zone: "Europe/Paris"), "\(year)") }
            let days = (0..<365).map { CivilDay(year: year, month: 1, day: 1).advanced(byDays: $0) }
            // Eleven, less where Ascension meets 1 or 8 May.
            #expect((10...11).contains(days.count { FrenchHoliday.isHoliday($0, zone: "Europe/Paris") }), "\(year)")
            #expect(FrenchHoliday.isHoliday(CivilDay(year: year, month: 12, day: 20), zone: "Indian/Reunion"))
        }
    }

    private static func rule(_ random: inout SeededGenerator) -> String {
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        func some<Value>(_ values: [Value], _ most: Int) -> [Value] {
            Array(values.shuffled(using: &random).prefix(Int.random(in: 1...most, using: &random)))
        }
        let frequency = Recurrence.Frequency.allCases.randomElement(using: &random)!
        let isOfMonths = frequency == .monthly || frequency == .yearly
        var parts = ["FREQ=\(frequency.rawValue)"]
        if chance(40) { parts.append("INTERVAL=\(Int.random(in: 2...4, using: &random))") }
        if chance(25) { parts.append("COUNT=\(Int.random(in: 1...12, using: &random))") } else if chance(20) { parts.append("UNTIL=20290630") }
        var names = false
        if chance(55) {
            names = true
            // Plain and numbered days in one list are dateutil's own matter: it wants both.
            let isNumbered = isOfMonths && chance(50)
            parts.append("BYDAY=" + some(Recurrence.words, 3).map {
                isNumbered ? "\([1, 2, 3, 4, 5, -1, -2].randomElement(using: &random)!)\($0)" : $0
            }.joined(separator: ","))
        }
        if frequency != .weekly, chance(30) {
            names = true
            parts.append("BYMONTHDAY=" + some([1, 5, 13, 15, 29, 30, 31, -1, -3], 3).map(String.init).joined(separator: ","))
        }
        if chance(30) { parts.append("BYMONTH=" + some(Array(1...12), 3).map(String.init).joined(separator: ",")) }
        if names, isOfMonths, chance(30) { parts.append("BYSETPOS=" + ["1", "-1", "2", "1,-1"].randomElement(using: &random)!) }
        if chance(20) { parts.append("WKST=" + ["SU", "WE"].randomElement(using: &random)!) }
        return parts.joined(separator: ";")
    }
}

enum CalendarOracle {
    static let isExpected =
        SMTPPeer.python != nil && (try? ChildProcess([SMTPPeer.python ?? "", "-c", "import dateutil"]))?.wait() == 0
        || ProcessInfo.processInfo.environment["CI"] == "true"
    static let reason: Comment = "no python-dateutil: Scripts/bootstrap --tests installs it"

    static func answers(_ lines: [String]) throws -> [String] {
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Scripts/peers/calendar-oracle.py")
        let file = FileManager.default.temporaryDirectory.appending(path: "tocsin-calendar-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
        let process = try ChildProcess([try #require(SMTPPeer.python), script.path, file.path])
        // An answer may be empty, as for a rule that never comes.
        let answers = process.readAll().split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        try #require(process.wait() == 0)
        return answers
    }
}
