import AlertModel
import DispatchSupport
import Testing

@testable import Mail

/// Against Postfix's smtp-sink, which takes, refuses, delays and drops.
@Suite(.enabled(if: SMTPPeer.expectsSink, SMTPPeer.sinkReason), .timeLimit(.minutes(15))) struct SMTPSinkTests {
    private func message(_ number: Int = 1, text: String = "Montez à l'étage.\n.\n..fin") throws -> MailLetter {
        try MailLetter.sample(to: "r\(number)@example.org", text: text, id: "\(number)@example.org")
    }

    private func pool(_ peer: SMTPPeer, _ options: String = "") throws -> SMTPPool {
        SMTPPool(relay: try SMTPRelay("smtp://127.0.0.1:\(peer.port)?timeout=2\(options)"))
    }

    @Test func `many messages share a few connections and all arrive`() async throws {
        let peer = try SMTPPeer(sink: [])
        let pool = try pool(peer, "&connections=4")
        let outcomes = try await withThrowingTaskGroup(of: MailOutcome.self) { group in
            for number in 0..<200 { group.addTask { try await pool.send(message(number)) } }
            var outcomes: [MailOutcome] = []
            for try await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        #expect(outcomes.allSatisfy { $0 == .accepted(reply: 250) })
        await pool.close()
        let dump = try peer.dump()
        for number in 0..<200 { #expect(dump.contains("Message-ID: <\(number)@example.org>")) }
        #expect(dump.contains("\r\n=2E\r\n") || dump.contains("\n=2E\n"))
    }

    @Test(arguments: [
        (["-f", "rcpt"], MailOutcome.rejected(stage: .recipient, reply: 500, enhanced: "5.3.0")),
        (["-f", "rcpt", "-B", "550 5.1.1 unknown"], .rejected(stage: .recipient, reply: 550, enhanced: "5.1.1")),
        (["-r", "rcpt"], .rejected(stage: .recipient, reply: 450, enhanced: "4.3.0")),
        (["-r", "mail"], .rejected(stage: .sender, reply: 450, enhanced: "4.3.0")),
        (["-f", "data"], .rejected(stage: .data, reply: 500, enhanced: "5.3.0")),
        (["-f", "."], .rejected(stage: .end, reply: 500, enhanced: "5.3.0")),
        (["-r", "."], .rejected(stage: .end, reply: 450, enhanced: "4.3.0")),
    ])
    func `a refusal is told with its stage and code`(options: [String], outcome: MailOutcome) async throws {
        let peer = try SMTPPeer(sink: options)
        let pool = try pool(peer)
        #expect(try await pool.send(message()) == outcome)
        // The connection is as good as new, or a new one is made.
        #expect(try await pool.send(message(2)) == outcome)
    }

    @Test(arguments: ["connect", "mail", "rcpt", "data"])
    func `a drop before the message is a failure to reach`(command: String) async throws {
        let peer = try SMTPPeer(sink: ["-q", command])
        let outcome = try await pool(peer).send(message())
        guard case .unreachable = outcome else { return #expect(Bool(false), "\(outcome)") }
    }

    @Test func `a drop after the message's end is in doubt`() async throws {
        let peer = try SMTPPeer(sink: ["-q", "."])
        let outcome = try await pool(peer).send(message())
        guard case .inDoubt = outcome else { return #expect(Bool(false), "\(outcome)") }
    }

    @Test func `a relay that sheds load says so`() async throws {
        let peer = try SMTPPeer(sink: ["-Q", "rcpt"])
        let outcome = try await pool(peer).send(message())
        guard case .rejected(_, 421, _) = outcome else { return #expect(Bool(false), "\(outcome)") }
        let late = try SMTPPeer(sink: ["-Q", "."])
        let end = try await pool(late).send(message())
        guard case .rejected(.end, 421, _) = end else { return #expect(Bool(false), "\(end)") }
    }

    @Test func `an answer that does not come in time is in doubt`() async throws {
        // The sink's own answer would be that it has the message, after half a minute.
        let peer = try SMTPPeer(sink: ["-W", ".:30"])
        let outcome = try await pool(peer).send(message())
        guard case .inDoubt = outcome else { return #expect(Bool(false), "\(outcome)") }
    }

    @Test func `nobody at the port is a failure to reach, at once`() async throws {
        let relay = try SMTPRelay("smtp://127.0.0.1:\(SMTPPeer.freePort())")
        let outcome = try await SMTPPool(relay: relay).send(message())
        guard case .unreachable = outcome else { return #expect(Bool(false), "\(outcome)") }
    }

    @Test func `a kept connection the relay has closed is made anew without a failure`() async throws {
        var peer: SMTPPeer? = try SMTPPeer(sink: [])
        let port = try #require(peer?.port)
        let pool = SMTPPool(relay: try SMTPRelay("smtp://127.0.0.1:\(port)?connections=1"))
        #expect(try await pool.send(message(1)) == .accepted(reply: 250))
        peer = nil
        peer = try SMTPPeer(sink: [], port: port)
        #expect(try await pool.send(message(2)) == .accepted(reply: 250))
        withExtendedLifetime(peer) {}
    }
}
