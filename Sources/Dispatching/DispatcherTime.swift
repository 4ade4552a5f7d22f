import AlertModel
import Glibc

/// The dispatcher's clocks, injected: tests advance them by hand.
package struct DispatcherTime: Sendable {
    package let now: @Sendable () -> UTCTime
    /// The clock nobody sets.
    package let uptime: @Sendable () -> Uptime
    /// Returns after the duration, by the clock nobody sets, or early when the task is cancelled.
    package let sleep: @Sendable (Duration) async -> Void

    package init(
        now: @escaping @Sendable () -> UTCTime, uptime: @escaping @Sendable () -> Uptime,
        sleep: @escaping @Sendable (Duration) async -> Void
    ) {
        self.now = now
        self.uptime = uptime
        self.sleep = sleep
    }

    package var moment: Moment { Moment(wall: now(), uptime: uptime()) }

    /// The machine's clocks. Due times are wall-clock times, since they are compared across restarts.
    package static let system = DispatcherTime(
        now: { .now },
        uptime: {
            var time = timespec()
            // Counts while the machine sleeps, as Linux's CLOCK_MONOTONIC does not.
            clock_gettime(CLOCK_BOOTTIME, &time)
            return Uptime(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
        },
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
