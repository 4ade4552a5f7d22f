import AlertModel
import Testing

@testable import Dispatching

@Suite struct LegStepTests {
    private let now = UTCTime(millisecondsSince1970: 1_000_000)
    private let policy = Policy(channels: [.sms], maximumRetries: 2, retryPeriodSeconds: 60, validitySeconds: 600)

    private func step(
        _ result: SubmissionResult, counted: Int = 0, throttles: Int = 0, wasInDoubt: Bool = false,
        expiresInSeconds: Int = 600, failures: FailureTally = FailureTally(), policy: Policy? = nil,
        hasOther: Bool = false
    ) -> LegStep {
        LegStep.after(
            result,
            LegHistory(
                leg: LegID(rawValue: 7), countedAttempts: counted, throttles: throttles, inDoubt: wasInDoubt,
                failures: failures), policy: policy ?? self.policy, expiresAt: now.advanced(bySeconds: expiresInSeconds),
            now: now, hasOtherGateway: hasOther)
    }

    @Test(arguments: [FailureCause.busy, .noAnswer, .network])
    func `what may pass later is tried again after the period`(cause: FailureCause) {
        let step = step(.failed(cause))
        #expect(step.state == .queued)
        #expect(step.dueAt == now.advanced(bySeconds: 60))
        #expect(step.countedAttempts == 1)
    }

    @Test(arguments: [FailureCause.refused, .busy])
    func `what left in part is marked, whether it is tried again or not`(cause: FailureCause) {
        #expect(step(SubmissionResult(.known(.failed(cause)), isGatewayFailure: false, isPartial: true)).inDoubt)
        #expect(!step(.failed(cause)).inDoubt)
    }

    @Test func `what was left behind is tried again, and has passed once no try remains`() {
        let left = SubmissionResult(.known(.failed(.noAnswer)), isLeftBehind: true)
        #expect(step(left).state == .queued && step(left).inDoubt)
        #expect(step(left, counted: 9).state == .delivered && step(left, counted: 9).cause == nil)
        #expect(step(.failed(.noAnswer), counted: 9).state == .failed)
    }

    @Test(arguments: [FailureCause.refused, .invalidAddress, .expired, .unavailable, .withheld])
    func `what will not pass is not tried again`(cause: FailureCause) {
        let step = step(.failed(cause))
        #expect(step.state == .failed)
        #expect(step.cause == cause)
    }

    @Test func `retries end at the policy's count`() {
        #expect(step(.failed(.busy), counted: 1).state == .queued)
        #expect(step(.failed(.busy), counted: 2).state == .failed)
    }

    @Test func `a throttled answer does not count and waits longer each time`() {
        var waits: [Int64] = []
        for throttles in 0..<8 {
            let step = step(.failed(.throttled), counted: 2, throttles: throttles, expiresInSeconds: 10_000)
            #expect(step.countedAttempts == 2)
            waits.append(step.dueAt!.milliseconds(since: now) / 1000)
        }
        #expect(waits == [5, 10, 20, 40, 80, 160, 300, 300])
    }

    @Test func `nothing is waited for past the end of validity`() {
        #expect(step(.failed(.busy), expiresInSeconds: 30).state == .failed)
        let throttled = step(.failed(.throttled), expiresInSeconds: 3)
        #expect(throttled.state == .failed)
        #expect(throttled.cause == .expired)
    }

    @Test func `doubt marks the next attempt and is not forgotten by a failure`() {
        #expect(step(SubmissionResult(.inDoubt)).inDoubt)
        #expect(step(SubmissionResult(.inDoubt)).state == .queued)
        #expect(step(.failed(.busy), wasInDoubt: true).inDoubt)
    }

    @Test func `doubt at the last attempt is a failure, never a success`() {
        let step = step(SubmissionResult(.inDoubt), counted: 2)
        #expect(step.state == .failed)
        #expect(step.cause == .network)
    }

    @Test func `an accepted message waits for its receipt only where one may come`() {
        #expect(step(SubmissionResult(.known(.accepted))).awaitingUntil == nil)
        #expect(
            step(SubmissionResult(.known(.accepted), receiptWithin: .seconds(20))).awaitingUntil
                == now.advanced(bySeconds: 20))
    }

    @Test func `a gateway that is not there sends the leg to another at once, without costing a try`() {
        let step = step(.failed(.network), counted: 2, throttles: 0, hasOther: true)
        #expect(step.state == .queued && step.dueAt == now && step.countedAttempts == 2 && step.throttles == 1)
        let ofTheMessage = self.step(.failed(.network, isGatewayFailure: false), hasOther: true)
        #expect(ofTheMessage.dueAt == now.advanced(bySeconds: 60) && ofTheMessage.countedAttempts == 1)
        #expect(self.step(SubmissionResult(.inDoubt), hasOther: true).countedAttempts == 1, "it may have left")
    }

    @Test func `a rule counts its own cause only`() {
        let policy = Policy(
            channels: [.sms], maximumRetries: 0, retryPeriodSeconds: 60, validitySeconds: 600,
            retries: [.busy: RetryRule(count: 2, periodSeconds: 7), .throttled: RetryRule(count: 1, periodSeconds: 9)])
        let first = step(.failed(.busy), failures: FailureTally().adding(.noAnswer), policy: policy)
        #expect(first.dueAt == now.advanced(bySeconds: 7) && first.failures.count(.busy) == 1)
        let third = step(.failed(.busy), counted: 2, failures: FailureTally().adding(.busy).adding(.busy), policy: policy)
        #expect(third.state == .failed && third.failures.count(.busy) == 3)
        #expect(step(.failed(.noAnswer), policy: policy).state == .failed)
        #expect(step(.failed(.throttled), policy: policy).dueAt == now.advanced(bySeconds: 9))
        #expect(step(.failed(.throttled), failures: FailureTally().adding(.throttled), policy: policy).state == .failed)
    }

    @Test func `jitter only lengthens, within its bound, differs by leg and never by run`() {
        let policy = Policy(
            channels: [.sms], maximumRetries: 5, retryPeriodSeconds: 100, validitySeconds: 6000, jitterPercent: 20)
        let waits = (1...200).map { leg in
            LegStep.after(
                .failed(.busy), LegHistory(leg: LegID(rawValue: leg), countedAttempts: 0), policy: policy,
                expiresAt: .never, now: now
            ).dueAt!.milliseconds(since: now)
        }
        #expect(waits.allSatisfy { (100_000...120_000).contains($0) })
        #expect(Set(waits).count > 100)
        #expect((waits.max() ?? 0) > 117_000 && (waits.min() ?? 0) < 103_000)
    }
}
