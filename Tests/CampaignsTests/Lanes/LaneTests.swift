import AlertModel
import Testing

@testable import Campaigns

@Suite struct LaneTests {
    private func findings(_ facts: GuardFacts, _ change: (inout GuardPolicy) -> Void = { _ in }) -> [GuardFinding] {
        var policy = GuardPolicy.standard
        change(&policy)
        return policy.findings(facts)
    }

    private func lane(_ mode: CampaignMode, _ author: LaunchAuthor, _ recipients: Int, free: GuardConsequence = .secondPerson)
        -> Lane
    {
        let facts = GuardFacts(recipients: recipients, register: 100_000, mode: mode, author: author)
        return Lane(mode: mode, author: author, findings: findings(facts) { $0.consequences[.freeText] = free })
    }

    @Test func `free text and large audiences take two, scenarios and exercises one`() {
        #expect(lane(.real, .account, 10) == .secondPerson)
        #expect(lane(.real, .scenario, 5_000) == .scenario)
        #expect(lane(.real, .scenario, 5_001) == .secondPerson)
        #expect(lane(.real, .machine, 50_000) == .alone, "who holds the file is asked by the other rails alone")
        #expect(lane(.real, .account, 10, free: .warn) == .alone)
        #expect(lane(.real, .account, 5_001, free: .none) == .secondPerson)
        for author in [LaunchAuthor.machine, .account, .scenario] { #expect(lane(.exercise, author, 50_000) == .exercise) }
    }

    @Test func `an exercise is told what would ask for a second person, and asks for none`() {
        var facts = GuardFacts(recipients: 1_000, register: 1_000, mode: .exercise, author: .account)
        #expect(findings(facts).map(\.consequence) == [.warn])
        #expect(findings(facts).refusal(acceptance: nil) == nil)
        #expect(findings(facts) { $0.consequences[.registerShare] = .stop }.refusal(acceptance: nil)?.code == "guard_stopped")
        facts.mode = .real
        #expect(findings(facts).map(\.consequence) == [.secondPerson, .secondPerson])
    }

    @Test func `only the machine's administrator states a reason unasked`() {
        func agreement(_ author: LaunchAuthor, _ consent: LaunchConsent) -> String? {
            CampaignPlan(
                organisation: OrganisationID(rawValue: 1), requestKey: "k", mode: .real, zoneDocument: "z",
                message: Message(subject: "S", text: "T"), policy: PolicyRules.standard(channels: [.sms], mode: .real),
                notLocated: 0, approvedHash: nil, createdBy: "anne", acceptance: "stated",
                circumstances: LaunchCircumstances(author: author, consent: consent)
            ).agreement
        }
        let request = ApprovalID(rawValue: 1)
        #expect(agreement(.machine, .none) == "stated")
        #expect(agreement(.account, .none) == nil)
        #expect(agreement(.scenario, .none) == nil)
        #expect(agreement(.account, .approved(by: "paul", request: request)) == "paul")
        #expect(agreement(.account, .brokenGlass(reason: "urgent", request: nil)) == "urgent")
    }

    @Test func `the limits are settled in words, within bounds`() throws {
        var policy = GuardPolicy.standard
        for line in ["large_audience_limit=50", "typed_above=0", "break_glass_seconds=60", "approval_minutes=5", "free_text=none"] {
            try policy.set(line)
        }
        #expect((policy.largeAudience, policy.typedAbove, policy.breakGlassSeconds, policy.approvalMinutes) == (50, 0, 60, 5))
        #expect(try GuardPolicy(text: policy.text) == policy)
        for line in ["break_glass_seconds=3601", "approval_minutes=0", "large_audience_limit=-1"] {
            #expect(throws: GuardPolicy.Fault.self) { try policy.set(line) }
        }
    }
}
