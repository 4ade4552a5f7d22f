import AlertModel
import ArgumentParser
import Campaigns
import Dispatching
import Foundation
import Reports
import Store

struct CampaignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "campaign",
        abstract: "List, follow and steer campaigns, and print their reports.",
        subcommands: [
            ListCampaignsCommand.self, ShowCampaignCommand.self, WatchCampaignCommand.self,
            PauseCampaignCommand.self, ResumeCampaignCommand.self, StopCampaignCommand.self, UndoCampaignCommand.self,
            AmendCampaignCommand.self, JoinCampaignCommand.self, ReportCampaignCommand.self,
            CampaignPeopleCommand.self, CampaignDoorsCommand.self, CertifyExerciseCommand.self,
        ], defaultSubcommand: ListCampaignsCommand.self)
}

/// The campaign a command is about.
struct CampaignArgument: ParsableArguments {
    @Argument(help: "The campaign's number.")
    var id: Int64

    /// - Throws: `LedgerError.unknownCampaign`, for another organisation's too.
    func campaign(in store: AlertDatabase) throws -> CampaignID {
        let campaign = CampaignID(rawValue: id)
        try Tenancy(store).require(campaign)
        return campaign
    }
}

struct ListCampaignsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List campaigns, newest first, exercises apart: number, mode, state, start, recipients, subject.")

    @OptionGroup var database: DatabaseOption

    @Option(help: "Only real ones, or only exercises (default: real ones, then exercises).")
    var mode: CampaignMode?

    func run() throws {
        let store = try database.open(for: .statistics)
        let modes = mode.map { [$0] } ?? [.real, .exercise]
        for record in try modes.flatMap({ try store.ledger.campaigns(of: Tenancy(store).organisation, mode: $0) }) {
            Terminal.out(
                [
                    record.id.description, record.mode.rawValue, record.state.rawValue, ISO8601.text(record.startedAt),
                    String(record.recipients), record.message.subject,
                ].joined(separator: "\t") + "\n")
        }
    }
}

struct ShowCampaignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Say where a campaign stands, as `key<TAB>value` lines.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var campaign: CampaignArgument

    func run() throws {
        let store = try database.open(for: .statistics)
        let record = try store.ledger.campaign(campaign.campaign(in: store))
        let account = try store.account(of: campaign.campaign(in: store))
        Terminal.out((CampaignSummary.lines(record) + EstimateSummary.lines(account)).map { "\($0.key)\t\($0.value)\n" }.joined())
    }
}

struct PauseCampaignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Submit nothing more until resumed.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var campaign: CampaignArgument

    func run() throws {
        let store = try database.open(for: .launch)
        try store.pauseCampaign(campaign.campaign(in: store), actor: database.actor)
        Terminal.say("campaign \(campaign.id) is paused")
    }
}

struct StopCampaignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "End a campaign for good: whatever has not left never will.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var campaign: CampaignArgument

    func run() throws {
        let store = try database.open(for: .launch)
        let cancelled = try store.stopCampaign(campaign.campaign(in: store), actor: database.actor)
        let progress = try store.ledger.progress(of: campaign.campaign(in: store))
        Terminal.say(
            "campaign \(campaign.id) is stopped: \(cancelled) messages had not left and never will; "
                + "\(progress.leftLegs) had left")
    }
}

struct UndoCampaignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take a scenario's launch back in its first seconds: nothing of it leaves.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var campaign: CampaignArgument

    func run() throws {
        let store = try database.open(for: .launch)
        let cancelled = try store.undoCampaign(campaign.campaign(in: store), actor: database.actor)
        Terminal.say("campaign \(campaign.id) is taken back: none of its \(cancelled) messages had left, and none will")
    }
}

struct ResumeCampaignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Take a paused or interrupted campaign up again, and follow it to its end.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var campaign: CampaignArgument

    func run() async throws {
        let store = try database.open(for: .launch)
        if try store.ledger.campaign(campaign.campaign(in: store)).state != .running {
            try store.resumeCampaign(campaign.campaign(in: store), actor: database.actor)
        }
        try await CampaignRunner(store: store).carry(campaign.campaign(in: store), purpose: "campaign resume")
    }
}

struct AmendCampaignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "amend", abstract: "Change what a campaign says from now on; what has left stays as it was.",
        discussion: """
            Every attempt is recorded with the version it carried. To tell those already reached, launch the correction: \
            `tocsin alert --campaign ID:reached --template NAME --part correction --channels …`. In the name of an account \
            another text of a real campaign takes a second person (--ask), or a reason where there is nobody to ask; stopping or \
            pausing it never does.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var campaign: CampaignArgument
    @OptionGroup(title: "Message") var message: MessageArguments

    @Option(help: ArgumentHelp(
        "Why a real campaign can't wait for a second person; kept in the journal as critical.", valueName: "reason"))
    var accept: String?

    @Flag(help: "Change nothing: ask for a second person's approval (`tocsin approval`).")
    var ask = false

    @Option(help: ArgumentHelp("The same key never asks twice (for scripts that may run again).", valueName: "key"))
    var requestKey: String?

    func validate() throws {
        try message.requireText()
        if ask, accept != nil { throw ValidationError("--ask waits for a second person, --accept does not: choose one") }
        if requestKey != nil, !ask { throw ValidationError("--request-key goes with --ask") }
    }

    func run() throws {
        let store = try database.open(for: .launch)
        let record = try store.ledger.campaign(campaign.campaign(in: store))
        guard let owner = try store.organisations().first(where: { $0.id == record.organisation }) else {
            throw ValidationError("the campaign's organisation is no longer in the database")
        }
        let message = try message.message(in: store, of: owner)
        let rules = LaunchRules(mode: record.mode, available: Set(record.policy.channels))
        if let refusal = rules.refusals(message: message, policy: record.policy).first { throw refusal }
        let person = try store.currentOperator()
        if ask {
            let saved = try store.askAmendment(
                of: record.id, with: message, read: record.messageVersion, requestKey: requestKey ?? UUID().uuidString,
                by: person.name, now: .now)
            Terminal.out("approval\tA\(saved.id)\n")
            return Terminal.say(
                "request A\(saved.id) waits for a second person: `tocsin approval approve A\(saved.id)`; the old text goes on "
                    + "leaving meanwhile, unless you pause it (`tocsin campaign pause \(record.id)`); from "
                    + "\(ISO8601.text(saved.facts.breakGlassAt)) you may change it alone: `tocsin approval break-glass A\(saved.id)`")
        }
        let version = try store.amend(
            campaign.campaign(in: store), with: message, author: person.user == nil ? .machine : .account, reason: accept,
            actor: database.actor, now: .now)
        Terminal.say("campaign \(campaign.id) says version \(version) from now on")
    }
}

struct WatchCampaignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Follow a campaign to its end.",
        discussion: """
            When no other process carries it (the server, or the command that launched it, was interrupted), this one \
            does.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var campaign: CampaignArgument

    func run() async throws {
        let store = try database.open(for: .launch)
        try await CampaignRunner(store: store).carry(try campaign.campaign(in: store), purpose: "campaign watch")
    }
}

struct ReportCampaignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Print a campaign's report.",
        discussion: """
            csv has one row per recipient, and needs the right to see personal data; json, geojson and text have totals by \
            channel and commune.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var campaign: CampaignArgument

    @Option(help: "What to print.")
    var format = Reports.ReportFormat.text

    func run() throws {
        let store = try database.open(for: .statistics)
        let id = try campaign.campaign(in: store)
        // It speaks of people one by one.
        if format == .csv { try store.currentOperator().require(.seePersonalData) }
        try CampaignReporting(store: store).recordSight(of: id, format: format, actor: database.actor)
        try CampaignReporting(store: store).write(id, format: format) { Terminal.out($0) }
    }
}
