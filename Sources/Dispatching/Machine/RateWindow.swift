/// Keeps a gateway's rate: at most `limit` units in any stretch of the period, wherever it begins, spread evenly.
///
/// Two rules hold together. What was taken within the last period is remembered and never exceeds the limit. And units
/// follow each other at the rate's own interval, up to a short tolerance by which a late timer catches up.
///
/// The period is kept one hundredth longer than the contract's, so that an observer behind a network that delays one
/// message more than another by up to that hundredth still never counts too many.
package struct RateWindow: Sendable {
    package static let marginPerMille: Int64 = 10
    /// How far behind the even pace submissions may catch up: what a busy machine's timers are late.
    static let toleranceMicroseconds = 20_000.0
    /// Units taken this close together are remembered as one entry, so that memory does not grow with the rate.
    private static let grainMicroseconds: Int64 = 1_000

    package private(set) var limit: Int
    package let periodMicroseconds: Int64
    private var log: [(first: Int64, last: Int64, units: Int)] = []
    private var head = 0
    private var taken = 0
    /// When the next unit is due at the even pace.
    private var paceFrom: Double

    /// - Parameter start: the process's own: what an earlier process submitted is not known here, so that the first
    ///   period passes as though its units had just been taken.
    /// - Precondition: `limit` and `periodMilliseconds` are at least 1.
    package init(limit: Int, periodMilliseconds: Int64, from start: Uptime) {
        precondition(limit >= 1 && periodMilliseconds >= 1, "a rate of nothing would never carry anything")
        self.limit = limit
        periodMicroseconds = periodMilliseconds * (1000 + Self.marginPerMille)
        paceFrom = Double(start.microseconds + periodMicroseconds) + Self.toleranceMicroseconds
    }

    private var intervalMicroseconds: Double { Double(periodMicroseconds) / Double(limit) }

    /// From now on. What was taken before is not forgotten.
    mutating func setLimit(_ limit: Int) { self.limit = max(1, limit) }

    /// The earliest moment these units may be taken, `now` at the earliest. A message of more units than the limit is
    /// let through when nothing else was in its period, and holds the others back accordingly.
    /// - Parameter before: units that leave first.
    mutating func earliest(_ units: Int, _ now: Uptime, after before: Int = 0) -> Uptime {
        forget(now)
        let even = max(paceFrom, before > 0 ? Double(now.microseconds) : 0) + Double(before) * intervalMicroseconds
        var moment = max(now.microseconds, Int64((even - Self.toleranceMicroseconds).rounded(.up)))
        let need = min(units + before, limit)
        var room = limit - taken
        var index = head
        while room < need, index < log.count {
            moment = max(moment, log[index].last + periodMicroseconds)
            room += log[index].units
            index += 1
        }
        return Uptime(microseconds: moment)
    }

    /// Units are submitted now.
    mutating func take(_ units: Int, _ now: Uptime) {
        forget(now)
        if log.count > head, now.microseconds - log[log.count - 1].first < Self.grainMicroseconds {
            log[log.count - 1].last = now.microseconds
            log[log.count - 1].units += units
        } else {
            log.append((now.microseconds, now.microseconds, units))
        }
        taken += units
        paceFrom = max(paceFrom, Double(now.microseconds)) + Double(units) * intervalMicroseconds
    }

    /// How many units could be taken between now and a moment.
    mutating func available(_ now: Uptime, until end: Uptime) -> Int {
        forget(now)
        let even = (Double(end.microseconds) - (paceFrom - Self.toleranceMicroseconds)) / intervalMicroseconds
        guard even >= 0 else { return 0 }
        var room = limit - taken
        for entry in log[head...] where entry.last + periodMicroseconds <= end.microseconds { room += entry.units }
        return max(0, min(room, Int(min(even, Double(limit))) + 1))
    }

    private mutating func forget(_ now: Uptime) {
        while head < log.count, log[head].last + periodMicroseconds <= now.microseconds {
            taken -= log[head].units
            head += 1
        }
        guard head > 512, head * 2 > log.count else { return }
        log.removeFirst(head)
        head = 0
    }
}
