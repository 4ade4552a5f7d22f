import AlertModel
import ArgumentParser
import Campaigns
import Dispatching
import Foundation
import Reports
import Store

extension QuotaOffice {
    /// As the account that the command runs as.
    init(_ store: AlertDatabase, _ database: DatabaseOption) throws {
        self.init(store: store, account: try Tenancy(store).organisation, actor: database.actor)
    }
}

struct OrganisationGatewaysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateways",
        abstract: "Which gateways an organisation may use, and which share of them; --set settles it.",
        discussion: """
            Prints gateway, channel, whose it is, share, ceiling (segments a second) and tariff. On each channel an \
            organisation has what is reserved for it, or else what is reserved for the nearest above it, or else what is \
            reserved for nobody. Whose campaigns compete on a gateway share it by these shares. Settings: GATEWAY=reserve, \
            GATEWAY=release, "GATEWAY=share 3", "GATEWAY=ceiling 20", "GATEWAY=ceiling none".
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var organisation: OrganisationArgument
    @Option(help: ArgumentHelp("What is settled; may be repeated.", valueName: "gateway=word")) var set: [String] = []

    func run() throws {
        let store = try database.open(for: set.isEmpty ? .statistics : .administer)
        let own = try organisation.organisation(in: store)
        let settings = try set.map { try ShareSetting($0) }
        try store.remember(GatewaySettings().known())
        try QuotaOffice(store, database).settle(settings, of: own)
        for line in try OrganisationGateway.all(of: own, in: store, known: store.knownGateways()) {
            Terminal.out(
                [
                    line.gateway, line.channel.rawValue, line.owner ?? "everybody", String(line.share), line.ceiling.map(String.init) ?? "-",
                    line.tariff.map { "\($0.price) a \($0.unit.rawValue)" } ?? "no tariff",
                ].joined(separator: "\t") + "\n")
        }
    }
}

struct OrganisationTariffsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tariffs",
        abstract: "What an organisation pays, the newest first; --set settles it from now or from a day on.",
        discussion: """
            Prints since when, channel, gateway or “-” for all of them, and the price. Without one of its own the \
            organisation above's holds, and then the gateways' file's. What was launched keeps its prices. Settings: \
            "sms=0.0455 EUR/segment", "voice@trunk=0.02 EUR/minute", "email=0.0004 EUR/message", sms=inherit.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var organisation: OrganisationArgument
    @Option(help: ArgumentHelp("What is settled; may be repeated.", valueName: "channel=price")) var set: [String] = []
    @Option(help: ArgumentHelp("From the beginning of a day on (default: now).", valueName: "2026-12-01")) var from: String?

    func validate() throws {
        if from != nil, set.isEmpty { throw ValidationError("--from is for what --set settles") }
    }

    func run() throws {
        let store = try database.open(for: set.isEmpty ? .statistics : .administer)
        let own = try organisation.organisation(in: store)
        let day = try from.map { text in
            guard let day = CalendarDate(text) else { throw ValidationError("--from: a day such as 2026-12-01 is due") }
            return day
        }
        let settings = try set.map { try TariffSetting($0) }
        try QuotaOffice(store, database).settle(settings, of: own, from: day)
        for tariff in try store.tariffs(of: own.id) {
            Terminal.out(
                [
                    ISO8601.text(tariff.from), tariff.channel.rawValue, tariff.gateway ?? "-",
                    tariff.tariff.map { "\($0.price) a \($0.unit.rawValue)" } ?? "inherited",
                ].joined(separator: "\t") + "\n")
        }
    }
}

struct OrganisationQuotasCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quotas",
        abstract: "How much an organisation and those below it may send, and what of it is used; --set settles it.",
        discussion: """
            Prints period, quota, spent, reserved by campaigns under way, left, and per cent used. Information beyond it is \
            refused before launch; an alert goes, and the journal keeps that it did (guard rail “quota”: warn or \
            second_person). Settings: month:segments=12000, year:email=50000, month:EUR=500, month:segments=none.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var organisation: OrganisationArgument
    @Option(help: ArgumentHelp("What is settled; may be repeated.", valueName: "period:what=amount")) var set: [String] = []

    func run() throws {
        let store = try database.open(for: set.isEmpty ? .statistics : .administer)
        let own = try organisation.organisation(in: store)
        let settings = try set.map { try QuotaSetting($0) }
        try QuotaOffice(store, database).settle(settings, of: own)
        for level in try store.quotaLevels(of: own.id) {
            let measure = level.quota.measure
            Terminal.out(
                [
                    level.quota.period.rawValue, measure.words(level.quota.amount), measure.words(level.spent),
                    measure.words(level.reserved), measure.words(level.left), "\(level.percent) %",
                ].joined(separator: "\t") + "\n")
            if level.hasUnknown {
                Terminal.warn("messages without a tariff are not in it: `tocsin organisation tariffs` settles what they cost")
            }
            if level.percent >= QuotaFinding.warningPercent {
                Terminal.warn("\(level.percent) % of the \(level.quota.period.rawValue)'s \(measure.words(level.quota.amount)) is used")
            }
        }
    }
}

struct OrganisationCostsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "costs",
        abstract: "What a month's real campaigns came to, by organisation, channel and gateway, as CSV.",
        discussion: """
            Of the organisation and those below it. A campaign counts in the month of its launch, by the prices that held \
            then; attempts that a gateway took are counted, also those whose answer was lost.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var organisation: OrganisationArgument
    @Option(help: ArgumentHelp("Which month (default: this one).", valueName: "2026-11")) var month: String?

    func run() throws {
        let store = try database.open(for: .statistics)
        let own = try organisation.organisation(in: store)
        Terminal.out(try CostFile.csv(of: own, month: month, in: store))
    }
}
