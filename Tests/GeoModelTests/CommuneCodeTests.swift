import Testing

@testable import GeoModel

@Suite struct CommuneCodeTests {
    @Test(arguments: [("80021", "80021"), ("1001", "01001"), ("2a004", "2A004"), ("97411", "97411")])
    func `a code is read, its lost zero given back`(text: String, code: String) throws {
        #expect(try #require(CommuneCode(text)).rawValue == code)
    }

    @Test(arguments: ["", "800210", "8002X", "2C004", "Amiens", "00000", "８００２１"])
    func `what is not a code is refused`(text: String) {
        #expect(CommuneCode(text) == nil)
    }

    @Test func `the department is two characters, three overseas`() {
        #expect(CommuneCode("80021")?.department == "80")
        #expect(CommuneCode("97411")?.department == "974")
        #expect(CommuneCode("2B033")?.department == "2B")
    }
}
