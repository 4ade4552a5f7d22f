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
            always stops. Exercises ask nobody. A second person approves with `approval`.
            """,
        subcommands: [ShowGuardsCommand.self, SetGuardsCommand.self, TerritoryOfGuardsCommand.self, QuietGuardsCommand.self])
}

struct ShowGuardsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print an organisation's guard rails, as key<TAB>value lines.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption

    func run() throws {
        let store = try database.open()
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
        let store = try database.open()
        let name = try owner.name(in: store)
        var policy = try store.guardPolicy(ofOrganisationNamed: name)
        do throws(GuardPolicy.Fault) {
            for change in changes { try policy.set(change) }
        } catch {
            throw ValidationError(error.description)
        }
        try store.set(
            .guards, to: policy == .standard ? nil : policy.text, ofOrganisationNamed: name, actor: database.actor)
        Terminal.say("guard rails of \(name) settled")
    }
}

struct TerritoryOfGuardsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "territory",
        abstract: "Settle an organisation's territory: --communes, --department or --epci; without any, unsettle it.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @OptionGroup(title: "Territory") var zone: ZoneArguments

    func run() throws {
        let store = try database.open()
        let name = try owner.name(in: store)
        let territory = zone.isEmpty ? nil : try zone.zone(in: store, scope: .all)
        if let territory {
            guard territory.isTerritory else {
                throw ValidationError("a territory is made of --communes, --department and --epci alone")
            }
            // Unknown codes are refused now, not at the launch.
            _ = try store.counts(of: territory, scope: .all)
        }
        try store.set(
            .territory, to: territory.map { String(decoding: ZoneDocument.encode($0), as: UTF8.self) },
            ofOrganisationNamed: name, actor: database.actor)
        Terminal.say("territory of \(name): \(territory?.label ?? "not settled")")
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
        let store = try database.open()
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
        let id = try organisation(in: store)
        return try store.organisations().first { $0.id == id }?.name ?? ""
    }
}
