import AlertModel
import ArgumentParser
import Dispatching
import Foundation
import Store

struct OrganisationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organisation",
        abstract: "Organisations: their tree, who sees whose register, gateways, tariffs and quotas, how each is reached.",
        discussion: """
            An organisation sees its own register and those delegated to it, nothing else: a prefecture does not see its \
            communes' people unless they let it. It uses the perimeters, templates and settings of those above it.
            """,
        subcommands: [
            ListOrganisationsCommand.self, ShowOrganisationCommand.self, CreateOrganisationCommand.self,
            SetOrganisationCommand.self, MoveOrganisationCommand.self, RenameOrganisationCommand.self,
            DelegateRegisterCommand.self, WithdrawRegisterCommand.self, ListDelegationsCommand.self,
            OrganisationGatewaysCommand.self, OrganisationTariffsCommand.self, OrganisationQuotasCommand.self,
            OrganisationCostsCommand.self, ContactCardCommand.self, ExportOrganisationCommand.self, EraseOrganisationCommand.self,
        ], defaultSubcommand: ListOrganisationsCommand.self)
}

extension OrganisationKind: ExpressibleByArgument {}

/// One organisation, by name.
struct OrganisationArgument: ParsableArguments {
    @Argument(help: "The organisation's name.")
    var name: String

    /// One that the account may see: its own, and those below it.
    ///
    /// - Throws: `StoreError.unknownOrganisation`.
    func organisation(in store: AlertDatabase) throws -> Organisation {
        try store.findOrganisation(named: name, under: Tenancy(store).organisation)
    }

    /// One whose own affairs the account manages.
    ///
    /// - Throws: as `organisation(in:)`; `ValidationError` for one below it, whose own administrators decide.
    func own(in store: AlertDatabase) throws -> Organisation {
        let organisation = try organisation(in: store)
        if let account = try Tenancy(store).organisation, account != organisation.id {
            throw ValidationError("only the administrators of “\(organisation.name)” decide on this")
        }
        return organisation
    }
}

extension Tenancy {
    /// On which ground an organisation may alert is for those above it to say.
    ///
    /// - Throws: `ValidationError` when the account would say it of its own organisation, and there is one above.
    func requireNotOwnGround(_ organisation: Organisation) throws {
        guard self.organisation == organisation.id, organisation.parent != nil else { return }
        throw ValidationError(
            "what “\(organisation.name)” is and its territory say where it may alert: an administrator of the organisation above "
                + "it settles them, or the machine's administrator (without TOCSIN_USER)")
    }
}

struct ListOrganisationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List them, each before those below it: name, level, kind, code or “-”, whom it is below or “-”.")

    @OptionGroup var database: DatabaseOption

    func run() throws {
        let store = try database.open()
        let places = try store.organisationTree(under: Tenancy(store).organisation)
        let names = Dictionary(uniqueKeysWithValues: places.map { ($0.organisation.id, $0.organisation.name) })
        for place in places {
            let own = place.organisation
            Terminal.out(
                [
                    own.name, String(place.depth), own.kind.rawValue, own.code ?? "-",
                    own.parent.flatMap { names[$0] } ?? "-",
                ].joined(separator: "\t") + "\n")
        }
    }
}

struct ShowOrganisationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print what is known of an organisation, as key<TAB>value lines.",
        discussion: "Says on standard error when its territory reaches beyond that of the organisation above it.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var organisation: OrganisationArgument

    func run() throws {
        let store = try database.open()
        let own = try organisation.organisation(in: store)
        let above = try store.ancestors(of: own.id)
        let now = UTCTime.now
        let delegations = try store.delegations(with: own.id).filter { $0.holds(at: now) }
        var lines = [
            ("name", own.name), ("kind", own.kind.rawValue), ("code", own.code ?? "-"),
            ("above", above.isEmpty ? "-" : above.map(\.name).joined(separator: " > ")),
            ("below", String(try store.organisationTree(under: own.id).count - 1)),
            ("contact", try store.contactCard(of: own.id) == nil ? "none" : "kept"),
        ]
        do {
            let territory = try store.territory(of: own.id)
            lines.append(("territory", territory.map { $0.isInherited ? "of those above" : $0.isSettled ? "settled" : "by its code" } ?? "none"))
        } catch StoreError.unknownTerritory {
            lines.append(("territory", "not loaded"))
        }
        lines += delegations.filter { $0.owner == own.id }.map { ("seen_by", $0.toName) }
        lines += delegations.filter { $0.to == own.id }.map { ("sees", $0.ownerName) }
        Terminal.out(lines.map { "\($0.0)\t\($0.1)\n" }.joined())
        if let outside = try store.squareMetresOutsideParent(of: own.id), outside >= AlertDatabase.notableSquareMetres {
            Terminal.warn(
                "\(Int(outside / 10_000)) hectares of its territory lie outside that of the organisation above it: "
                    + "check both with `tocsin guards show`")
        }
    }
}

struct CreateOrganisationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create an organisation, at the top or below another.")

    @OptionGroup var database: DatabaseOption
    @Argument(help: "Its name, which no other has.") var name: String
    @Option(help: "prefecture, epci, commune or service.") var kind: OrganisationKind
    @Option(help: "INSEE code of a commune, SIREN number of an intercommunalité, department code of a prefecture.")
    var code: String?
    @Option(help: ArgumentHelp("Whom it is below (default: nobody; for an account: its own organisation).", valueName: "name"))
    var under: String?

    func run() throws {
        let store = try database.open(for: .administer)
        let account = try Tenancy(store).organisation
        let parent = try under.map { try store.findOrganisation(named: $0, under: account).id } ?? account
        try store.createOrganisation(
            named: name, kind: kind, code: code, parent: parent, actor: database.actor, within: account)
        Terminal.say("organisation “\(name)” created")
    }
}

struct SetOrganisationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Say what an organisation is, and its code.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var organisation: OrganisationArgument
    @Option(help: "prefecture, epci, commune or service.") var kind: OrganisationKind
    @Option(help: "Its code; none without.") var code: String?

    func run() throws {
        let store = try database.open(for: .administer)
        let own = try organisation.organisation(in: store)
        try Tenancy(store).requireNotOwnGround(own)
        try store.setKind(
            of: own.id, to: kind, code: code, actor: database.actor, within: try Tenancy(store).organisation)
        Terminal.say("“\(own.name)” is a \(kind.rawValue)\(code.map { " of code \($0)" } ?? "")")
    }
}

struct MoveOrganisationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move", abstract: "Put an organisation, with those below it, below another or at the top.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var organisation: OrganisationArgument
    @Option(help: ArgumentHelp("Whom it is below from now on.", valueName: "name")) var under: String?
    @Flag(help: "It is below nobody from now on.") var top = false

    func validate() throws {
        guard (under == nil) == top else { throw ValidationError("say --under NAME or --top") }
    }

    func run() throws {
        let store = try database.open(for: .administer)
        let account = try Tenancy(store).organisation
        let own = try organisation.organisation(in: store)
        if let account, top || own.id == account {
            throw ValidationError("only who administers the machine takes an organisation out of those it is below")
        }
        let parent = try under.map { try store.findOrganisation(named: $0, under: account) }
        try store.move(own.id, under: parent?.id, actor: database.actor, within: account)
        Terminal.say("“\(own.name)” is \(parent.map { "below “\($0.name)”" } ?? "at the top")")
    }
}

struct RenameOrganisationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "rename", abstract: "Give an organisation another name.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var organisation: OrganisationArgument
    @Argument(help: "Its new name.") var newName: String

    func run() throws {
        let store = try database.open(for: .administer)
        try store.rename(organisation.organisation(in: store).id, to: newName, actor: database.actor)
        Terminal.say("“\(organisation.name)” is “\(newName)” from now on")
    }
}
