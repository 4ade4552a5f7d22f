/// A campaign's estimate and its measure, side by side.
package struct CampaignAccount: Hashable, Sendable {
    package let estimate: CampaignEstimate?
    /// Nil while the campaign is under way.
    package let measure: CampaignMeasure?

    package init(estimate: CampaignEstimate?, measure: CampaignMeasure? = nil) {
        self.estimate = estimate
        self.measure = measure
    }

    /// One quantity of one channel, or of the whole.
    package struct Figure: Codable, Hashable, Sendable {
        package enum Quantity: String, CaseIterable, Codable, Sendable {
            case messages, segments, cost
            case secondsTo50 = "seconds_50"
            case secondsTo90 = "seconds_90"
            case secondsTo100 = "seconds_100"
            /// Of the outlook, for all channels together: see `CampaignEstimate.Outlook`.
            case costWithRetries = "cost_with_retries"
            case costAtMost = "cost_at_most"
            case secondsAtMost = "seconds_at_most"

            package var isCost: Bool { self == .cost || self == .costWithRetries || self == .costAtMost }
        }

        /// Nil for all channels together.
        package let channel: Channel?
        package let quantity: Quantity
        /// The currency of a cost; nil for the rest.
        package let currency: String?
        /// A decimal number; nil for unknown.
        package let estimated: String?
        /// The bounds of a cost that depends on which gateway carries how much; nil where there is but one price.
        package let least: String?
        package let most: String?
        /// Nil while the campaign is under way, and for unknown.
        package let measured: String?
        /// By how much the estimate was above (or below) what was measured, in per cent of that; one decimal.
        package let errorPercent: Double?
    }

    /// Every quantity that is estimated or measured, those of all channels first.
    package var figures: [Figure] {
        var figures: [Figure] = []
        let channels = Channel.allCases.filter { channel in
            estimate?.channels.contains { $0.channel == channel } == true
                || measure?.channels.contains { $0.channel == channel } == true
        }
        guard !channels.isEmpty else { return [] }
        let planned = estimate.map { $0.channels.reduce(0) { $0 + $1.messages } }
        let counted = measure.map { $0.channels.reduce(0) { $0 + $1.messages } }
        figures.append(Self.count(nil, .messages, planned, counted))
        figures.append(Self.cost(nil, estimate?.cost, measure?.cost))
        figures += Self.times(nil, estimate?.times, measure?.times)
        for channel in channels {
            let before = estimate?.channels.first { $0.channel == channel }
            let after = measure?.channels.first { $0.channel == channel }
            figures.append(Self.count(channel, .messages, before?.messages, after?.messages))
            if channel == .sms { figures.append(Self.count(channel, .segments, before?.segments, after?.segments)) }
            figures.append(Self.cost(channel, before?.cost, after?.cost))
            figures += Self.times(channel, before?.times, after?.times)
        }
        return figures
    }

    /// What was foreseen of retries and a cascade's later turns, beside what all attempts came to; empty where nothing was.
    /// The last two are bounds: that less was measured is no fault of theirs.
    package var outlook: [Figure] {
        guard let outlook = estimate?.outlook else { return [] }
        var figures: [Figure] = []
        if let cost = outlook.costWithRetries {
            figures.append(Self.cost(nil, cost, measure?.cost, .costWithRetries))
        }
        if let most = outlook.costAtMost?.most {
            figures.append(Self.cost(nil, CostRange(least: most, expected: most, most: most), measure?.cost, .costAtMost))
        }
        if let last = outlook.lastMilliseconds {
            let measured = measure?.lastMilliseconds
            figures.append(
                Figure(
                    channel: nil, quantity: .secondsAtMost, currency: nil, estimated: Self.seconds(last), least: nil, most: nil,
                    measured: measured.map(Self.seconds), errorPercent: Self.error(Double(last), measured.map(Double.init))))
        }
        return figures
    }

    private static func count(_ channel: Channel?, _ quantity: Figure.Quantity, _ before: Int?, _ after: Int?) -> Figure {
        Figure(
            channel: channel, quantity: quantity, currency: nil, estimated: before.map(String.init), least: nil,
            most: nil, measured: after.map(String.init), errorPercent: error(before.map(Double.init), after.map(Double.init)))
    }

    private static func cost(
        _ channel: Channel?, _ before: CostRange?, _ after: Money?, _ quantity: Figure.Quantity = .cost
    ) -> Figure {
        let isRange = before.map { $0.least != $0.most } ?? false
        return Figure(
            channel: channel, quantity: quantity, currency: before?.expected.currency ?? after?.currency,
            estimated: before?.expected.amount, least: isRange ? before?.least.amount : nil,
            most: isRange ? before?.most.amount : nil, measured: after?.amount,
            errorPercent: error((before?.expected.millionths).map(Double.init), (after?.millionths).map(Double.init)))
    }

    private static func times(_ channel: Channel?, _ before: AttemptTimes?, _ after: AttemptTimes?) -> [Figure] {
        let quantities: [Figure.Quantity] = [.secondsTo50, .secondsTo90, .secondsTo100]
        return quantities.enumerated().map { index, quantity in
            let (left, right) = (before?.milliseconds[index], after?.milliseconds[index])
            return Figure(
                channel: channel, quantity: quantity, currency: nil, estimated: left.map(seconds), least: nil, most: nil,
                measured: right.map(seconds), errorPercent: error(left.map(Double.init), right.map(Double.init)))
        }
    }

    /// To a tenth: finer than any estimate.
    private static func seconds(_ milliseconds: Int64) -> String {
        let tenths = (milliseconds + 50) / 100
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func error(_ before: Double?, _ after: Double?) -> Double? {
        guard let before, let after, after > 0 else { return nil }
        return ((before - after) / after * 1000).rounded() / 10
    }
}
