import AlertModel
import Channels
import Dispatching
import Foundation
import Targeting

extension GatewayRates {
    static let variable = "TOCSIN_RATES"
    /// Messages a second; beyond this it is a slip of the pen.
    private static let greatest = 100_000.0

    /// What the operators' contracts allow: the rates of the gateways' file where there is one, and for the channels it
    /// leaves open what TOCSIN_RATES says: `sms=50/s,voice=120/min,email=36000/h`.
    ///
    /// - Throws: when either is set and cannot be read.
    static func configured(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> GatewayRates {
        let declared = try declared(environment: environment).perSecond
        let file = try GatewaySettings(environment: environment).file.map(rates) ?? [:]
        return GatewayRates(perSecond: declared.merging(file) { $1 })
    }

    /// The sum of a channel's gateways, where each of them has a rate. A message is counted as one segment.
    private static func rates(_ file: GatewayFile) -> [Channel: Double] {
        Dictionary(grouping: file.gateways, by: \.traits.channel).compactMapValues { gateways in
            let rates = gateways.compactMap { $0.traits.rate?.perSecond }
            return rates.count == gateways.count ? rates.reduce(0, +) : nil
        }
    }

    /// What TOCSIN_RATES alone says.
    /// - Throws: when it is set and cannot be read.
    static func declared(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> GatewayRates {
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
