import ArgumentParser
import Foundation
import Logging

/// The one executable: the server and every command.
@main
struct Tocsin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tocsin",
        abstract: "Alert the people inside a zone.",
        discussion: """
            A town hall, an intercommunalité or a prefecture keeps a register of recipients; Tocsin selects those \
            inside a perimeter, a circle or a set of communes, alerts them and follows what comes of it.

            The database is named by --database or TOCSIN_DATABASE.
            """,
        version: ProductVersion.text,
        subcommands: [
            InitCommand.self, ImportCommand.self, TerritoryCommand.self, GeocodeCommand.self, ListCommand.self,
            RegisterCommand.self, RecipientCommand.self, TargetCommand.self, ExplainCommand.self, CoverageCommand.self,
            AlertCommand.self, ApprovalCommand.self, ScenarioCommand.self, CampaignCommand.self, ServeCommand.self,
            UserCommand.self, RoleCommand.self,
            GroupCommand.self, GrantCommand.self, DutyCommand.self, TokenCommand.self, AuditCommand.self, BackupCommand.self,
            APICommand.self,
            IndexCommand.self, BenchCommand.self, GuardsCommand.self, GatewayCommand.self, TemplateCommand.self, MessageCommand.self,
            MailCommand.self, PerimeterCommand.self, RecordingCommand.self, AudiencesCommand.self, ScheduleCommand.self, InboxCommand.self,
            OrganisationCommand.self, RequestCommand.self,
        ])

    static func main() async {
        // The database and its companions hold personal data: nobody else on the machine reads them.
        umask(0o077)
        // What makes a logger of its own, as the gateways' sessions do, never writes among a command's data.
        LoggingSystem.bootstrap { _ in StandardErrorLog(level: .notice) }
        let arguments = ZoneGrammar.rewrite(Array(CommandLine.arguments.dropFirst()))
        do {
            var command = try parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            exit(withError: error)
        }
    }
}

/// The product's own version.
enum ProductVersion {
    static let text = "0.1.0"
}
