import AlertModel
import Testing

@testable import Campaigns

@Suite struct RecurrenceTests {
    private func days(_ rule: String, from start: (Int, Int, Int), _ count: Int = 4) throws -> [String] {
        let timing = ScheduleTiming(
            clock: .paris, day: CivilDay(year: start.0, month: start.1, day: start.2), second: 64_800, rule: try Recurrence(rule))
        return timing.next(count, after: UTCTime(millisecondsSince1970: 0)).map { timing.clock.text($0) }
    }

    @Test func `a concert on the first Friday is at the same hour in winter and in summer`() throws {
        #expect(try days("first-friday", from: (2027, 3, 1)) == [
            "2027-03-05 18:00", "2027-04-02 18:00", "2027-05-07 18:00", "2027-06-04 18:00",
        ])
        #expect(try Recurrence("first-friday") == Recurrence("RRULE:FREQ=MONTHLY;BYDAY=1FR"))
    }

    @Test func `every third Sunday and the last Friday are all there`() throws {
        // Foundation leaves out the third Sunday of September here.
        #expect(try days("FREQ=MONTHLY;BYDAY=-1FR,3SU", from: (2027, 8, 28), 3) == [
            "2027-09-19 18:00", "2027-09-24 18:00", "2027-10-17 18:00",
        ])
    }

    @Test func `a month without the day is passed over, and a day that never comes ends the search`() throws {
        #expect(try days("monthly", from: (2027, 1, 31)) == [
            "2027-01-31 18:00", "2027-03-31 18:00", "2027-05-31 18:00", "2027-07-31 18:00",
        ])
        #expect(try days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", from: (2027, 1, 31)) == [])
        #expect(try days("FREQ=DAILY;UNTIL=20270102", from: (2027, 1, 1)).count == 2)
        #expect(try days("FREQ=DAILY;INTERVAL=1000", from: (2027, 1, 1), 40).count < 40)
    }

    @Test(arguments: [
        "", "FREQ=HOURLY", "FREQ=MONTHLY;BYDAY=1XX", "FREQ=WEEKLY;BYDAY=1FR", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=3;UNTIL=20270101", "FREQ=DAILY;UNTIL=20270230", "FREQ=DAILY;UNTIL=20270101T000000Z", "BYDAY=FR",
        "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;BYHOUR=3", "FREQ=WEEKLY;BYMONTHDAY=3", "FREQ=MONTHLY;BYSETPOS=1", "FREQ",
        "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=MONTHLY;BYDAY=54MO", "FREQ=DAILY;", "first-blursday",
    ])
    func `what is no recurrence is refused with a reason`(text: String) {
        #expect(throws: RecurrenceFault.self) { try Recurrence(text) }
    }

    @Test func `an occurrence is launched late for what is left, or skipped`() {
        let at = UTCTime(millisecondsSince1970: 1_800_000_000_000)
        func judge(after seconds: Int, following: Int? = nil) -> OccurrenceVerdict {
            .judge(at, following: following.map { at.advanced(bySeconds: $0) }, validitySeconds: 3_600, now: at.advanced(bySeconds: seconds))
        }
        #expect(judge(after: 0) == .launch(validitySeconds: 3_600))
        #expect(judge(after: 2) == .launch(validitySeconds: 3_600))
        #expect(judge(after: 600) == .launch(validitySeconds: 3_000))
        #expect(judge(after: 600, following: 601) == .launch(validitySeconds: 3_000))
        for late in [judge(after: 3_541), judge(after: 100_000), judge(after: 600, following: 600)] {
            guard case .skip = late else {
                Issue.record("\(late)")
                return
            }
        }
    }
}
