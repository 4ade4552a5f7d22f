import AlertModel
import Testing

@testable import Reports

@Suite struct ISO8601Tests {
    @Test func `times are UTC with three decimals`() {
        #expect(ISO8601.text(UTCTime(millisecondsSince1970: 0)) == "1970-01-01T00:00:00.000Z")
        #expect(ISO8601.text(UTCTime(millisecondsSince1970: 1_709_208_000_007)) == "2024-02-29T12:00:00.007Z")
        #expect(ISO8601.text(UTCTime(millisecondsSince1970: -1)) == "1969-12-31T23:59:59.999Z")
    }

    @Test func `no millisecond is lost to the arithmetic of fractions`() {
        for millisecond in Int64(0)..<1000 {
            let text = ISO8601.text(UTCTime(millisecondsSince1970: 1_763_769_599_000 + millisecond))
            let digits = String(1000 + millisecond).dropFirst()
            #expect(text == "2025-11-21T23:59:59.\(digits)Z")
        }
    }
}
