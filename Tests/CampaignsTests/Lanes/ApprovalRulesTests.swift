import AlertModel
import Testing

@testable import Campaigns

@Suite struct ApprovalRulesTests {
    private static let asked = UTCTime(millisecondsSince1970: 1_700_000_000_000)
    private static let reason = "La rivière monte"

    private func facts(_ state: ApprovalState = .pending) -> ApprovalFacts {
        ApprovalFacts(
            state: state, askedBy: "anne", askedAt: Self.asked, expiresAt: Self.asked.advanced(bySeconds: 3_600),
            breakGlassAt: Self.asked.advanced(bySeconds: 180))
    }

    private func at(_ seconds: Int) -> UTCTime { Self.asked.advanced(bySeconds: seconds) }

    @Test func `somebody else approves, and who asked does not`() {
        #expect(ApprovalRules.approval(of: facts(), by: "paul", now: at(1)) == nil)
        #expect(ApprovalRules.approval(of: facts(), by: "anne", now: at(1)) == .ownRequest)
        #expect(ApprovalRules.approval(of: facts(), by: "anne", now: at(3_000)) == .ownRequest, "not with time either")
    }

    @Test func `a right that came from who asks is none for an hour`() {
        for (seconds, refusal) in [(0, ApprovalRefusal.rightFromAsker), (3_599, .rightFromAsker), (3_600, nil)] {
            #expect(
                ApprovalRules.approval(
                    of: facts(), by: "paul", rightGivenAt: at(10).advanced(bySeconds: -seconds), now: at(10)) == refusal)
        }
    }

    @Test(arguments: ApprovalState.allCases.filter { $0 != .pending })
    func `what is decided is decided`(state: ApprovalState) {
        let refusal = ApprovalRefusal.alreadyDecided(state)
        #expect(ApprovalRules.approval(of: facts(state), by: "paul", now: at(1)) == refusal)
        #expect(ApprovalRules.refusal(of: facts(state), reason: Self.reason, now: at(1)) == refusal)
        #expect(ApprovalRules.withdrawal(of: facts(state), by: "anne", now: at(1)) == refusal)
        #expect(
            ApprovalRules.breakGlass(of: facts(state), by: "anne", reason: Self.reason, othersMayApprove: true, now: at(200))
                == refusal)
    }

    @Test func `nobody decides on what is too old, who asked neither`() {
        let old = at(3_600)
        #expect(ApprovalRules.approval(of: facts(), by: "paul", now: old) == .alreadyDecided(.expired))
        #expect(ApprovalRules.approval(of: facts(), by: "paul", now: at(3_599)) == nil)
        #expect(
            ApprovalRules.breakGlass(of: facts(), by: "anne", reason: Self.reason, othersMayApprove: true, now: old)
                == .alreadyDecided(.expired))
    }

    @Test func `the glass is broken by who asked, after the delay, for a reason`() {
        func refusal(_ user: String, _ reason: String, _ others: Bool, _ seconds: Int) -> ApprovalRefusal? {
            ApprovalRules.breakGlass(of: facts(), by: user, reason: reason, othersMayApprove: others, now: at(seconds))
        }
        #expect(refusal("anne", Self.reason, true, 179) == .tooEarly(seconds: 1))
        #expect(refusal("anne", Self.reason, true, 0) == .tooEarly(seconds: 180))
        #expect(refusal("anne", Self.reason, true, 180) == nil)
        #expect(refusal("paul", Self.reason, true, 180) == .notAsker)
        #expect(refusal("anne", "   ok   ", true, 180) == .reasonNeeded)
        #expect(refusal("anne", String(repeating: "a", count: 501), true, 180) == .reasonNeeded)
        #expect(refusal("anne", Self.reason, false, 0) == nil, "where there is nobody to ask, nobody is waited for")
    }

    @Test func `a refusal takes a reason, and only who asked withdraws`() {
        #expect(ApprovalRules.refusal(of: facts(), reason: " ", now: at(1)) == .reasonNeeded)
        #expect(ApprovalRules.refusal(of: facts(), reason: Self.reason, now: at(1)) == nil)
        #expect(ApprovalRules.withdrawal(of: facts(), by: "paul", now: at(1)) == .notAsker)
        #expect(ApprovalRules.withdrawal(of: facts(), by: "anne", now: at(1)) == nil)
    }
}
