import AlertModel
import Foundation

/// `GET /api/gateways`, and its events: the gateways that an account's organisation may use, as they are now.
package struct GatewayBoard: Codable, Hashable, Sendable {
    /// Who carries the campaigns of this address's mode.
    package enum Carrier: String, CaseIterable, Codable, Hashable, Sendable {
        /// This server.
        case here
        /// Another process, which tells how its gateways are.
        case elsewhere
        /// Another process, which tells nothing.
        case silent
        /// Nobody: nothing leaves.
        case nobody
    }

    package struct Card: Codable, Hashable, Sendable {
        package let name: String
        package let channel: Channel
        /// Its share of the channel's messages beside the others.
        @Nullable package var weight: Int?
        /// The most submissions in flight at once.
        @Nullable package var window: Int?
        /// Sessions it is bound with; null where its protocol has none.
        @Nullable package var binds: Int?
        /// `closed` (up), `open` (down), `half_open` (being tried again); null while nobody tells.
        @Nullable package var circuit: String?
        @Nullable package var downSince: Date?
        @Nullable package var pausedUntil: Date?
        /// The last failure of its own, in a technical word.
        @Nullable package var fault: String?
        @Nullable package var faultAt: Date?
        @Nullable package var lastSuccess: Date?
        @Nullable package var probedAt: Date?
        @Nullable package var probeSucceeded: Bool?
        /// Whether it can be asked without a message.
        package let canBeProbed: Bool
        /// `segments` or `messages` a second.
        package let unit: String
        /// What its contract allows; null for no limit.
        @Nullable package var rate: Double?
        /// What it is given at most now; null for no limit.
        @Nullable package var allowed: Double?
        package let pace: Double
        package let held: Int
        package let inFlight: Int
        /// Of the last hour: accepted, refused, and failures of the gateway's own.
        package let taken: Int
        package let refused: Int
        package let faults: Int
        /// Accepted more than five minutes ago, in campaigns that go on, and no receipt yet.
        package let lateReceipts: Int

        package init(
            name: String, channel: Channel, canBeProbed: Bool = false, unit: String = "messages", pace: Double = 0, held: Int = 0,
            inFlight: Int = 0, taken: Int = 0, refused: Int = 0, faults: Int = 0, lateReceipts: Int = 0
        ) {
            self.name = name
            self.channel = channel
            self.canBeProbed = canBeProbed
            self.unit = unit
            self.pace = pace
            self.held = held
            self.inFlight = inFlight
            self.taken = taken
            self.refused = refused
            self.faults = faults
            self.lateReceipts = lateReceipts
        }
    }

    /// Messages to go on a channel, of the organisation's running campaigns.
    package struct Queue: Codable, Hashable, Sendable {
        package let channel: Channel
        package let queued: Int

        package init(channel: Channel, queued: Int) {
            self.channel = channel
            self.queued = queued
        }
    }

    package let mode: CampaignMode
    package let carrier: Carrier
    /// The other process, such as `alert, process 71 on town-hall`.
    @Nullable package var holder: String?
    /// When the figures were taken.
    package let at: Date
    /// What came before, whoever carries does not know.
    @Nullable package var since: Date?
    /// By channel and name.
    package let gateways: [Card]
    package let queues: [Queue]

    package init(
        mode: CampaignMode, carrier: Carrier, holder: String?, at: Date, since: Date?, gateways: [Card], queues: [Queue]
    ) {
        self.mode = mode
        self.carrier = carrier
        self.at = at
        self.gateways = gateways
        self.queues = queues
        self.holder = holder
        self.since = since
    }
}

/// What came of a test.
package struct GatewayTrialAnswer: Codable, Hashable, Sendable {
    /// As the ledger writes it: `accepted`, `failed: network`…
    package let answer: String
    @Nullable package var detail: String?
    package let failed: Bool

    package init(answer: String, detail: String?, failed: Bool) {
        self.answer = answer
        self.failed = failed
        self.detail = detail
    }
}
