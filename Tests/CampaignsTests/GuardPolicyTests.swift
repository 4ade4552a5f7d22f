import AlertModel
import Testing

@testable import Campaigns

@Suite struct GuardPolicyTests {
    private func rails(_ facts: GuardFacts, _ policy: GuardPolicy = .standard) -> [GuardRail] {
        policy.findings(facts).map(\.rail)
    }

    @Test func `each rail is touched beyond its limit, and not at it`() {
        #expect(rails(GuardFacts(recipients: 0, register: 10)) == [.empty])
        #expect(rails(GuardFacts(recipients: 900, register: 1_000)) == [])
        #expect(rails(GuardFacts(recipients: 901, register: 1_000)) == [.registerShare])
        #expect(rails(GuardFacts(recipients: 999, register: 999)) == [], "a village is alerted as a whole")
        #expect(rails(GuardFacts(recipients: 5, register: 10, squareMetres: 10, territorySquareMetres: 10)) == [])
        #expect(
            rails(GuardFacts(recipients: 5, register: 10, squareMetres: 11, territorySquareMetres: 10))
                == [.largerThanTerritory])
        #expect(rails(GuardFacts(recipients: 5, register: 10, squareMetres: 100, outsideSquareMetres: 5)) == [])
        #expect(
            rails(GuardFacts(recipients: 5, register: 10, squareMetres: 100, outsideSquareMetres: 6)) == [.outsideTerritory])
        #expect(rails(GuardFacts(recipients: 400, register: 10_000, population: 200)) == [])
        #expect(rails(GuardFacts(recipients: 401, register: 10_000, population: 200)) == [.farFromPopulation])
        #expect(rails(GuardFacts(recipients: 30, register: 10_000, population: 3)) == [], "too few to tell")
        #expect(rails(GuardFacts(recipients: 200, register: 10_000, population: 0)) == [.farFromPopulation])
        #expect(rails(GuardFacts(recipients: 5, register: 10_000, population: 50_000)) == [])
        var strict = GuardPolicy.standard
        strict.leastPopulationRatio = 0.01
        #expect(rails(GuardFacts(recipients: 5, register: 10_000, population: 50_000), strict) == [.farFromPopulation])
    }

    @Test func `an alert that repeats another is told of, and asks for nobody`() throws {
        var facts = GuardFacts(recipients: 5, register: 10, alreadyAlerted: (2, [CampaignID(rawValue: 9), CampaignID(rawValue: 7)]))
        let findings = GuardPolicy.standard.findings(facts)
        #expect(findings.map(\.consequence) == [.warn] && findings.refusal(acceptance: nil) == nil)
        #expect(
            findings.map(\.description) == [
                "2 of them are in the alert of campaign 9 and 7: `--except --campaign 9:all --campaign 7:all` leaves them out"
            ])
        var policy = GuardPolicy.standard
        try policy.set("already_alerted=second_person")
        #expect(policy.findings(facts).refusal(acceptance: nil)?.code == "second_person_needed")
        facts.alreadyAlerted = (0, [])
        #expect(policy.findings(facts).isEmpty)
    }

    @Test func `a stop cannot be accepted, a second person can`() throws {
        var policy = GuardPolicy.standard
        let facts = GuardFacts(recipients: 1_000, register: 1_000, squareMetres: 11, territorySquareMetres: 10)
        let asked = policy.findings(facts)
        #expect(asked.count == 2)
        #expect(asked.refusal(acceptance: nil)?.code == "second_person_needed")
        #expect(asked.refusal(acceptance: "  ")?.code == "second_person_needed")
        #expect(asked.refusal(acceptance: "M. Durand: rehearsed") == nil)
        try policy.set("register_share=stop")
        let stopped = policy.findings(facts)
        #expect(stopped.first?.rail == .registerShare, "the weightiest first")
        #expect(stopped.refusal(acceptance: "M. Durand")?.code == "guard_stopped")
        try policy.set("register_share=none")
        try policy.set("larger_than_territory=none")
        #expect(policy.findings(facts).refusal(acceptance: nil) == nil)
        #expect(policy.findings(GuardFacts(recipients: 0, register: 1)).refusal(acceptance: "x") == .emptyAudience)
    }

    @Test func `a policy's text comes back as it was, and what is wrong in it is refused`() throws {
        var policy = GuardPolicy.standard
        for change in ["outside_territory=stop", "register_share_limit=0.25", "small_register=10", "population_ratio=3.5"] {
            try policy.set(change)
        }
        #expect(try GuardPolicy(text: policy.text) == policy)
        #expect(try GuardPolicy(text: "") == .standard)
        for wrong in [
            "empty=none", "register_share=perhaps", "register_share_limit=2", "small_register=-1", "no_such=1", "text",
            "population_ratio=nan",
        ] {
            #expect(throws: GuardPolicy.Fault.self) { try policy.set(wrong) }
        }
    }

    @Test func `what asks less of a second person is named, and what asks more or of something else is not`() throws {
        let standard = GuardPolicy.standard
        func loosened(_ changes: String...) throws -> [String] {
            var policy = standard
            for change in changes { try policy.set(change) }
            return policy.loosened(from: standard)
        }
        #expect(try loosened() == [])
        #expect(try loosened("free_text=stop", "large_audience_limit=10", "break_glass_seconds=600") == [])
        #expect(try loosened("register_share=warn", "typed_above=2000", "approval_minutes=5") == [])
        #expect(
            try loosened("free_text=warn", "large_audience=none", "large_audience_limit=5001", "break_glass_seconds=179")
                == ["free_text", "large_audience", "large_audience_limit", "break_glass_seconds"])
        var strict = standard
        try strict.set("free_text=stop")
        #expect(standard.loosened(from: strict) == ["free_text"])
    }

    @Test func `a finding says what was found and what is allowed`() {
        let facts = GuardFacts(recipients: 950, register: 1_000, squareMetres: 1_250_000, territorySquareMetres: 1_000_000, population: 200)
        #expect(
            GuardPolicy.standard.findings(facts).map(\.description) == [
                "the zone has 1.25 km², the organisation's territory 1 km²",
                "95 % of the register would be alerted: more than 90 %",
                "there are 4.75 recipients for each inhabitant of the zone: more than 2",
            ])
    }
}
