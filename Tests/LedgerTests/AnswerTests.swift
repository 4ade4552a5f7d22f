import AlertModel
import Campaigns
import DispatchSupport
import Dispatching
import GRDB
import Testing

@testable import Store

/// What recipients and relays further on say of legs, by links and returned messages.
@Suite struct AnswerTests {
    private let bench: LedgerBench
    private let campaign: CampaignID

    /// A campaign with one claim's legs in flight.
    init() throws {
        bench = try LedgerBench()
        campaign = try bench.launch(Town(recipients: 12, channels: [.email])).campaign
    }

    private func claim(_ count: Int) async throws -> [ClaimedLeg] {
        try await bench.ledger.port.claim(
            ClaimRequest(
                mode: .exercise, slots: [.init(gateway: "g", channel: .email, count: count)], now: Peers.start)
        ).legs
    }

    private func end(_ leg: ClaimedLeg, _ outcome: Outcome) async throws {
        let step = LegStep.after(
            SubmissionResult(.known(outcome)), LegHistory(leg: leg.leg, countedAttempts: 0),
            policy: Policy(channels: [.email], maximumRetries: 1, retryPeriodSeconds: 60, validitySeconds: 3600),
            expiresAt: .never, now: Peers.start)
        _ = try await bench.ledger.port.record(
            RecordBatch(
                attempts: [AttemptRecord(leg, SubmissionResult(.known(outcome)), endedAt: Peers.start, next: step)],
                receipts: [], now: Peers.start))
    }

    private func state(_ leg: ClaimedLeg) throws -> String? {
        try bench.pool.read { try String.fetchOne($0, sql: "SELECT state FROM legs WHERE id = ?", arguments: [leg.leg.rawValue]) }
    }

    private func settle() async throws {
        _ = try await bench.ledger.port.settle(SettleRequest(mode: .exercise, channels: [.email], now: Peers.start))
    }

    @Test func `an acknowledgement moves its leg once, whatever it had become`() async throws {
        let legs = try await claim(3)
        try await end(legs[0], .accepted)
        try await end(legs[1], .failed(.refused))
        try await end(legs[2], .failed(.network))
        for leg in legs {
            #expect(try bench.ledger.acknowledgeable(leg.leg)?.isAnswered == false)
            #expect(try bench.ledger.acknowledge(leg.leg, now: Peers.start)?.isAnswered == true)
            #expect(try bench.ledger.acknowledge(leg.leg, now: Peers.start)?.isAnswered == true)
            #expect(try state(leg) == "acknowledged")
        }
        #expect(try bench.ledger.progress(of: campaign).count(DeliveryState.acknowledged) == 3)
        try bench.requireTrueCounters(campaign)
    }

    @Test func `one that comes while its leg is in flight waits for it`() async throws {
        let legs = try await claim(2)
        for leg in legs { #expect(try bench.ledger.acknowledge(leg.leg, now: Peers.start)?.isAnswered == true) }
        #expect(try state(legs[0]) == "in_flight")
        try await settle()
        #expect(try state(legs[0]) == "in_flight")
        try await end(legs[0], .accepted)
        try await end(legs[1], .failed(.network))
        try await settle()
        #expect(try legs.map { try state($0) } == ["acknowledged", "acknowledged"])
        try bench.requireTrueCounters(campaign)
        // Not tried again, although a retry was due.
        #expect(try await claim(12).allSatisfy { leg in !legs.contains { $0.leg == leg.leg } })
    }

    @Test func `a leg that nothing was sent to cannot be acknowledged, nor one that is not there`() async throws {
        _ = try await claim(1)
        #expect(try bench.ledger.acknowledge(LegID(rawValue: 9), now: Peers.start) == nil)
        #expect(try bench.ledger.acknowledge(LegID(rawValue: 999), now: Peers.start) == nil)
        #expect(try bench.ledger.acknowledgeable(LegID(rawValue: 9)) == nil)
    }

    @Test func `a returned message fails an accepted leg, and not one that was acknowledged`() async throws {
        let legs = try await claim(4)
        for leg in legs[..<3] { try await end(leg, .accepted) }
        _ = try bench.ledger.acknowledge(legs[1].leg, now: Peers.start)
        let words: [(attempt: AttemptID, outcome: Outcome)] =
            legs.map { ($0.attempt, .failed(.invalidAddress)) } + [(AttemptID(rawValue: 999), .failed(.network))]
        let first = try bench.ledger.record(returned: words, now: Peers.start)
        #expect(first.known == 4 && first.changed == 2)
        #expect(try legs.map { try state($0) } == ["failed", "acknowledged", "failed", "in_flight"])
        let again = try bench.ledger.record(returned: words, now: Peers.start)
        #expect(again.known == 4 && again.changed == 0)
        try bench.requireTrueCounters(campaign)
    }

    @Test func `a delivery report confirms, and a soft return is tried again while the campaign runs`() async throws {
        let legs = try await claim(2)
        for leg in legs { try await end(leg, .accepted) }
        let changed = try bench.ledger.record(
            returned: [(legs[0].attempt, .delivered), (legs[1].attempt, .failed(.busy))], now: Peers.start
        ).changed
        #expect(changed == 2)
        #expect(try legs.map { try state($0) } == ["delivered", "queued"])
        try bench.requireTrueCounters(campaign)
    }
}
