import AlertModel
import Testing

@testable import Campaigns

@Suite struct QuotaTests {
    private func level(
        _ measure: Quota.Measure, _ amount: Int64, spent: Int64 = 0, reserved: Int64 = 0, above: String? = "Préfecture"
    ) -> QuotaLevel {
        QuotaLevel(
            organisation: OrganisationID(rawValue: 2), name: "Eu", above: above,
            quota: Quota(period: .month, measure: measure, amount: amount), spent: spent, reserved: reserved)
    }

    private func sms(_ messages: Int, segments: Int, millionths: Int64? = nil) -> Charge {
        Charge(
            channel: .sms, messages: messages, segments: segments,
            cost: millionths.map { Money(millionths: $0, currency: "EUR") })
    }

    @Test(arguments: [
        (79, nil as Bool?), (80, false), (100, false), (101, true), (5_000, true),
    ])
    func `the last unit may be taken, one more may not, and from four fifths it is said`(segments: Int, isExceeded: Bool?) {
        let findings = QuotaFinding.findings([level(.segments, 100)], [sms(1, segments: segments)])
        #expect(findings.first?.isExceeded == isExceeded)
    }

    @Test func `what is reserved is as good as spent, and what a campaign does not use is not its business`() {
        let full = level(.segments, 100, spent: 60, reserved: 40)
        #expect(QuotaFinding.findings([full], [sms(1, segments: 1)]).first?.isExceeded == true)
        let mail = Charge(channel: .email, messages: 500, segments: 0, cost: nil)
        #expect(QuotaFinding.findings([full, level(.messages(.sms), 1, spent: 1)], [mail]).isEmpty)
        #expect(QuotaFinding.findings([level(.messages(.email), 499)], [mail]).first?.isExceeded == true)
    }

    @Test func `money is counted over all channels, and a price that is not known is said, not taken for nothing`() {
        let quota = level(.money(currency: "EUR"), 10_000_000)
        let mail = Charge(channel: .email, messages: 10, segments: 0, cost: Money(millionths: 4_000_001, currency: "EUR"))
        #expect(QuotaFinding.findings([quota], [sms(1, segments: 1, millionths: 6_000_000), mail]).first?.isExceeded == true)
        let unknown = QuotaFinding.findings([quota], [sms(10, segments: 10), mail])
        #expect(unknown.first?.need == nil && unknown.first?.isExceeded == false)
        let francs = Charge(channel: .sms, messages: 1, segments: 1, cost: Money(millionths: 1, currency: "XPF"))
        #expect(QuotaFinding.findings([quota], [francs]).first?.need == nil)
        // What is known is too much already.
        let dear = Charge(channel: .email, messages: 10, segments: 0, cost: Money(millionths: 10_000_001, currency: "EUR"))
        #expect(QuotaFinding.findings([quota], [sms(10, segments: 10), dear]).first?.isExceeded == true)
    }

    @Test func `information beyond a quota is refused with what is left and whom to ask; an alert goes, and it is said`() throws {
        var facts = GuardFacts(recipients: 5, register: 10, kind: .information)
        facts.quotas = QuotaFinding.findings([level(.segments, 100, spent: 98)], [sms(5, segments: 5)])
        let refusal = GuardPolicy.standard.findings(facts).refusal(acceptance: "M. Durand")
        #expect(refusal?.code == "quota_exceeded")
        let words = try #require(refusal?.description)
        #expect(words.contains("2 segments of sms left") && words.contains("takes 5") && words.contains("“Préfecture”"))

        facts.kind = .alert
        let said = GuardPolicy.standard.findings(facts)
        #expect(said.map(\.consequence) == [.warn] && said.refusal(acceptance: nil) == nil)
        var policy = GuardPolicy.standard
        try policy.set("quota=second_person")
        #expect(policy.findings(facts).refusal(acceptance: nil)?.code == "second_person_needed")
        facts.mode = .exercise
        #expect(policy.findings(facts).isEmpty, "an exercise uses nothing")
    }

    @Test func `amounts that no number holds are the greatest there is, and stop nothing`() {
        let most = Int64.max
        #expect((most - 1).addingClamped(2) == most && (-most).addingClamped(-most) == .min && Int64(2).addingClamped(3) == 5)
        #expect(most.portion(of: most, outOf: most) == most && most.portion(of: 3, outOf: 2) == most)
        #expect(most.portion(of: 1, outOf: 2) == most / 2 + 1, "rounded up")
        // A million messages at a thousand euros each, of which all but one left.
        #expect(Int64(1_000_000_000_000_000).portion(of: 999_999, outOf: 1_000_000) == 999_999_000_000_000)
        #expect(Int64(30).portion(of: 0, outOf: 10) == 0 && Int64(30).portion(of: 1, outOf: 0) == 0)
        let full = level(.segments, most, spent: most, reserved: most)
        #expect(full.left == 0 && full.percent == 100)
        #expect(level(.segments, 1, spent: most).percent == most && level(.segments, most, spent: most / 2).percent == 49)
        let finding = QuotaFinding.findings(
            [full], [Charge(channel: .sms, messages: .max, segments: .max, cost: nil), sms(1, segments: 1)]).first
        #expect(finding?.isExceeded == true && finding?.need == most && finding?.percent == 100)
    }

    @Test func `a guard rail never lets a quota stop an alert, nor pass in silence`() {
        for word in ["stop", "none"] {
            #expect(throws: GuardPolicy.Fault.self) {
                var policy = GuardPolicy.standard
                try policy.set("quota=\(word)")
            }
        }
        // As an older text, or a hand, may have it.
        var facts = GuardFacts(recipients: 5, register: 10)
        facts.quotas = QuotaFinding.findings([level(.segments, 0)], [sms(5, segments: 5)])
        for consequence in GuardConsequence.allCases {
            var policy = GuardPolicy.standard
            policy.consequences[.quota] = consequence
            let found = policy.findings(facts).map(\.consequence)
            #expect(found == [consequence == .secondPerson ? .secondPerson : .warn])
        }
    }

    @Test func `settings are read as they are written, and nothing else is`() throws {
        #expect(try QuotaSetting("month:segments=12000").measure == .segments)
        #expect(try QuotaSetting("year:EUR=500.25").amount == 500_250_000)
        #expect(try QuotaSetting("month:email=none").amount == nil)
        for text in ["", "month", "week:sms=3", "month:sms=-1", "month:sms=1.5", "month:pigeon=3", "month:EUR=1e3", "month:sms=99999999999"] {
            #expect(throws: QuotaTextFault.self, "\(text)") { try QuotaSetting(text) }
        }
        let tariff = try TariffSetting("sms@bulk=0.0455 EUR/segment")
        #expect(tariff.gateway == "bulk" && tariff.tariff?.price.millionths == 45_500 && tariff.tariff?.unit == .segment)
        #expect(try TariffSetting("email=inherit").tariff == nil)
        for text in ["sms=0.05", "sms=0.05 eur/segment", "sms@=0.05 EUR/segment", "sms=-1 EUR/segment", "sms=1 EUR/word"] {
            #expect(throws: QuotaTextFault.self, "\(text)") { try TariffSetting(text) }
        }
        #expect(try ShareSetting("bulk=ceiling none").word == .ceiling(nil))
        for text in ["bulk", "=reserve", "bulk=share 0", "bulk=share 101", "bulk=ceiling 0", "bulk=take"] {
            #expect(throws: QuotaTextFault.self, "\(text)") { try ShareSetting(text) }
        }
    }
}
