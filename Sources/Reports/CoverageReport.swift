import AlertModel
import GeoModel
import Targeting

/// Renders a zone's coverage.
package struct CoverageReport {
    private let coverage: Coverage
    private let mapped: [CommuneMapping]
    /// The order in which precisions are listed, the most exact first.
    private static let precisions: [Precision] = [.given, .houseNumber, .street, .locality, .commune, .notLocated]

    /// - Parameter mapped: what became of the zone's codes that are no communes of today.
    package init(_ coverage: Coverage, mapped: [CommuneMapping] = []) {
        self.coverage = coverage
        self.mapped = mapped
    }

    package func render(_ format: ReportFormat) -> String {
        switch format {
        case .text: text
        case .json: json
        case .csv: csv
        case .geojson: geoJSON
        }
    }

    private var text: String {
        let figures = coverage.figures
        var lines = "Coverage of \(coverage.zone)\n\n"
        var summary = TextTable()
        summary.row(["Population in the zone", Self.population(figures.population)])
        summary.row(["Registered recipients", String(figures.registered)])
        summary.row(["Share covered", Self.percent(figures.share)])
        for precision in Self.precisions {
            guard let count = figures.located[precision] else { continue }
            summary.row(["  located by \(Self.words(precision))", String(count)])
        }
        for channel in Channel.allCases {
            summary.row(["  reachable by \(channel.rawValue)", String(figures.reachable[channel] ?? 0)])
        }
        summary.row(["  unreachable (no contact point)", String(figures.unreachable)])
        summary.row(["Not located in the register", String(coverage.notLocated)])
        if coverage.withoutCommune > 0 { summary.row(["Of no known commune", String(coverage.withoutCommune)]) }
        lines += summary.text + "\n"
        var table = TextTable()
        table.row(["Commune", "in zone", "population", "registered", "share"]
            + Channel.allCases.map(\.rawValue) + ["unreachable"])
        for commune in coverage.communes {
            table.row(
                [
                    "\(commune.code) \(commune.name)", Self.percent(commune.areaShare),
                    Self.population(commune.figures.population), String(commune.figures.registered),
                    Self.percent(commune.figures.share),
                ] + Channel.allCases.map { String(commune.figures.reachable[$0] ?? 0) }
                    + [String(commune.figures.unreachable)])
        }
        lines += table.text
        lines += "\nPopulation is the legal population, weighted by the share of each commune's area in the zone.\n"
        return lines
    }

    private var json: String {
        var zone = JSONObject()
        zone.append("zone", .string(coverage.zone))
        for member in Self.object(coverage.figures).members { zone.append(member.key, member.value) }
        zone.append("not_located", .number(Double(coverage.notLocated)))
        zone.append("without_commune", .number(Double(coverage.withoutCommune)))
        if !mapped.isEmpty { zone.append("mapped", .array(mapped.map(\.json))) }
        zone.append("communes", .array(coverage.communes.map { .object(Self.object($0)) }))
        var writer = JSONWriter()
        writer.value(.object(zone))
        return writer.text + "\n"
    }

    private var csv: String {
        var writer = CSVWriter()
        writer.row(
            ["code", "name", "population", "population_year", "area_share", "population_in_zone", "registered", "share"]
                + Self.precisions.map { "located_\($0.rawValue)" } + Channel.allCases.map(\.rawValue) + ["unreachable"])
        for commune in coverage.communes {
            writer.row(Self.cells(commune))
        }
        return writer.text
    }

    private var geoJSON: String {
        var writer = JSONWriter()
        writer.raw("{\"type\":\"FeatureCollection\",\"features\":[")
        for (index, commune) in coverage.communes.enumerated() {
            writer.raw(index == 0 ? "\n" : ",\n")
            writer.feature(properties: Self.object(commune), area: commune.boundary)
        }
        writer.raw("\n]}\n")
        return writer.text
    }

    private static func cells(_ commune: CommuneCoverage) -> [String] {
        [
            commune.code.rawValue, commune.name, commune.population.map(String.init) ?? "",
            commune.populationYear.map(String.init) ?? "", rounded(commune.areaShare, 10_000).map { "\($0)" } ?? "",
            rounded(commune.figures.population, 10).map { "\($0)" } ?? "", String(commune.figures.registered),
            rounded(commune.figures.share, 10_000).map { "\($0)" } ?? "",
        ] + precisions.map { String(commune.figures.located[$0] ?? 0) }
            + Channel.allCases.map { String(commune.figures.reachable[$0] ?? 0) }
            + [String(commune.figures.unreachable)]
    }

    private static func object(_ commune: CommuneCoverage) -> JSONObject {
        var object = JSONObject()
        object.append("code", .string(commune.code.rawValue))
        object.append("name", .string(commune.name))
        object.append("commune_population", commune.population.map { .number(Double($0)) } ?? .null)
        object.append("population_year", commune.populationYear.map { .number(Double($0)) } ?? .null)
        object.append("area_share", rounded(commune.areaShare, 10_000).map { .number($0) } ?? .null)
        for member in Self.object(commune.figures).members { object.append(member.key, member.value) }
        return object
    }

    private static func object(_ figures: CoverageFigures) -> JSONObject {
        var located = JSONObject()
        for precision in precisions {
            located.append(precision.rawValue, .number(Double(figures.located[precision] ?? 0)))
        }
        var reachable = JSONObject()
        for channel in Channel.allCases {
            reachable.append(channel.rawValue, .number(Double(figures.reachable[channel] ?? 0)))
        }
        var object = JSONObject()
        object.append("population", rounded(figures.population, 10).map { .number($0) } ?? .null)
        object.append("registered", .number(Double(figures.registered)))
        object.append("share", rounded(figures.share, 10_000).map { .number($0) } ?? .null)
        object.append("located", .object(located))
        object.append("reachable", .object(reachable))
        object.append("unreachable", .number(Double(figures.unreachable)))
        return object
    }

    private static func rounded(_ value: Double?, _ scale: Double) -> Double? {
        value.map { ($0 * scale).rounded() / scale }
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
