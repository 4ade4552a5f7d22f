import AlertModel
import ArgumentParser
import Dispatching
import Foundation
import GeoModel
import Reports
import Store
import Targeting

struct CoverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Say how many of a zone's inhabitants are registered and can be reached.",
        discussion: "Without a subcommand: of the zone given. `report` does so for every saved perimeter.",
        subcommands: [ZoneCoverageCommand.self, CoverageReportCommand.self],
        defaultSubcommand: ZoneCoverageCommand.self)
}

struct ZoneCoverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zone",
        abstract: "How well the register covers one zone.",
        discussion: """
            Population is INSEE's legal population. Where a zone cuts a commune it is shared out by the imported addresses \
            inside, else by population squares (`tocsin import population`), else by area; the report says by which.

            The expected time to reach everyone needs the gateways' rates: TOCSIN_RATES=sms=50/s,voice=120/min.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @OptionGroup(title: "Zone") var zone: ZoneArguments
    @OptionGroup var staleness: StalenessOption
    @OptionGroup var file: CoverageFileOption

    @Option(help: ArgumentHelp("What the rows are: commune, epci, or cell (a grid's squares).", valueName: "part"))
    var by = CoverageBreakdown.commune

    @Option(help: ArgumentHelp("Side of the cells: 200 or 1000 (default: the imported squares').", valueName: "metres"))
    var cellMetres: Int?

    func validate() throws {
        if let cellMetres, !GridSquare.sidesMetres.contains(cellMetres) {
            throw ValidationError("--cell-metres is a side in metres, such as 200 or 1000")
        }
        if cellMetres != nil, by != .cell { throw ValidationError("--cell-metres goes with --by cell") }
    }

    func run() throws {
        let rates = try GatewayRates.configured()
        let store = try database.open(for: .statistics)
        let scope = try scope.scope(in: store)
        let zone = try zone.zone(in: store, scope: scope)
        let mappings = try ZoneNotes.say(zone, in: store)
        let cells = by == .cell ? try store.coverageGrid(of: zone, sideMetres: cellMetres) : nil
        let options = CoverageOptions(staleMonths: staleness.staleMonths, cells: cells)
        let coverage = try store.coverage(of: zone, scope: scope, options: options)
        try file.write(CoverageOutput(
            CoverageReport(coverage, mapped: mappings, by: by, rates: rates, staleBefore: options.staleBefore),
            page: CoveragePage(coverage, of: zone, by: by, rates: rates, staleBefore: options.staleBefore, at: .now)))
    }
}

/// When somebody's details count as stale.
struct StalenessOption: ParsableArguments {
    @Option(help: ArgumentHelp("Whoever was not confirmed for this many months is stale.", valueName: "months"))
    var staleMonths = CoverageOptions.usualMonths

    func validate() throws {
        guard (1...1200).contains(staleMonths) else { throw ValidationError("--stale-months is a number of months, from 1") }
    }
}

/// Where a coverage report goes, and in which form.
struct CoverageFileOption: ParsableArguments {
    @Option(help: "What to write; pdf and xlsx need --output.")
    var format: CoverageFormat?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write to a file, whole or not at all; its ending says the format.", valueName: "file"))
    var output: String?

    private var chosen: CoverageFormat {
        format ?? output.flatMap(CoverageFormat.init(fileName:)) ?? .text
    }

    func validate() throws {
        if output == nil, chosen == .pdf || chosen == .xlsx {
            throw ValidationError("--format \(chosen.rawValue) needs --output FILE")
        }
    }

    func write(_ report: CoverageOutput) throws {
        if let output { try report.write(chosen, to: output) } else { Terminal.out(report.text(chosen)) }
    }
}

extension ReportFormat: ExpressibleByArgument {}
extension CoverageFormat: ExpressibleByArgument {}
extension CoverageBreakdown: ExpressibleByArgument {}
