import AlertModel
import DispatchSupport
import Dispatching
import Mail
import Testing

@testable import Channels

@Suite struct EmailGatewayTests {
    private func submission(mode: CampaignMode = .real, address: String = "a@example.org", subject: String = "Crue",
        quietAt: UTCTime = .never
    ) -> Submission {
        Submission(
            attempt: AttemptID(rawValue: 3), leg: LegID(rawValue: 2), campaign: CampaignID(rawValue: 1),
            audience: AudienceHash(hexadecimal: String(repeating: "ab", count: 32))!, mode: mode, channel: .email,
            address: Redacted(address), message: Message(subject: subject, text: "Montez"), number: 1,
            possibleDuplicate: false, claimedAt: Peers.start, expiresAt: .never, quietAt: quietAt)
    }

    /// No relay listens there: whatever tries to leave fails as a network failure.
    private func gateway() throws -> Gateway {
        EmailGateway.gateway(
            relay: try SMTPRelay("smtp://127.0.0.1:1?connections=1"), sender: try MailSender("alerte@example.org"))
    }

    @Test func `an exercise's message does not leave, whoever asks`() async throws {
        let result = try await gateway().submit(submission(mode: .exercise))
        #expect(result == .failed(.withheld, detail: "wrong_mode"))
    }

    @Test func `an address that is not one fails at once, without naming it`() async throws {
        let result = try await gateway().submit(submission(address: "nobody\r\nDATA"))
        #expect(result == .failed(.invalidAddress))
    }

    @Test func `a subject that would inject a header is refused`() async throws {
        let result = try await gateway().submit(submission(subject: "a\r\nBcc: b@example.org"))
        #expect(result == .failed(.refused, detail: "unsafe_header"))
    }

    @Test func `information in quiet hours, and what is too late, is not begun`() async throws {
        let quiet = try await gateway().submit(submission(quietAt: Peers.start))
        #expect(quiet == .quiet)
        #expect(EmailGateway.result(of: .withdrawn) == .quiet)
    }

    @Test func `a relay that is not there is the network's fault`() async throws {
        let result = try await gateway().submit(submission())
        #expect(result.verdict == .known(.failed(.network)))
    }

    @Test(arguments: [
        (MailOutcome.accepted(reply: 250), SubmissionResult.Verdict.known(.accepted)),
        (.inDoubt(reason: ""), .inDoubt), (.unreachable(reason: ""), .known(.failed(.network))),
        (.rejected(stage: .recipient, reply: 550, enhanced: "5.1.1"), .known(.failed(.invalidAddress))),
        (.rejected(stage: .recipient, reply: 551, enhanced: nil), .known(.failed(.invalidAddress))),
        (.rejected(stage: .recipient, reply: 553, enhanced: nil), .known(.failed(.invalidAddress))),
        (.rejected(stage: .recipient, reply: 550, enhanced: "5.7.1"), .known(.failed(.refused))),
        (.rejected(stage: .recipient, reply: 554, enhanced: nil), .known(.failed(.refused))),
        (.rejected(stage: .end, reply: 550, enhanced: nil), .known(.failed(.refused))),
        (.rejected(stage: .sender, reply: 550, enhanced: nil), .known(.failed(.refused))),
        (.rejected(stage: .connect, reply: 535, enhanced: nil), .known(.failed(.network))),
        (.rejected(stage: .recipient, reply: 421, enhanced: nil), .known(.failed(.throttled))),
        (.rejected(stage: .recipient, reply: 450, enhanced: "4.2.0"), .known(.failed(.network))),
        (.rejected(stage: .end, reply: 452, enhanced: nil), .known(.failed(.network))),
        (.rejected(stage: .recipient, reply: 452, enhanced: nil), .known(.failed(.busy))),
        (.rejected(stage: .recipient, reply: 452, enhanced: "4.2.2"), .known(.failed(.busy))),
        (.rejected(stage: .recipient, reply: 450, enhanced: nil), .known(.failed(.network))),
        (.rejected(stage: .recipient, reply: 451, enhanced: "4.7.1"), .known(.failed(.network))),
        (.rejected(stage: .recipient, reply: 451, enhanced: "4.4.1"), .known(.failed(.network))),
        (.rejected(stage: .sender, reply: 452, enhanced: "4.3.1"), .known(.failed(.throttled))),
        (.rejected(stage: .end, reply: 451, enhanced: "4.3.2"), .known(.failed(.throttled))),
        (.rejected(stage: .recipient, reply: 450, enhanced: "4.4.5"), .known(.failed(.throttled))),
        (.rejected(stage: .recipient, reply: 550, enhanced: "5.2.1"), .known(.failed(.invalidAddress))),
        (.rejected(stage: .recipient, reply: 552, enhanced: "5.2.2"), .known(.failed(.refused))),
        (.rejected(stage: .recipient, reply: 553, enhanced: "5.1.8"), .known(.failed(.refused))),
        (.rejected(stage: .recipient, reply: 550, enhanced: "5.4.4"), .known(.failed(.invalidAddress))),
        (.rejected(stage: .recipient, reply: 554, enhanced: "5.4.6"), .known(.failed(.network))),
        (.rejected(stage: .end, reply: 552, enhanced: "5.3.4"), .known(.failed(.refused))),
        // The two disagree: the reply decides.
        (.rejected(stage: .recipient, reply: 450, enhanced: "5.1.1"), .known(.failed(.network))),
    ])
    func `a relay's word becomes a cause`(outcome: MailOutcome, verdict: SubmissionResult.Verdict) {
        #expect(EmailGateway.result(of: outcome).verdict == verdict)
    }

    @Test func `digits that only look like a status code are not passed on`() {
        let result = EmailGateway.result(of: .rejected(stage: .recipient, reply: 550, enhanced: "33612.3456.78"))
        #expect(result.detail == "smtp recipient 550")
        let known = EmailGateway.result(of: .rejected(stage: .recipient, reply: 550, enhanced: "5.1.1"))
        #expect(known.detail == "smtp recipient 550 5.1.1")
    }

    @Test func `the environment names the relay and the sender, or there is no gateway`() throws {
        #expect(try EmailGateway.configured(environment: [:]) == nil)
        #expect(throws: MailError.self) { try EmailGateway.configured(environment: ["TOCSIN_SMTP_URL": "smtp://relay"]) }
        let gateway = try EmailGateway.configured(
            environment: ["TOCSIN_SMTP_URL": "smtp://relay", "TOCSIN_MAIL_FROM": "a@example.org"])
        #expect(gateway?.isSimulator == false)
        #expect(gateway?.channel == .email)
    }
}
