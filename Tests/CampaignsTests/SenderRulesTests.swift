import AlertModel
import Testing

@testable import Campaigns

@Suite struct SenderRulesTests {
    private func check(_ sender: String, _ day: String) throws {
        try SenderRules.check(try #require(SMSSender(sender)), on: try #require(CalendarDate(day)))
    }

    @Test(arguments: ["MAIRIE", "Ville Rodez", "36180", "38123", "+33162001234", "+33937001234", "+33700123456789", "+4479460000"])
    func `names, short numbers and numbers made for it may be shown`(sender: String) throws {
        try check(sender, "2026-11-22")
    }

    @Test(arguments: ["+33639980001", "+33712345678", "+33199001234", "+33912345678", "+33899102030", "+262692123456", "+590590123456"])
    func `numbers of people, of places and paid ones may not`(sender: String) {
        #expect(throws: SenderRefused.self) { try check(sender, "2026-11-22") }
    }

    @Test func `the rule of the day is the one that holds`() throws {
        try check("+33199001234", "2019-07-31")
        #expect(throws: SenderRefused.self) { try check("+33199001234", "2019-08-01") }
        #expect(throws: SenderRefused.self) { try check("+33162001234", "2022-12-31") }
        try check("+33162001234", "2023-01-01")
        #expect(SenderRules.table.count == 17, "no line of the table has a day that is none")
    }

    @Test func `a refusal says the kind and the day, not the number`() throws {
        do {
            try check("+33639980001", "2026-11-22")
        } catch let error as SenderRefused {
            #expect(error.description.contains("2019-08-01"))
            #expect(!error.description.contains("639980001"))
        }
    }

    @Test(arguments: ["", "12", "MAIRIE DE RODEZ", "123456789", "+33", "Bêtise?", "a\nb", "…"])
    func `what no phone could show is no sender`(text: String) {
        #expect(SMSSender(text) == nil)
    }
}
