import AlertModel
import ArgumentParser
import Dispatching
import Foundation
import Store

struct InboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox", abstract: "Read what people wrote back to the messages they got.",
        subcommands: [ListInboxCommand.self, ReadInboxCommand.self, InboxWordsCommand.self], defaultSubcommand: ListInboxCommand.self)
}

struct ListInboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what somebody has to read, oldest first.",
        discussion: """
            Tab-separated: number, time, campaign, recipient's id, sender, what it did (acknowledged, refused: no more \
            information, unread, or nothing), how often it came again, text. “-” stands for what there is not.
            """)

    @OptionGroup var database: DatabaseOption

    @Option(help: ArgumentHelp("Only answers to this campaign.", valueName: "number"))
    var campaign: Int64?

    @Flag(help: "What was understood (OUI, 1, STOP) and what was read, too.")
    var all = false

    @Option(help: "The newest so many.")
    var limit = 1_000

    func run() throws {
        let store = try database.open(for: .seePersonalData)
        let entries = try store.inbox(
            scope: try Tenancy(store).own, campaign: campaign.map { CampaignID(rawValue: $0) }, unreadOnly: !all, limit: max(0, limit))
        if !entries.isEmpty {
            try store.audit(
                actor: database.actor, action: "inbox.show", subject: campaign.map { "campaign \($0)" } ?? "inbox",
                detail: ["messages": String(entries.count)])
        }
        for entry in entries {
            var effects: [String] = []
            if entry.acknowledged { effects.append("acknowledged") }
            if entry.refused { effects.append("refused") }
            if entry.isUnread { effects.append("unread") }
            if entry.isIncomplete { effects.append("incomplete") }
            // Written by strangers: nothing of it steers a terminal or adds a column.
            let text = entry.text.value.map { $0.isNewline || $0 == "\t" ? " " : $0 }
                .filter { !$0.unicodeScalars.contains { $0.properties.generalCategory == .control } }
            Terminal.out(
                [
                    String(entry.id), entry.receivedAt.formatted(.iso8601), entry.campaign?.description ?? "-",
                    entry.externalID ?? "-", entry.sender.value, effects.isEmpty ? "-" : effects.joined(separator: ","),
                    String(entry.repeats), String(text),
                ].joined(separator: "\t") + "\n")
        }
    }
}

struct ReadInboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Note that somebody has read these: they are listed no more. The journal says who.")

    @OptionGroup var database: DatabaseOption

    @Argument(help: "The messages' numbers.")
    var numbers: [Int64]

    func run() throws {
        let store = try database.open(for: .seePersonalData)
        let count = try store.markRead(numbers, scope: try Tenancy(store).own, actor: database.actor, now: .now)
        Terminal.say("\(count) of \(numbers.count) were unread")
    }
}

struct InboxWordsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "words",
        abstract: "Settle which answers acknowledge a message and which end information: yes=oui,ok,1 stop=stop,assez.",
        discussion: """
            Without any it prints them. yes:es=si,vale are the words of people whose language is Spanish, beside everybody's; \
            yes:es= unsettles them, `standard` brings back those there were. Case and accents do not matter. STOP always stops. \
            The journal says who changed them.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption

    @Argument(help: ArgumentHelp("What it prints, with other words; or standard.", valueName: "meaning=word,…"))
    var changes: [String] = []

    func run() throws {
        let store = try database.open(for: changes.isEmpty ? nil : .administer)
        let name = try owner.name(in: store)
        var words = try store.replyWords(ofOrganisationNamed: name)
        guard !changes.isEmpty else {
            for line in words.lines { Terminal.out("\(line.name)\t\(line.words)\n") }
            return
        }
        do throws(ReplyWords.Fault) {
            for change in changes {
                if change == "standard" { words = .standard } else { try words.set(change) }
            }
        } catch {
            throw ValidationError(error.description)
        }
        try store.set(
            .replyWords, to: words == .standard ? nil : words.text, ofOrganisationNamed: name, actor: database.actor)
        Terminal.say("words of \(name) settled")
    }
}
