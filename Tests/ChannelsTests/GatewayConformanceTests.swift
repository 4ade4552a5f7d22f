import AlertModel
import DispatchSupport
import Dispatching
import Mail
import Testing

@testable import Channels

@Suite(.timeLimit(.minutes(15))) struct GatewayConformanceTests {
    @Test(arguments: Channel.allCases)
    func `the simulators keep a gateway's promises`(channel: Channel) async {
        await GatewayConformance.check(Simulators.simulator(channel, speed: 0), mode: .exercise) { "+331990\(10_000 + $0)" }
    }

    @Test(.enabled(if: SMTPPeer.expectsSink, SMTPPeer.sinkReason), arguments: [[], ["-r", "rcpt"], ["-f", "rcpt"], ["-q", "."]])
    func `the e-mail gateway keeps them whatever the relay does`(options: [String]) async throws {
        let peer = try SMTPPeer(sink: options)
        let gateway = EmailGateway.gateway(
            relay: try SMTPRelay("smtp://127.0.0.1:\(peer.port)?timeout=5"), sender: try MailSender("alerte@example.org"))
        await GatewayConformance.check(gateway, mode: .real) { "r\(10_000 + $0)@example.org" }
    }
}
