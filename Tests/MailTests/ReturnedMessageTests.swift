import AlertModel
import Foundation
import Testing

@testable import Mail

@Suite struct ReturnedMessageTests {
    private func read(_ text: String) -> ReturnedMessage { ReturnedMessage(text.utf8) }

    private static let postfix = """
        Return-Path: <>
        X-Original-To: retours+ABC@alerte.example
        Delivered-To: retours@alerte.example
        From: MAILER-DAEMON@relay.example (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        To: retours+abc@alerte.example
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
        \tboundary="9B77.1/relay.example"

        This is a MIME-encapsulated message.

        --9B77.1/relay.example
        Content-Type: text/plain; charset=us-ascii

        <x@example.org>: host said: 550 5.1.1 no such user

        --9B77.1/relay.example
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; relay.example
        X-Postfix-Queue-ID: 9B77

        Final-Recipient: rfc822; x@example.org
        Action: ACTION
        Status: STATUS
        Diagnostic-Code: smtp; 550 5.1.1 no such
            user

        --9B77.1/relay.example
        Content-Type: message/rfc822

        From: a@example.org
        Action: delivered

        --9B77.1/relay.example--
        """

    private func postfix(_ action: String, _ status: String) -> ReturnedMessage {
        read(Self.postfix.replacing("ACTION", with: action).replacing("STATUS", with: status))
    }

    @Test func `a report says what became of the message, and to which address it came`() {
        #expect(postfix("failed", "5.1.1").meaning == .failed(EnhancedStatus(5, 1, 1), reply: 550))
        #expect(postfix("failed", "4.4.7").meaning == .failed(EnhancedStatus(4, 4, 7), reply: 550))
        #expect(postfix("failed", "5.0.0 (permanent)").meaning == .failed(EnhancedStatus(5, 1, 1), reply: 550))
        #expect(postfix("delayed", "4.4.1").meaning == .delayed)
        #expect(postfix("delivered", "2.0.0").meaning == .delivered)
        #expect(postfix("relayed", "2.0.0").meaning == .other)
        #expect(postfix("nonsense", "2.0.0").meaning == .other)
        #expect(postfix("failed", "5.1.1").addresses == [
            "retours+abc@alerte.example", "retours@alerte.example", "retours+abc@alerte.example",
        ])
    }

    @Test func `line ends of either kind and the line of an mbox make no difference`() {
        let text = Self.postfix.replacing("ACTION", with: "failed").replacing("STATUS", with: "5.1.1")
        #expect(read(text.replacing("\n", with: "\r\n")) == read(text))
        #expect(read("From MAILER-DAEMON Thu Nov 22 10:00:00 2026\n" + text) == read(text))
    }

    @Test func `notices of relays that write no report are understood`() {
        let qmail = read("""
            From: MAILER-DAEMON@qmail.example
            Return-Path: <>
            Subject: failure notice
            To: retours+abc@alerte.example

            Hi. This is the qmail-send program at qmail.example.

            <x@example.org>:
            192.0.2.7 does not like recipient.
            Remote host said: 550 sorry, no mailbox here by that name. (#5.1.1)
            """)
        #expect(qmail.meaning == .failed(EnhancedStatus(5, 1, 1), reply: 550))
        let exim = read("""
            X-Failed-Recipients: x@example.org
            Auto-Submitted: auto-generated
            From: Mail Delivery System <Mailer-Daemon@exim.example>
            To: retours+abc@alerte.example
            Subject: Mail delivery failed: returning message to sender

            SMTP error from remote mail server after RCPT TO:<x@example.org>:
            452 mailbox full
            """)
        #expect(exim.meaning == .failed(nil, reply: 452))
        let french = read("Return-Path: <>\nFrom: postmaster@x.example\nSubject: Non remis : Crue\n\nIntrouvable.\n")
        #expect(french.meaning == .failed(nil, reply: nil))
    }

    @Test(arguments: [
        "From: x@example.org\nSubject: Absence\nAuto-Submitted: auto-replied\n\nAbsent jusqu'au 5.1.1.\n",
        "From: MAILER-DAEMON@x.example\nReturn-Path: <>\nSubject: Returned mail\nX-Autoreply: yes\n\n550 5.1.1\n",
        "From: x@example.org\nSubject: Re: Crue\n\nMerci. 550 euros\n", "", "\n\n\n", ":\n:\n", "Content-Type: multipart/report\n\n",
        "Content-Type: multipart/report; boundary=\"\"\n\n--\n\n", "Content-Type: multipart/mixed; boundary=a\n\n--a",
        "Content-Type: multipart/report; boundary=a\n\n--a\nContent-Type: message/delivery-status",
    ])
    func `what is no notice changes nothing`(text: String) {
        #expect(read(text).meaning == .other)
    }

    @Test func `hostile mail is read within bounds`() {
        let headers = String(repeating: "To: a@b.example, c@d.example\n", count: 100_000)
        #expect(read(headers).addresses.count == 20)
        let folded = "To: a@b.example\n" + String(repeating: " x@y.example", count: 1) + String(repeating: "\n " + String(repeating: "z", count: 900), count: 2_000)
        #expect(read(folded).meaning == .other)
        let parts = "Content-Type: multipart/report; boundary=a\n\n" + String(repeating: "--a\n\n", count: 200_000)
        #expect(read(parts).meaning == .other)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var bytes = Array(Self.postfix.utf8)
            for _ in 0..<40 { bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator) }
            _ = ReturnedMessage(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
        }
    }

    @Test func `a return address names its attempt, and none can be made up`() throws {
        let key = try #require(LinkKey(bytes: LinkKey.random()))
        let returns = try ReturnAddress("retours@alerte.example")
        let address = try #require(returns.address(of: AttemptID(rawValue: 12_345), key: key)?.text)
        #expect(address.hasPrefix("retours+") && address.hasSuffix("@alerte.example"))
        #expect(ReturnAddress.attempt(in: address, key: key) == AttemptID(rawValue: 12_345))
        #expect(ReturnAddress.attempt(in: address.uppercased(), key: key) == AttemptID(rawValue: 12_345))
        #expect(ReturnAddress.attempt(in: address, key: try #require(LinkKey(bytes: LinkKey.random()))) == nil)
        for bad in ["", "a+b@c.fr", "retours@alerte.example", address.replacing("retours+", with: "retours+a")] {
            #expect(ReturnAddress.attempt(in: bad, key: key) == nil)
        }
        for bad in ["a+b@c.fr", "nobody", "a@b.fr\nx", String(repeating: "a", count: 40) + "@b.fr"] {
            #expect(throws: MailError.self) { try ReturnAddress(bad) }
        }
    }
}
