import AlertModel

/// Remembers, from claim to claim, how much each organisation had of a channel's gateways in proportion to its share: whose
/// turn comes first is whoever had least.
///
/// A virtual clock for each channel, kind of campaign and organisation goes on by what it is given, whatever the gateway,
/// divided by its share there. One for each gateway would set whoever uses several back behind those who use one. Who has
/// nothing to send has no clock and saves nothing up; who comes begins where the last of those it shares with stands.
package struct ShareClock: Hashable, Sendable {
    private struct Line: Hashable {
        let kind: CampaignKind
        let channel: Channel
    }

    /// How far, in units for each unit of share, somebody may fall behind the first and still catch up: what held it back
    /// (a ceiling, an alert) may have taken long.
    private static let longestLead = 100.0

    private var times: [Line: [OrganisationID: Double]] = [:]
    /// Messages of each organisation so far: its own campaigns share by it.
    private var messages: [OrganisationID: Int] = [:]

    package init() {}

    /// How many messages an organisation had: the place of its next one, see `FairShares`.
    package func place(of organisation: OrganisationID) -> Int { messages[organisation] ?? 0 }

    /// What it had of the channel; the less, the sooner is its turn.
    package func time(of organisation: OrganisationID, _ kind: CampaignKind, on channel: Channel) -> Double {
        times[Line(kind: kind, channel: channel)]?[organisation] ?? 0
    }

    /// These share gateways and have something to send: whoever is new begins where the last of the others stands, and
    /// nobody stays further behind the first than may be caught up.
    package mutating func enter(_ group: [OrganisationID], _ kind: CampaignKind, on channel: Channel) {
        let line = Line(kind: kind, channel: channel)
        let known = group.compactMap { times[line]?[$0] }
        let last = known.min() ?? 0
        let floor = max(last, (known.max() ?? 0) - Self.longestLead)
        for organisation in group {
            times[line, default: [:]][organisation] = max(times[line]?[organisation] ?? last, floor)
        }
    }

    /// It has nothing more to send now.
    package mutating func leave(_ organisation: OrganisationID, _ kind: CampaignKind, on channel: Channel) {
        times[Line(kind: kind, channel: channel)]?[organisation] = nil
    }

    /// - Returns: its time after that.
    package mutating func give(
        _ units: Int, on channel: Channel, to organisation: OrganisationID, _ kind: CampaignKind, share: Int
    ) -> Double {
        let line = Line(kind: kind, channel: channel)
        let time = (times[line]?[organisation] ?? 0) + Double(units) / Double(max(1, share))
        times[line, default: [:]][organisation] = time
        return time
    }

    package mutating func count(_ messages: Int, of organisation: OrganisationID) {
        self.messages[organisation, default: 0] += messages
    }
}
