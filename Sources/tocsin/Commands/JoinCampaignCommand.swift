import AlertModel
import ArgumentParser
import Dispatching
import Store

struct JoinCampaignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Send a live alert to whoever entered its zone since it was launched.",
        discussion: """
            The server does so by itself every few seconds, as long as few join; this is for the many of an import, and for \
            alerts that no server carries. An address that the campaign has already is not sent to again.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var campaign: CampaignArgument

    @Flag(help: "Only say how many would join.")
    var dryRun = false

    @Flag(help: "Nobody joins it from now on.")
    var close = false

    func validate() throws {
        if dryRun, close { throw ValidationError("--dry-run changes nothing: leave --close out") }
    }

    func run() async throws {
        let store = try database.open(for: .launch)
        if close {
            try store.closeToJoiners(campaign.campaign, actor: database.actor, now: .now)
            return Terminal.say("nobody joins campaign \(campaign.id) from now on")
        }
        let joining = dryRun
            ? try store.lateJoiners(of: campaign.campaign, now: .now)
            : try store.join(campaign.campaign, actor: database.actor, isAutomatic: false, now: .now)
        guard case .joined(let number, let hash) = joining.outcome else {
            Terminal.say(joining.outcome == .nobody ? "nobody is new in the zone" : "\(joining.recipients) would join")
            return Terminal.out("recipients\t\(joining.recipients)\nknown\t\(joining.known)\n")
        }
        Terminal.say("\(joining.recipients) joined campaign \(campaign.id); `tocsin serve` or `campaign watch` carries it on")
        Terminal.out("addendum\t\(number)\nrecipients\t\(joining.recipients)\nknown\t\(joining.known)\nhash\t\(hash)\n")
    }
}
