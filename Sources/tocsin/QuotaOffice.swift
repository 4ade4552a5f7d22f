import AlertModel
import Campaigns
import Dispatching
import Foundation
import Store

/// Settles shares, tariffs and quotas, for the command line and the console alike.
struct QuotaOffice: Sendable {
    let store: AlertDatabase
    /// The account's organisation; nil for the machine's administrator.
    let account: OrganisationID?
    let actor: String

    /// - Throws: `QuotaError`; what was settled before stays so.
    func settle(_ settings: [ShareSetting], of organisation: Organisation) throws {
        for setting in settings {
            try requireAbove(organisation)
            switch setting.word {
            case .reserve, .release: try requireHolder(of: setting.gateway, over: organisation)
            case .share, .ceiling: try requireKnown(setting.gateway, to: organisation)
            }
            try store.settle(setting, of: organisation.id, actor: actor, within: account)
        }
    }

    /// - Parameter day: from its beginning by the organisation's clock; nil for now.
    func settle(_ settings: [TariffSetting], of organisation: Organisation, from day: CalendarDate?) throws {
        guard !settings.isEmpty else { return }
        try requireAbove(organisation)
        let now = UTCTime.now
        let from = try day.map { try store.localClock(ofOrganisationNamed: organisation.name).moment(of: $0.civil, second: 0) } ?? now
        for setting in settings {
            try store.setTariff(
                setting.tariff, of: organisation.id, channel: setting.channel, gateway: setting.gateway, from: from,
                actor: actor, now: now)
        }
    }

    func settle(_ settings: [QuotaSetting], of organisation: Organisation) throws {
        guard !settings.isEmpty else { return }
        try requireAbove(organisation)
        for setting in settings {
            try store.setQuota(setting.amount, of: organisation.id, per: setting.period, setting.measure, actor: actor)
        }
    }

    /// What limits an organisation is not for its own administrators to say.
    private func requireAbove(_ organisation: Organisation) throws {
        guard let account else { return }
        let isAbove = try store.ancestors(of: organisation.id).contains { $0.id == account }
        guard isAbove else { throw QuotaError.notAbove(name: organisation.name, isGateway: false) }
    }

    /// Nobody learns what others' gateways are called.
    private func requireKnown(_ gateway: String, to organisation: Organisation) throws {
        guard account != nil else { return }
        let access = try store.gatewayAccess(of: organisation.id)
        let isKnown = try store.knownGateways().contains { $0.name == gateway && access.allows($0.name, on: $0.channel) }
        guard isKnown else { throw QuotaError.unknownGateway(gateway) }
    }

    /// A gateway of the machine, or another's, is not the account's to give away.
    private func requireHolder(of gateway: String, over organisation: Organisation) throws {
        guard let account else { return }
        let holds = try store.gatewayAssignments(of: account).contains { $0.gateway == gateway && $0.isReserved }
        guard holds else { throw QuotaError.notAbove(name: organisation.name, isGateway: true) }
    }
}

extension CalendarDate {
    /// The same day, to count with.
    fileprivate var civil: CivilDay {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        return CivilDay(year: parts[0], month: parts[1], day: parts[2])
    }
}

/// One gateway as an organisation has it.
struct OrganisationGateway: Sendable {
    let gateway: String
    let channel: Channel
    /// Whose it is, the organisation's own name included; nil for everybody's.
    let owner: String?
    let share: Int
    /// Segments, or messages, a second: its own, or that of an organisation above it where that is lower.
    let ceiling: Int?
    /// What a message's unit costs the organisation now.
    let tariff: Tariff?

    /// Those that an organisation may use, by channel and name.
    static func all(of organisation: Organisation, in store: AlertDatabase, known: [KnownGateway]) throws -> [OrganisationGateway] {
        let access = try store.gatewayAccess(of: organisation.id)
        let tariffs = try store.tariffBook(of: organisation.id)
        let now = UTCTime.now
        return try known.filter { access.allows($0.name, on: $0.channel) }.map { gateway in
            let owner = access.held[gateway.channel]?.owner
            return OrganisationGateway(
                gateway: gateway.name, channel: gateway.channel,
                owner: try owner.map { try store.name(of: $0) },
                share: access.share(of: gateway.name), ceiling: access.ceiling(of: gateway.name),
                tariff: tariffs.tariff(of: gateway.name, on: gateway.channel, at: now)?.tariff ?? gateway.tariff)
        }.sorted { ($0.channel, $0.gateway) < ($1.channel, $1.gateway) }
    }
}
