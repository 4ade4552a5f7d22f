import AlertModel
import GeoModel
import Targeting

/// Renders the standing report on saved perimeters.
package struct StandingReport {
    private let standing: StandingCoverage
    private let rates: GatewayRates

    package init(_ standing: StandingCoverage, rates: GatewayRates) {
        self.standing = standing
        self.rates = rates
    }

    private static let columns: [(name: String, isNumber: Bool)] = [
        ("rank", true), ("id", true), ("name", false), ("population", true), ("population_method", false),
        ("registered", true), ("households", true), ("reachable_any", true), ("reachable_share", true),
        ("unreachable", true), ("stale", true), ("never_confirmed", true), ("sms", true), ("voice", true), ("email", true),
        ("fax", true), ("reach_seconds", true), ("previous_at", false), ("previous_registered", true),
        ("previous_reachable_share", true), ("share_trend", true), ("redrawn", true),
    ]

    // MARK: For programs

    /// The columns of the table for a workbook, in French, and whether they hold numbers.
    package static var sheetColumns: [(name: String, isNumber: Bool)] {
        columns.map { (FrenchColumns.name(of: $0.name), $0.isNumber) }
    }

    /// The rows, as `sheetColumns` names their cells.
    package var sheetRows: [[SheetCell]] { rows(methods: FrenchColumns.methods) }

    private func rows(methods: (CoverageFigures) -> String) -> [[SheetCell]] {
        standing.perimeters.enumerated().map { cells($0.offset + 1, $0.element, methods) }
    }

    private func cells(
        _ rank: Int, _ line: PerimeterCoverage, _ methods: (CoverageFigures) -> String
    ) -> [SheetCell] {
        let figures = line.figures
        func count(_ value: Int) -> SheetCell { .number(Double(value)) }
        return [
            count(rank), count(Int(line.id)), .text(line.name), .number(CoverageColumns.rounded(figures.population, 10)),
            .text(methods(figures)), count(figures.registered), count(figures.households),
            count(figures.reachableByAny), .number(CoverageColumns.rounded(figures.reachableShare, 10_000)),
            count(figures.unreachable), count(figures.stale), count(figures.neverConfirmed),
        ] + Channel.allCases.map { count(figures.reachable[$0] ?? 0) } + [
            .number(CoverageColumns.rounded(rates.secondsToReachEveryone(figures), 1)),
            .text(line.previous == nil ? "" : standing.previousAt.map { ISO8601.text($0) } ?? ""),
            .number(line.previous.map { Double($0.registered) }),
            .number(CoverageColumns.rounded(line.previous?.reachableShare, 10_000)),
            .number(CoverageColumns.rounded(line.shareTrend, 10_000)), count(line.isRedrawn ? 1 : 0),
        ]
    }

    package var csv: String {
        var writer = CSVWriter()
        writer.row(Self.columns.map(\.name))
        for row in rows(methods: CoverageColumns.methods) { writer.row(row.map(\.text)) }
        return writer.text
    }

    package var json: String {
        var object = JSONObject()
        object.append("at", .string(ISO8601.text(standing.at)))
        object.append("previous_at", standing.previousAt.map { .string(ISO8601.text($0)) } ?? .null)
        object.append("stale_before", .string(standing.staleBefore.text))
        object.append("worst", .array(standing.worst.map { .string($0.name) }))
        object.append("perimeters", .array(standing.perimeters.enumerated().map { .object(properties($0.offset + 1, $0.element)) }))
        object.append("faults", .array(standing.faults.map { ["name": .string($0.name), "reason": .string($0.reason)] }))
        var writer = JSONWriter()
        writer.value(.object(object))
        return writer.text + "\n"
    }

    package var geoJSON: String {
        var writer = JSONWriter()
        writer.raw("{\"type\":\"FeatureCollection\",\"features\":[")
        for (index, line) in standing.perimeters.enumerated() {
            writer.raw(index == 0 ? "\n" : ",\n")
            writer.feature(properties: properties(index + 1, line), area: line.area)
        }
        writer.raw("\n]}\n")
        return writer.text
    }

    private func properties(_ rank: Int, _ line: PerimeterCoverage) -> JSONObject {
        var object = JSONObject()
        for (column, cell) in zip(Self.columns, cells(rank, line, CoverageColumns.methods)) {
            switch cell {
            case .text(let text): object.append(column.name, text.isEmpty ? .null : .string(text))
            case .number(let number): object.append(column.name, number.map { .number($0) } ?? .null)
            }
        }
        return object
    }

    // MARK: For people

    package var text: String {
        var table = TextTable()
        table.row(["Perimeter", "population", "registered", "reachable", "share", "trend", "stale"])
        for line in standing.perimeters {
            table.row([
                line.name, line.figures.population.map { String(Int($0.rounded())) } ?? "unknown",
                String(line.figures.registered), String(line.figures.reachableByAny), Self.percent(line.figures.reachableShare),
                line.previous == nil ? "new" : Self.points(line.shareTrend), String(line.figures.stale),
            ])
        }
        let count = standing.perimeters.count
        var text = "\(count) saved \(count == 1 ? "perimeter" : "perimeters"), the worst covered first"
        text += standing.previousAt.map { "; trend since \(ISO8601.text($0))\n\n" } ?? "; there is no earlier report\n\n"
        text += table.text
        for fault in standing.faults { text += "\n\(fault.name) could not be judged: \(fault.reason)\n" }
        return text
    }

    private static func percent(_ share: Double?) -> String {
        share.map { "\(($0 * 1000).rounded() / 10) %" } ?? "–"
    }

    private static func points(_ difference: Double?) -> String {
        guard let difference else { return "–" }
        let tenths = (difference * 1000).rounded() / 10
        return tenths == 0 ? "=" : "\(tenths > 0 ? "+" : "")\(tenths) pt"
    }
}

/// A cell of a table for a spreadsheet.
package enum SheetCell: Sendable {
    case text(String)
    case number(Double?)

    /// As CSV has it.
    package var text: String {
        switch self {
        case .text(let text): text
        case .number(let number): number.flatMap { JSONValue.number($0).text } ?? ""
        }
    }
}
