import AlertModel
import ArgumentParser
import Foundation
import Store

extension CertificateFormat: ExpressibleByArgument {}

struct CertifyExerciseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Certify an exercise that has ended, for the commune's plan: who, when, how long, and what was simulated.",
        discussion: "In French; json is for other tools. A real campaign has its report instead.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var campaign: CampaignArgument

    @Option(help: "What to write; pdf needs --output.")
    var format: CertificateFormat?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write to a file, whole or not at all; its ending says the format.", valueName: "file"))
    var output: String?

    private var chosen: CertificateFormat {
        format ?? output.flatMap(CertificateFormat.init(fileName:)) ?? .html
    }

    func validate() throws {
        if output == nil, chosen == .pdf { throw ValidationError("--format pdf needs --output FILE") }
    }

    func run() throws {
        let store = try database.open(for: .statistics)
        let certificate = try ExerciseCertifying(store: store).certificate(of: campaign.campaign(in: store))
        try chosen.rendition(of: certificate).put(to: output)
    }
}
