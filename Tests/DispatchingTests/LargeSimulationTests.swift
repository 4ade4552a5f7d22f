import AlertModel
import DispatchSupport
import Foundation
import Testing

@testable import Dispatching

/// A prefecture's campaign in virtual time, with gateways that refuse, throttle, answer late and lose their answers.
@Suite struct LargeSimulationTests {
    /// `SIMULATION_RECIPIENTS=150000` for the size that is promised; fewer in the suite, which is built without
    /// optimisation.
    private static let recipients =
        ProcessInfo.processInfo.environment["SIMULATION_RECIPIENTS"].flatMap { Int($0) } ?? 5_000

    private static func course(_ seed: UInt64) -> (Submission) -> DispatchSimulation.Course {
        { submission in
            // SplitMix64 over seed and attempt.
            var z = seed &* 31 &+ UInt64(submission.attempt.rawValue) &* 0x9e37_79b9_7f4a_7c15
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            z ^= z >> 31
            let wait = 100 + Int64(z >> 8 & 0x3FF)
            switch z % 100 {
            case ..<2: return .init(answerMilliseconds: wait, result: .failed(.busy))
            case ..<4: return .init(answerMilliseconds: wait, result: SubmissionResult(.inDoubt))
            case ..<7: return .init(answerMilliseconds: wait, result: .failed(.throttled))
            case ..<9: return .init(answerMilliseconds: wait, result: .failed(.invalidAddress))
            default:
                return .init(
                    answerMilliseconds: wait,
                    result: SubmissionResult(.known(.accepted), reference: "\(submission.attempt)", receiptWithin: .seconds(20)),
                    receipt: z % 7 == 0 ? nil : .delivered, receiptMilliseconds: Int64(z >> 20 & 0x1FFF) - 300)
            }
        }
    }

    private func report(_ town: Town, seed: UInt64) async throws -> String {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(town, now: Peers.start)
        let simulation = DispatchSimulation(
            gateways: try Peers.exercise([.sms: 2_000]), ledger: ledger.port, from: Peers.start, course: Self.course(seed))
        try await simulation.run(actions: .max) { !simulation.completed.isEmpty }
        #expect(Set(simulation.sent.map(\.address)).count == town.entries.count)
        #expect(await ledger.legs.allSatisfy { !$0.state.isOpen })
        #expect(await ledger.attempts.allSatisfy { $0.outcome != nil })
        return simulation.report
    }

    @Test func `the same seed gives the same report, byte for byte, and another seed another`() async throws {
        let town = Town(recipients: Self.recipients, retryPeriodSeconds: 20)
        let clock = ContinuousClock()
        let start = clock.now
        let first = try await report(town, seed: 7)
        print("\(Self.recipients) recipients: \(clock.now - start)")
        #expect(try await report(town, seed: 7) == first)
        #expect(try await report(town, seed: 8) != first)
    }
}
