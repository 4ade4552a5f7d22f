import AlertModel
import Foundation
import Synchronization

/// Who has which draft before them, and what they are told: pages of this server alone, in memory. What is kept of a draft is
/// safe without it, by its version.
final class DraftRooms: Sendable {
    struct Address: Hashable, Sendable {
        let organisation: OrganisationID
        let key: UUID
    }

    private struct Room {
        var update: DraftUpdate
        var seats: [UUID: (user: String, feed: AsyncStream<DraftUpdate>.Continuation)] = [:]

        /// Tells everyone who is there what there is.
        mutating func tell() {
            let pages = Dictionary(grouping: seats.values, by: \.user).mapValues(\.count)
            update.people = pages.sorted { $0.key < $1.key }.map { DraftUpdate.Person(user: $0.key, pages: $0.value) }
            for seat in seats.values { seat.feed.yield(update) }
        }
    }

    private let rooms = Mutex<[Address: Room]>([:])

    /// A page that opens a draft: its updates until it leaves.
    func enter(_ address: Address, user: String) -> AsyncStream<DraftUpdate> {
        let (updates, feed) = AsyncStream.makeStream(of: DraftUpdate.self, bufferingPolicy: .bufferingNewest(1))
        let seat = UUID()
        feed.onTermination = { [weak self] _ in self?.leave(address, seat) }
        rooms.withLock { rooms in
            rooms[address, default: Room(update: DraftUpdate(version: 0))].seats[seat] = (user, feed)
            rooms[address]?.tell()
        }
        return updates
    }

    /// What became of a draft. An older version than what is known is no news.
    func note(_ address: Address, version: Int, by user: String) {
        change(address) { update in
            // Kept again after it was removed, it counts from the start.
            guard version > update.version || update.state != .open else { return }
            update = DraftUpdate(version: version, by: user)
        }
    }

    func note(_ address: Address, _ state: DraftUpdate.State, by user: String) {
        change(address) { update in
            update.state = state
            update.by = user
        }
    }

    private func change(_ address: Address, _ work: (inout DraftUpdate) -> Void) {
        rooms.withLock { rooms in
            guard var room = rooms[address] else { return }
            work(&room.update)
            room.tell()
            rooms[address] = room
        }
    }

    private func leave(_ address: Address, _ seat: UUID) {
        rooms.withLock { rooms in
            rooms[address]?.seats[seat] = nil
            if rooms[address]?.seats.isEmpty == true { rooms[address] = nil } else { rooms[address]?.tell() }
        }
    }
}
