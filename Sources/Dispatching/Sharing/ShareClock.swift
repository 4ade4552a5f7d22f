import AlertModel

/// Remembers, from claim to claim, how much each organisation had of each gateway in proportion to its share: whose turn
/// comes first is whoever had least.
///
/// A virtual clock for each gateway, kind of campaign and organisation goes on by what it is given, divided by its share.
/// Who has nothing to send has no clock and saves nothing up; who comes begins where the last of the others stands.
package struct ShareClock: Hashable, Sendable {
    private struct Line: Hashable {
        let kind: CampaignKind
        let gateway: String
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

    /// What it had of these gateways; the less, the sooner is its turn.
    package func time(of organisation: OrganisationID, _ kind: CampaignKind, on gateways: [String]) -> Double {
        gateways.reduce(0) { $0 + (times[Line(kind: kind, gateway: $1)]?[organisation] ?? 0) }
    }

    /// It has something to send.
    package mutating func enter(_ organisation: OrganisationID, _ kind: CampaignKind, on gateways: [String]) {
        for gateway in gateways {
            let line = Line(kind: kind, gateway: gateway)
            guard times[line]?[organisation] == nil else { continue }
            times[line, default: [:]][organisation] = times[line]?.values.min() ?? 0
        }
    }

    /// It has nothing more to send now.
    package mutating func leave(_ organisation: OrganisationID, _ kind: CampaignKind, on gateways: [String]) {
        for gateway in gateways { times[Line(kind: kind, gateway: gateway)]?[organisation] = nil }
    }

    package mutating func give(
        _ units: Int, on gateway: String, to organisation: OrganisationID, _ kind: CampaignKind, share: Int
    ) {
        let line = Line(kind: kind, gateway: gateway)
        times[line, default: [:]][organisation, default: 0] += Double(units) / Double(max(1, share))
        guard let times = times[line], times.count > 1, let last = times.values.max() else { return }
        self.times[line] = times.mapValues { max($0, last - Self.longestLead) }
    }

    package mutating func count(_ messages: Int, of organisation: OrganisationID) {
        self.messages[organisation, default: 0] += messages
    }
}
