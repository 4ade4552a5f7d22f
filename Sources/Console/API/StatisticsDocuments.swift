import AlertModel

/// A month's campaigns of one organisation and mode: `GET /api/statistics`.
package struct MonthFigures: Codable, Hashable, Sendable {
    package struct OfChannel: Codable, Hashable, Sendable {
        package let channel: Channel
        package let reached: Int
        package let failed: Int
        package let messages: Int
        package let segments: Int
        /// Amounts with their currency, such as `12.40 EUR`; none where no tariff is known.
        package let costs: [String]

        package init(channel: Channel, reached: Int, failed: Int, messages: Int, segments: Int, costs: [String]) {
            self.channel = channel
            self.reached = reached
            self.failed = failed
            self.messages = messages
            self.segments = segments
            self.costs = costs
        }
    }

    /// People whom nothing reached, by the last cause of a way; who has several ways counts for each.
    package struct OfCause: Codable, Hashable, Sendable {
        package let channel: Channel
        package let cause: FailureCause
        package let recipients: Int

        package init(channel: Channel, cause: FailureCause, recipients: Int) {
            self.channel = channel
            self.cause = cause
            self.recipients = recipients
        }
    }

    package let organisation: String
    /// `2026-11`.
    package let month: String
    package let mode: CampaignMode
    package let campaigns: Int
    package let recipients: Int
    /// Whose message passed, answered or acknowledged.
    package let reached: Int
    package let acknowledged: Int
    package let failed: Int
    /// Who has no address that a channel could use.
    package let unreachable: Int
    package let cancelled: Int
    package let pending: Int
    package let channels: [OfChannel]
    /// Seconds from the launch until half, and nine tenths, of those who were reached had been; of ended campaigns.
    @Nullable package var halfReachedSeconds: Int?
    @Nullable package var mostReachedSeconds: Int?
    /// Campaigns whose delays and causes are not counted yet: something of them is under way, or they are being counted.
    package let uncounted: Int
    /// The most frequent first; of ended campaigns.
    package let causes: [OfCause]

    package init(
        organisation: String, month: String, mode: CampaignMode, campaigns: Int, recipients: Int, reached: Int,
        acknowledged: Int, failed: Int, unreachable: Int, cancelled: Int, pending: Int, channels: [OfChannel],
        halfReachedSeconds: Int?, mostReachedSeconds: Int?, uncounted: Int, causes: [OfCause]
    ) {
        self.organisation = organisation
        self.month = month
        self.mode = mode
        self.campaigns = campaigns
        self.recipients = recipients
        self.reached = reached
        self.acknowledged = acknowledged
        self.failed = failed
        self.unreachable = unreachable
        self.cancelled = cancelled
        self.pending = pending
        self.channels = channels
        self.uncounted = uncounted
        self.causes = causes
        self.halfReachedSeconds = halfReachedSeconds
        self.mostReachedSeconds = mostReachedSeconds
    }
}

package struct Statistics: Codable, Hashable, Sendable {
    package let figures: [MonthFigures]
    /// Whether organisations were left out: there are too many for one answer.
    package let isCut: Bool
    /// Ended campaigns of the months whose delays and causes are being counted: they are in the next answer, or one after it.
    package let counting: Int
    package let quotas: [QuotaDocument]

    package init(figures: [MonthFigures], isCut: Bool, counting: Int, quotas: [QuotaDocument]) {
        self.figures = figures
        self.isCut = isCut
        self.counting = counting
        self.quotas = quotas
    }
}

/// Figures of campaigns: no recipient is named. Every function may throw `ConsoleProblem`.
package struct StatisticsDesk: Sendable {
    package var read: @Sendable (Account, _ months: Int) async throws -> Statistics
    /// The same as a CSV file.
    package var csv: @Sendable (Account, _ months: Int) async throws -> String

    package init(
        read: @escaping @Sendable (Account, Int) async throws -> Statistics,
        csv: @escaping @Sendable (Account, Int) async throws -> String
    ) {
        self.read = read
        self.csv = csv
    }
}
