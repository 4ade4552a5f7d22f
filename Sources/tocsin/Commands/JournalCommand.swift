import AlertModel
import ArgumentParser
import Foundation
import Store

struct JournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "Read the journal of operations, or check that nobody altered it.",
        subcommands: [ShowJournalCommand.self, VerifyJournalCommand.self], defaultSubcommand: ShowJournalCommand.self)
}

struct ShowJournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print the newest entries, newest first.")

    @OptionGroup var database: DatabaseOption

    @Option(help: "How many entries.")
    var limit = 50

    func run() throws {
        for entry in try database.open(for: .administer).auditEntries(limit: max(0, limit)) {
            let detail = entry.detail.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            Terminal.out(
                "\(entry.at.formatted(.iso8601))\t\(entry.actor)\t\(entry.action)\t\(entry.subject)\t\(detail)\n")
        }
    }
}

struct VerifyJournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Recompute the journal's chain of hashes.",
        discussion: """
            Prints the number of entries and the last hash: noted elsewhere, they also show that nobody cut off the \
            newest entries.
            """)

    @OptionGroup var database: DatabaseOption

    func run() throws {
        let store = try database.open(for: .administer)
        if let entry = try store.firstBrokenAuditEntry() {
            throw ValidationError("the journal was altered: entry \(entry) does not fit the one before it")
        }
        let head = try store.auditHead()
        Terminal.out("the journal is whole: \(head.count) entries, the last one's hash is \(head.hash)\n")
    }
}
