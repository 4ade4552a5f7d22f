import AlertModel
import GeoModel
import Targeting

/// Renders a zone's coverage.
package struct CoverageReport {
    private let coverage: Coverage
    private let mapped: [CommuneMapping]
    private let breakdown: CoverageBreakdown
    private let rates: GatewayRates
    private let staleBefore: CalendarDate?
    private static var precisions: [Precision] { CoverageColumns.precisions }

    /// - Parameters:
    ///   - mapped: what became of the zone's codes that are no communes of today.
    ///   - breakdown: what the rows of tables and the features of GeoJSON are.
    ///   - staleBefore: the day by which `coverage` judged who is stale.
    package init(
        _ coverage: Coverage, mapped: [CommuneMapping] = [], by breakdown: CoverageBreakdown = .commune,
        rates: GatewayRates = GatewayRates(), staleBefore: CalendarDate? = nil
    ) {
        self.coverage = coverage
        self.mapped = mapped
        self.breakdown = breakdown
        self.rates = rates
        self.staleBefore = staleBefore
    }

    private var rows: [CoverageRow] { CoverageRow.rows(of: coverage, by: breakdown) }

    package func render(_ format: ReportFormat) -> String {
        switch format {
        case .text: text
        case .json: json
        case .csv: csv
        case .geojson: geoJSON
        }
    }

    /// The columns of the table for a workbook, in French, and whether they hold numbers.
    package static var sheetColumns: [(name: String, isNumber: Bool)] {
        CoverageColumns.all.map { (FrenchColumns.name(of: $0.name), $0.isNumber) }
    }

    /// The rows, as `sheetColumns` names their cells.
    package var sheetRows: [[SheetCell]] {
        let columns = CoverageColumns(rates: rates)
        return rows.map { columns.cells(of: $0, methods: FrenchColumns.methods) }
    }

    private var text: String {
        let figures = coverage.figures
        var lines = "Coverage of \(coverage.zone)\n\n"
        var summary = TextTable()
        summary.row(["Population in the zone", Self.population(figures.population)])
        summary.row(["Registered recipients", String(figures.registered)])
        summary.row(["Households registered", String(figures.households)])
        summary.row(["Share covered", Self.percent(figures.share)])
        for precision in Self.precisions {
            guard let count = figures.located[precision] else { continue }
            summary.row(["  located by \(Self.words(precision))", String(count)])
        }
        for channel in Channel.allCases {
            summary.row(["  reachable by \(channel.rawValue)", String(figures.reachable[channel] ?? 0)])
        }
        summary.row(["  reachable by any channel", String(figures.reachableByAny)])
        summary.row(["  unreachable (no contact point)", String(figures.unreachable)])
        if let staleBefore {
            summary.row(["Not confirmed since \(staleBefore)", String(figures.stale)])
            summary.row(["  never confirmed", String(figures.neverConfirmed)])
        }
        summary.row(["Time to reach everyone", CoverageWords.duration(rates.secondsToReachEveryone(figures))])
        for channel in Channel.allCases where figures.reachable[channel] ?? 0 > 0 {
            let seconds = rates.seconds(over: channel, toReach: figures)
            summary.row(["  by \(channel.rawValue)", CoverageWords.duration(seconds)])
        }
        summary.row(["Not located in the register", String(coverage.notLocated)])
        if let withoutCell = coverage.withoutCell { summary.row(["In no cell, without a point", String(withoutCell)]) }
        if coverage.withoutCommune > 0 { summary.row(["Of no known commune", String(coverage.withoutCommune)]) }
        lines += summary.text + "\n"
        var table = TextTable()
        table.row([CoverageWords.heading(breakdown), "in zone", "population", "registered", "share"]
            + Channel.allCases.map(\.rawValue) + ["unreachable"])
        for commune in rows {
            table.row(
                [
                    "\(commune.code) \(commune.name)", Self.percent(commune.areaShare),
                    Self.population(commune.figures.population), String(commune.figures.registered),
                    Self.percent(commune.figures.share),
                ] + Channel.allCases.map { String(commune.figures.reachable[$0] ?? 0) }
                    + [String(commune.figures.unreachable)])
        }
        lines += table.text
        lines += "\n" + CoverageWords.population(coverage).joined(separator: "\n") + "\n"
        return lines
    }

    private var json: String {
        var zone = JSONObject()
        zone.append("zone", .string(coverage.zone))
        if let staleBefore { zone.append("stale_before", .string(staleBefore.text)) }
        for member in object(coverage.figures).members { zone.append(member.key, member.value) }
        zone.append("not_located", .number(Double(coverage.notLocated)))
        zone.append("without_commune", .number(Double(coverage.withoutCommune)))
        if !mapped.isEmpty { zone.append("mapped", .array(mapped.map(\.json))) }
        zone.append("communes", .array(CoverageRow.rows(of: coverage, by: .commune).map { .object(object($0)) }))
        zone.append("epcis", .array(CoverageRow.rows(of: coverage, by: .epci).map { .object(object($0)) }))
        if let withoutCell = coverage.withoutCell {
            zone.append("without_cell", .number(Double(withoutCell)))
            zone.append("cells", .array(CoverageRow.rows(of: coverage, by: .cell).map { .object(object($0)) }))
        }
        var writer = JSONWriter()
        writer.value(.object(zone))
        return writer.text + "\n"
    }

    private var csv: String {
        var writer = CSVWriter()
        let columns = CoverageColumns(rates: rates)
        writer.row(CoverageColumns.all.map(\.name))
        for row in rows {
            writer.row(columns.cells(of: row).map(\.text))
        }
        return writer.text
    }

    private var geoJSON: String {
        var writer = JSONWriter()
        writer.raw("{\"type\":\"FeatureCollection\",\"features\":[")
        for (index, row) in rows.enumerated() {
            writer.raw(index == 0 ? "\n" : ",\n")
            writer.feature(properties: object(row), area: row.boundary)
        }
        writer.raw("\n]}\n")
        return writer.text
    }

    private func object(_ row: CoverageRow) -> JSONObject {
        var object = JSONObject()
        object.append("code", .string(row.code))
        object.append("name", .string(row.name))
        object.append("commune_population", row.population.map { .number(Double($0)) } ?? .null)
        object.append("population_year", row.populationYear.map { .number(Double($0)) } ?? .null)
        object.append("area_share", CoverageColumns.rounded(row.areaShare, 10_000).map { .number($0) } ?? .null)
        for member in self.object(row.figures).members { object.append(member.key, member.value) }
        return object
    }

    private func object(_ figures: CoverageFigures) -> JSONObject {
        func number(_ value: Double?, _ scale: Double) -> JSONValue {
            CoverageColumns.rounded(value, scale).map { .number($0) } ?? .null
        }
        func counts(_ entries: [(String, Int?)]) -> JSONValue {
            var object = JSONObject()
            for (key, count) in entries { object.append(key, .number(Double(count ?? 0))) }
            return .object(object)
        }
        var seconds = JSONObject()
        for channel in Channel.allCases {
            seconds.append(channel.rawValue, number(rates.seconds(over: channel, toReach: figures), 1))
        }
        seconds.append("everyone", number(rates.secondsToReachEveryone(figures), 1))
        var object = JSONObject()
        object.append("population", number(figures.population, 10))
        object.append("known_population", number(figures.knownPopulation, 10))
        object.append("communes_without_population", .number(Double(figures.withoutPopulation)))
        let methods = PopulationMethod.allCases.filter { figures.methods[$0] != nil }
        object.append("population_method", counts(methods.map { ($0.rawValue, figures.methods[$0]) }))
        object.append("registered", .number(Double(figures.registered)))
        object.append("share", number(figures.share, 10_000))
        object.append("households", .number(Double(figures.households)))
        object.append("located", counts(Self.precisions.map { ($0.rawValue, figures.located[$0]) }))
        object.append("reachable", counts(Channel.allCases.map { ($0.rawValue, figures.reachable[$0]) }))
        object.append("reachable_any", .number(Double(figures.reachableByAny)))
        object.append("reachable_share", number(figures.reachableShare, 10_000))
        object.append("unreachable", .number(Double(figures.unreachable)))
        object.append("stale", .number(Double(figures.stale)))
        object.append("never_confirmed", .number(Double(figures.neverConfirmed)))
        object.append("reach_seconds", .object(seconds))
        return object
    }

    private static func population(_ value: Double?) -> String {
        value.map { String(Int($0.rounded())) } ?? "unknown"
    }

    private static func percent(_ share: Double?) -> String {
        share.map { "\(($0 * 1000).rounded() / 10) %" } ?? "–"
    }

    private static func words(_ precision: Precision) -> String {
        switch precision {
        case .given: "given coordinates"
        case .houseNumber: "house number"
        case .street: "street"
        case .locality: "locality"
        case .commune: "commune only"
        case .notLocated: "nothing (named by code or list)"
        }
    }
}
