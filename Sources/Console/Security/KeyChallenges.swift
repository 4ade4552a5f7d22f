import AlertModel
import Foundation
import Synchronization
import WebAuthn

/// Challenges that were given out and not answered yet, in memory: each is worth one answer, for one purpose, of whom it was
/// given to, for a few minutes. A restart forgets them; whoever was at it presses again.
final class KeyChallenges: Sendable {
    /// What a signature is for, and whose it must be.
    enum Purpose: Hashable, Sendable {
        /// Signing in to an account whose password was right.
        case signIn(account: Int64)
        /// Showing who sits at a session.
        case proof(SessionDigest)
        /// Adding a key, in a session whose owner has just given the password.
        case registration(SessionDigest)
    }

    /// As long as people look for their key.
    static let lifeSeconds = 300.0
    /// Of one purpose at one time: a few tabs. The oldest goes.
    static let mostOfOnePurpose = 4
    /// Of all. Beyond it the oldest goes: whoever asks again and again spends their own requests.
    static let capacity = 10_000

    private struct Entry {
        let purpose: Purpose
        let madeAt: Date
    }

    private let entries = Mutex<[[UInt8]: Entry]>([:])

    /// Makes a challenge of 32 random bytes.
    func make(_ purpose: Purpose, at now: Date) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        let challenge = (0..<KeyLimits.challenge).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        entries.withLock { entries in
            let own = entries.filter { $0.value.purpose == purpose }
            if own.count >= Self.mostOfOnePurpose, let oldest = own.min(by: { $0.value.madeAt < $1.value.madeAt }) {
                entries[oldest.key] = nil
            }
            if entries.count >= Self.capacity {
                entries = entries.filter { now.timeIntervalSince($0.value.madeAt) <= Self.lifeSeconds }
                if entries.count >= Self.capacity, let oldest = entries.min(by: { $0.value.madeAt < $1.value.madeAt }) {
                    entries[oldest.key] = nil
                }
            }
            entries[challenge] = Entry(purpose: purpose, madeAt: now)
        }
        return challenge
    }

    /// Spends a challenge, whatever its answer is worth.
    ///
    /// - Returns: false when it was never given out for that, was answered, or is too old.
    func take(_ challenge: [UInt8], for purpose: Purpose, at now: Date) -> Bool {
        entries.withLock { entries in
            guard let entry = entries[challenge], entry.purpose == purpose else { return false }
            entries[challenge] = nil
            return now.timeIntervalSince(entry.madeAt) <= Self.lifeSeconds && entry.madeAt <= now.addingTimeInterval(1)
        }
    }
}
