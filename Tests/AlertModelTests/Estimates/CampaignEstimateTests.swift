import AlertModel
import Testing

@Suite struct CampaignEstimateTests {
    private func estimate(_ milliseconds: [Int64?]) -> CampaignEstimate {
        let times = AttemptTimes(milliseconds: milliseconds)
        return CampaignEstimate(
            channels: [
                .init(channel: .sms, messages: 10, segments: 10, pace: .contract, times: times, cost: nil, furtherAttempts: nil)
            ], times: times, cost: nil, prices: [], beside: 0)
    }

    private func policy(_ quiet: String?) throws -> Policy {
        Policy(
            channels: [.sms], maximumRetries: 0, retryPeriodSeconds: 60, validitySeconds: 86_400,
            quiet: try quiet.map { try #require(QuietHours($0)) })
    }

    /// 2023-11-14 18:30 in Paris.
    private let evening = UTCTime(millisecondsSince1970: 1_699_983_000_000)
    private let hour: Int64 = 3_600_000

    @Test func `what would fall into quiet hours is expected after them`() throws {
        let under = estimate([hour, 2 * hour, 14 * hour]).under(
            try policy("20:00-08:00 Europe/Paris"), later: 0, launchedAt: evening)
        // An hour and a half before the night, twelve hours of calm, twelve of day, twelve of calm, half an hour.
        #expect(under.times?.milliseconds == [hour, 14 * hour, 38 * hour])
        #expect(under.channels[0].times == under.times)
    }

    @Test func `a launch at night waits for the morning first`() throws {
        let night = evening.advanced(byMilliseconds: 4 * hour + hour / 2)
        let under = estimate([0, 1_000, nil]).under(try policy("20:00-08:00 Europe/Paris"), later: 3, launchedAt: night)
        #expect(under.times?.milliseconds == [9 * hour, 9 * hour + 1_000, nil])
        #expect(under.later == 3)
    }

    @Test func `without quiet hours nothing changes`() throws {
        let before = estimate([hour, 2 * hour, 14 * hour])
        #expect(before.under(try policy(nil), later: 0, launchedAt: evening) == before)
    }
}
