import Testing

@testable import Reports

@Suite struct TextTableTests {
    @Test func `words stand to the left, figures to the right, without trailing spaces`() {
        var table = TextTable()
        table.row(["Commune", "n", ""])
        table.row(["Été", "1000", ""])
        #expect(table.text == "Commune     n\nÉté      1000\n")
        #expect(TextTable().text == "")
    }
}
