import AlertModel
import Campaigns
import Console
import Reports
import Store

extension StatisticsDesk {
    /// From the ledger's own counters, and what is counted of ended campaigns.
    init(store: AlertDatabase) {
        /// As many lines a month as a page may show.
        let mostOrganisations = 100
        /// A campaign of a million takes seconds to count: whoever looks does not wait for many.
        let patience = Duration.seconds(2)
        let tally = BackgroundTally<CampaignID> { id in try await Offload.run { try store.tally(id) } }
        @Sendable func toTally(_ account: Account, _ months: Int) async throws -> [CampaignID] {
            try await Offload.run {
                try store.campaignsToTally(under: account.organisation, months: months, mostOrganisations: mostOrganisations)
            }
        }
        /// - Returns: and how many campaigns are still being counted.
        @Sendable func figures(_ account: Account, _ months: Int) async throws -> (months: [MonthFigures], isCut: Bool, counting: Int) {
            let due = try await toTally(account, months)
            if !due.isEmpty { try await tally.count(due) { try? await Task.sleep(for: patience) } }
            // Before the figures: what is counted in between is told as being counted, and looked at once more.
            let left = due.isEmpty ? 0 : try await toTally(account, months).count
            let found = try await Offload.run {
                try store.campaignFigures(under: account.organisation, months: months, mostOrganisations: mostOrganisations)
            }
            return (found.figures.map { MonthFigures($0) }, found.isCut, left)
        }
        self.init(
            read: { account, months in
                try await ConsoleProblems.awaiting {
                    let found = try await figures(account, months)
                    let quotas = try await Offload.run { try store.quotaLevels(of: account.organisation) }
                    return Statistics(
                        figures: found.months, isCut: found.isCut, counting: found.counting, quotas: quotas.map { QuotaDocument($0) })
                }
            },
            csv: { account, months in
                try await ConsoleProblems.awaiting { StatisticsFile.csv(try await figures(account, months).months) }
            })
    }
}

/// The figures as a spreadsheet opens them.
private enum StatisticsFile {
    static func csv(_ figures: [MonthFigures]) -> String {
        var csv = CSVWriter()
        csv.row([
            "organisation", "month", "mode", "campaigns", "recipients", "reached", "acknowledged", "failed", "unreachable",
            "cancelled", "pending", "sms_segments", "sms", "voice", "email", "fax", "cost", "half_reached_seconds",
            "nine_tenths_reached_seconds", "not_counted", "causes",
        ])
        for one in figures {
            let byChannel = Dictionary(uniqueKeysWithValues: one.channels.map { ($0.channel, $0) })
            csv.row(
                [
                    one.organisation, one.month, one.mode.rawValue, String(one.campaigns), String(one.recipients),
                    String(one.reached), String(one.acknowledged), String(one.failed), String(one.unreachable),
                    String(one.cancelled), String(one.pending), String(byChannel[.sms]?.segments ?? 0),
                ] + [Channel.sms, .voice, .email, .fax].map { String(byChannel[$0]?.messages ?? 0) }
                    + [
                        one.channels.flatMap(\.costs).joined(separator: " + "), one.halfReachedSeconds.map(String.init) ?? "",
                        one.mostReachedSeconds.map(String.init) ?? "", String(one.uncounted),
                        one.causes.map { "\($0.channel.rawValue) \($0.cause.rawValue) \($0.recipients)" }.joined(separator: " + "),
                    ])
        }
        return csv.text
    }
}

extension MonthFigures {
    fileprivate init(_ figures: CampaignFigures) {
        let states = figures.states
        func sum(_ names: String...) -> Int { names.reduce(0) { $0 + (states[$1] ?? 0) } }
        self.init(
            organisation: figures.name, month: "\(figures.year)-" + (figures.month < 10 ? "0\(figures.month)" : "\(figures.month)"),
            mode: figures.mode, campaigns: figures.campaigns, recipients: figures.recipients,
            reached: sum("passed", "answered", "acknowledged"), acknowledged: sum("acknowledged"), failed: sum("failed"),
            unreachable: sum("unreachable"), cancelled: sum("cancelled"), pending: sum("pending"),
            channels: figures.channels.map { one in
                OfChannel(
                    channel: one.channel, reached: one.reached, failed: one.failed, messages: one.messages,
                    segments: one.segments, costs: one.costs.map { "\($0.amount) \($0.currency)" })
            }, halfReachedSeconds: figures.halfReachedSeconds, mostReachedSeconds: figures.mostReachedSeconds,
            uncounted: figures.uncounted,
            causes: figures.causes.map { OfCause(channel: $0.channel, cause: $0.cause, recipients: $0.recipients) })
    }
}
