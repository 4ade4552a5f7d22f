import AlertModel
import Campaigns
import DispatchSupport
import Dispatching
import GRDB
import Testing

@testable import Store

@Suite struct LedgerSimulationTests {
    private func simulate(
        _ bench: LedgerBench, _ windows: [Channel: Int], from start: UTCTime = Peers.start,
        course: @escaping (Submission) -> DispatchSimulation.Course
    ) throws -> DispatchSimulation {
        DispatchSimulation(
            gateways: try Peers.exercise(windows), ledger: bench.ledger.port, from: start, course: course)
    }

    @Test func `twenty thousand legs: the outcomes add up to the legs planned, as in memory`() async throws {
        let bench = try LedgerBench()
        let town = Town(recipients: 10_000, channels: [.sms, .voice], sharing: 50)
        let launch = try bench.launch(town)
        let windows: [Channel: Int] = [.sms: 150, .voice: 800]
        let simulation = try simulate(bench, windows, course: Peers.scripted())
        try await simulation.run(untilCompleted: 1)

        let progress = try bench.ledger.progress(of: launch.campaign)
        #expect(progress.openLegs == 0)
        let legs = LegState.allCases.map { progress.count($0) }.reduce(0, +)
        let recipients = DeliveryState.allCases.map { progress.count($0) }.reduce(0, +)
        #expect(legs == 19_600, "one in fifty shares a number")
        #expect(recipients == 10_000)
        #expect(progress.count(DeliveryState.pending) == 0)
        #expect(try bench.count("SELECT count(*) FROM attempts") == simulation.sent.count)
        #expect(try bench.count("SELECT count(*) FROM attempts WHERE outcome IS NULL") == 0)
        try bench.requireTrueCounters(launch.campaign)

    }

    @Test(arguments: [1, 2, 3])
    func `kill -9 at any moment: nobody is left out, duplicates are bounded and marked`(seed: UInt64) async throws {
        let bench = try LedgerBench()
        let recipients = 1_500
        let launch = try bench.launch(Town(recipients: recipients, retryPeriodSeconds: 10))
        let window = 40
        var dice = SystemlessGenerator(state: seed)
        let simulation = try simulate(bench, [.sms: window], course: Peers.scripted(seed: seed))
        var rescued = 0
        var kills = 0
        for _ in 0..<25 {
            try await simulation.run(actions: 5 + Int(dice.next() % 40)) { simulation.completed.count == 1 }
            if simulation.completed.count == 1 { break }
            let count = try await simulation.killAndRestart()
            #expect(count <= 2 * window)
            rescued += count
            kills += 1
        }
        if simulation.completed.isEmpty { try await simulation.run(untilCompleted: 1) }

        #expect(kills > 10)
        #expect(Set(simulation.sent.map(\.address)).count == recipients)
        // Who may have been reached and is tried again is marked, and no one else is.
        let marked = simulation.sent.filter(\.possibleDuplicate)
        #expect(marked.count >= rescued)
        #expect(try bench.count("SELECT count(*) FROM attempts WHERE outcome = 'in_doubt'") == rescued)
        let inDoubt = try await bench.pool.read {
            try String.fetchSet($0, sql: """
                SELECT address FROM attempts JOIN legs ON legs.id = leg_id WHERE outcome = 'in_doubt'
                """)
        }
        #expect(marked.allSatisfy { inDoubt.contains($0.address) })
        #expect(try bench.ledger.progress(of: launch.campaign).openLegs == 0)
        try bench.requireTrueCounters(launch.campaign)
    }

    @Test func `a process that dies between claim and record is rescued by the next`() async throws {
        let bench = try LedgerBench()
        let launch = try bench.launch(Town(recipients: 10))
        let request = ClaimRequest(
            mode: .exercise, slots: [.init(gateway: "gone", channel: .sms, count: 4)], now: Peers.start)
        #expect(try await bench.ledger.port.claim(request).legs.count == 4)
        #expect(try await bench.ledger.port.rescue(.real, Peers.start) == 0)
        #expect(try await bench.ledger.port.rescue(.exercise, Peers.start) == 4)
        #expect(try bench.ledger.progress(of: launch.campaign).count(LegState.queued) == 10)
        let again = try await bench.ledger.port.claim(
            ClaimRequest(
                mode: .exercise, slots: [.init(gateway: "new", channel: .sms, count: 10)], now: Peers.start))
        #expect(again.legs.filter(\.possibleDuplicate).count == 4)
        try bench.requireTrueCounters(launch.campaign)
    }

    @Test func `two campaigns share the room, and a small one does not wait for a large one`() async throws {
        let bench = try LedgerBench()
        try bench.launch(Town(recipients: 2_000, key: "large"))
        let small = try bench.launch(Town(recipients: 50, key: "small", firstRecipient: 5_000))
        let simulation = try simulate(
            bench, [.sms: 20], course: Peers.steady(SubmissionResult(.known(.delivered))))
        try await simulation.run(untilCompleted: 1)
        #expect(simulation.completed == [small.campaign])
        #expect(simulation.sent.count < 200)
        try await simulation.run(untilCompleted: 2)
        #expect(simulation.sent.count == 2_050)
    }

    @Test func `stopping cancels what had not left and lets what is in flight be recorded`() async throws {
        let bench = try LedgerBench()
        let launch = try bench.launch(Town(recipients: 5_000))
        let simulation = try simulate(
            bench, [.sms: 30], course: Peers.steady(.failed(.busy), milliseconds: 900))
        let stop = Peers.start.advanced(bySeconds: 5)
        simulation.at(stop) { try bench.ledger.stop(launch.campaign, now: stop) }
        simulation.at(stop.advanced(bySeconds: 3)) { simulation.shutDown() }
        try await simulation.run()
        #expect(simulation.sent.allSatisfy { $0.at <= stop })
        let campaign = try bench.ledger.campaign(launch.campaign)
        #expect(campaign.state == .stopped)
        #expect(campaign.endedAt == stop)
        #expect(campaign.progress.openLegs == 0)
        // Busy ones that waited for a retry are cancelled too.
        #expect(campaign.progress.count(LegState.cancelled) == 5_000)
        #expect(try bench.count("SELECT count(*) FROM attempts WHERE outcome = 'failed'") == simulation.sent.count)
        try bench.requireTrueCounters(launch.campaign)
    }

    @Test func `a stop whose process dies half-way is finished by the dispatcher`() async throws {
        let bench = try LedgerBench()
        let launch = try bench.launch(Town(recipients: 4_500))
        try await bench.pool.write {
            try $0.execute(sql: "UPDATE campaigns SET state = 'stopped', ended_at = started_at")
        }
        let simulation = try simulate(bench, [.sms: 30], course: Peers.scripted())
        simulation.at(Peers.start.advanced(bySeconds: 2)) { simulation.shutDown() }
        try await simulation.run()
        #expect(simulation.sent.isEmpty)
        #expect(try bench.ledger.progress(of: launch.campaign).count(LegState.cancelled) == 4_500)
    }

    @Test func `commands follow the table of transitions`() throws {
        let bench = try LedgerBench()
        let id = try bench.launch(Town(recipients: 2)).campaign
        try bench.ledger.pause(id)
        #expect(throws: LedgerError.notAllowed(id, state: .paused, command: "pause")) { try bench.ledger.pause(id) }
        try bench.ledger.resume(id)
        try bench.ledger.stop(id, now: Peers.start)
        #expect(throws: LedgerError.notAllowed(id, state: .stopped, command: "resume")) { try bench.ledger.resume(id) }
        let unknown = CampaignID(rawValue: 99)
        #expect(throws: LedgerError.unknownCampaign(unknown)) { try bench.ledger.pause(unknown) }
    }

    @Test func `receipts move legs forwards only, and one that overtook its answer is kept`() async throws {
        let bench = try LedgerBench()
        let launch = try bench.launch(Town(recipients: 3, retries: 0))
        // The receipt comes before the answer, twice, then a contradiction.
        let simulation = try simulate(bench, [.sms: 3]) { submission in
            .init(
                answerMilliseconds: 500,
                result: SubmissionResult(
                    .known(.accepted), reference: "r\(submission.leg)", receiptWithin: .seconds(30)))
        }
        let receipt: (String, Outcome, Int64) -> Receipt = { reference, outcome, milliseconds in
            Receipt(
                gateway: "peer-sms", reference: reference, outcome: outcome,
                receivedAt: Peers.start.advanced(byMilliseconds: milliseconds))
        }
        simulation.receive(receipt("r1", .delivered, 100))
        simulation.receive(receipt("r1", .delivered, 700))
        simulation.receive(receipt("r1", .failed(.noAnswer), 800))
        simulation.receive(receipt("r2", .failed(.noAnswer), 900))
        try await simulation.run(untilCompleted: 1)
        let progress = try bench.ledger.progress(of: launch.campaign)
        #expect(progress.legs[.sms] == [.delivered: 1, .failed: 1, .accepted: 1])
        // The third's receipt never came: completion waited for it as long as promised, not longer.
        let seconds = simulation.now.milliseconds(since: Peers.start) / 1000
        #expect((30...31).contains(seconds))
        try bench.requireTrueCounters(launch.campaign)
    }

    @Test func `the claim and the progress read indexes, never whole tables`() throws {
        let bench = try LedgerBench()
        try bench.launch(Town(recipients: 10))
        let plans = try bench.pool.read { database in
            try [
                """
                SELECT id FROM legs INDEXED BY legs_due WHERE campaign_id = 1 AND channel = 'sms' AND state = 'queued'
                    AND due_at <= 5 ORDER BY due_at, id LIMIT 5
                """,
                "SELECT scope, state, count FROM campaign_counters WHERE campaign_id = 1 AND count > 0 ORDER BY scope, state",
                "SELECT id FROM attempts WHERE reference = 'a' AND gateway = 'b' ORDER BY id DESC LIMIT 1",
                "SELECT id FROM campaigns WHERE mode = 'real' AND state = 'running' ORDER BY id",
            ].map { sql in
                try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(sql)").map { $0["detail"] as String }
                    .joined(separator: "; ")
            }
        }
        for plan in plans {
            #expect(plan.contains("SEARCH"), "\(plan)")
            #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
        }
    }
}

/// SplitMix64: the same numbers for the same seed.
struct SystemlessGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
