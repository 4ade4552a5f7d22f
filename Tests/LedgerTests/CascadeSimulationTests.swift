import AlertModel
import Campaigns
import DispatchSupport
import Dispatching
import GRDB
import Testing

@testable import Store

/// Cascades in virtual time: SMS, a minute later voice, number after number half a minute apart.
@Suite struct CascadeSimulationTests {
    static let cascade = Cascade(steps: [
        .init(channels: [.sms]), .init(channels: [.voice], waitSeconds: 60, eachSeconds: 30),
    ])

    /// What a person does is told by the last digits of the number.
    private enum Nature: CaseIterable { case confirmsSoon, confirmsLate, hasNoSuchNumber, isBusyAtFirst, reads }

    private static func nature(_ address: String) -> Nature {
        Nature.allCases[Int(address.dropFirst(6).prefix(6))! % Nature.allCases.count]
    }

    private static func confirmsByVoice(_ address: String) -> Bool { Int(address.dropFirst(6))! / 5 % 3 == 0 }

    private static func course(_ submission: Submission) -> DispatchSimulation.Course {
        let address = submission.address.value
        let wait = 100 + submission.attempt.rawValue % 700
        if submission.channel == .voice {
            let answer: SubmissionResult =
                confirmsByVoice(address)
                ? SubmissionResult(.known(.acknowledged))
                : submission.number == 1 ? .failed(.noAnswer) : SubmissionResult(.known(.answered))
            return .init(answerMilliseconds: wait, result: answer)
        }
        let accepted = SubmissionResult(.known(.accepted), reference: "\(submission.attempt)", receiptWithin: .seconds(240))
        switch nature(address) {
        case .confirmsSoon: return .init(answerMilliseconds: wait, result: accepted, receipt: .acknowledged, receiptMilliseconds: 20_000)
        case .confirmsLate: return .init(answerMilliseconds: wait, result: accepted, receipt: .acknowledged, receiptMilliseconds: 200_000)
        case .hasNoSuchNumber: return .init(answerMilliseconds: wait, result: .failed(.invalidAddress))
        case .isBusyAtFirst where submission.number == 1: return .init(answerMilliseconds: wait, result: .failed(.busy))
        case .isBusyAtFirst, .reads: return .init(answerMilliseconds: wait, result: accepted, receipt: .delivered, receiptMilliseconds: 3_000)
        }
    }

    private func town(_ recipients: Int, sharing: Int = 0, until: StopWord = .acknowledged, key: String = "key") -> Town {
        Town(
            recipients: recipients, channels: [.sms, .voice], sharing: sharing, retryPeriodSeconds: 20, key: key,
            cascade: Cascade(steps: Self.cascade.steps, until: until), numbers: 2)
    }

    private func simulate(
        _ bench: LedgerBench, _ windows: [Channel: Int] = [.sms: 50, .voice: 50],
        course: @escaping (Submission) -> DispatchSimulation.Course = Self.course
    ) throws -> DispatchSimulation {
        DispatchSimulation(gateways: try Peers.exercise(windows), ledger: bench.ledger.port, from: Peers.start, course: course)
    }

    @Test func `who is called is who should be, by what each person answered`() async throws {
        let bench = try LedgerBench()
        let launch = try bench.launch(town(600))
        #expect(try bench.ledger.progress(of: launch.campaign).heldLegs == 1_200)
        let simulation = try simulate(bench)
        try await simulation.run(untilCompleted: 1)
        var expected: Set<String> = []
        for number in 0..<600 {
            let digits = String(repeating: "0", count: 6 - String(number).count) + String(number)
            let (first, second) = ("+33199\(digits)", "+33199\(digits)1")
            expected.formUnion(["sms \(first)", "sms \(second)"])
            // Either text message confirms for the person; both numbers are of one nature.
            guard Self.nature(first) != .confirmsSoon else { continue }
            expected.insert("voice \(first)")
            if !Self.confirmsByVoice(first) { expected.insert("voice \(second)") }
        }
        #expect(Set(simulation.sent.map { "\($0.channel.rawValue) \($0.address)" }) == expected)
        let progress = try bench.ledger.progress(of: launch.campaign)
        #expect(progress.heldLegs == 0 && progress.openLegs == 0)
        try bench.requireTrueCounters(launch.campaign)
        try requireTurns(bench)
    }

    @Test(arguments: 1...12)
    func `kill -9 at any step: everyone has his turns, none before its time and none after a confirmation`(seed: UInt64) async throws {
        let bench = try LedgerBench()
        let launch = try bench.launch(town(150, sharing: 7))
        let simulation = try simulate(bench, [.sms: 20, .voice: 20])
        var dice = SystemlessGenerator(state: seed)
        for _ in 0..<40 where simulation.completed.isEmpty {
            simulation.crashPoint = [nil, .afterClaim, .afterRecord, .afterSettle][Int(dice.next() % 4)]
            do {
                try await simulation.run(actions: 2 + Int(dice.next() % 30)) { !simulation.completed.isEmpty }
            } catch is DispatchSimulation.Crash {}
            simulation.crashPoint = nil
            if !simulation.completed.isEmpty { break }
            _ = try await simulation.killAndRestart()
        }
        if simulation.completed.isEmpty { try await simulation.run(untilCompleted: 1) }
        try requireTurns(bench)
        let progress = try bench.ledger.progress(of: launch.campaign)
        #expect(progress.heldLegs == 0 && progress.openLegs == 0)
        try bench.requireTrueCounters(launch.campaign)
    }

    /// Judges the ledger by itself: each recipient's legs, when they were tried and when he confirmed.
    private func requireTurns(_ bench: LedgerBench) throws {
        struct Leg {
            let id: Int64
            let stage: Int
            let state: String
            let starts: [Int64]
            let firstEnd: Int64?
            let lastEnd: Int64?
        }
        let people = try bench.pool.read { database in
            try Int64.fetchAll(database, sql: "SELECT id FROM deliveries ORDER BY id").map { delivery in
                try Row.fetchAll(
                    database, sql: """
                        SELECT id, stage, state FROM legs WHERE delivery_id = ?1
                        UNION ALL SELECT legs.id, leg_shares.stage, state FROM leg_shares JOIN legs ON legs.id = leg_id
                        WHERE leg_shares.delivery_id = ?1 ORDER BY 2, 1
                        """, arguments: [delivery]
                ).map { row in
                    let attempts = try Row.fetchAll(
                        database, sql: "SELECT started_at, ended_at, outcome, receipt_at FROM attempts WHERE leg_id = ? ORDER BY id",
                        arguments: [row[0] as Int64])
                    return (
                        Leg(
                            id: row[0], stage: row[1], state: row[2], starts: attempts.map { $0[0] },
                            firstEnd: attempts.first?[1], lastEnd: attempts.last?[1]),
                        confirmed: attempts.compactMap { $0[2] == "acknowledged" ? ($0[3] ?? $0[1]) as Int64? : nil }.min()
                    )
                }
            }
        }
        // A shared leg leaves as soon as one of its recipients' turns has come, and while one of them needs it.
        var reasons: [Int64: [(opens: Int64, closes: Int64)]] = [:]
        var starts: [Int64: [Int64]] = [:]
        for legs in people {
            let confirmed = legs.compactMap(\.confirmed).min()
            #expect(confirmed != nil || legs.allSatisfy { !$0.0.starts.isEmpty }, "somebody who did not confirm was left out")
            var before: [Leg] = []
            for stage in Set(legs.map(\.0.stage)).sorted() {
                let own = legs.map(\.0).filter { $0.stage == stage }
                let wait = Int64(Self.cascade.waitSeconds(before: stage)) * 1000
                let isOver = before.allSatisfy { $0.state == "failed" }
                let heard = before.map { isOver ? $0.lastEnd ?? .max : ($0.firstEnd ?? .max) }
                let opens = before.isEmpty ? 0 : heard.reduce(0, max)
                for leg in own {
                    // Failed for good at any time before is a turn, too: the earliest it can have come.
                    let early = before.isEmpty ? 0 : isOver ? opens : before.contains { $0.state == "failed" } ? before.compactMap(\.firstEnd).min() ?? .max : opens &+ wait
                    reasons[leg.id, default: []].append((early, confirmed ?? .max))
                    starts[leg.id] = leg.starts
                }
                before = own
            }
        }
        for (leg, times) in starts {
            for start in times {
                #expect(reasons[leg]!.contains { $0.opens <= start && start <= $0.closes }, "leg \(leg) left at \(start): \(reasons[leg]!)")
            }
        }
    }

    @Test func `a household's number is left alone only when nobody needs it any more`() async throws {
        let bench = try LedgerBench()
        // Both have the number 000000 for voice; the first confirms by SMS, the second has no such SMS number.
        let launch = try bench.launch(town(2, sharing: 2))
        let simulation = try simulate(bench) { submission in
            .init(
                answerMilliseconds: 100,
                result: submission.channel == .voice ? .failed(.noAnswer) : SubmissionResult(.known(.acknowledged)))
        }
        try await simulation.run(untilCompleted: 1)
        #expect(simulation.sent.allSatisfy { $0.channel == .sms })
        #expect(try bench.ledger.progress(of: launch.campaign).count(DeliveryState.acknowledged) == 2)
        #expect(try bench.ledger.progress(of: launch.campaign).count(LegState.cancelled) == 2)
    }

    @Test func `a gateway that takes nothing holds the next step up for its wait, not for ever`() async throws {
        let bench = try LedgerBench()
        try bench.launch(town(300, key: "a"))
        // Five text messages are in its hands and not answered for most of the validity; no other has left.
        let simulation = try simulate(bench, [.sms: 5, .voice: 50]) { submission in
            submission.channel == .sms
                ? .init(answerMilliseconds: 3_000_000, result: SubmissionResult(.known(.accepted)))
                : .init(answerMilliseconds: 100, result: SubmissionResult(.known(.acknowledged)))
        }
        try await simulation.run(untilCompleted: 1)
        let voice = simulation.sent.filter { $0.channel == .voice }
        #expect(voice.count == 300)
        let first = try #require(voice.first).at.milliseconds(since: Peers.start) / 1000
        #expect((60...62).contains(first))
    }

    @Test func `a pause does not make a cascade impatient`() async throws {
        let bench = try LedgerBench()
        let id = try bench.launch(town(100)).campaign
        let simulation = try simulate(bench, [.sms: 5, .voice: 50])
        let (pause, resume) = (Peers.start.advanced(bySeconds: 1), Peers.start.advanced(bySeconds: 900))
        simulation.at(pause) { try bench.ledger.pause(id) }
        simulation.at(resume) { try bench.ledger.resume(id, now: resume) }
        try await simulation.run(untilCompleted: 1)
        try requireTurns(bench)
    }

    @Test func `a channel without a gateway is skipped, and the step after it keeps its own wait`() async throws {
        let bench = try LedgerBench()
        let launch = try bench.launch(
            Town(
                recipients: 20, channels: [.sms, .voice, .email],
                cascade: Cascade(steps: [
                    .init(channels: [.voice]), .init(channels: [.sms], waitSeconds: 30),
                    .init(channels: [.email], waitSeconds: 90),
                ])))
        let simulation = try simulate(
            bench, [.sms: 50, .email: 50], course: Peers.steady(SubmissionResult(.known(.delivered))))
        try await simulation.run(untilCompleted: 1)
        let times = Dictionary(grouping: simulation.sent, by: \.channel).mapValues { sent in
            Set(sent.map { $0.at.milliseconds(since: Peers.start) / 1000 })
        }
        #expect(try #require(times[.sms]).allSatisfy { $0 <= 1 }, "nothing was waited for")
        #expect(try #require(times[.email]).allSatisfy { (90...92).contains($0) })
        try bench.requireTrueCounters(launch.campaign)
    }

    @Test func `what is held at the end of validity has expired, and a stop cancels it`() async throws {
        let bench = try LedgerBench()
        let late = try bench.launch(
            Town(
                recipients: 5, channels: [.sms, .voice], validitySeconds: 60, key: "late",
                cascade: Cascade(steps: [.init(channels: [.sms]), .init(channels: [.voice], waitSeconds: 600)])))
        let stopped = try bench.launch(
            Town(recipients: 5, channels: [.sms, .voice], key: "stopped", firstRecipient: 50, cascade: Self.cascade))
        let simulation = try simulate(bench, course: Peers.steady(SubmissionResult(.known(.delivered))))
        let stop = Peers.start.advanced(bySeconds: 10)
        simulation.at(stop) { try bench.ledger.stop(stopped.campaign, now: stop) }
        try await simulation.run(untilCompleted: 1)
        #expect(try bench.ledger.progress(of: late.campaign).legs[.voice] == [.failed: 5])
        #expect(try bench.count("SELECT count(*) FROM legs WHERE cause = 'expired'") == 5)
        #expect(try bench.ledger.progress(of: stopped.campaign).legs[.voice] == [.cancelled: 5])
        for launch in [late, stopped] {
            #expect(try bench.ledger.progress(of: launch.campaign).heldLegs == 0)
            try bench.requireTrueCounters(launch.campaign)
        }
    }

    @Test func `channels all at once are stopped by an acknowledgement too, also one that comes by a link`() async throws {
        let bench = try LedgerBench()
        let launch = try bench.launch(Town(recipients: 1, channels: [.email, .voice], retryPeriodSeconds: 60))
        let simulation = try simulate(bench, [.email: 5, .voice: 5]) { submission in
            .init(
                answerMilliseconds: 100,
                result: submission.channel == .voice ? .failed(.noAnswer) : SubmissionResult(.known(.accepted)))
        }
        let mail = LegID(rawValue: Int64(try bench.count("SELECT id FROM legs WHERE channel = 'email'")))
        simulation.at(Peers.start.advanced(bySeconds: 5)) {
            _ = try bench.ledger.acknowledge(mail, now: Peers.start.advanced(bySeconds: 5))
        }
        try await simulation.run(untilCompleted: 1)
        #expect(simulation.sent.count == 2, "the retry of the call is no longer needed")
        #expect(try bench.ledger.progress(of: launch.campaign).legs == [.email: [.acknowledged: 1], .voice: [.cancelled: 1]])
        try bench.requireTrueCounters(launch.campaign)
    }

    @Test func `a retry that comes back after the confirmation is cancelled, and may still be confirmed itself`() async throws {
        let bench = try LedgerBench()
        let launch = try bench.launch(
            Town(
                recipients: 1, channels: [.sms, .email],
                cascade: Cascade(steps: [.init(channels: [.sms, .email])], until: .delivered)))
        let simulation = try simulate(bench, [.sms: 5, .email: 5]) { submission in
            submission.channel == .sms
                ? .init(answerMilliseconds: 100, result: SubmissionResult(.known(.delivered)))
                : .init(answerMilliseconds: 900, result: SubmissionResult(.inDoubt))
        }
        try await simulation.run(untilCompleted: 1)
        #expect(simulation.sent.count == 2)
        #expect(try bench.ledger.progress(of: launch.campaign).legs[.email] == [.cancelled: 1])
        let mail = LegID(rawValue: Int64(try bench.count("SELECT id FROM legs WHERE channel = 'email'")))
        _ = try bench.ledger.acknowledge(mail, now: simulation.now)
        #expect(try bench.ledger.progress(of: launch.campaign).count(DeliveryState.acknowledged) == 1)
        try bench.requireTrueCounters(launch.campaign)
    }
}
