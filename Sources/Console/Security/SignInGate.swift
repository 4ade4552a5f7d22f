import Foundation
import Synchronization

/// Slows password guessing per pair of user and address, in memory.
///
/// The first failures are free: people mistype. Then each attempt must wait twice as long as the one before, up to
/// `longestWaitSeconds`. The pair is what waits, never the account: someone who guesses from elsewhere cannot
/// lock an operator out in the middle of a flood.
final class SignInGate: Sendable {
    struct Key: Hashable, Sendable {
        let user: String
        let address: String
    }

    /// Of one name from one address.
    static let freeFailures = 5
    static let longestWaitSeconds = 60.0
    /// Failures are forgotten after this long without another.
    static let memorySeconds = 900.0
    /// Pairs remembered. Beyond it the stalest one is forgotten, so that inventing names costs no memory.
    static let capacity = 10_000

    private struct Record {
        var failures = 0
        var lastAt: Date
    }

    private let records = Mutex<[Key: Record]>([:])
    private let freeFailures: Int

    /// - Parameter freeFailures: that cost no waiting.
    init(freeFailures: Int = SignInGate.freeFailures) {
        self.freeFailures = freeFailures
    }

    /// Counts an attempt as a failure until `succeed` says otherwise, so that attempts made at once all count.
    ///
    /// - Returns: seconds to wait when the attempt comes too early; it is then not counted. Nil to go on.
    func begin(_ key: Key, at now: Date) -> Int? {
        records.withLock { records in
            var record = records[key] ?? Record(lastAt: now)
            if now.timeIntervalSince(record.lastAt) > Self.memorySeconds { record.failures = 0 }
            let wait = Self.waitSeconds(afterFailures: record.failures - freeFailures + Self.freeFailures) - now.timeIntervalSince(record.lastAt)
            if record.failures >= freeFailures, wait > 0 { return Int(wait.rounded(.up)) }
            record.failures += 1
            record.lastAt = now
            records[key] = record
            if records.count > Self.capacity, let stalest = records.min(by: { $0.value.lastAt < $1.value.lastAt }) {
                records[stalest.key] = nil
            }
            return nil
        }
    }

    func succeed(_ key: Key) {
        records.withLock { $0[key] = nil }
    }

    /// Takes back the one attempt that `begin` counted, and no others.
    func forgive(_ key: Key) {
        records.withLock { records in
            guard var record = records[key] else { return }
            record.failures -= 1
            records[key] = record.failures > 0 ? record : nil
        }
    }

    static func waitSeconds(afterFailures failures: Int) -> Double {
        guard failures >= freeFailures else { return 0 }
        return min(longestWaitSeconds, Double(1 << min(failures - freeFailures, 16)))
    }
}
