import AlertModel
import ArgumentParser
import Campaigns
import GeoModel
import Store
import Targeting

struct GuardsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guards",
        abstract: "Settle what stops a launch, or asks for a second person.",
        discussion: """
            Each rail is none, warn, second_person or stop: larger_than_territory, outside_territory, register_share, \
            far_from_population, already_alerted; free_text and large_audience ask about launches by accounts. An empty audience \
            always stops. Exercises ask nobody. A second person approves with `approval`. An account tightens what asks about \
            launches by accounts; only the machine's administrator loosens it.
            """,
        subcommands: [ShowGuardsCommand.self, SetGuardsCommand.self, TerritoryOfGuardsCommand.self, QuietGuardsCommand.self])
}

struct ShowGuardsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print an organisation's guard rails, as key<TAB>value lines.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption

    func run() throws {
        let store = try database.open(for: .statistics)
        let name = try owner.name(in: store)
        for line in try store.guardPolicy(ofOrganisationNamed: name).lines { Terminal.out("\(line.name)\t\(line.value)\n") }
        let territory = try store.territory(ofOrganisationNamed: name)
        Terminal.out("territory\t\(territory?.label ?? "")\n")
        if territory == nil { Terminal.say("no territory is settled: launches are not limited to one (`guards territory`)") }
        let approvers = try store.approvers(of: try owner.organisation(in: store), besides: "")
        Terminal.out("approvers\t\(approvers.joined(separator: ","))\n")
        if approvers.count < 2 {
            Terminal.warn(
                "there is no second person: what takes two is launched by one, at once, with a reason; create an account "
                    + "that may approve")
        }
        Terminal.out("quiet_hours\t\(try store.quietPattern(ofOrganisationNamed: name))\n")
        Terminal.out("time_zone\t\(try store.localClock(ofOrganisationNamed: name).zone)\n")
    }
}

struct SetGuardsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change guard rails: register_share=stop register_share_limit=0.5.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption

    @Argument(help: ArgumentHelp("What `guards show` prints, with another value.", valueName: "name=value"))
    var changes: [String]

    func run() throws {
        let store = try database.open(for: .administer)
        let name = try owner.name(in: store)
        var policy = try store.guardPolicy(ofOrganisationNamed: name)
        let before = policy
        do throws(GuardPolicy.Fault) {
            for change in changes { try policy.set(change) }
        } catch {
            throw ValidationError(error.description)
        }
        // One person must not do away with the second: whoever launches alone could first make themselves need nobody.
        let loosened = policy.loosened(from: before)
        if try Tenancy(store).organisation != nil, !loosened.isEmpty {
            throw ValidationError(
                "\(loosened.joined(separator: ", ")): one account alone cannot ask less of a second person; nothing was changed; "
                    + "ask the machine's administrator to run `guards set` (without TOCSIN_USER)")
        }
        // Below others, nothing settled would mean what those above have settled.
        let isTop = try store.ancestors(of: try owner.organisation(in: store)).isEmpty
        try store.set(
            .guards, to: policy == .standard && isTop ? nil : policy.text, ofOrganisationNamed: name, actor: database.actor)
        Terminal.say("guard rails of \(name) settled")
    }
}

struct TerritoryOfGuardsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "territory",
        abstract: "Settle an organisation's territory: --communes, --department or --epci; without any, unsettle it.",
        discussion: """
            It says where the organisation may alert: for one that is below another, an administrator of one above it settles it, \
            or the machine's. One without takes that of the nearest above it.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @OptionGroup(title: "Territory") var zone: ZoneArguments

    func run() throws {
        let store = try database.open(for: .administer)
        let name = try place(in: store).name
        let territory = zone.isEmpty ? nil : try zone.zone(in: store, scope: Tenancy(store).scope(narrowedTo: nil))
        if let territory {
            guard territory.isTerritory else {
                throw ValidationError("a territory is made of --communes, --department and --epci alone")
            }
            let account = try Tenancy(store).organisation
            if let account, try place(in: store).id != account { try store.requireGround(territory, within: account) }
            // Unknown codes are refused now, not at the launch.
            _ = try store.counts(of: territory, scope: Tenancy(store).scope(narrowedTo: nil))
        }
        try store.set(
            .territory, to: territory.map { String(decoding: ZoneDocument.encode($0), as: UTF8.self) },
            ofOrganisationNamed: name, actor: database.actor)
        Terminal.say("territory of \(name): \(territory?.label ?? "not settled")")
    }

    /// For an account: its own organisation when none is above it, or one below it.
    private func place(in store: AlertDatabase) throws -> Organisation {
        let tenancy = try Tenancy(store)
        guard let account = tenancy.organisation else {
            return try store.findOrganisation(named: try owner.name(in: store), under: nil)
        }
        let asked: String? = owner.organisation
        let place = try store.findOrganisation(named: try asked ?? store.name(of: account), under: account)
        try tenancy.requireNotOwnGround(place)
        return place
    }
}

struct QuietGuardsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quiet",
        abstract: "Settle when information waits: 20:00-08:00, sundays and holidays for whole days, none, or standard.",
        discussion: """
            Alerts never wait. Hours are those of the clock of the organisation's territory (`guards territory`), which \
            --time-zone overrules. Nothing of an information campaign leaves in them; its validity goes on running.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption

    @Argument(help: ArgumentHelp("Hours and days, none, or standard (\(QuietPattern.standard)).", valueName: "hours"))
    var words: [String] = []

    @Option(help: ArgumentHelp("The clock's name, such as Indian/Reunion; auto for the territory's.", valueName: "zone"))
    var timeZone: String?

    func validate() throws {
        if words.isEmpty, timeZone == nil { throw ValidationError("say the hours (20:00-08:00, none, standard) or --time-zone") }
    }

    func run() throws {
        let store = try database.open(for: .administer)
        let name = try owner.name(in: store)
        if let timeZone {
            guard timeZone == "auto" || LocalClock(timeZone) != nil else {
                throw ValidationError("--time-zone \(timeZone): no time zone has that name; Europe/Paris is one")
            }
            try store.set(
                .timeZone, to: timeZone == "auto" ? nil : timeZone, ofOrganisationNamed: name, actor: database.actor)
        }
        if !words.isEmpty {
            let pattern: QuietPattern
            do throws(QuietPattern.Fault) {
                pattern = words == ["standard"] ? .standard : try QuietPattern(words.joined(separator: " "))
            } catch {
                throw ValidationError("\(error)")
            }
            try store.set(
                .quiet, to: pattern == .standard ? nil : pattern.description, ofOrganisationNamed: name, actor: database.actor)
        }
        Terminal.say(
            "information of \(name) waits: \(try store.quietPattern(ofOrganisationNamed: name)), "
                + "\(try store.localClock(ofOrganisationNamed: name).zone)")
    }
}

extension Zone {
    fileprivate var isTerritory: Bool {
        switch self {
        case .communes, .department, .epci: true
        case .union(let zones): zones.allSatisfy(\.isTerritory)
        default: false
        }
    }
}

extension OwnerOption {
    func name(in store: AlertDatabase) throws -> String {
        try store.name(of: organisation(in: store))
    }
}
