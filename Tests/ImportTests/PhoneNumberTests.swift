import TestSupport
import Testing

@testable import Import

@Suite struct PhoneNumberTests {
    private func read(_ text: String, _ department: String? = nil) -> String {
        do throws(PhoneNumber.Refusal) {
            let number = try PhoneNumber(text, department: department)
            return "\(number.isMobile ? "mobile" : "fixed") \(number.e164)"
        } catch {
            return switch error {
            case .notANumber: "not a number"
            case .serviceNumber: "service"
            }
        }
    }

    @Test(arguments: [
        ("06 39 98 12 34", "mobile +33639981234"), ("06.39.98.12.34", "mobile +33639981234"),
        ("0639981234", "mobile +33639981234"), ("+33 6 39 98 12 34", "mobile +33639981234"),
        ("0033639981234", "mobile +33639981234"), ("+33 (0)6 39 98 12 34", "mobile +33639981234"),
        ("+33639981234", "mobile +33639981234"), (" 07 56 78 90 12 ", "mobile +33756789012"),
        ("01 42 68 53 00", "fixed +33142685300"), ("09 72 72 72 72", "fixed +33972727272"),
    ])
    func `metropolitan numbers, as people write them`(text: String, expected: String) {
        #expect(read(text) == expected)
        #expect(read(text, "80") == expected)
    }

    /// The ranges reserved for fiction, of which tests and exercises take their numbers.
    @Test(arguments: [
        ("01 99 00 12 34", "fixed +33199001234"), ("02 61 91 12 34", "fixed +33261911234"),
        ("03 53 01 12 34", "fixed +33353011234"), ("04 65 71 12 34", "fixed +33465711234"),
        ("05 36 49 12 34", "fixed +33536491234"), ("06 39 98 12 34", "mobile +33639981234"),
    ])
    func `numbers kept for fiction`(text: String, expected: String) {
        for department in [nil, "80", "2A", "974", "971", "976", "988"] {
            #expect(read(text, department) == expected)
        }
    }

    @Test(
        arguments: [
            ("0692 12 34 56", "974", "mobile +262692123456"), ("0262 12 34 56", "974", "fixed +262262123456"),
            ("0690 30 12 34", "971", "mobile +590690301234"), ("0696 20 12 34", "972", "mobile +596696201234"),
            ("0694 20 12 34", "973", "mobile +594694201234"), ("0639 12 34 56", "976", "mobile +262639123456"),
            ("0639 01 23 45", "976", "mobile +262639012345"), ("0639 12 34 56", "80", "mobile +262639123456"),
            ("0596 99 99 99", "972", "fixed +596596999999"),
            ("0590 27 12 34", "978", "fixed +590590271234"), ("06 12 34 56 78", "974", "mobile +33612345678"),
            ("01 42 68 53 00", "974", "fixed +33142685300"), ("0692 12 34 56", nil, "mobile +262692123456"),
            ("0692 12 34 56", "75", "mobile +262692123456"), ("0596 60 12 34", "75", "fixed +596596601234"),
        ] as [(String, String?, String)])
    func `overseas numbers are dialled from there and from the mainland`(
        text: String, department: String?, expected: String
    ) {
        #expect(read(text, department) == expected)
    }

    @Test(arguments: ["0800 123 456", "0810 12 34 56", "0892 70 12 34", "08 99 70 12 34"])
    func `premium, shared-cost and toll-free numbers are nobody's telephone`(text: String) {
        #expect(read(text) == "service")
    }

    @Test(arguments: [
        "", "112", "15", "3949", "118 712", "06 12 34 56", "06 12 34 56 78 90", "abc", "06 12 34 56 78 poste 12",
        "+", "+33", "+999 123 456 789", "00 12 34 56 78", String(repeating: "1", count: 41), "06\u{0}12345678", "-1",
        "06 12 34 56 78 / 06 12 34 56 79",
    ])
    func `short numbers, halves, extensions and words are refused`(text: String) {
        #expect(read(text) != "service" || text == "3949" || text == "118 712")
        #expect(!read(text).contains("+"))
    }

    @Test(arguments: [
        ("+32 470 12 34 56", "mobile +32470123456"), ("+44 20 7946 0958", "fixed +442079460958"),
        ("+1 212 555 0123", "mobile +12125550123"), ("0032470123456", "mobile +32470123456"),
    ])
    func `foreign numbers are taken in their international form`(text: String, expected: String) {
        #expect(read(text) == expected)
    }

    /// The library's metadata date from its release. A number is refused for being impossible, never for being new.
    @Test(arguments: [
        ("06 39 98 12 34", true), ("+33 6 39 98 12 34", true), ("06 12 34 56 78", false), ("01 42 68 53 00", false),
    ])
    func `a possible number of a range the library does not know is kept and flagged`(text: String, isUnknown: Bool)
        throws
    {
        #expect(try PhoneNumber(text, department: "80").isOfUnknownRange == isUnknown)
    }

    @Test(arguments: [
        ("612345678", PhoneNumber.Ambiguity.missingZero), ("33612345678", .missingPlus),
        ("262692123456", .missingPlus), ("+1 212 555 0123", .fixedOrMobile), ("0612345678", nil),
        ("+33612345678", nil), ("0033612345678", nil),
    ])
    func `what had to be supposed is told`(text: String, expected: PhoneNumber.Ambiguity?) throws {
        #expect(try PhoneNumber(text, department: "80").ambiguity == expected)
    }

    /// A foreign number of a possible length that nobody knows is kept too: as mobile, so that it gets everything.
    @Test func `a foreign number of an unknown range is kept`() throws {
        let number = try PhoneNumber("+32 999 12 34 56", department: "80")
        #expect((number.e164, number.isMobile, number.isOfUnknownRange) == ("+32999123456", true, true))
    }

    @Test func `the short cut for plain French numbers says what the library says`() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        func slow(_ text: String) -> String {
            do throws(PhoneNumber.Refusal) {
                let number = try PhoneNumber(slowly: text, region: "FR")
                return "\(number.e164) \(number.isMobile) \(number.isOfUnknownRange) \(number.ambiguity?.description ?? "")"
            } catch { return "\(error)" }
        }
        func fast(_ text: String) -> String {
            do throws(PhoneNumber.Refusal) {
                let number = try PhoneNumber(text, department: "80")
                return "\(number.e164) \(number.isMobile) \(number.isOfUnknownRange) \(number.ambiguity?.description ?? "")"
            } catch { return "\(error)" }
        }
        var shortcuts = 0
        for round in 0..<6_000 {
            // Twice in the same block, so that the second is answered from the first.
            let block = Int.random(in: 10_000...99_999, using: &generator)
            for _ in 0..<2 {
                let national = String(block * 10_000 + Int.random(in: 0...9999, using: &generator))
                let text = switch round % 4 {
                case 0: "0" + national
                case 1: "+33" + national
                case 2: "0033 " + national
                default: "0" + national.prefix(1) + "." + national.dropFirst()
                }
                if PlainFrenchNumber(text) != nil { shortcuts += 1 }
                #expect(fast(text) == slow(text), "\(text), seed \(seed)")
            }
        }
        #expect(shortcuts > 8_000)
    }

    @Test func `refusals never repeat the number`() {
        #expect(!PhoneNumber.Refusal.notANumber.description.contains("+336399"))
        #expect(PhoneNumber.Refusal.serviceNumber.description.contains("nobody's telephone"))
    }
}
