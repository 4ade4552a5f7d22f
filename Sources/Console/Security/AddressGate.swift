import Foundation
import Synchronization

/// Bounds how often one client asks for addresses: so many requests a second, as many at once after a pause.
///
/// The national service allows fifty a second. In memory, and bounded: an address that was not seen for a second has
/// its whole allowance again and need not be remembered.
final class AddressGate: Sendable {
    /// Clients remembered at once.
    static let capacity = 20_000

    private struct Bucket {
        var allowance: Double
        var at: Date
    }

    private let perSecond: Double
    private let burst: Double
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameters:
    ///   - perSecond: 0 for no bound.
    ///   - burst: so many at once after a pause; nil for a second's worth.
    init(perSecond: Int, burst: Int? = nil) {
        self.perSecond = Double(perSecond)
        self.burst = Double(burst ?? perSecond)
    }

    /// - Returns: seconds to wait when the client asked too often; nil to go on.
    func admit(_ client: String, at now: Date) -> Int? {
        guard perSecond > 0 else { return nil }
        return buckets.withLock { buckets in
            var bucket = buckets[client] ?? Bucket(allowance: burst, at: now)
            let elapsed = max(0, now.timeIntervalSince(bucket.at))
            bucket.allowance = min(burst, bucket.allowance + elapsed * perSecond)
            bucket.at = now
            let isAdmitted = bucket.allowance >= 1
            if isAdmitted { bucket.allowance -= 1 }
            buckets[client] = bucket
            if buckets.count > Self.capacity {
                buckets = buckets.filter { now.timeIntervalSince($0.value.at) < burst / perSecond }
                // More clients than that within so short a time is an attack: all begin again.
                if buckets.count > Self.capacity { buckets = [client: bucket] }
            }
            return isAdmitted ? nil : max(1, Int(((1 - bucket.allowance) / perSecond).rounded(.up)))
        }
    }
}

/// Places for uploads that are held in temporary files, from their first byte to the last of their answer.
final class UploadSeats: Sendable {
    /// Given back when nobody holds it any more.
    final class Seat: Sendable {
        private let seats: UploadSeats

        fileprivate init(_ seats: UploadSeats) {
            self.seats = seats
        }

        deinit {
            seats.free.withLock { $0 += 1 }
        }
    }

    private let free: Mutex<Int>

    init(count: Int) {
        free = Mutex(count)
    }

    /// - Returns: nil when all are taken.
    func take() -> Seat? {
        let isFree = free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
        return isFree ? Seat(self) : nil
    }
}
