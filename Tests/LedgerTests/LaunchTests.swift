import AlertModel
import Campaigns
import DispatchSupport
import Dispatching
import GRDB
import GeoModel
import Testing

@testable import Store

@Suite struct LaunchTests {
    @Test func `a launch freezes recipients, legs and hash`() throws {
        let bench = try LedgerBench()
        let town = Town(recipients: 30, channels: [.sms, .email])
        let launch = try bench.launch(town)
        #expect(launch.isNew)
        #expect(launch.audience == (try town.hash))
        let campaign = try bench.ledger.campaign(launch.campaign)
        #expect(campaign.recipients == 30)
        #expect(campaign.possible == 3)
        #expect(campaign.message.text == "EXERCICE - Évacuez à pied")
        #expect(campaign.progress.count(DeliveryState.pending) == 30)
        #expect(campaign.progress.count(LegState.queued) == 60)
        try bench.requireTrueCounters(launch.campaign)
    }

    @Test func `the same request key launches once, and not another plan`() throws {
        let bench = try LedgerBench()
        let first = try bench.launch(Town(recipients: 3))
        let second = try bench.launch(Town(recipients: 3))
        #expect(second.campaign == first.campaign)
        #expect(!second.isNew)
        #expect(throws: LedgerError.requestKeyReused) { try bench.launch(Town(recipients: 3, mode: .real)) }
        #expect(try bench.count("SELECT count(*) FROM deliveries") == 3)
    }

    @Test func `an audience that is not the one approved is refused, and nothing is half-written`() throws {
        let bench = try LedgerBench()
        let town = Town(recipients: 5)
        let shown = try Town(recipients: 4).hash
        let plan = CampaignPlan(
            organisation: town.plan.organisation, requestKey: "k", mode: .exercise,
            zoneDocument: town.plan.zoneDocument, message: town.plan.message, policy: town.plan.policy, notLocated: 0,
            approvedHash: shown, createdBy: "test")
        var entries = town.entries.makeIterator()
        #expect(throws: LaunchError.audienceChanged(recipients: 5)) {
            try bench.ledger.launch(plan, now: Peers.start) { entries.next() }
        }
        #expect(throws: LaunchError.emptyAudience) {
            try bench.ledger.launch(plan, now: Peers.start) { nil }
        }
        struct ReadFailure: Error {}
        var left = 3
        #expect(throws: ReadFailure.self) {
            try bench.ledger.launch(town.plan, now: Peers.start) {
                left -= 1
                guard left > 0 else { throw ReadFailure() }
                return town.entries[2 - left]
            }
        }
        for table in ["campaigns", "deliveries", "legs"] { #expect(try bench.count("SELECT count(*) FROM \(table)") == 0) }
    }

    @Test func `a shared number is called once and both recipients are followed through it`() async throws {
        let bench = try LedgerBench()
        let launch = try bench.launch(Town(recipients: 10, sharing: 5))
        #expect(try bench.count("SELECT count(*) FROM legs") == 8)
        #expect(try bench.count("SELECT count(*) FROM leg_shares") == 2)
        let simulation = DispatchSimulation(
            gateways: try Peers.exercise([.sms: 4]), ledger: bench.ledger.port, from: Peers.start,
            course: Peers.steady(SubmissionResult(.known(.acknowledged))))
        try await simulation.run(untilCompleted: 1)
        #expect(simulation.sent.count == 8)
        #expect(try bench.ledger.progress(of: launch.campaign).count(DeliveryState.acknowledged) == 10)
        var shared: [String] = []
        try bench.ledger.forEachDelivery(of: launch.campaign) { delivery in
            #expect(delivery.legs.count == 1)
            if delivery.legs[0].isShared { shared.append(delivery.externalID) }
        }
        #expect(shared == ["R0000001", "R0000006"])
        try bench.requireTrueCounters(launch.campaign)
    }

    @Test func `a recipient without a contact point is unreachable, and the campaign completes`() async throws {
        let bench = try LedgerBench()
        let town = Town(recipients: 2, channels: [.sms])
        let plan = CampaignPlan(
            organisation: town.plan.organisation, requestKey: "k", mode: .exercise,
            zoneDocument: town.plan.zoneDocument, message: town.plan.message,
            policy: PolicyRules.standard(channels: [.fax]), notLocated: 7, approvedHash: nil, createdBy: "test")
        try await bench.pool.write { try $0.execute(sql: "INSERT INTO recipients VALUES (1, 'a'), (2, 'b')") }
        var entries = town.entries.makeIterator()
        let launch = try bench.ledger.launch(plan, now: Peers.start) { entries.next() }
        let simulation = DispatchSimulation(
            gateways: try Peers.exercise([.fax: 4]), ledger: bench.ledger.port, from: Peers.start,
            course: Peers.steady(SubmissionResult(.known(.delivered))))
        try await simulation.run(untilCompleted: 1)
        let campaign = try bench.ledger.campaign(launch.campaign)
        #expect(campaign.progress.count(DeliveryState.unreachable) == 2)
        #expect(campaign.notLocated == 7)
        #expect(campaign.state == .completed)
    }

    @Test func `a report does not change when a recipient leaves the register`() throws {
        let bench = try LedgerBench()
        let launch = try bench.launch(Town(recipients: 2))
        try bench.pool.write { try $0.execute(sql: "DELETE FROM recipients WHERE id = 1") }
        var seen: [String] = []
        try bench.ledger.forEachDelivery(of: launch.campaign) { delivery in
            seen.append(delivery.externalID)
            #expect((delivery.recipient == nil) == (delivery.externalID == "R0000000"))
        }
        #expect(seen == ["R0000000", "R0000001"])
        #expect(try bench.ledger.communeTotals(of: launch.campaign).map(\.commune?.rawValue) == ["80001", "80021"])
    }
}
