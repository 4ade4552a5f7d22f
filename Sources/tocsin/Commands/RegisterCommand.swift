import AlertModel
import ArgumentParser
import Foundation
import GeoModel
import Reports
import Store

struct RegisterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "register",
        abstract: "Search the register, show a recipient, export.",
        subcommands: [
            SearchRegisterCommand.self, ShowRecipientCommand.self, SummariseRegisterCommand.self,
            ExportRegisterCommand.self,
        ])
}

struct SearchRegisterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find recipients: identifier, name, address, postcode, commune, kind of place, channels.",
        discussion: """
            Every word must occur in the identifier, name, address, postcode or commune; letter case, accents and \
            punctuation aside. A number of at least four digits, however it is written, and a part of an e-mail address \
            are looked for among the contact points too.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @Argument(help: "What to look for.") var text: [String]
    @Option(help: "Most recipients shown (at most 1000).") var limit = 50

    func validate() throws {
        guard (1...AlertDatabase.greatestSearchLimit).contains(limit) else {
            throw ValidationError("--limit is 1 to \(AlertDatabase.greatestSearchLimit)")
        }
        guard !text.isEmpty else { throw ValidationError("nothing to look for: give a text") }
    }

    func run() throws {
        let store = try database.open(for: .seePersonalData)
        let (found, hasMore) = try store.searchRegister(
            text.joined(separator: " "), scope: try scope.scope(in: store), limit: limit)
        try store.recordSight("register.search", of: found, actor: database.actor)
        for entry in found {
            let recipient = entry.recipient
            Terminal.out(
                [
                    recipient.externalID, recipient.name.value, recipient.addressText?.value ?? "",
                    recipient.postcode ?? "", recipient.communeName ?? recipient.communeCode?.rawValue ?? "",
                    entry.precision.rawValue, recipient.channels.map(\.rawValue).joined(separator: ","),
                ].map(Self.oneLine).joined(separator: "\t") + "\n")
        }
        if found.isEmpty { Terminal.warn("nobody was found") }
        if hasMore { Terminal.warn("only the first \(limit) are shown: say more, or raise --limit") }
    }

    /// A cell may hold line breaks and tabs, a line of output may not.
    private static func oneLine(_ text: String) -> String {
        text.split { $0.isNewline || $0 == "\t" }.joined(separator: " ")
    }
}

struct ShowRecipientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print all that is known of a recipient, as `key<TAB>value` lines.",
        discussion: "With --with-protected also what the protected table holds; the journal tells that it was read.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @Argument(help: "The recipient's identifier in the register.") var recipient: String
    @Flag(help: "With the protected facts (vulnerability).") var withProtected = false

    func run() throws {
        let store = try database.open(for: .seePersonalData)
        let scope = try scope.scope(in: store)
        let entry = withProtected
            ? try store.protectedRegisterEntry(ofExternalID: recipient, scope: scope, actor: database.actor)
            : try store.registerEntry(ofExternalID: recipient, scope: scope)
        if !withProtected { try store.recordSight("register.show", of: [entry], actor: database.actor) }
        var lines = RegisterSheet.lines(entry)
        lines += try store.lists(ofExternalID: recipient, scope: scope).map { ("list", $0) }
        Terminal.out(lines.map { "\($0.key)\t\($0.value)\n" }.joined())
    }
}

struct SummariseRegisterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary", abstract: "Count the register, as `key<TAB>number` lines.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption

    func run() throws {
        let store = try database.open(for: .statistics)
        for (key, value) in try store.registerFigures(scope: try scope.scope(in: store)) {
            Terminal.out("\(key)\t\(value)\n")
        }
    }
}

struct ExportRegisterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the register of an organisation to a file: all of it, or whom a zone or a list selects.",
        discussion: """
            CSV and XLSX come back by `import recipients` as they were: nothing changes. In CSV, cells that a spreadsheet \
            would take for a formula, telephone numbers among them, start with an apostrophe, which the import takes off \
            again. GeoJSON is for maps. The file is readable by its owner only, and every export is in the journal.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @OptionGroup(title: "Zone (default: everybody)") var zone: ZoneArguments
    @Argument(help: "The file to write.") var file: String
    @Option(help: "csv, xlsx or geojson (default: by the file's name).") var format: RegisterFile.Format?
    @Flag(help: "With the protected facts (vulnerability).") var withProtected = false

    func validate() throws {
        if zone.certain, zone.isEmpty { throw ValidationError("--certain narrows a zone: give one") }
    }

    func run() throws {
        guard let format = format ?? RegisterFile.Format(path: file) else {
            throw ValidationError("say --format csv, xlsx or geojson: the file's name does not tell")
        }
        let store = try database.open(for: .seePersonalData)
        let organisation = try owner.organisation(in: store)
        let selection = RegisterSelection(
            organisation: organisation,
            zone: zone.isEmpty ? nil : try zone.zone(in: store, scope: .organisation(organisation)),
            filter: SelectionFilter(), withProtected: withProtected)
        let count = try RegisterFile(store: store, actor: database.actor).write(selection, to: file, format: format)
        Terminal.say("\(file): \(count) recipients")
        if count == 0 { Terminal.warn("nobody was selected") }
    }
}

extension RegisterFile.Format: ExpressibleByArgument {}

extension Recipient {
    /// The channels it can be reached by, in their order.
    fileprivate var channels: [Channel] {
        Channel.allCases.filter { channel in contactPoints.contains { $0.channel == channel } }
    }
}
