import AlertModel
import Foundation
import Targeting

extension GatewayRates {
    static let variable = "TOCSIN_RATES"
    /// Messages a second; beyond this it is a slip of the pen.
    private static let greatest = 100_000.0

    /// What TOCSIN_RATES says the operators' contracts allow: `sms=50/s,voice=120/min,email=36000/h`.
    ///
    /// - Throws: when it is set and cannot be read.
    static func configured(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> GatewayRates {
        var rates: [Channel: Double] = [:]
        for part in (environment[Self.variable] ?? "").split(separator: ",") {
            let sides = part.split(separator: "=").map { $0.trimmingCharacters(in: .whitespaces) }
            guard sides.count == 2, let channel = Channel(rawValue: sides[0]), rates[channel] == nil,
                  let rate = Self.rate(sides[1]), rate > 0, rate <= Self.greatest
            else { throw RateError(text: String(part)) }
            rates[channel] = rate
        }
        return GatewayRates(perSecond: rates)
    }

    private static func rate(_ text: String) -> Double? {
        let sides = text.split(separator: "/")
        guard sides.count == 2, let count = Double(sides[0]), let seconds = ["s": 1.0, "min": 60, "h": 3600][sides[1]]
        else { return nil }
        return count / seconds
    }
}

/// TOCSIN_RATES cannot be read.
struct RateError: Error, CustomStringConvertible {
    let text: String

    var description: String {
        "\(GatewayRates.variable): “\(text)” is not a channel's rate: write sms=50/s, voice=120/min or email=36000/h, with "
            + "commas between, for channels of \(Channel.allCases.map(\.rawValue).joined(separator: ", "))"
    }
}
