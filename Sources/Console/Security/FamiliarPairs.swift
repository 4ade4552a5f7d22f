import Foundation
import Synchronization

/// Names that signed in from an address before: whoever guesses from that address cannot hold the door shut for them.
///
/// In memory and bounded: after a restart, or pushed out by others, a pair is a stranger again and only waits its turn.
final class FamiliarPairs: Sendable {
    static let capacity = 10_000
    /// Three weeks of leave and a bit: an operator who was trained months ago signs in from a new place anyway.
    static let memorySeconds = 30.0 * 86_400

    private let seen = Mutex<[SignInGate.Key: Date]>([:])

    func note(_ key: SignInGate.Key, at now: Date) {
        seen.withLock { seen in
            seen[key] = now
            if seen.count > Self.capacity, let stalest = seen.min(by: { $0.value < $1.value }) { seen[stalest.key] = nil }
        }
    }

    func has(_ key: SignInGate.Key, at now: Date) -> Bool {
        seen.withLock { $0[key].map { now.timeIntervalSince($0) <= Self.memorySeconds } ?? false }
    }
}
