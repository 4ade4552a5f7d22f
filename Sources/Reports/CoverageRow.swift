import AlertModel
import GeoModel
import Targeting

/// What the rows of a coverage report stand for.
package enum CoverageBreakdown: String, CaseIterable, Sendable {
    case commune, epci, cell
}

/// One row of a coverage report: a commune's, an intercommunalité's or a grid cell's part of the zone.
struct CoverageRow {
    let code: String
    let name: String
    /// Of the whole commune; nil for other rows.
    var population: Int?
    var populationYear: Int?
    var areaShare: Double?
    let figures: CoverageFigures
    let boundary: Area<WGS84>?

    init(_ commune: CommuneCoverage) {
        code = commune.code.rawValue
        name = commune.name
        population = commune.population
        populationYear = commune.populationYear
        areaShare = commune.areaShare
        figures = commune.figures
        boundary = commune.boundary
    }

    init(_ epci: EPCICoverage) {
        code = epci.code
        name = epci.name
        figures = epci.figures
        boundary = epci.boundary
    }

    init(_ cell: CellCoverage) {
        code = cell.square.id
        name = ""
        figures = cell.figures
        boundary = cell.boundary
    }

    static func rows(of coverage: Coverage, by breakdown: CoverageBreakdown) -> [CoverageRow] {
        switch breakdown {
        case .commune: coverage.communes.map { CoverageRow($0) }
        case .epci: coverage.epcis.map { CoverageRow($0) }
        case .cell: coverage.cells.map { CoverageRow($0) }
        }
    }
}

/// The columns of a coverage report's tables, the same in CSV and, under French names, in a workbook.
struct CoverageColumns {
    let rates: GatewayRates

    /// The order in which precisions are listed, the most exact first.
    static let precisions: [Precision] = [.given, .houseNumber, .street, .locality, .commune, .notLocated]

    /// Names, and whether they hold numbers.
    static let all: [(name: String, isNumber: Bool)] = {
        let counts = ["population", "population_year", "area_share", "population_in_zone", "registered", "share"]
            + precisions.map { "located_\($0.rawValue)" } + Channel.allCases.map(\.rawValue)
            + ["unreachable", "households", "reachable_any", "reachable_share", "stale", "never_confirmed"]
        return [("code", false), ("name", false)] + counts.map { ($0, true) }
            + [("population_method", false), ("reach_seconds", true)]
    }()

    /// - Parameter methods: how the population was shared out, in words.
    func cells(of row: CoverageRow, methods: (CoverageFigures) -> String = Self.methods) -> [SheetCell] {
        let figures = row.figures
        func count(_ number: Int?) -> SheetCell { .number(Double(number ?? 0)) }
        var cells: [SheetCell] = [
            .text(row.code), .text(row.name), .number(row.population.map(Double.init)),
            .number(row.populationYear.map(Double.init)), .number(Self.rounded(row.areaShare, 10_000)),
            .number(Self.rounded(figures.population, 10)), count(figures.registered),
            .number(Self.rounded(figures.share, 10_000)),
        ]
        cells += Self.precisions.map { count(figures.located[$0]) }
        cells += Channel.allCases.map { count(figures.reachable[$0]) }
        cells += [
            count(figures.unreachable), count(figures.households), count(figures.reachableByAny),
            .number(Self.rounded(figures.reachableShare, 10_000)), count(figures.stale), count(figures.neverConfirmed),
            .text(methods(figures)), .number(Self.rounded(rates.secondsToReachEveryone(figures), 1)),
        ]
        return cells
    }

    /// Without digits that mean nothing.
    static func rounded(_ value: Double?, _ scale: Double) -> Double? {
        value.map { ($0 * scale).rounded() / scale }
    }

    /// `addresses`, or `addresses+area` where communes differ.
    static func methods(_ figures: CoverageFigures) -> String {
        PopulationMethod.allCases.filter { figures.methods[$0] != nil }.map(\.rawValue).joined(separator: "+")
    }
}
