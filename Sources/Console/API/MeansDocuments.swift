import AlertModel
import Foundation

/// `GET /api/organisations/{id}/means`: an organisation's gateways, what it pays, and how much it may send.
package struct OrganisationMeans: Encodable, Hashable, Sendable {
    package struct Gateway: Encodable, Hashable, Sendable {
        package let name: String
        package let channel: Channel
        /// Whose it is: null for everybody's, else its organisation.
        @Nullable package var owner: String?
        package let share: Int
        /// Segments, or messages, a second: its own, or that of an organisation above it where that is lower.
        @Nullable package var ceiling: Int?
        @Nullable package var tariff: TariffDocument?

        package init(name: String, channel: Channel, owner: String?, share: Int, ceiling: Int?, tariff: TariffDocument?) {
            self.name = name
            self.channel = channel
            self.share = share
            self.owner = owner
            self.ceiling = ceiling
            self.tariff = tariff
        }
    }

    package struct Dated: Encodable, Hashable, Sendable {
        package let from: Date
        package let channel: Channel
        /// Null for all the channel's gateways that have none of their own.
        @Nullable package var gateway: String?
        /// Null where what those above pay holds again.
        @Nullable package var tariff: TariffDocument?

        package init(from: Date, channel: Channel, gateway: String?, tariff: TariffDocument?) {
            self.from = from
            self.channel = channel
            self.gateway = gateway
            self.tariff = tariff
        }
    }

    package let name: String
    /// Whether the account settles them: it administers an organisation above.
    package let maySettle: Bool
    package let gateways: [Gateway]
    /// The organisation's own, the newest first.
    package let tariffs: [Dated]
    package let quotas: [QuotaDocument]

    package init(name: String, maySettle: Bool, gateways: [Gateway], tariffs: [Dated], quotas: [QuotaDocument]) {
        self.name = name
        self.maySettle = maySettle
        self.gateways = gateways
        self.tariffs = tariffs
        self.quotas = quotas
    }
}

/// A price, exact.
package struct TariffDocument: Codable, Hashable, Sendable {
    /// A decimal number.
    package let price: String
    package let currency: String
    /// `segment`, `minute` or `message`.
    package let unit: String

    package init(_ tariff: Tariff) {
        price = tariff.price.amount
        currency = tariff.price.currency
        unit = tariff.unit.rawValue
    }
}

/// A quota and what of it is used.
package struct QuotaDocument: Codable, Hashable, Sendable {
    /// Whose it is.
    package let organisation: String
    /// `month` or `year`.
    package let period: String
    /// A channel for its messages, `segments` of SMS, or a currency.
    package let what: String
    /// Decimal numbers: messages, segments, or an amount of money.
    package let amount: String
    package let spent: String
    package let reserved: String
    package let left: String
    /// In whole per cent, with what is reserved.
    package let percent: Int

    package init(
        organisation: String, period: String, what: String, amount: String, spent: String, reserved: String, left: String,
        percent: Int
    ) {
        self.organisation = organisation
        self.period = period
        self.what = what
        self.amount = amount
        self.spent = spent
        self.reserved = reserved
        self.left = left
        self.percent = percent
    }
}

/// What an administrator settles, in the words of the command line.
package struct MeansSettings: Hashable, Sendable {
    package let shares: [String]
    package let tariffs: [String]
    /// From the beginning of a day on; nil for now.
    package let tariffsFrom: String?
    package let quotas: [String]

    package init(shares: [String], tariffs: [String], tariffsFrom: String?, quotas: [String]) {
        self.shares = shares
        self.tariffs = tariffs
        self.tariffsFrom = tariffsFrom
        self.quotas = quotas
    }
}
