import AlertModel

/// The durable memory the dispatcher leans on. Narrow on purpose: another database can supply it.
///
/// Every closure is one transaction: when it returns, what it says is durable; when it throws, nothing changed.
package struct Ledger: Sendable {
    /// Closes the attempts an earlier process left open as in doubt and queues their legs again, marked so that
    /// their next attempt is a possible duplicate. Called once, before the first claim, by the only dispatcher
    /// of the mode. Returns how many there were.
    package let rescue: @Sendable (_ mode: CampaignMode, _ now: UTCTime) async throws -> Int
    /// Takes due legs of running campaigns, in fair shares, and opens an attempt for each.
    package let claim: @Sendable (ClaimRequest) async throws -> Claim
    /// Writes what the gateways said. Returns the receipts that name no known attempt.
    package let record: @Sendable (RecordBatch) async throws -> [Receipt]
    /// Ends what time or an operator has ended: late legs fail as expired, legs of a stopped campaign are
    /// cancelled, legs nothing carries fail as unavailable, campaigns with nothing left complete.
    package let settle: @Sendable (SettleRequest) async throws -> Settlement

    package init(
        rescue: @escaping @Sendable (CampaignMode, UTCTime) async throws -> Int,
        claim: @escaping @Sendable (ClaimRequest) async throws -> Claim,
        record: @escaping @Sendable (RecordBatch) async throws -> [Receipt],
        settle: @escaping @Sendable (SettleRequest) async throws -> Settlement
    ) {
        self.rescue = rescue
        self.claim = claim
        self.record = record
        self.settle = settle
    }
}

/// How many legs each gateway has room for.
package struct ClaimRequest: Sendable {
    package struct Slot: Hashable, Sendable {
        package let gateway: String
        package let channel: Channel
        package let count: Int

        package init(gateway: String, channel: Channel, count: Int) {
            self.gateway = gateway
            self.channel = channel
            self.count = count
        }
    }

    package let mode: CampaignMode
    package let slots: [Slot]
    package let now: UTCTime
    /// Grows by one a claim: whose turn it is when there is less room than campaigns.
    package let turn: Int

    package init(mode: CampaignMode, slots: [Slot], now: UTCTime, turn: Int) {
        self.mode = mode
        self.slots = slots
        self.now = now
        self.turn = turn
    }
}

/// What was claimed, with the campaigns it belongs to as they stood in the same transaction.
package struct Claim: Sendable {
    package let legs: [ClaimedLeg]
    package let campaigns: [CampaignID: DispatchedCampaign]

    package init(legs: [ClaimedLeg], campaigns: [CampaignID: DispatchedCampaign]) {
        self.legs = legs
        self.campaigns = campaigns
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

    package init(
        id: CampaignID, mode: CampaignMode, audience: AudienceHash?, message: Message, messageVersion: Int = 1, policy: Policy,
        expiresAt: UTCTime
    ) {
        self.id = id
        self.mode = mode
        self.audience = audience
        self.message = message
        self.messageVersion = messageVersion
        self.policy = policy
        self.expiresAt = expiresAt
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

    package init(
        attempt: AttemptID, leg: LegID, campaign: CampaignID, gateway: String, channel: Channel,
        address: Redacted<String>, externalID: String, certainty: Certainty?, language: String = "", seal: LegSeal,
        countedAttempts: Int, throttles: Int, possibleDuplicate: Bool
    ) {
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
    package let result: SubmissionResult
    package let endedAt: UTCTime
    package let next: LegStep

    package init(
        attempt: AttemptID, leg: LegID, campaign: CampaignID, result: SubmissionResult, endedAt: UTCTime,
        next: LegStep
    ) {
        self.attempt = attempt
        self.leg = leg
        self.campaign = campaign
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
