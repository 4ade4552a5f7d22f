/// A day of the Gregorian calendar as a number, to count with: days since 1970-01-01.
package struct CivilDay: Hashable, Comparable, Sendable {
    package let number: Int

    package init(number: Int) { self.number = number }

    /// A month below 1 or above 12, or a day that the month does not have, runs over into its neighbours.
    package init(year: Int, month: Int, day: Int) {
        let months = year * 12 + month - 1
        let (year, month) = (Self.floored(months, 12), months - Self.floored(months, 12) * 12 + 1)
        // Years counted from March, so that the leap day comes last; eras of 400 years (Hinnant, “chrono-compatible
        // low-level date algorithms”).
        let shifted = month <= 2 ? year - 1 : year
        let era = Self.floored(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Months and days from 1.
    package var parts: (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = Self.floored(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// 0 for Monday to 6 for Sunday.
    package var weekday: Int { (number % 7 + 7 + 3) % 7 }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    package func advanced(byDays count: Int) -> CivilDay { CivilDay(number: number + count) }

    package static func daysInMonth(_ month: Int, of year: Int) -> Int {
        CivilDay(year: year, month: month + 1, day: 1).number - CivilDay(year: year, month: month, day: 1).number
    }

    private static func floored(_ number: Int, _ divisor: Int) -> Int {
        number >= 0 ? number / divisor : -((divisor - 1 - number) / divisor)
    }
}
