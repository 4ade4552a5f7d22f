import AlertModel
import Campaigns
import Channels
import DispatchSupport
import Dispatching
import GRDB
import GeoModel
import Logging
import Mail
import Synchronization
import Testing

@testable import Store

/// A whole real campaign: ledger file, dispatcher, e-mail gateway, and a relay the project did not write.
@Suite(.timeLimit(.minutes(15))) struct EmailCampaignTests {
    /// Runs the dispatcher until the campaign completes.
    private func run(_ bench: LedgerBench, _ peer: SMTPPeer) async throws {
        let holder = Mutex<Dispatcher?>(nil)
        let gateway = EmailGateway.gateway(
            relay: try SMTPRelay("smtp://127.0.0.1:\(peer.port)?timeout=5"), sender: try MailSender("alerte@example.org"))
        let dispatcher = Dispatcher(
            gateways: try .real([gateway]), ledger: bench.ledger.port,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { event in
            if case .completed = event { holder.withLock { $0 }?.shutDown() }
        }
        holder.withLock { $0 = dispatcher }
        try await dispatcher.run()
    }

    private func launch(_ bench: LedgerBench, _ names: [String]) throws -> CampaignID {
        try bench.pool.write { database in
            for id in 1...names.count { try database.execute(sql: "INSERT INTO recipients VALUES (?, 'x')", arguments: [id]) }
        }
        let plan = CampaignPlan(
            organisation: OrganisationID(rawValue: 1), requestKey: "k", mode: .real, zoneDocument: "{}",
            message: Message(subject: "Crue à Abbeville", text: "Évacuez à pied."),
            policy: Policy(channels: [.email], maximumRetries: 1, retryPeriodSeconds: 1, validitySeconds: 600),
            notLocated: 0, approvedHash: nil, createdBy: "test")
        var entries = names.sorted().enumerated().map { index, name in
            AudienceEntry(
                recipient: RecipientID(rawValue: Int64(index + 1)), externalID: name, name: nil, communeCode: nil,
                precision: .given, certainty: .certain, language: "", why: "",
                contactPoints: [ContactPoint(channel: .email, address: Redacted("\(name)@example.org"), rank: 1)])
        }.makeIterator()
        return try bench.ledger.launch(plan, now: .now) { entries.next() }.campaign
    }

    @Test(.enabled(if: SMTPPeer.expectsRelay, SMTPPeer.relayReason))
    func `what the ledger says is what the relay took, person by person`() async throws {
        let bench = try LedgerBench()
        let peer = try SMTPPeer(relay: [])
        let good = (100..<140).map { "r\($0)" }
        let id = try launch(bench, good + ["blocked", "full", "grey1", "nobody"])
        try await run(bench, peer)

        var states: [String: (LegState, FailureCause?, Int)] = [:]
        try bench.ledger.forEachDelivery(of: id) { delivery in
            states[delivery.externalID] = (delivery.legs[0].state, delivery.legs[0].cause, delivery.legs[0].attempts)
        }
        #expect(try #require(states["nobody"]) == (.failed, .invalidAddress, 1))
        #expect(try #require(states["blocked"]) == (.failed, .refused, 1))
        #expect(try #require(states["full"]) == (.failed, .busy, 2))
        #expect(try #require(states["grey1"]) == (.accepted, nil, 2))
        let taken = try peer.log().flatMap(\.to)
        #expect(taken.sorted() == (good + ["grey1"]).map { "\($0)@example.org" }.sorted())
        #expect(states.values.count { $0.0 == .accepted } == taken.count)
        try bench.requireTrueCounters(id)
    }

    @Test(.enabled(if: SMTPPeer.expectsSink, SMTPPeer.sinkReason))
    func `a relay that drops after the message leaves doubt, and the next attempt is marked`() async throws {
        let bench = try LedgerBench()
        let peer = try SMTPPeer(sink: ["-q", "."])
        let id = try launch(bench, (1...9).map { "r\($0)" })
        try await run(bench, peer)
        let progress = try bench.ledger.progress(of: id)
        // Both attempts ended in doubt: failed, since nothing was ever confirmed, and the second one is marked.
        #expect(progress.legs[.email] == [.failed: 9])
        #expect(progress.possibleDuplicates == 9)
        #expect(try bench.count("SELECT count(*) FROM attempts WHERE outcome = 'in_doubt'") == 18)
        try bench.requireTrueCounters(id)
    }
}
