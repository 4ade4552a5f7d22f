/// What an organisation was given of one gateway. Which gateways there are, and their secrets, the machine's files say.
package struct GatewayAssignment: Hashable, Sendable {
    /// A greater share is a slip of the pen.
    package static let shares = 1...100
    /// Units a second.
    package static let ceilings = 1...100_000

    package let organisation: OrganisationID
    package let gateway: String
    package let channel: Channel
    /// Whether the gateway is reserved: for this organisation, others it is reserved for as well, and those below them
    /// that have none of their own.
    package let isReserved: Bool
    /// Its part of the gateway beside the other organisations that use it at the same time.
    package let share: Int
    /// The most it may use, in segments (messages on other channels) a second; nil for no limit of its own.
    package let ceiling: Int?

    package init(
        organisation: OrganisationID, gateway: String, channel: Channel, isReserved: Bool, share: Int = 1, ceiling: Int? = nil
    ) {
        self.organisation = organisation
        self.gateway = gateway
        self.channel = channel
        self.isReserved = isReserved
        self.share = share
        self.ceiling = ceiling
    }
}

/// Which gateways each organisation may use, and how much of them.
///
/// On each channel an organisation has the gateways that are reserved for it; without any, those of the nearest above it
/// that has some; and where nobody above has any, those that are reserved for nobody.
package struct GatewayBook: Sendable {
    private let assignments: [GatewayAssignment]
    private let parents: [OrganisationID: OrganisationID]
    private let reserved: Set<String>

    /// - Parameter parents: of every organisation that has one.
    package init(_ assignments: [GatewayAssignment], parents: [OrganisationID: OrganisationID]) {
        self.assignments = assignments
        self.parents = parents
        reserved = Set(assignments.filter(\.isReserved).map(\.gateway))
    }

    /// Nothing was given to anybody: every gateway is everybody's, in equal parts.
    package static let open = GatewayBook([], parents: [:])

    package func access(of organisation: OrganisationID) -> GatewayAccess {
        guard !assignments.isEmpty else { return .all }
        var held: [Channel: GatewayAccess.Held] = [:]
        var ceilings: [String: GatewayAccess.Ceiling] = [:]
        for owner in lineage(of: organisation) {
            for given in assignments where given.organisation == owner {
                // Of several the lowest; of equals the uppermost, whose is the whole branch's.
                guard let limit = given.ceiling, limit <= ceilings[given.gateway]?.limit ?? .max else { continue }
                ceilings[given.gateway] = GatewayAccess.Ceiling(owner: owner, limit: limit)
            }
            let own = assignments.filter { $0.organisation == owner && $0.isReserved }
            for (channel, gateways) in Dictionary(grouping: own, by: \.channel) where held[channel] == nil {
                held[channel] = GatewayAccess.Held(owner: owner, gateways: Set(gateways.map(\.gateway)))
            }
        }
        let own = assignments.filter { $0.organisation == organisation }
        return GatewayAccess(
            held: held, others: reserved, shares: Dictionary(own.map { ($0.gateway, $0.share) }) { first, _ in first },
            ceilings: ceilings)
    }

    /// Ends, whatever the parents say.
    private func lineage(of organisation: OrganisationID) -> [OrganisationID] {
        var line = [organisation]
        while let above = line.last.flatMap({ parents[$0] }), !line.contains(above) { line.append(above) }
        return line
    }
}

/// One organisation's gateways.
package struct GatewayAccess: Hashable, Sendable {
    package struct Held: Hashable, Sendable {
        /// Itself, or the organisation above it whose they are.
        package let owner: OrganisationID
        package let gateways: Set<String>

        package init(owner: OrganisationID, gateways: Set<String>) {
            self.owner = owner
            self.gateways = gateways
        }
    }

    package struct Ceiling: Hashable, Sendable {
        /// Itself or an organisation above it: all below that one use it up together.
        package let owner: OrganisationID
        /// Units a second.
        package let limit: Int

        package init(owner: OrganisationID, limit: Int) {
            self.owner = owner
            self.limit = limit
        }
    }

    /// By channel; a channel that is not in it uses what is reserved for nobody.
    package let held: [Channel: Held]
    private let others: Set<String>
    private let shares: [String: Int]
    private let ceilings: [String: Ceiling]

    package init(held: [Channel: Held], others: Set<String>, shares: [String: Int] = [:], ceilings: [String: Ceiling] = [:]) {
        self.held = held
        self.others = others
        self.shares = shares
        self.ceilings = ceilings
    }

    /// Every gateway there is, without a limit.
    package static let all = GatewayAccess(held: [:], others: [])

    /// Whether a message of the organisation may leave through the gateway.
    package func allows(_ gateway: String, on channel: Channel) -> Bool {
        held[channel].map { $0.gateways.contains(gateway) } ?? !others.contains(gateway)
    }

    package func share(of gateway: String) -> Int { shares[gateway] ?? 1 }

    /// Units a second; nil for no limit, its own or of those above it.
    package func ceiling(of gateway: String) -> Int? { ceilings[gateway]?.limit }

    /// Whose ceiling that is.
    package func ceilingOwner(of gateway: String) -> OrganisationID? { ceilings[gateway]?.owner }

    package var isLimited: Bool { !ceilings.isEmpty }
}
