import AlertModel
import DispatchSupport
import Testing

@testable import Mail

/// Against aiosmtpd with STARTTLS and a password.
@Suite(.enabled(if: SMTPPeer.expectsRelay, SMTPPeer.relayReason), .timeLimit(.minutes(15))) struct SMTPSecurityTests {
    private func message(to name: String = "a") throws -> MailLetter {
        try MailLetter.sample(to: "\(name)@example.org", id: "1@example.org")
    }

    @Test func `a password goes over verified TLS only, and a wrong one is told`() async throws {
        let (certificate, key) = try SMTPPeer.certificate()
        let peer = try SMTPPeer(relay: ["--certificate", certificate, "--key", key, "--user", "u", "--password", "p:w"])
        let url = "@127.0.0.1:\(peer.port)?timeout=5"

        let good = SMTPPool(relay: try SMTPRelay("smtp://u:p%3Aw\(url)&ca=\(certificate)"))
        #expect(try await good.send(message()) == .accepted(reply: 250))
        let taken = try #require(try peer.log().first)
        #expect(taken.tls)
        #expect(taken.authenticated == true)
        #expect(taken.to == ["a@example.org"])
        #expect(taken.content.contains("Subject: Crue"))

        let wrong = try await SMTPPool(relay: try SMTPRelay("smtp://u:x\(url)&ca=\(certificate)")).send(message())
        guard case .rejected(.connect, 535, _) = wrong else { return #expect(Bool(false), "\(wrong)") }

        let untrusted = try await SMTPPool(relay: try SMTPRelay("smtp://u:p%3Aw\(url)")).send(message())
        guard case .unreachable = untrusted else { return #expect(Bool(false), "\(untrusted)") }
        #expect(try peer.log().count == 1)
    }

    @Test func `a relay without STARTTLS is not given a message that requires it`() async throws {
        let peer = try SMTPPeer(relay: [])
        let relay = try SMTPRelay("smtp://127.0.0.1:\(peer.port)?starttls=required")
        let outcome = try await SMTPPool(relay: relay).send(message())
        guard case .unreachable = outcome else { return #expect(Bool(false), "\(outcome)") }
        let open = SMTPPool(relay: try SMTPRelay("smtp://127.0.0.1:\(peer.port)"))
        #expect(try await open.send(message()) == .accepted(reply: 250))
    }

    @Test func `recipients are told apart: unknown, blocked, full, grey-listed`() async throws {
        let peer = try SMTPPeer(relay: [])
        let pool = SMTPPool(relay: try SMTPRelay("smtp://127.0.0.1:\(peer.port)?connections=1"))
        #expect(try await pool.send(message(to: "nobody")) == .rejected(stage: .recipient, reply: 550, enhanced: "5.1.1"))
        #expect(try await pool.send(message(to: "blocked")) == .rejected(stage: .recipient, reply: 550, enhanced: "5.7.1"))
        #expect(try await pool.send(message(to: "full")) == .rejected(stage: .recipient, reply: 452, enhanced: "4.2.2"))
        #expect(try await pool.send(message(to: "grey")) == .rejected(stage: .recipient, reply: 450, enhanced: "4.2.0"))
        #expect(try await pool.send(message(to: "grey")) == .accepted(reply: 250))
        #expect(try await pool.send(message(to: "a")) == .accepted(reply: 250))
    }
}
