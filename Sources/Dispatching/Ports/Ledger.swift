import AlertModel

/// The durable memory the dispatcher leans on. Narrow on purpose: another database can supply it.
///
/// Every closure is one transaction: when it returns, what it says is durable; when it throws, nothing changed.
package struct Ledger: Sendable {
    /// Closes the attempts an earlier process left open as in doubt and queues their legs again, marked so that
    /// their next attempt is a possible duplicate. Called once, before the first claim, by the only dispatcher
    /// of the mode. Returns how many there were.
    package let rescue: @Sendable (_ mode: CampaignMode, _ now: UTCTime) async throws -> Int
    /// Takes due legs of running campaigns that no quiet hours hold back, in fair shares, and opens an attempt for each.
    package let claim: @Sendable (ClaimRequest) async throws -> Claim
    /// Writes what the gateways said. Returns the receipts that name no known attempt.
    package let record: @Sendable (RecordBatch) async throws -> [Receipt]
    /// Ends what time or an operator has ended: late legs fail as expired, legs of a stopped campaign are
    /// cancelled, legs nothing carries fail as unavailable, campaigns with nothing left complete.
    package let settle: @Sendable (SettleRequest) async throws -> Settlement
    /// Keeps what people wrote, and carries what it means into legs and refusals: see `ReplyMeaning`. What was kept
    /// before counts once. Parts of a long message are kept until it is whole, or for ten minutes.
    package let receive: @Sendable (_ messages: [InboundMessage], CampaignMode, _ now: UTCTime) async throws -> Void

    package init(
        rescue: @escaping @Sendable (CampaignMode, UTCTime) async throws -> Int,
        claim: @escaping @Sendable (ClaimRequest) async throws -> Claim,
        record: @escaping @Sendable (RecordBatch) async throws -> [Receipt],
        settle: @escaping @Sendable (SettleRequest) async throws -> Settlement,
        receive: @escaping @Sendable ([InboundMessage], CampaignMode, UTCTime) async throws -> Void = { _, _, _ in }
    ) {
        self.receive = receive
        self.rescue = rescue
        self.claim = claim
        self.record = record
        self.settle = settle
    }
}

/// How many legs each gateway has room for.
package struct ClaimRequest: Sendable {
    /// A gateway's room in this claim.
    package struct Slot: Sendable {
        /// What a rate leaves, for a gateway that has one.
        package struct Budget: Sendable {
            /// May fall below zero by a message that costs more than the limit.
            package var units: Int
            /// A message that costs more is let through as though it cost this.
            package let limit: Int
            package let cost: @Sendable (Message) -> Int

            package init(units: Int, limit: Int, cost: @escaping @Sendable (Message) -> Int) {
                self.units = units
                self.limit = limit
                self.cost = cost
            }
        }

        /// What an organisation's own ceiling leaves.
        package struct Ceiling: Hashable, Sendable {
            /// Units a second, as the dispatcher knows it: nothing is given by another.
            package let limit: Int
            package var units: Int

            package init(limit: Int, units: Int) {
                self.limit = limit
                self.units = units
            }
        }

        package let gateway: String
        package let channel: Channel
        /// 0 for a gateway that is up and has no room now.
        package internal(set) var count: Int
        package let weight: Int
        /// What it carried beside the channel's others so far.
        package internal(set) var carried: Double
        package internal(set) var budget: Budget?
        /// Of the organisations that have one.
        package internal(set) var ceilings: [OrganisationID: Ceiling]
        /// What a message costs of a ceiling.
        package let segments: @Sendable (Message) -> Int

        package init(
            gateway: String, channel: Channel, count: Int, weight: Int = 1, carried: Double = 0, budget: Budget? = nil,
            ceilings: [OrganisationID: Ceiling] = [:], segments: @escaping @Sendable (Message) -> Int = { _ in 1 }
        ) {
            self.ceilings = ceilings
            self.segments = segments
            self.gateway = gateway
            self.channel = channel
            self.count = count
            self.weight = weight
            self.carried = carried
            self.budget = budget
        }
    }

    package let mode: CampaignMode
    package let slots: [Slot]
    package let now: UTCTime
    /// What organisations had so far.
    package let clock: ShareClock

    package init(mode: CampaignMode, slots: [Slot], now: UTCTime, clock: ShareClock = ShareClock()) {
        self.mode = mode
        self.slots = slots
        self.now = now
        self.clock = clock
    }

    package var channels: [Channel] { Set(slots.map(\.channel)).sorted() }
}

/// What was claimed, with the campaigns it belongs to as they stood in the same transaction.
package struct Claim: Sendable {
    package let legs: [ClaimedLeg]
    package let campaigns: [CampaignID: DispatchedCampaign]
    /// Channels asked for on which no due leg is left.
    package let drained: Set<Channel>
    /// For each gateway that had places and too few units, the units it lacked for one message.
    package let starved: [String: Int]
    /// The request's clock, gone on by what was claimed.
    package let clock: ShareClock
    /// The ceilings of the organisations that have something under way, by gateway: by one that the request did not know,
    /// nothing was claimed.
    package let ceilings: [String: [OrganisationID: Int]]

    package init(
        legs: [ClaimedLeg], campaigns: [CampaignID: DispatchedCampaign], drained: Set<Channel>,
        starved: [String: Int] = [:], clock: ShareClock = ShareClock(), ceilings: [String: [OrganisationID: Int]] = [:]
    ) {
        self.clock = clock
        self.ceilings = ceilings
        self.legs = legs
        self.campaigns = campaigns
        self.drained = drained
        self.starved = starved
    }
}

/// What the dispatcher needs of a campaign.
package struct DispatchedCampaign: Sendable {
    package let id: CampaignID
    package let mode: CampaignMode
    /// Nil when the stored hash is not one: nothing of that campaign leaves.
    package let audience: AudienceHash?
    /// As it leaves.
    package let message: Message
    /// Grows when the text is amended; each attempt is written with the version it carried.
    package let messageVersion: Int
    package let policy: Policy
    package let expiresAt: UTCTime
    package let kind: CampaignKind
    package let weight: Int
    /// The hashes of those who joined late, by the addendum's number, from 1.
    package let addenda: [Int: AudienceHash]
    /// Until then it can be taken back, and nothing leaves.
    package let heldUntil: UTCTime?
    package let organisation: OrganisationID
    /// Its organisation's gateways.
    package let access: GatewayAccess

    package init(
        id: CampaignID, mode: CampaignMode, audience: AudienceHash?, message: Message, messageVersion: Int = 1, policy: Policy,
        expiresAt: UTCTime, kind: CampaignKind = .alert, weight: Int = 1, addenda: [Int: AudienceHash] = [:],
        heldUntil: UTCTime? = nil, organisation: OrganisationID = OrganisationID(rawValue: 1), access: GatewayAccess = .all
    ) {
        self.organisation = organisation
        self.access = access
        self.heldUntil = heldUntil
        self.addenda = addenda
        self.kind = kind
        self.weight = weight
        self.id = id
        self.mode = mode
        self.audience = audience
        self.message = message
        self.messageVersion = messageVersion
        self.policy = kind == .alert ? policy.awake : policy
        self.expiresAt = expiresAt
    }

    /// When what holds it back now ends: quiet hours, which an alert has none of, or the time to take it back. Nil when it
    /// may go on.
    package func restEnd(at now: UTCTime) -> UTCTime? {
        [policy.quiet?.end(at: now), heldUntil.flatMap { $0 > now ? $0 : nil }].compactMap(\.self).max()
    }
}

/// One leg in the dispatcher's hands, its attempt already open in the ledger.
package struct ClaimedLeg: Sendable {
    package let attempt: AttemptID
    package let leg: LegID
    package let campaign: CampaignID
    package let gateway: String
    package let channel: Channel
    package let address: Redacted<String>
    package let externalID: String
    /// Nil when the stored verdict is not one: the leg does not leave.
    package let certainty: Certainty?
    /// The recipient's, as a BCP 47 tag; empty where it is not known.
    package let language: String
    package let seal: LegSeal
    /// Attempts that counted so far, before this one.
    package let countedAttempts: Int
    /// Throttled answers in a row so far.
    package let throttles: Int
    package let possibleDuplicate: Bool
    package let failures: FailureTally
    /// The recipient's place it belongs to, where it is that place's only leg and nobody else's: the ledger then need
    /// not ask what the others came to.
    package let soleDelivery: DeliveryID?
    /// Of the addendum it was frozen in; 0 for the audience itself.
    package let addendum: Int
    /// What fills the places of a personal message; nil for a message that is the same for everybody.
    package let values: SealedValues?

    package init(
        attempt: AttemptID, leg: LegID, campaign: CampaignID, gateway: String, channel: Channel,
        address: Redacted<String>, externalID: String, certainty: Certainty?, language: String = "", seal: LegSeal,
        countedAttempts: Int, throttles: Int, possibleDuplicate: Bool, failures: FailureTally = FailureTally(),
        soleDelivery: DeliveryID? = nil, addendum: Int = 0, values: SealedValues? = nil
    ) {
        self.values = values
        self.addendum = addendum
        self.failures = failures
        self.soleDelivery = soleDelivery
        self.attempt = attempt
        self.leg = leg
        self.campaign = campaign
        self.gateway = gateway
        self.channel = channel
        self.address = address
        self.externalID = externalID
        self.certainty = certainty
        self.language = language
        self.seal = seal
        self.countedAttempts = countedAttempts
        self.throttles = throttles
        self.possibleDuplicate = possibleDuplicate
    }
}

/// What is written of one attempt that ended, and where its leg goes from there.
package struct AttemptRecord: Sendable {
    package let attempt: AttemptID
    package let leg: LegID
    package let campaign: CampaignID
    package let channel: Channel
    package let soleDelivery: DeliveryID?
    package let result: SubmissionResult
    package let endedAt: UTCTime
    package let next: LegStep

    package init(_ leg: ClaimedLeg, _ result: SubmissionResult, endedAt: UTCTime, next: LegStep) {
        attempt = leg.attempt
        self.leg = leg.leg
        campaign = leg.campaign
        channel = leg.channel
        soleDelivery = leg.soleDelivery
        self.result = result
        self.endedAt = endedAt
        self.next = next
    }
}

package struct RecordBatch: Sendable {
    package let attempts: [AttemptRecord]
    package let receipts: [Receipt]
    package let now: UTCTime

    package init(attempts: [AttemptRecord], receipts: [Receipt], now: UTCTime) {
        self.attempts = attempts
        self.receipts = receipts
        self.now = now
    }
}

package struct SettleRequest: Sendable {
    package let mode: CampaignMode
    /// Channels this dispatcher can carry.
    package let channels: Set<Channel>
    package let now: UTCTime

    package init(mode: CampaignMode, channels: Set<Channel>, now: UTCTime) {
        self.mode = mode
        self.channels = channels
        self.now = now
    }
}

package struct Settlement: Sendable {
    package let completed: [CampaignID]
    /// More is to be settled than one short transaction should hold: call again.
    package let hasMore: Bool
    /// For each channel with queued legs, when the first of them falls due; it may lie in the past.
    package let due: [Channel: UTCTime]

    package init(completed: [CampaignID], hasMore: Bool, due: [Channel: UTCTime]) {
        self.completed = completed
        self.hasMore = hasMore
        self.due = due
    }
}

extension ClaimedLeg {
    /// What is known of it before this attempt's answer.
    var history: LegHistory {
        LegHistory(
            leg: leg, countedAttempts: countedAttempts, throttles: throttles, inDoubt: possibleDuplicate,
            failures: failures)
    }
}

extension ClaimedLeg {
    /// The leg with the attempt a ledger opened for it, and the gateway it was given to.
    package func claimed(as attempt: AttemptID, through gateway: String) -> ClaimedLeg {
        ClaimedLeg(
            attempt: attempt, leg: leg, campaign: campaign, gateway: gateway, channel: channel, address: address,
            externalID: externalID, certainty: certainty, language: language, seal: seal,
            countedAttempts: countedAttempts, throttles: throttles, possibleDuplicate: possibleDuplicate, failures: failures, soleDelivery: soleDelivery,
            addendum: addendum, values: values)
    }

    /// The leg with what fills its text's places.
    package func filled(with values: SealedValues?) -> ClaimedLeg {
        ClaimedLeg(
            attempt: attempt, leg: leg, campaign: campaign, gateway: gateway, channel: channel, address: address,
            externalID: externalID, certainty: certainty, language: language, seal: seal,
            countedAttempts: countedAttempts, throttles: throttles, possibleDuplicate: possibleDuplicate, failures: failures, soleDelivery: soleDelivery,
            addendum: addendum, values: values)
    }
}
