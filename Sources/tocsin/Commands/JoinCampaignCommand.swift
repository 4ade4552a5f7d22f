import AlertModel
import ArgumentParser
import Campaigns
import Dispatching
import Store

struct JoinCampaignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Send a live alert to whoever entered its zone since it was launched.",
        discussion: """
            The server does so by itself every few seconds, as long as few join; this is for the many of an import, and for \
            alerts that no server carries. An address that the campaign has already is not sent to again. In the name of an \
            account, more people than one person alerts (`guards set large_audience_limit=…`) take a reason.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var campaign: CampaignArgument

    @Flag(help: "Only say how many would join.")
    var dryRun = false

    @Flag(help: "Nobody joins it from now on.")
    var close = false

    @Option(help: ArgumentHelp(
        "Why so many can't wait for a second person; kept in the journal as critical.", valueName: "reason"))
    var accept: String?

    func validate() throws {
        if dryRun, close { throw ValidationError("--dry-run changes nothing: leave --close out") }
    }

    func run() async throws {
        let store = try database.open(for: .launch)
        let id = try campaign.campaign(in: store)
        if close {
            try store.closeToJoiners(id, actor: database.actor, now: .now)
            return Terminal.say("nobody joins campaign \(campaign.id) from now on")
        }
        let carried = try GatewaySettings().realChannels()
        let author: LaunchAuthor = try store.currentOperator().user == nil ? .machine : .account
        let joining = dryRun
            ? try store.lateJoiners(of: id, carried: carried, now: .now)
            : try store.join(
                id, actor: database.actor, isAutomatic: false, author: author, reason: accept, carried: carried, now: .now)
        if let sentence = joining.missingSentence { Terminal.say(sentence) }
        guard case .joined(let number, let hash) = joining.outcome else {
            Terminal.say(joining.outcome == .nobody ? "nobody is new in the zone" : "\(joining.recipients) would join")
            return Terminal.out("recipients\t\(joining.recipients)\nknown\t\(joining.known)\n" + joining.leftOutLine)
        }
        Terminal.say("\(joining.recipients) joined campaign \(campaign.id); `tocsin serve` or `campaign watch` carries it on")
        Terminal.out("addendum\t\(number)\nrecipients\t\(joining.recipients)\nknown\t\(joining.known)\nhash\t\(hash)\n" + joining.leftOutLine)
    }
}

extension Joining {
    /// What is not carried any more, and whom it leaves out; nil for nothing.
    var missingSentence: String? {
        guard !missing.isEmpty else { return nil }
        let names = missing.map(\.rawValue).joined(separator: ", ")
        let who = leftOut == 0 ? "it is not used" : "it is not used, and \(leftOut) who have nothing else do not join yet"
        return "campaign \(campaign) has ended, and no gateway configured here carries \(names): \(who); configure one "
            + "(\(GatewaySettings.fileVariable)) and ask again"
    }

    fileprivate var leftOutLine: String { leftOut == 0 ? "" : "left_out\t\(leftOut)\n" }
}
