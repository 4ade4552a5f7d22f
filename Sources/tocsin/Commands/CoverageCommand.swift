import ArgumentParser
import GeoModel
import Reports
import Store

struct CoverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Say how many of a zone's inhabitants are registered and can be reached.",
        discussion: """
            Population is INSEE's legal population; where a zone cuts a commune it is weighted by the share of the \
            commune's area inside the zone.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @OptionGroup(title: "Zone") var zone: ZoneArguments

    @Option(help: "What to print.")
    var format = ReportFormat.text

    func run() throws {
        let store = try database.open()
        let scope = try scope.scope(in: store)
        let zone = try zone.zone(in: store, scope: scope)
        let mappings = try ZoneNotes.say(zone, in: store)
        let coverage = try store.coverage(of: zone, scope: scope)
        Terminal.out(CoverageReport(coverage, mapped: mappings).render(format))
    }
}

extension ReportFormat: ExpressibleByArgument {}
