import AlertModel

/// How much an organisation and those below it may send in a calendar month or year, by the organisation's own clock.
///
/// A campaign counts in the period in which it was launched, with all that left of it.
package struct Quota: Hashable, Sendable {
    package enum Period: String, CaseIterable, Hashable, Sendable {
        case month, year
    }

    /// What is counted.
    package enum Measure: Hashable, Sendable {
        case messages(Channel)
        /// Of SMS: a message of n parts counts n.
        case segments
        /// Over all channels, in millionths of the currency's unit.
        case money(currency: String)
    }

    package let period: Period
    package let measure: Measure
    /// Messages, segments, or millionths of the currency's unit.
    package let amount: Int64

    package init(period: Period, measure: Measure, amount: Int64) {
        self.period = period
        self.measure = measure
        self.amount = amount
    }
}

/// What one channel of a campaign uses, or used.
package struct Charge: Hashable, Sendable {
    package let channel: Channel
    package let messages: Int
    /// Of SMS; 0 on the other channels.
    package let segments: Int
    /// Nil where no tariff is known.
    package let cost: Money?

    package init(channel: Channel, messages: Int, segments: Int, cost: Money?) {
        self.channel = channel
        self.messages = messages
        self.segments = segments
        self.cost = cost
    }
}

extension Quota.Measure {
    /// What of it counts here; nil for a cost that is not known, or is in another currency.
    package func amount(of charge: Charge) -> Int64? {
        switch self {
        case .messages(let channel): channel == charge.channel ? Int64(charge.messages) : 0
        case .segments: charge.channel == .sms ? Int64(charge.segments) : 0
        case .money(let currency):
            charge.messages == 0 ? 0 : charge.cost.flatMap { $0.currency == currency ? $0.millionths : nil }
        }
    }

    /// An amount as people read it: `12000 segments of sms`, `300.50 EUR`.
    package func words(_ amount: Int64) -> String {
        switch self {
        case .messages(let channel): "\(amount) messages by \(channel.rawValue)"
        case .segments: "\(amount) segments of sms"
        case .money(let currency): Money(millionths: amount, currency: currency).description
        }
    }
}

/// A quota and what of it is used.
package struct QuotaLevel: Hashable, Sendable {
    package let organisation: OrganisationID
    package let name: String
    /// Whose administrators may raise it; nil for the machine's.
    package let above: String?
    package let quota: Quota
    /// What left.
    package let spent: Int64
    /// What campaigns under way are still expected to send.
    package let reserved: Int64
    /// Messages whose price is not known are in none of the sums of a money quota.
    package let hasUnknown: Bool

    package init(
        organisation: OrganisationID, name: String, above: String?, quota: Quota, spent: Int64, reserved: Int64,
        hasUnknown: Bool = false
    ) {
        self.organisation = organisation
        self.name = name
        self.above = above
        self.quota = quota
        self.spent = spent
        self.reserved = reserved
        self.hasUnknown = hasUnknown
    }

    /// What left and what is reserved.
    package var used: Int64 { spent.addingClamped(reserved) }

    package var left: Int64 { max(0, quota.amount - used) }

    /// Of the quota, in whole per cent, rounded down; a quota of nothing is used up.
    package var percent: Int64 { used.percent(of: quota.amount) }
}

/// What a campaign does to a quota: goes beyond it, or uses up most of it.
package struct QuotaFinding: Hashable, Sendable {
    /// Said from here on.
    package static let warningPercent: Int64 = 80

    package let level: QuotaLevel
    /// Nil where its cost is not known.
    package let need: Int64?

    package var isExceeded: Bool { need.map { $0 > 0 && $0 > level.left } ?? false }

    /// With the campaign, in whole per cent.
    package var percent: Int64 { level.used.addingClamped(need ?? 0).percent(of: level.quota.amount) }

    /// Judges what a campaign would use: the one place where quotas are.
    /// - Returns: what is exceeded first, then what is nearly used up or cannot be told, each in the order of `levels`.
    package static func findings(_ levels: [QuotaLevel], _ charges: [Charge]) -> [QuotaFinding] {
        let all = levels.compactMap { level -> QuotaFinding? in
            let amounts = charges.map { level.quota.measure.amount(of: $0) }
            let isKnown = !amounts.contains(nil)
            let need = amounts.reduce(Int64(0)) { $0.addingClamped($1 ?? 0) }
            // What is known may be too much already.
            let finding = QuotaFinding(level: level, need: isKnown || need > level.left ? need : nil)
            if let need = finding.need, need == 0 { return nil }
            return finding.need == nil || finding.isExceeded || finding.percent >= warningPercent ? finding : nil
        }
        return all.filter(\.isExceeded) + all.filter { !$0.isExceeded }
    }
}

extension QuotaFinding: CustomStringConvertible {
    package var description: String {
        let quota = level.quota
        let name = "the \(quota.period.rawValue)'s quota of “\(level.name)” (\(quota.measure.words(quota.amount)))"
        guard let need else { return "\(name) counts money, and no tariff tells what this costs: settle it with `tocsin organisation tariff`" }
        guard isExceeded else { return "with this, \(percent) % of \(name) is used" }
        return "\(name) has \(quota.measure.words(level.left)) left, and this takes \(quota.measure.words(need)): "
            + (level.above.map { "an administrator of “\($0)”" } ?? "the machine's administrator") + " may raise it"
    }
}

/// Amounts are sums of whatever was settled and sent: none of them may stop the server, however great.
extension Int64 {
    /// The sum, or the greatest number there is.
    package func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? (other < 0 ? .min : .max) : sum
    }

    /// What `part` out of `count` take of this amount, rounded up; the greatest number there is where that is beyond it.
    package func portion(of part: Int64, outOf count: Int64) -> Int64 {
        let share = divided(times: part, by: count)
        return share.hasRest ? share.quotient.addingClamped(1) : share.quotient
    }

    /// In whole per cent of an amount, rounded down; of nothing it is all.
    fileprivate func percent(of whole: Int64) -> Int64 { whole > 0 ? divided(times: 100, by: whole).quotient : 100 }

    /// Of amounts from 0 on.
    private func divided(times factor: Int64, by divisor: Int64) -> (quotient: Int64, hasRest: Bool) {
        guard self > 0, factor > 0, divisor > 0 else { return (0, false) }
        let product = UInt64(self).multipliedFullWidth(by: UInt64(factor))
        guard product.high < UInt64(divisor) else { return (.max, false) }
        let result = UInt64(divisor).dividingFullWidth(product)
        return (Int64(clamping: result.quotient), result.remainder > 0)
    }
}
