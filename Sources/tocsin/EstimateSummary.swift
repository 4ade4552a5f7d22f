import AlertModel

/// A campaign's estimate and measure as `key<TAB>value` lines: `estimate_cost`, `measured_sms_segments`,
/// `error_seconds_90_percent`; a value that is not known is the word `unknown`.
enum EstimateSummary {
    static func lines(_ account: CampaignAccount) -> [(key: String, value: String)] {
        var lines: [(key: String, value: String)] = []
        for figure in account.figures {
            let name = (figure.channel.map { "\($0.rawValue)_" } ?? "") + figure.quantity.rawValue
            func value(_ number: String?) -> String {
                number.map { [$0, figure.currency].compactMap { $0 }.joined(separator: " ") } ?? "unknown"
            }
            if account.estimate != nil {
                lines.append(("estimate_\(name)", value(figure.estimated)))
                if let least = figure.least, let most = figure.most {
                    lines.append(("estimate_\(name)_range", "\(value(least)) to \(value(most))"))
                }
            }
            guard account.measure != nil else { continue }
            lines.append(("measured_\(name)", value(figure.measured)))
            if let error = figure.errorPercent { lines.append(("error_\(name)_percent", String(error))) }
        }
        guard let estimate = account.estimate else { return lines }
        for channel in estimate.channels {
            lines.append(("estimate_\(channel.channel.rawValue)_pace", channel.pace.rawValue))
            if let further = channel.furtherAttempts {
                lines.append(("estimate_\(channel.channel.rawValue)_further_attempts", String(further)))
            }
        }
        if let later = estimate.later { lines.append(("estimate_later_messages", String(later))) }
        if let outlook = estimate.outlook {
            if let cost = outlook.costWithRetries { lines.append(("estimate_cost_with_retries", cost.expected.description)) }
            if let cost = outlook.costAtMost { lines.append(("estimate_cost_at_most", cost.most.description)) }
            if let last = outlook.lastMilliseconds { lines.append(("estimate_seconds_at_most", String((last + 999) / 1000))) }
        }
        for figure in account.outlook where account.measure != nil {
            guard let error = figure.errorPercent else { continue }
            if figure.quantity == .secondsAtMost { lines.append(("measured_seconds_to_last", figure.measured ?? "unknown")) }
            lines.append(("error_\(figure.quantity.rawValue)_percent", String(error)))
        }
        lines.append(("estimate_beside_campaigns", String(estimate.beside)))
        return lines
    }

    /// What an operator reads before the launch.
    static func words(_ estimate: CampaignEstimate) -> [String] {
        var words: [String] = []
        for channel in estimate.channels {
            let segments = channel.segments.map { ", \($0) segments" } ?? ""
            words.append(
                "  \(channel.channel.rawValue): \(channel.messages) messages\(segments), \(cost(channel.cost)), "
                    + "\(times(channel.times)) (\(basis(channel.pace)))")
            if let further = channel.furtherAttempts, further > 0 {
                words.append("    as in past campaigns, some \(further) further attempts would follow")
            }
        }
        if estimate.channels.count > 1 { words.append("  together: \(cost(estimate.cost)), \(times(estimate.times))") }
        if let later = estimate.later { words.append("  up to \(later) more messages as the cascade goes on, counted only in what follows") }
        if let outlook = estimate.outlook {
            let parts = [
                outlook.costWithRetries.map { "cost \($0.expected) with as many retries as in past campaigns" },
                outlook.costAtMost.map { "\($0.most) if nobody confirms" },
                outlook.lastMilliseconds.map { "the last attempt within \(clock($0)) of the launch" },
            ].compactMap { $0 }
            if !parts.isEmpty { words.append("  all in all: " + parts.joined(separator: ", ")) }
        }
        if estimate.beside > 0 { words.append("  beside \(estimate.beside) campaigns under way") }
        return words
    }

    private static func cost(_ cost: CostRange?) -> String {
        guard let cost else { return "cost unknown (no tariff)" }
        guard cost.least != cost.most else { return "cost \(cost.expected)" }
        return "cost \(cost.expected) by the gateways' weights, \(cost.least.amount) to \(cost.most)"
    }

    private static func times(_ times: AttemptTimes?) -> String {
        guard let times else { return "time unknown" }
        let parts = zip(AttemptTimes.percents, times.milliseconds).map { "\($0) % in \($1.map(clock) ?? "–")" }
        return parts.joined(separator: ", ")
    }

    private static func clock(_ milliseconds: Int64) -> String {
        let seconds = (milliseconds + 999) / 1000
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }

    private static func basis(_ pace: CampaignEstimate.Pace) -> String {
        switch pace {
        case .contract: "at the gateways' rates"
        case .declared: "at the rate of TOCSIN_RATES"
        case .history: "as past campaigns went"
        case .simulated: "as the simulators go"
        case .unknown: "no rate, and no past campaign"
        }
    }
}
