import AlertModel
import ArgumentParser
import Foundation
import Store

struct AudiencesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audiences", abstract: "List the audiences that `target --freeze` stored.",
        discussion: """
            One `name<TAB>recipients<TAB>time<TAB>user<TAB>hash` line each. The hash is over the zone's document, whom it \
            selected, how surely and why, and their cards as they were.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption

    func run() throws {
        let store = try database.open(for: .statistics)
        for audience in try store.frozenAudiences(scope: try scope.scope(in: store)) {
            let at = Date(timeIntervalSince1970: Double(audience.at.millisecondsSince1970) / 1000)
            Terminal.out(
                "\(audience.name)\t\(audience.recipients)\t\(at.formatted(.iso8601))\t\(audience.actor)\t\(audience.hash)\n")
        }
    }
}
