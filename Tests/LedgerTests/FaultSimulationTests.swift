import AlertModel
import Campaigns
import DispatchSupport
import Dispatching
import GRDB
import Synchronization
import Testing

@testable import Store

/// Campaigns in virtual time against gateways that drop, throttle, answer late and repeat themselves, a ledger that
/// refuses, a clock that is set, and a process that dies at any step.
@Suite struct FaultSimulationTests {
    private func gateways() throws -> GatewaySet {
        try .exercise(
            ["a", "b"].map { name in
                Gateway(
                    GatewayTraits(
                        name: name, channel: .sms, weight: name == "a" ? 2 : 1, window: 60,
                        rate: name == "a" ? GatewayRate(perSecond: 400, unit: .messages) : nil), isSimulator: true
                ) { _ in .failed(.unavailable) }
            })
    }

    /// What a gateway does: a pure function of seed and attempt.
    private static func course(_ seed: UInt64) -> (Submission, Gateway) -> DispatchSimulation.Course {
        { submission, gateway in
            var dice = SystemlessGenerator(state: seed &* 31 &+ UInt64(submission.attempt.rawValue))
            let wait = Int64(dice.next() % 900)
            let reference = "\(gateway.name)-\(submission.attempt)"
            switch dice.next() % 100 {
            case ..<4: return .init(answerMilliseconds: wait, result: .failed(.network))
            case ..<7: return .init(answerMilliseconds: wait, result: SubmissionResult(.inDoubt))
            case ..<12: return .init(answerMilliseconds: wait, result: .failed(.throttled))
            case ..<13: return .init(answerMilliseconds: 20_000, result: SubmissionResult(.known(.accepted)))
            case ..<15: return .init(answerMilliseconds: wait, result: .failed(.invalidAddress))
            case ..<17: return .init(answerMilliseconds: wait, result: .failed(.busy))
            default:
                let accepted = SubmissionResult(.known(.accepted), reference: reference, receiptWithin: .seconds(60))
                let isBad = dice.next() % 20 == 0
                return .init(
                    answerMilliseconds: wait, result: accepted, receipt: isBad ? .failed(.noAnswer) : .delivered,
                    receiptMilliseconds: Int64(dice.next() % 30_000) - 400,
                    repetitions: dice.next() % 10 == 0 ? [Int64(dice.next() % 40_000) - 400] : [])
            }
        }
    }

    private func simulation(_ bench: LedgerBench, seed: UInt64, refusedPerMille: UInt64 = 0) throws -> DispatchSimulation {
        let dice = Mutex(SystemlessGenerator(state: seed ^ 0xD1CE))
        return DispatchSimulation(
            gateways: try gateways(),
            ledger: bench.ledger.port.refusing { dice.withLock { $0.next() % 1_000 < refusedPerMille } },
            from: Peers.start, course: Self.course(seed))
    }

    private func settleLog(_ bench: LedgerBench) throws -> String {
        try bench.pool.read { database in
            try Row.fetchAll(
                database, sql: """
                    SELECT legs.id, legs.state, legs.cause, counted_attempts, throttles, failures, count(attempts.id), max(attempts.ended_at)
                    FROM legs LEFT JOIN attempts ON leg_id = legs.id GROUP BY legs.id ORDER BY legs.id
                    """
            ).map { "\($0.databaseValues)" }.joined(separator: "\n")
        }
    }

    @Test func `the same seed gives the same run and the same ledger, byte for byte; another seed another`() async throws {
        var reports: [String] = []
        for seed in [11, 11, 12] as [UInt64] {
            let bench = try LedgerBench()
            try bench.launch(Town(recipients: 3_000, sharing: 40, retryPeriodSeconds: 20, jitterPercent: 20))
            let simulation = try simulation(bench, seed: seed, refusedPerMille: 10)
            simulation.at(Peers.start.advanced(bySeconds: 7)) { simulation.setClock(byMilliseconds: 90_000) }
            simulation.at(Peers.start.advanced(bySeconds: 110)) { simulation.setClock(byMilliseconds: -60_000) }
            try await simulation.run(untilCompleted: 1)
            reports.append(simulation.report + (try settleLog(bench)))
        }
        #expect(reports[0] == reports[1])
        #expect(reports[0] != reports[2])
    }

    /// A thousand in all, at random and inside actions.
    @Test(arguments: 1...20)
    func `kill -9 fifty times at any step: nobody is left out, duplicates are bounded and marked`(seed: Int) async throws {
        let bench = try LedgerBench()
        let recipients = 1_200
        let launch = try bench.launch(Town(recipients: recipients, retryPeriodSeconds: 10))
        let simulation = try simulation(bench, seed: UInt64(seed), refusedPerMille: 5)
        var dice = SystemlessGenerator(state: UInt64(seed))
        var rescued = 0
        for _ in 0..<50 where simulation.completed.isEmpty {
            simulation.crashPoint = [nil, .afterClaim, .afterRecord, .afterSettle][Int(dice.next() % 4)]
            do {
                try await simulation.run(actions: 2 + Int(dice.next() % 12)) { !simulation.completed.isEmpty }
            } catch is DispatchSimulation.Crash {}
            simulation.crashPoint = nil
            if !simulation.completed.isEmpty { break }
            let count = try await simulation.killAndRestart()
            #expect(count <= 2 * (60 + 60), "two windows of each gateway")
            rescued += count
        }
        if simulation.completed.isEmpty { try await simulation.run(untilCompleted: 1) }

        #expect(try bench.count("SELECT count(*) FROM legs WHERE NOT EXISTS (SELECT 1 FROM attempts WHERE leg_id = legs.id)") == 0)
        #expect(try bench.count("SELECT count(*) FROM attempts WHERE outcome IS NULL") == 0)
        // Whoever was handed to a gateway again although an earlier attempt may have reached him is marked.
        let unmarked = try bench.count("""
            SELECT count(*) FROM attempts later WHERE NOT possible_duplicate AND EXISTS (
                SELECT 1 FROM attempts WHERE leg_id = later.leg_id AND id < later.id AND outcome = 'in_doubt')
            """)
        #expect(unmarked == 0)
        #expect(rescued > 0)
        #expect(try bench.ledger.progress(of: launch.campaign).openLegs == 0)
        try bench.requireTrueCounters(launch.campaign)
    }

    @Test func `an alert pre-empts information, and campaigns of a kind share by weight`() async throws {
        let bench = try LedgerBench()
        let information = try bench.launch(Town(recipients: 3_000, key: "concerts", kind: .information))
        let simulation = DispatchSimulation(
            gateways: try Peers.exercise([.sms: 20]), ledger: bench.ledger.port, from: Peers.start,
            course: Peers.steady(SubmissionResult(.known(.delivered))))
        var alerts: [CampaignID] = []
        simulation.at(Peers.start.advanced(bySeconds: 2)) {
            for (weight, key) in [(3, "large"), (1, "small")] {
                alerts.append(
                    try bench.launch(
                        Town(recipients: 800, key: key, firstRecipient: 10_000 * weight, weight: weight),
                        now: simulation.now
                    ).campaign)
            }
            simulation.signal()
        }
        try await simulation.run(untilCompleted: 2)
        let first = try #require(simulation.sent.firstIndex { $0.campaign != information.campaign })
        let last = try #require(simulation.sent.lastIndex { $0.campaign != information.campaign })
        let meanwhile = simulation.sent[first...last]
        #expect(meanwhile.count { $0.campaign == information.campaign } <= 40, "what the alerts left when they ended")
        let early = meanwhile.prefix(800)
        #expect((590...610).contains(early.count { $0.campaign == alerts[0] }), "three to one")
        try await simulation.run(untilCompleted: 3)
        #expect(simulation.sent.count == 4_600)
    }

    @Test func `rules of their own hold for each cause, and a campaign without them is as before`() async throws {
        let bench = try LedgerBench()
        let launch = try bench.launch(
            Town(recipients: 4, rules: [.busy: RetryRule(count: 3, periodSeconds: 30), .refused: RetryRule(count: 1, periodSeconds: 5)]))
        let answers: [FailureCause] = [.busy, .noAnswer, .refused, .network]
        let simulation = DispatchSimulation(
            gateways: try Peers.exercise([.sms: 9]), ledger: bench.ledger.port, from: Peers.start,
            course: { submission in
                .init(answerMilliseconds: 10, result: .failed(answers[Int(submission.leg.rawValue - 1) % 4]))
            })
        try await simulation.run(untilCompleted: 1)
        let tries = Dictionary(grouping: simulation.sent, by: \.address).mapValues(\.count)
        #expect(tries.values.sorted() == [2, 3, 3, 4])
        let busy = simulation.sent.filter { $0.address == simulation.sent[0].address }.map(\.at)
        #expect((30_000...30_600).contains(busy[1].milliseconds(since: busy[0])))
        #expect(try bench.ledger.campaign(launch.campaign).policy.retries[.busy] == RetryRule(count: 3, periodSeconds: 30))
        try await bench.pool.write { try $0.execute(sql: "UPDATE campaigns SET retry_rules = NULL") }
        #expect(try bench.ledger.campaign(launch.campaign).policy.retries.isEmpty)
    }
}
