/// France's public holidays: the eleven of article L3133-1 of the Code du travail, and overseas the day of the
/// abolition of slavery (decree 83-1003); in Alsace and Moselle two more, by the local law of 16 August 1892.
package enum FrenchHoliday {
    /// - Parameter isLocalLaw: by the law of Moselle, Bas-Rhin and Haut-Rhin: Good Friday, which is a holiday there in
    ///   communes with a Protestant church and is taken as one in all of them, and 26 December.
    package static func isHoliday(_ day: CivilDay, zone: String, isLocalLaw: Bool = false) -> Bool {
        let (year, month, date) = day.parts
        let number = month * 100 + date
        return fixed.contains(number) || abolition[zone] == number
            || movable.contains(day.number - easter(year).number)
            || isLocalLaw && (number == 1226 || day.number == easter(year).number - 2)
    }

    /// Whether a commune or department is under the law of Alsace and Moselle, by its code.
    package static func hasLocalLaw(_ code: String) -> Bool { ["57", "67", "68"].contains(code.prefix(2)) }

    private static let fixed: Set = [101, 501, 508, 714, 815, 1101, 1111, 1225]
    /// Easter Monday, Ascension and Whit Monday, in days after Easter.
    private static let movable: Set = [1, 39, 50]
    private static let abolition = [
        "America/Guadeloupe": 527, "America/Martinique": 522, "America/Cayenne": 610, "Indian/Reunion": 1220,
        "Indian/Mayotte": 427, "America/Marigot": 527, "America/St_Barthelemy": 1009,
    ]

    /// Easter Sunday (the anonymous Gregorian algorithm, Meeus, “Astronomical Algorithms”, chapter 8).
    static func easter(_ year: Int) -> CivilDay {
        let (a, b, c) = (year % 19, year / 100, year % 100)
        let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30
        let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7
        let m = (a + 11 * h + 22 * l) / 451
        let sum = h + l - 7 * m + 114
        return CivilDay(year: year, month: sum / 31, day: sum % 31 + 1)
    }
}
