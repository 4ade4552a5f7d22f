import AlertModel

/// Whose turn it is on one channel, among organisations whose campaigns of one kind have something to send: whoever had
/// least of the gateways for its share. What one does not need goes to the others.
package struct OrganisationTurns {
    private struct Seat {
        let access: GatewayAccess
        /// Its gateways in this claim.
        let gateways: [String]
        /// Seats that share a gateway, directly or through others, are of one group.
        let group: Int
        /// Of its gateways the greatest.
        let share: Int
    }

    private let kind: CampaignKind
    private var seats: [OrganisationID: Seat] = [:]
    private var waiting: [OrganisationID]
    /// The shares of those who wait, by group.
    private var shares: [Int: Int] = [:]

    /// - Parameters:
    ///   - gateways: the channel's that take part in the claim.
    ///   - clock: gets those who come.
    package init(
        _ organisations: [OrganisationID: GatewayAccess], _ kind: CampaignKind, channel: Channel, gateways: [String],
        clock: inout ShareClock
    ) {
        self.kind = kind
        waiting = organisations.keys.sorted()
        // Groups of gateways, joined by whoever uses several.
        var groups = Dictionary(uniqueKeysWithValues: gateways.enumerated().map { ($1, $0) })
        for organisation in waiting {
            let own = gateways.filter { organisations[organisation]?.allows($0, on: channel) == true }
            guard let group = own.compactMap({ groups[$0] }).min() else { continue }
            let joined = Set(own.compactMap { groups[$0] })
            groups = groups.mapValues { joined.contains($0) ? group : $0 }
        }
        for organisation in waiting {
            guard let access = organisations[organisation] else { continue }
            let own = gateways.filter { access.allows($0, on: channel) }
            let seat = Seat(
                access: access, gateways: own, group: own.first.flatMap { groups[$0] } ?? -1,
                share: own.map { access.share(of: $0) }.max() ?? 1)
            seats[organisation] = seat
            shares[seat.group, default: 0] += seat.share
            clock.enter(organisation, kind, on: own)
        }
    }

    /// Who is next, and which part of the places it may take at once.
    package struct Turn {
        package let organisation: OrganisationID
        package let access: GatewayAccess
        fileprivate let share: Int
        fileprivate let shares: Int

        /// Of so many places that it could have.
        package func places(of count: Int) -> Int { count == 0 ? 0 : max(1, count * share / max(share, shares)) }
    }

    package func next(_ clock: ShareClock) -> Turn? {
        // Of equals, whoever has fewer gateways to choose from.
        let first = waiting.lazy.compactMap { id in seats[id].map { (id: id, seat: $0) } }.map { next in
            (next.id, next.seat, clock.time(of: next.id, kind, on: next.seat.gateways), next.seat.gateways.count)
        }.min { ($0.2, $0.3, $0.0) < ($1.2, $1.3, $1.0) }
        guard let (id, seat, _, _) = first else { return nil }
        return Turn(organisation: id, access: seat.access, share: seat.share, shares: shares[seat.group] ?? seat.share)
    }

    /// A turn is over.
    /// - Parameters:
    ///   - given: units by gateway.
    ///   - isOut: it takes no part in this claim any more.
    ///   - isDone: it has nothing to send now.
    package mutating func end(
        _ turn: Turn, given: [String: Int], messages: Int, isOut: Bool, isDone: Bool, clock: inout ShareClock
    ) {
        for (gateway, units) in given.sorted(by: { $0.key < $1.key }) {
            clock.give(units, on: gateway, to: turn.organisation, kind, share: turn.access.share(of: gateway))
        }
        clock.count(messages, of: turn.organisation)
        guard isOut || isDone, let seat = seats[turn.organisation] else { return }
        waiting.removeAll { $0 == turn.organisation }
        shares[seat.group, default: 0] -= seat.share
        if isDone { clock.leave(turn.organisation, kind, on: seat.gateways) }
    }
}
