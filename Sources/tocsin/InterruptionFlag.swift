import Synchronization

/// A bit that is set once, from any thread.
final class InterruptionFlag: Sendable {
    private let value = Mutex(false)

    var isRaised: Bool { value.withLock { $0 } }

    func raise() { value.withLock { $0 = true } }
}
