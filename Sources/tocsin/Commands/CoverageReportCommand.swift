import AlertModel
import ArgumentParser
import Dispatching
import Reports
import Store
import Targeting

struct CoverageReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "How well the register covers every saved perimeter, the worst first, and how that has moved.",
        discussion: """
            Ordered by the share of inhabitants that some channel reaches. The trend is since the last report that was \
            kept; this one is kept for the next, unless --dry-run says otherwise.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @OptionGroup var staleness: StalenessOption
    @OptionGroup var file: CoverageFileOption

    @Flag(help: "Do not keep the report for later ones to be compared with.")
    var dryRun = false

    func run() throws {
        let rates = try GatewayRates.configured()
        let store = try database.open(for: .statistics)
        let scope = try scope.scope(in: store)
        let standing = try store.standingCoverage(
            scope: scope, options: CoverageOptions(staleMonths: staleness.staleMonths), now: .now)
        for fault in standing.faults { Terminal.warn("“\(fault.name)” could not be judged: \(fault.reason)") }
        if standing.perimeters.isEmpty, standing.faults.isEmpty { Terminal.warn("no perimeter is saved") }
        try file.write(CoverageOutput(
            StandingReport(standing, rates: rates), page: StandingPage(standing, rates: rates)))
        // After the writing: a report that nobody got is nothing to compare with.
        if !dryRun { try store.keep(standing, scope: scope, actor: database.actor) }
    }
}
