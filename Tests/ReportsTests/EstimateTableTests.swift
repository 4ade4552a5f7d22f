import AlertModel
import GeoModel
import Testing

@testable import Reports

@Suite struct EstimateTableTests {
    private static func account() throws -> CampaignAccount {
        let price = try #require(Money("1.5", currency: "EUR"))
        let dear = try #require(Money("2.25", currency: "EUR"))
        let cost = CostRange(least: price, expected: price, most: dear)
        let times = AttemptTimes(milliseconds: [1_000, 1_800, 2_000])
        let late = AttemptTimes(milliseconds: [1_250, 2_000, nil])
        return CampaignAccount(
            estimate: CampaignEstimate(
                channels: [
                    .init(
                        channel: .sms, messages: 10, segments: 20, pace: .contract, times: times, cost: cost, furtherAttempts: nil)
                ], times: times, cost: cost, prices: [], beside: 0),
            measure: CampaignMeasure(
                channels: [
                    .init(channel: .sms, messages: 9, attempts: 11, segments: 22, times: late, cost: dear, failures: [:])
                ], times: late, cost: dear, gateways: []))
    }

    @Test func `the text sets what was estimated beside what was measured`() throws {
        let lines = EstimateTable.text(try Self.account()).split(separator: "\n").map { line in
            line.split(separator: "  ", omittingEmptySubsequences: true).map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }
        }
        #expect(lines.contains(["sms", "segments", "20", "22", "-9.1"]))
        #expect(lines.contains(["all", "cost (EUR)", "1.50", "2.25", "-33.3"]))
        #expect(lines.contains(["sms", "seconds to 100 %", "2.0", "unknown", "–"]))
    }

    @Test func `the JSON keeps money as exact text and tells unknown by null`() throws {
        var writer = JSONWriter()
        writer.value(EstimateTable.value(try Self.account()))
        #expect(
            writer.text.contains(
                #"{"channel":"all","quantity":"cost","currency":"EUR","estimated":"1.50","measured":"2.25","estimated_least":"1.50","estimated_most":"2.25","error_percent":-33.3}"#))
        #expect(
            writer.text.contains(
                #"{"channel":"sms","quantity":"seconds_100","estimated":2,"measured":null,"error_percent":null}"#))
    }
}
