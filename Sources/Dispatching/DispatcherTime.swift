import AlertModel
import Glibc

/// The dispatcher's clock, injected: tests advance it by hand.
package struct DispatcherTime: Sendable {
    package let now: @Sendable () -> UTCTime
    /// Returns after the duration, or early when the task is cancelled.
    package let sleep: @Sendable (Duration) async -> Void

    package init(
        now: @escaping @Sendable () -> UTCTime, sleep: @escaping @Sendable (Duration) async -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The machine's clock. Due times are wall-clock times, since they are compared across restarts.
    package static let system = DispatcherTime(
        now: { .now },
        sleep: { duration in
            // Cancelled: the wait is over, which is all the caller asks.
            do { try await ContinuousClock().sleep(for: duration) } catch {}
        })
}

extension UTCTime {
    /// The machine's wall clock.
    package static var now: UTCTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UTCTime(millisecondsSince1970: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
