import AlertModel
import Campaigns
import Console
import Dispatching
import Foundation
import Store

extension MeansDesk {
    /// Gateways of the machine's files, and what the database has of shares, tariffs and quotas.
    init(store: AlertDatabase, gateways: GatewaySettings) {
        @Sendable func place(_ id: OrganisationID, _ account: Account) throws -> Organisation? {
            try store.organisationTree(under: account.organisation).map(\.organisation).first { $0.id == id }
        }
        self.init(
            read: { account, id in
                try await ConsoleProblems.translating {
                    guard let own = try place(id, account) else { return nil }
                    return try OrganisationMeans(
                        of: own, in: store, known: gateways.known(), maySettle: own.id != account.organisation)
                }
            },
            settle: { account, id, settings in
                try await ConsoleProblems.translating {
                    guard let own = try place(id, account) else { return false }
                    try settleMeans(settings, of: own, by: account, store, gateways)
                    return true
                }
            },
            costs: { account, id, month in
                try await ConsoleProblems.translating {
                    guard let own = try place(id, account) else { return nil }
                    return try CostFile.csv(of: own, month: month, in: store)
                }
            })
    }
}

/// All words are read before anything is settled.
private func settleMeans(
    _ settings: MeansSettings, of organisation: Organisation, by account: Account, _ store: AlertDatabase,
    _ gateways: GatewaySettings
) throws {
    let shares = try settings.shares.map { try ShareSetting($0) }
    let tariffs = try settings.tariffs.map { try TariffSetting($0) }
    let quotas = try settings.quotas.map { try QuotaSetting($0) }
    let day = try settings.tariffsFrom.map { text in
        guard let day = CalendarDate(text) else {
            throw ConsoleProblem(.invalidParameter, ProblemDetail(path: "tariffsFrom", reason: "a day such as 2026-12-01 is due"))
        }
        return day
    }
    try store.remember(gateways.known())
    let office = QuotaOffice(store: store, account: account.organisation, actor: account.user)
    try office.settle(shares, of: organisation)
    try office.settle(tariffs, of: organisation, from: day)
    try office.settle(quotas, of: organisation)
}

extension OrganisationMeans {
    fileprivate init(of organisation: Organisation, in store: AlertDatabase, known: [KnownGateway], maySettle: Bool) throws {
        self.init(
            name: organisation.name, maySettle: maySettle,
            gateways: try OrganisationGateway.all(of: organisation, in: store, known: known).map {
                Gateway(
                    name: $0.gateway, channel: $0.channel, owner: $0.owner, share: $0.share, ceiling: $0.ceiling,
                    tariff: $0.tariff.map { TariffDocument($0) })
            },
            tariffs: try store.tariffs(of: organisation.id).prefix(Self.mostTariffs).map {
                Dated(from: Date($0.from), channel: $0.channel, gateway: $0.gateway, tariff: $0.tariff.map { TariffDocument($0) })
            },
            quotas: try store.quotaLevels(of: organisation.id).map { QuotaDocument($0) })
    }

    /// Years of them.
    private static let mostTariffs = 100
}

extension QuotaDocument {
    init(_ level: QuotaLevel) {
        let measure = level.quota.measure
        func text(_ amount: Int64) -> String {
            if case .money(let currency) = measure { Money(millionths: amount, currency: currency).amount } else { String(amount) }
        }
        let what =
            switch measure {
            case .messages(let channel): channel.rawValue
            case .segments: "segments"
            case .money(let currency): currency
            }
        self.init(
            organisation: level.name, period: level.quota.period.rawValue, what: what, amount: text(level.quota.amount),
            spent: text(level.spent), reserved: text(level.reserved), left: text(level.left), percent: Int(level.percent))
    }
}
