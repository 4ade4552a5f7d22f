import AlertModel

/// Whose turn it is on one channel, among organisations whose campaigns of one kind have something to send: whoever had
/// least of the gateways for its share. What one does not need goes to the others.
package struct OrganisationTurns {
    private struct Seat {
        let organisation: OrganisationID
        let access: GatewayAccess
        /// How many gateways it has in this claim.
        let gateways: Int
        /// Seats that share a gateway, directly or through others, are of one group.
        let group: Int
        /// Of its gateways the greatest.
        let share: Int
        /// The clock's.
        var time: Double
        /// Messages so far for each unit of share: it tells apart those whom the clock lifted to one time.
        let had: Double
    }

    private let kind: CampaignKind
    private let channel: Channel
    /// Those that wait.
    private var seats: [Seat] = []
    /// Their shares, by group.
    private var shares: [Int: Int] = [:]

    /// - Parameters:
    ///   - gateways: the channel's that take part in the claim.
    ///   - clock: gets those who come.
    package init(
        _ organisations: [OrganisationID: GatewayAccess], _ kind: CampaignKind, channel: Channel, gateways: [String],
        clock: inout ShareClock
    ) {
        self.kind = kind
        self.channel = channel
        let sorted = organisations.sorted { $0.key < $1.key }.map { organisation, access in
            (organisation: organisation, access: access, own: gateways.indices.filter { access.allows(gateways[$0], on: channel) })
        }
        // Groups of gateways, joined by whoever uses several.
        var groups = Array(gateways.indices)
        for next in sorted {
            guard let group = next.own.map({ groups[$0] }).min() else { continue }
            let joined = Set(next.own.map { groups[$0] })
            groups = groups.map { joined.contains($0) ? group : $0 }
        }
        var members: [Int: [OrganisationID]] = [:]
        for next in sorted {
            let group = next.own.first.map { groups[$0] } ?? -1
            let share = next.own.map { next.access.share(of: gateways[$0]) }.max() ?? 1
            seats.append(
                Seat(
                    organisation: next.organisation, access: next.access, gateways: next.own.count, group: group, share: share,
                    time: 0, had: Double(clock.place(of: next.organisation)) / Double(max(1, share))))
            shares[group, default: 0] += share
            members[group, default: []].append(next.organisation)
        }
        for group in members.values { clock.enter(group, kind, on: channel) }
        for index in seats.indices { seats[index].time = clock.time(of: seats[index].organisation, kind, on: channel) }
    }

    /// Who is next, and which part of the places it may take at once.
    package struct Turn {
        package let organisation: OrganisationID
        package let access: GatewayAccess
        fileprivate let seat: Int
        fileprivate let share: Int
        fileprivate let shares: Int
        fileprivate let seats: Int

        /// Where there are many places, a turn of fewer would be one of too many.
        private static let manyPlaces = 16

        /// Of so many places that it could have.
        package func places(of count: Int) -> Int {
            guard count > 0 else { return 0 }
            let part = max(1, count * share / max(share, shares))
            return count > Self.manyPlaces * seats ? max(part, Self.manyPlaces) : part
        }
    }

    package func next() -> Turn? {
        // Of equals, whoever has fewer gateways to choose from, then whoever had less; then the lowest number, by which they
        // are sorted.
        guard var first = seats.indices.first else { return nil }
        for index in seats.indices.dropFirst()
        where (seats[index].time, seats[index].gateways, seats[index].had)
            < (seats[first].time, seats[first].gateways, seats[first].had) { first = index }
        let seat = seats[first]
        return Turn(
            organisation: seat.organisation, access: seat.access, seat: first, share: seat.share,
            shares: shares[seat.group] ?? seat.share, seats: seats.count)
    }

    /// The turn that `next` gave last is over.
    /// - Parameters:
    ///   - given: units by gateway.
    ///   - isOut: it takes no part in this claim any more.
    ///   - isDone: it has nothing to send now.
    package mutating func end(
        _ turn: Turn, given: [String: Int], messages: Int, isOut: Bool, isDone: Bool, clock: inout ShareClock
    ) {
        for (gateway, units) in given.sorted(by: { $0.key < $1.key }) {
            seats[turn.seat].time = clock.give(
                units, on: channel, to: turn.organisation, kind, share: turn.access.share(of: gateway))
        }
        clock.count(messages, of: turn.organisation)
        guard isOut || isDone else { return }
        let seat = seats.remove(at: turn.seat)
        shares[seat.group, default: 0] -= seat.share
        if isDone { clock.leave(turn.organisation, kind, on: channel) }
    }
}
