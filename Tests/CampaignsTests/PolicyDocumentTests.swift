import AlertModel
import Testing

@testable import Campaigns

@Suite struct PolicyDocumentTests {
    private func decode(_ text: String) throws -> PolicyDocument { try PolicyDocument.decode(Array(text.utf8)) }

    @Test func `a policy may name any part of itself`() throws {
        let all = try decode(
            #"{"version":1,"maximumRetries":2,"retryPeriodSeconds":60,"validitySeconds":600,"jitterPercent":5,"retries":{"busy":{"count":3,"periodSeconds":120}}}"#)
        #expect(all.maximumRetries == 2 && all.validitySeconds == 600 && all.jitterPercent == 5)
        #expect(all.retries == [.busy: RetryRule(count: 3, periodSeconds: 120)])
        #expect(try decode(#"{"version":1}"#) == PolicyDocument())
    }

    @Test(arguments: [
        ("", ""), (#"{"version":2}"#, "version"), ("{}", "version"), (#"{"version":1,"retry":{}}"#, "retry"),
        (#"{"version":1,"retries":{"bussy":{"count":1,"periodSeconds":1}}}"#, "retries.bussy"),
        (#"{"version":1,"retries":{"expired":{"count":1,"periodSeconds":1}}}"#, "retries.expired"),
        (#"{"version":1,"retries":{"busy":{"count":1}}}"#, "retries.busy"),
        (#"{"version":1,"retries":{"busy":{"count":1.5,"periodSeconds":1}}}"#, "retries.busy.count"),
        (#"{"version":1,"retries":{"busy":{"count":1,"periodSeconds":1,"x":1}}}"#, "retries.busy.x"),
    ])
    func `a fault is named by its path`(text: String, path: String) {
        let error = #expect(throws: PolicyDocumentError.self) { try decode(text) }
        #expect(error?.path == path)
    }

    @Test func `what is stored comes back, in one text only`() throws {
        let policy = Policy(
            channels: [.sms], maximumRetries: 1, retryPeriodSeconds: 1, validitySeconds: 60,
            retries: [.throttled: RetryRule(count: 9, periodSeconds: 8), .busy: RetryRule(count: 1, periodSeconds: 2)],
            jitterPercent: 10)
        let text = RetryDocument.encode(policy)
        #expect(
            String(decoding: text, as: UTF8.self)
                == #"{"jitterPercent":10,"retries":{"busy":{"count":1,"periodSeconds":2},"throttled":{"count":9,"periodSeconds":8}}}"#)
        let back = try RetryDocument.decode(text)
        #expect(back.retries == policy.retries && back.jitterPercent == 10)
        #expect(RetryDocument.encode(PolicyRules.standard(channels: [.sms])).isEmpty)
    }

    @Test func `quiet hours are kept with their clock, and leave a policy without any as it was`() throws {
        let quiet = try #require(QuietHours(try QuietPattern("20:00-8:00,holidays"), clock: .paris))
        let policy = Policy(
            channels: [.sms], maximumRetries: 1, retryPeriodSeconds: 1, validitySeconds: 60, quiet: quiet)
        let text = RetryDocument.encode(policy)
        #expect(
            String(decoding: text, as: UTF8.self)
                == #"{"jitterPercent":0,"quiet":"20:00-08:00 holidays Europe/Paris","retries":{}}"#)
        #expect(try RetryDocument.decode(text).storedQuiet == quiet)
        #expect(RetryDocument.encode(policy.awake).isEmpty)
        #expect(throws: PolicyDocumentError.self) { try RetryDocument.decode(Array(#"{"quiet":"20:00-08:00 Mars/Base"}"#.utf8)) }
        #expect(try decode(#"{"version":1,"quiet":"none"}"#).quiet == QuietPattern.none)
        #expect(throws: PolicyDocumentError.self) { try decode(#"{"version":1,"quiet":"20:00 Europe/Paris"}"#) }
    }

    @Test func `each cause has its bounds`() {
        let policy = Policy(
            channels: [.sms], maximumRetries: 1, retryPeriodSeconds: 1, validitySeconds: 60,
            retries: [
                .busy: RetryRule(count: 11, periodSeconds: 0), .network: RetryRule(count: 100, periodSeconds: 1),
            ], jitterPercent: 51)
        #expect(
            PolicyRules.problems(of: policy)
                == [.causeRetries(.busy, 11), .causePeriod(.busy, seconds: 0), .jitter(percent: 51)])
    }
}
