import AlertModel

/// The words by which quotas, tariffs and shares are settled, on the command line and over the API alike.
package struct QuotaTextFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}

/// `month:segments=12000`, `year:email=50000`, `month:EUR=500`, `month:segments=none`.
package struct QuotaSetting: Hashable, Sendable {
    package let period: Quota.Period
    package let measure: Quota.Measure
    /// Nil takes the quota away.
    package let amount: Int64?

    /// A larger number is a slip of the pen.
    private static let greatest: Int64 = 1_000_000_000

    package init(_ text: String) throws(QuotaTextFault) {
        let fault = QuotaTextFault(
            description: "“\(text.prefix(60))” is no quota: write PERIOD:WHAT=AMOUNT, such as month:segments=12000, year:email=50000 or "
                + "month:EUR=500, with a period of month or year, and none for no quota")
        guard let (name, value) = text.halved(at: "="), let (word, what) = name.halved(at: ":"),
            let period = Quota.Period(rawValue: word)
        else { throw fault }
        self.period = period
        if let channel = Channel(rawValue: what) {
            measure = .messages(channel)
        } else if what == "segments" {
            measure = .segments
        } else if Money.isCurrency(what) {
            measure = .money(currency: what)
        } else {
            throw fault
        }
        guard value != "none" else {
            amount = nil
            return
        }
        if case .money(let currency) = measure {
            guard let money = Self.money(value, currency) else { throw fault }
            amount = money
        } else {
            guard let count = Int64(value), (0...Self.greatest).contains(count) else { throw fault }
            amount = count
        }
    }

    /// Whole units, or with decimals up to what a tariff may have; in millionths.
    private static func money(_ text: String, _ currency: String) -> Int64? {
        if let whole = Int64(text), (0...greatest).contains(whole) { return whole * 1_000_000 }
        guard let (whole, decimals) = text.halved(at: "."), let units = Int64(whole), (0...greatest).contains(units),
            let rest = Money("0.\(decimals)", currency: currency)
        else { return nil }
        return units * 1_000_000 + rest.millionths
    }
}

/// `sms=0.0455 EUR/segment`, `sms@bulk=0.03 EUR/segment`, `sms=inherit`.
package struct TariffSetting: Hashable, Sendable {
    package let channel: Channel
    package let gateway: String?
    /// Nil lets those above settle it again.
    package let tariff: Tariff?

    package init(_ text: String) throws(QuotaTextFault) {
        let fault = QuotaTextFault(
            description: "“\(text.prefix(60))” is no tariff: write CHANNEL=PRICE CURRENCY/UNIT, such as \"sms=0.0455 EUR/segment\", "
                + "\"voice@trunk=0.02 EUR/minute\" or sms=inherit; the units are \(Tariff.Unit.allCases.map(\.rawValue).joined(separator: ", "))")
        guard let (name, value) = text.halved(at: "=") else { throw fault }
        let (word, gateway) = name.halved(at: "@").map { ($0, Optional($1)) } ?? (name, nil)
        guard let channel = Channel(rawValue: word), gateway?.isEmpty != true else { throw fault }
        self.channel = channel
        self.gateway = gateway
        guard value != "inherit" else {
            tariff = nil
            return
        }
        guard let (price, unit) = value.halved(at: "/"), let (amount, currency) = price.halved(at: " "),
            let money = Money(amount, currency: currency), let unit = Tariff.Unit(rawValue: unit)
        else { throw fault }
        tariff = Tariff(unit: unit, price: money)
    }
}

/// `bulk=reserve`, `bulk=release`, `bulk=share 3`, `bulk=ceiling 20`, `bulk=ceiling none`.
package struct ShareSetting: Hashable, Sendable {
    package enum Word: Hashable, Sendable {
        case reserve, release
        case share(Int)
        /// Units a second; nil for none.
        case ceiling(Int?)
    }

    package let gateway: String
    package let word: Word

    package init(_ text: String) throws(QuotaTextFault) {
        let fault = QuotaTextFault(
            description: "“\(text.prefix(60))” is no share: write GATEWAY=reserve, GATEWAY=release, \"GATEWAY=share 3\" (1 to 100), "
                + "\"GATEWAY=ceiling 20\" (segments a second) or \"GATEWAY=ceiling none\"")
        guard let (gateway, value) = text.halved(at: "="), !gateway.isEmpty else { throw fault }
        self.gateway = gateway
        switch value {
        case "reserve": word = .reserve
        case "release": word = .release
        default:
            guard let (name, number) = value.halved(at: " ") else { throw fault }
            if name == "share", let share = Int(number), GatewayAssignment.shares.contains(share) {
                word = .share(share)
            } else if name == "ceiling", number == "none" {
                word = .ceiling(nil)
            } else if name == "ceiling", let ceiling = Int(number), GatewayAssignment.ceilings.contains(ceiling) {
                word = .ceiling(ceiling)
            } else {
                throw fault
            }
        }
    }
}

extension String {
    /// What stands before the first of a sign and what after it.
    fileprivate func halved(at sign: Character) -> (String, String)? {
        guard let index = firstIndex(of: sign) else { return nil }
        return (String(self[..<index]), String(self[self.index(after: index)...]))
    }
}
