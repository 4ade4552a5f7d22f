import Synchronization

/// How many connections one address has open.
final class ConnectionSeats: Sendable {
    private let most: Int
    private let taken = Mutex<[String: Int]>([:])

    /// - Parameter most: 0 for no bound.
    init(most: Int) {
        self.most = most
    }

    /// - Returns: false when the address has as many as it may; nothing is to be given back then.
    func take(_ address: String) -> Bool {
        guard most > 0 else { return true }
        return taken.withLock { taken in
            guard taken[address, default: 0] < most else { return false }
            taken[address, default: 0] += 1
            return true
        }
    }

    func giveBack(_ address: String) {
        guard most > 0 else { return }
        taken.withLock { taken in
            let left = taken[address, default: 1] - 1
            taken[address] = left > 0 ? left : nil
        }
    }
}
