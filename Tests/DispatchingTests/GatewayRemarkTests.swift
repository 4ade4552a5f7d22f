import AlertModel
import DispatchSupport
import Testing

@testable import Dispatching

@Suite struct GatewayRemarkTests {
    @Test(arguments: [
        "smtp recipient 550 5.1.1", "smtp 421 4.100.120", "smpp ESME_RINVDSTADR", "smpp 0x00000445", "http 503", "twilio 21211",
        "http 401: our credentials are refused", "connection failed: errno 111", "smpp ESME_RSYSERR, part 2 of 12", "", "smtp 452 4.2.2 – 98 % full", "http 503 é",
    ])
    func `causes and codes are kept as they are`(text: String) {
        #expect(GatewayRemark.scrubbed(text) == text)
    }

    @Test(arguments: [
        ("http 400: +33612345678 is not reachable", "http 400: […] is not reachable"),
        ("refused for 06 12 34 56 78, try later", "refused for […] try later"),
        ("refused for 06.12.34.56.78", "refused for […]"), ("to +33 (0)6 12 34 56 78", "to […]"),
        ("unknown <tel:0612345678>", "unknown […]"), ("5.1.1 <a.b@example.org> unknown", "5.1.1 […] unknown"),
        ("line\nAUTH: a@example.org", "line AUTH: […]"), ("5.100.33612345678", "[…]"),
        ("refused for 06–12–34–56–78", "refused for […]"), ("refused for 06_12_34_56_78", "refused for […]"),
        ("refused for 06 12 – 34 56 78", "refused for […]"), ("a 06%2012%2034%2056%2078", "a […]"),
        ("http 404: /users/a.b%40example.org", "http 404: […]"), ("no a\u{FF20}example.org", "no […]"),
        ("to 06\u{2011}12\u{2212}34\u{200B}56", "to […]"),
    ])
    func `numbers and mailboxes are left out`(text: String, told: String) {
        #expect(GatewayRemark.scrubbed(text) == told)
    }

    @Test func `what a gateway's adapter passes on by mistake does not leave the gateway`() async throws {
        let gateway = Gateway(
            GatewayTraits(name: "a", channel: .sms, window: 1), isSimulator: false,
            probe: { .down("smpp: +33612345678 is barred") }
        ) { _ in .failed(.refused, detail: "smpp: +33612345678 is barred", isGatewayFailure: true) }
        #expect(await gateway.probe?() == .down("smpp: […] is barred"))
        let answer = await gateway.submit(
            .alone(to: Redacted("+33612345678"), by: .sms, Message(subject: "", text: "a"), mode: .real, now: Peers.start))
        #expect(answer == .failed(.refused, detail: "smpp: […] is barred", isGatewayFailure: true))
    }
}
