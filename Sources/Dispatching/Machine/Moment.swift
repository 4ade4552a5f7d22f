import AlertModel

/// A reading of the clock that nobody sets: microseconds since the machine started, or since any other moment that
/// stays the same while a process runs. What is paced and waited for is measured by it.
package struct Uptime: Hashable, Comparable, Sendable {
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    package static let never = Uptime(microseconds: .max)

    package static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    package func advanced(byMicroseconds count: Int64) -> Uptime {
        let (sum, overflow) = microseconds.addingReportingOverflow(count)
        return overflow ? .never : Uptime(microseconds: sum)
    }

    package func advanced(byMilliseconds count: Int64) -> Uptime {
        let (product, overflow) = count.multipliedReportingOverflow(by: 1000)
        return overflow ? .never : advanced(byMicroseconds: product)
    }

    /// Negative when `earlier` lies after.
    package func microseconds(since earlier: Uptime) -> Int64 { microseconds - earlier.microseconds }
}

/// Both clocks, read together. Due times, expiry and what is written are wall-clock times, since they outlive the
/// process; a clock that is set forwards or back moves those, and neither a rate nor a wait.
package struct Moment: Hashable, Sendable {
    package let wall: UTCTime
    package let uptime: Uptime

    package init(wall: UTCTime, uptime: Uptime) {
        self.wall = wall
        self.uptime = uptime
    }

    package func advanced(byMilliseconds count: Int64) -> Moment {
        Moment(wall: wall.advanced(byMilliseconds: count), uptime: uptime.advanced(byMilliseconds: count))
    }

    /// When a wall-clock time comes, if nobody sets the clock before.
    package func uptime(of time: UTCTime) -> Uptime {
        time == .never ? .never : uptime.advanced(byMilliseconds: time.milliseconds(since: wall))
    }
}
