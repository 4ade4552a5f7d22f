import AlertModel
import ArgumentParser
import Foundation
import Store

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Read the journal of operations, check that nobody altered it, anchor it, export it.",
        subcommands: [
            ShowJournalCommand.self, VerifyJournalCommand.self, ExportJournalCommand.self, AnchorJournalCommand.self,
        ],
        defaultSubcommand: ShowJournalCommand.self, aliases: ["journal"])
}

/// Which entries of the journal a command is about.
struct JournalQueryArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Only what this user did.", valueName: "name"))
    var actor: String?

    @Option(help: ArgumentHelp("Only this action, such as campaign.launch, or the beginning of some: campaign.", valueName: "action"))
    var action: String?

    @Option(help: ArgumentHelp("Only from this time on: 2026-11-22, or 2026-11-22T03:00:00Z.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Only up to this time.", valueName: "time"))
    var until: String?

    @Option(help: ArgumentHelp("Only this organisation's entries.", valueName: "name"))
    var organisation: String?

    func validate() throws {
        for (name, text) in [("--since", since), ("--until", until)] {
            if let text, Self.time(text) == nil {
                throw ValidationError("\(name) \(text): a day such as 2026-11-22 or a time such as 2026-11-22T03:00:00Z is due")
            }
        }
    }

    /// - Throws: `ValidationError` for an organisation that is none, or another than the account's.
    func query(in store: AlertDatabase) throws -> JournalQuery {
        let own = try store.currentOperator().organisation
        var scope = try store.journalScope(of: own)
        if let organisation {
            let named = try store.organisations().first { $0.name == organisation }?.id
            guard let named, own == nil || named == own else {
                throw ValidationError("there is no organisation “\(organisation)” whose journal this account may read")
            }
            scope = .organisations([named])
        }
        return JournalQuery(
            scope: scope, actor: actor, action: action, since: since.flatMap(Self.time), until: until.flatMap(Self.time))
    }

    /// A day begins at midnight, UTC: as every time of the journal.
    private static func time(_ text: String) -> Date? {
        (try? Date(text, strategy: .iso8601)) ?? (try? Date(text + "T00:00:00Z", strategy: .iso8601))
    }
}

struct ShowJournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print the newest entries, newest first: time, who, what, on what, details.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var query: JournalQueryArguments

    @Option(help: "How many entries.")
    var limit = 50

    func run() throws {
        let store = try database.open(for: .administer)
        let query = try query.query(in: store)
        var left = max(0, limit)
        var before: Int64?
        while left > 0 {
            let entries = try store.auditEntries(query, limit: left, before: before)
            guard let last = entries.last else { return }
            for entry in entries {
                Terminal.out([
                    entry.at.formatted(.iso8601), entry.actor, entry.action, entry.subject, JournalLines.words(entry.detail),
                ].joined(separator: "\t") + "\n")
            }
            (left, before) = (left - entries.count, last.id)
        }
    }
}

struct VerifyJournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Recompute the journal's chain of hashes, and compare it with the anchors.",
        discussion: """
            Says which entry is the first that does not fit, and until when the journal is proven: up to the newest anchor \
            that fits. Without anchors, a chain that somebody computed anew from an entry on cannot be told from the right one.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var anchors: AnchorFileOption

    func run() throws {
        let store = try database.open(for: .administer)
        let (known, unreadable) = try anchors.file?.read() ?? ([], 0)
        if unreadable > 0 { Terminal.warn("\(unreadable) lines of the file of anchors are no anchors: torn, or altered") }
        let verdict = try store.verifyJournal(anchors: known)
        if let fault = verdict.fault { throw JournalAltered(fault: fault, verdict: verdict) }
        Terminal.out("the journal is whole: \(verdict.entries) entries, the last one's hash is \(verdict.hash)\n")
        if let proven = verdict.proven {
            Terminal.out("\(proven.words) fits: what came before it is proven\n")
        } else {
            Terminal.say(
                "nothing proves when it was written: no anchor was compared; see `tocsin audit anchor --help`")
        }
    }
}

struct AnchorJournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anchor", abstract: "Append a line to the file of anchors: time, number of entries, hash.",
        discussion: """
            `serve` does this by itself every ten minutes when TOCSIN_AUDIT_ANCHOR names the file (TOCSIN_AUDIT_ANCHOR_MINUTES \
            says otherwise). The file is to be where nobody who can write the database can change it: another machine's \
            append-only share, or mailed daily.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var anchors: AnchorFileOption

    func run() throws {
        guard let file = anchors.file else {
            throw ValidationError("no file of anchors is named: give --anchors FILE or set TOCSIN_AUDIT_ANCHOR")
        }
        guard let anchor = try database.open(for: .administer).journalAnchor(now: .now) else {
            throw ValidationError("the journal is empty: there is nothing to anchor")
        }
        try file.append(anchor)
        Terminal.out(anchor.line + "\n")
    }
}

struct ExportJournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the journal, or a part of it, to a file, oldest first.",
        discussion: """
            JSON lines hold all that the chain is computed from, so that it can be checked elsewhere (see the data dictionary). \
            “-” writes to standard output. The journal keeps that it was exported.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var query: JournalQueryArguments
    @Argument(help: "The file to write, or “-”.") var file: String
    @Option(help: "csv or jsonl (default: by the file's name; jsonl on standard output).") var format: JournalLines.Format?

    func run() throws {
        guard let format = format ?? (file == "-" ? .jsonl : JournalLines.Format(path: file)) else {
            throw ValidationError("say --format csv or jsonl: the file's name does not tell")
        }
        let store = try database.open(for: .administer)
        let query = try query.query(in: store)
        let names = Dictionary(uniqueKeysWithValues: try store.organisations().map { ($0.id, $0.name) })
        // The trace first, as for every export; it is the export's last line.
        try store.audit(
            actor: database.actor, action: "audit.export", subject: "journal", detail: ["format": format.rawValue])
        let output = file == "-" ? nil : try AtomicFile(path: file)
        func put(_ text: String) throws { if let output { try output.write(text) } else { Terminal.out(text) } }
        try put(JournalLines.head(format))
        var last: Int64 = 0
        var count = 0
        while true {
            let entries = try store.auditEntries(query, after: last, limit: JournalQuery.greatestPage)
            guard let newest = entries.last else { break }
            try put(try JournalLines.text(entries, format, names: names))
            (last, count) = (newest.id, count + entries.count)
        }
        try output?.commit()
        Terminal.say("\(file): \(count) entries")
    }
}

extension JournalLines.Format: ExpressibleByArgument {}
