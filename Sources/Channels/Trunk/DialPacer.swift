import Dispatching
import Synchronization

/// Calls begin one after another at their trunk's rate, in the order in which they asked: what waited for a voice, or for a
/// connection, does not begin all at once.
final class DialPacer: Sendable {
    private let pace: Mutex<GatewayPace>
    private let time: DispatcherTime

    /// - Parameter rate: nil where the trunk takes calls as fast as they come.
    init(_ rate: GatewayRate?, time: DispatcherTime) {
        self.time = time
        // Begun periods ago: what an earlier process dialled is the dispatcher's to wait for.
        let start = time.uptime().advanced(byMilliseconds: -(rate?.periodMilliseconds ?? 0) * 2)
        pace = Mutex(GatewayPace(rate, from: start))
    }

    /// Returns when a call may begin; its place is taken whether it then begins or not.
    func turn() async {
        let now = time.uptime()
        let moment = pace.withLock { pace in
            let moment = pace.earliest(1, now)
            pace.take(1, moment)
            return moment
        }
        if moment > now { await time.sleep(.microseconds(moment.microseconds(since: now))) }
    }
}
