import AlertModel
import Channels
import Dispatching

/// Gateways and courses for simulations.
package enum Peers {
    package static let start = UTCTime(millisecondsSince1970: 1_700_000_000_000)

    /// A gateway whose answers the simulation gives itself.
    package static func gateway(_ channel: Channel, window: Int, isSimulator: Bool = true) -> Gateway {
        Gateway(name: "peer-\(channel.rawValue)", channel: channel, isSimulator: isSimulator, window: window) { _ in
            .failed(.unavailable, detail: "the simulation answers")
        }
    }

    package static func exercise(_ windows: [Channel: Int]) throws -> GatewaySet {
        try .exercise(windows.sorted { $0.key < $1.key }.map { gateway($0.key, window: $0.value) })
    }

    /// The exercises' own script.
    package static func scripted(seed: UInt64 = 0) -> (Submission) -> DispatchSimulation.Course {
        let script = SimulatorScript(seed: seed)
        return { submission in
            let course = script.course(of: submission)
            return .init(
                answerMilliseconds: course.answerMilliseconds, result: course.result, receipt: course.receipt,
                receiptMilliseconds: course.receiptMilliseconds)
        }
    }

    /// Always the same answer, after the same time.
    package static func steady(_ result: SubmissionResult, milliseconds: Int64 = 100)
        -> (Submission) -> DispatchSimulation.Course
    {
        { _ in .init(answerMilliseconds: milliseconds, result: result) }
    }
}
