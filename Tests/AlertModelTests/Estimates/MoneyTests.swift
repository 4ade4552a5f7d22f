import AlertModel
import Testing

@Suite struct MoneyTests {
    @Test(arguments: [
        ("0.0455", "0.0455"), ("12", "12.00"), ("0.1", "0.10"), ("999.999999", "999.999999"), ("0", "0.00"), ("1.50", "1.50"),
    ]) func `a price is read exactly and written with two decimals or as many as it needs`(text: String, written: String) throws {
        #expect(try #require(Money(text, currency: "EUR")).amount == written)
    }

    @Test(arguments: ["", ".5", "1.", "1,5", "-1", "1e3", "1.2345678", "1001", "1000.01", "٣", "0x1", " 1"])
    func `what is not a price is refused`(text: String) {
        #expect(Money(text, currency: "EUR") == nil)
    }

    @Test func `a hundred thousand tenths of a cent are a hundred euros`() throws {
        let price = try #require(Money("0.001", currency: "EUR"))
        #expect(price.times(100_000)?.description == "100.00 EUR")
        #expect(price.times(.max) == nil)
        #expect(price.adding(try #require(Money("1", currency: "XPF"))) == nil)
        #expect(Money("1", currency: "eur") == nil)
    }

    @Test func `an error is told in per cent of what was measured, and unknown stays unknown`() throws {
        let times = AttemptTimes(milliseconds: [11_000, 20_000, nil])
        let estimate = CampaignEstimate(
            channels: [
                .init(
                    channel: .sms, messages: 100, segments: 200, pace: .contract, times: times, cost: nil, furtherAttempts: nil)
            ], times: times, cost: nil, prices: [], beside: 0)
        let measure = CampaignMeasure(
            channels: [
                .init(
                    channel: .sms, messages: 100, attempts: 110, segments: 220,
                    times: AttemptTimes(milliseconds: [10_000, 25_000, 30_000]), cost: Money("9.9", currency: "EUR"), failures: [:])
            ], times: AttemptTimes(milliseconds: [10_000, 25_000, 30_000]), cost: Money("9.9", currency: "EUR"), gateways: [])
        let figures = CampaignAccount(estimate: estimate, measure: measure).figures
        func figure(_ quantity: CampaignAccount.Figure.Quantity) -> CampaignAccount.Figure? {
            figures.first { $0.channel == .sms && $0.quantity == quantity }
        }
        #expect(figure(.secondsTo50)?.errorPercent == 10 && figure(.secondsTo90)?.errorPercent == -20)
        #expect(figure(.secondsTo100)?.estimated == nil && figure(.secondsTo100)?.errorPercent == nil)
        #expect(figure(.segments)?.errorPercent == -9.1)
        #expect(figure(.cost)?.estimated == nil && figure(.cost)?.measured == "9.90" && figure(.cost)?.currency == "EUR")
    }
}
