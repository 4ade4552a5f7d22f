import AlertModel
import Dispatching
import Synchronization
import Telephony

/// A trunk that is opened once it is needed.
final class LazyTrunk: Sendable {
    /// How a number is called.
    struct Dialled: Sendable {
        /// The number that the called person sees.
        let caller: String
        let ringing: Duration
        let dialling: Dialling
    }

    /// Why nobody was called.
    struct Refusal: Error {
        let result: SubmissionResult
    }

    private let settings: TrunkSettings
    private let opening = Mutex<Task<Trunk, any Error>?>(nil)
    private let pacer: DialPacer
    private let time: DispatcherTime
    private let opened: @Sendable (Trunk) -> Void

    /// - Parameter opened: given the trunk once it is open.
    init(_ settings: TrunkSettings, pacer: DialPacer, time: DispatcherTime, opened: @escaping @Sendable (Trunk) -> Void = { _ in }) {
        self.settings = settings
        self.pacer = pacer
        self.time = time
        self.opened = opened
    }

    /// The dispatcher has checked it; what reaches people checks again.
    static func refusal(_ submission: Submission, on channel: Channel) -> SubmissionResult? {
        guard submission.mode == .real else { return .failed(.withheld, detail: "wrong_mode") }
        return submission.channel == channel && isNumber(submission.address.value) ? nil : .failed(.invalidAddress)
    }

    private static func isNumber(_ text: String) -> Bool {
        let digits = text.drop { $0 == "+" }
        return text.hasPrefix("+") && text.utf8.count - digits.utf8.count == 1 && (4...15).contains(digits.utf8.count)
            && digits.utf8.allSatisfy { (48...57).contains($0) }
    }

    /// Calls in its turn.
    func dial(_ submission: Submission, _ dialled: Dialled) async -> Result<Call, Refusal> {
        guard let trunk = try? await trunk() else { return .failure(Refusal(result: .failed(.network, detail: "trunk_not_started"))) }
        await pacer.turn()
        if let late = SubmissionResult.tooLate(submission, now: time.now()) { return .failure(Refusal(result: late)) }
        return .success(
            trunk.dial(dialled.dialling.digits(of: submission.address.value), caller: dialled.caller, ringing: dialled.ringing))
    }

    private func trunk() async throws -> Trunk {
        let task = opening.withLock { opening in
            if let task = opening { return task }
            let task = Task { [settings, opened] in
                let trunk = Trunk(settings)
                try await trunk.start()
                opened(trunk)
                return trunk
            }
            opening = task
            return task
        }
        do { return try await task.value } catch {
            // The next call tries again: an address may be there by then.
            opening.withLock { if $0 == task { $0 = nil } }
            throw error
        }
    }

    func probe() async -> ProbeAnswer {
        let trunk: Trunk
        do { trunk = try await self.trunk() } catch { return .down("sip: \(error)") }
        switch await trunk.probe() {
        // Whoever answers at all is there; only 5xx says that calls would fail.
        case .status(let status): return status < 500 ? .up : .down("sip: \(status)")
        case .fault(let number): return .down("sip: no_answer \(number)")
        }
    }

    func close() async {
        guard let trunk = try? await opening.withLock({ $0 })?.value else { return }
        await trunk.stop()
    }
}
