import AlertModel
import Testing

@Suite struct LocalClockTests {
    @Test func `days count as the Gregorian calendar does`() {
        var number = CivilDay(year: 1899, month: 12, day: 31).number
        #expect(CivilDay(year: 1970, month: 1, day: 1).number == 0)
        // 1970-01-01 was a Thursday.
        #expect(CivilDay(number: 0).weekday == 3)
        for year in 1900...2200 {
            for month in 1...12 {
                for day in 1...CivilDay.daysInMonth(month, of: year) {
                    number += 1
                    let civil = CivilDay(year: year, month: month, day: day)
                    #expect(civil.number == number && civil.parts == (year, month, day))
                }
            }
        }
        #expect(CivilDay(year: 2027, month: 13, day: 1) == CivilDay(year: 2028, month: 1, day: 1))
    }

    @Test func `a time that the clock skips comes as long after, and one it shows twice comes first`() throws {
        let paris = LocalClock.paris
        // 2027-03-28 02:30 does not exist: 03:30, 01:30 UTC.
        let skipped = paris.moment(of: CivilDay(year: 2027, month: 3, day: 28), second: 9_000)
        #expect(paris.text(skipped) == "2027-03-28 03:30")
        let twice = paris.moment(of: CivilDay(year: 2027, month: 10, day: 31), second: 9_000)
        #expect(paris.text(twice) == "2027-10-31 02:30")
        #expect(paris.text(twice.advanced(bySeconds: 3600)) == "2027-10-31 02:30")
        #expect(LocalClock("Paris") == nil && LocalClock("Europe/Atlantis") == nil)
    }
}
