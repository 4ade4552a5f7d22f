import AlertModel
import Testing

@testable import Dispatching

@Suite struct LegStepTests {
    private let now = UTCTime(millisecondsSince1970: 1_000_000)
    private let policy = Policy(channels: [.sms], maximumRetries: 2, retryPeriodSeconds: 60, validitySeconds: 600)

    private func step(
        _ result: SubmissionResult, counted: Int = 0, throttles: Int = 0, wasInDoubt: Bool = false,
        expiresInSeconds: Int = 600
    ) -> LegStep {
        LegStep.after(
            result, countedAttempts: counted, throttles: throttles, wasInDoubt: wasInDoubt, policy: policy,
            expiresAt: now.advanced(bySeconds: expiresInSeconds), now: now)
    }

    @Test(arguments: [FailureCause.busy, .noAnswer, .network])
    func `what may pass later is tried again after the period`(cause: FailureCause) {
        let step = step(.failed(cause))
        #expect(step.state == .queued)
        #expect(step.dueAt == now.advanced(bySeconds: 60))
        #expect(step.countedAttempts == 1)
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
}
