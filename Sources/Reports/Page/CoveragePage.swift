import AlertModel
import GeoModel
import Targeting

/// A zone's coverage as a page to read, in French.
package struct CoveragePage {
    private let coverage: Coverage
    private let zone: Zone
    private let breakdown: CoverageBreakdown
    private let rates: GatewayRates
    private let staleBefore: CalendarDate
    private let at: UTCTime

    /// - Parameters:
    ///   - zone: of which the coverage is.
    ///   - at: when the figures were taken.
    package init(
        _ coverage: Coverage, of zone: Zone, by breakdown: CoverageBreakdown = .commune, rates: GatewayRates, staleBefore: CalendarDate,
        at: UTCTime
    ) {
        self.coverage = coverage
        self.zone = zone
        self.breakdown = breakdown
        self.rates = rates
        self.staleBefore = staleBefore
        self.at = at
    }

    package var page: ReportPage {
        let figures = coverage.figures
        var blocks: [ReportPage.Block] = [.facts([
            ("Population de la zone", FrenchText.integer(figures.population)),
            ("Inscrits", FrenchText.integer(figures.registered)),
            ("Foyers inscrits", FrenchText.integer(figures.households)),
            ("Joignables", FrenchText.integer(figures.reachableByAny)),
            ("Joignables / population", FrenchText.percent(figures.reachableShare)),
        ])]
        blocks += CoverageNotes.population(coverage).map { .paragraph($0) }
        let rows = CoverageRow.rows(of: coverage, by: breakdown)
        let limits = CoverageColours.limits(for: rows.map(\.figures.reachableShare))
        if let map = map(rows, limits) { blocks.append(.map(map)) }
        blocks += [.heading("Qui peut être joint"), .table(channels), .heading("Où sont les inscrits"), .table(precisions)]
        blocks += [.heading(CoverageNotes.heading(breakdown)), .table(table(rows))]
        if let withoutCell = coverage.withoutCell, withoutCell > 0 {
            blocks.append(.note("\(FrenchText.integer(withoutCell)) inscrits sans point ne sont dans aucun carreau."))
        }
        blocks.append(.note(CoverageNotes.method))
        return ReportPage(
            title: "Couverture : \(FrenchZone.words(zone))",
            subtitle: "Situation au \(FrenchText.day(ISO8601.text(at)))",
            footer: "Tocsin · couverture au \(FrenchText.day(ISO8601.text(at)))", blocks: blocks)
    }

    private var channels: ReportPage.Table {
        let figures = coverage.figures
        var rows = Channel.allCases.map { channel in
            [
                FrenchText.channel(channel), FrenchText.integer(figures.reachable[channel] ?? 0),
                FrenchText.percent(figures.registered > 0
                    ? Double(figures.reachable[channel] ?? 0) / Double(figures.registered) : nil),
                FrenchText.duration(rates.seconds(over: channel, toReach: figures)),
            ]
        }
        func row(_ name: String, _ count: Int, _ time: String) -> [String] {
            [
                name, FrenchText.integer(count),
                FrenchText.percent(figures.registered > 0 ? Double(count) / Double(figures.registered) : nil), time,
            ]
        }
        rows.append(row("Un canal au moins", figures.reachableByAny,
                        FrenchText.duration(rates.secondsToReachEveryone(figures))))
        rows.append(row("Injoignables", figures.unreachable, ""))
        rows.append(row("Non confirmés depuis le \(FrenchText.day(staleBefore.text))", figures.stale, ""))
        rows.append(row("dont jamais confirmés", figures.neverConfirmed, ""))
        return ReportPage.Table(
            caption: "Inscrits de la zone par canal, et durée d'envoi prévue",
            columns: [
                .init("", isNumber: false, weight: 3), .init("Inscrits"), .init("Part des inscrits"),
                .init("Durée d'envoi", weight: 1.4),
            ], rows: rows)
    }

    private var precisions: ReportPage.Table {
        let figures = coverage.figures
        return ReportPage.Table(
            caption: "Inscrits de la zone par précision de leur localisation",
            columns: [.init("Précision", isNumber: false, weight: 3), .init("Inscrits")],
            rows: CoverageColumns.precisions.compactMap { precision in
                figures.located[precision].map { [FrenchText.precision(precision), FrenchText.integer($0)] }
            } + [["du registre entier, non localisés", FrenchText.integer(coverage.notLocated)]])
    }

    private func table(_ rows: [CoverageRow]) -> ReportPage.Table {
        ReportPage.Table(
            caption: "Pour la partie comprise dans la zone",
            columns: [
                .init(CoverageNotes.noun(breakdown), isNumber: false, weight: 2.4), .init("Population", weight: 1.25),
                .init("par", isNumber: false, weight: 1.1), .init("Inscrits"), .init("Foyers"),
                .init("Joignables", weight: 1.25), .init("Joignables / pop.", weight: 1.25),
                .init("Injoignables", weight: 1.4), .init("Anciens"),
            ],
            rows: rows.map { row in
                [
                    row.name.isEmpty ? (row.code.isEmpty ? "hors intercommunalité" : row.code) : "\(row.name) (\(row.code))",
                    FrenchText.integer(row.figures.population), CoverageNotes.methods(row.figures),
                    FrenchText.integer(row.figures.registered), FrenchText.integer(row.figures.households),
                    FrenchText.integer(row.figures.reachableByAny), FrenchText.percent(row.figures.reachableShare),
                    FrenchText.integer(row.figures.unreachable), FrenchText.integer(row.figures.stale),
                ]
            })
    }

    private func map(_ rows: [CoverageRow], _ limits: [Double]) -> ReportMap? {
        var surfaces = rows.compactMap { row in
            row.boundary.map { boundary in
                ReportMap.Surface(
                    area: boundary, fill: CoverageColours.colour(of: row.figures.reachableShare, limits),
                    label: breakdown == .cell ? nil : row.name,
                    title: "\(row.name.isEmpty ? row.code : row.name) : \(FrenchText.percent(row.figures.reachableShare))")
            }
        }
        if let surface = coverage.surface, !surface.isEmpty {
            surfaces.append(ReportMap.Surface(
                area: surface, stroke: CoverageColours.zone, lineWidth: 1.5, title: "La zone"))
        }
        let boxes = (coverage.surface.map { [$0] } ?? rows.compactMap(\.boundary)).compactMap(\.boundingBox)
        return ReportMap(
            title: "Carte : part des habitants joignables", surfaces: surfaces,
            frame: boxes.dropFirst().reduce(boxes.first) { $0?.union($1) },
            legend: CoverageColours.legend(limits) + [(CoverageColours.zone, "contour de la zone")])
    }
}

/// What figures cannot say alone, in French.
enum CoverageNotes {
    static let method = """
        La population est la population légale de l'INSEE. Là où une zone coupe une commune, elle est répartie d'après les \
        adresses importées, à défaut d'après les carreaux de population, à défaut d'après la surface : c'est alors une \
        estimation. Un foyer nommé compte une fois ; qui n'en a pas compte pour un ; les bureaux ne comptent pas. La durée \
        d'envoi suppose un message par inscrit et par canal, au débit des passerelles.
        """

    static func heading(_ breakdown: CoverageBreakdown) -> String {
        switch breakdown {
        case .commune: "Commune par commune"
        case .epci: "Intercommunalité par intercommunalité"
        case .cell: "Carreau par carreau"
        }
    }

    static func noun(_ breakdown: CoverageBreakdown) -> String {
        switch breakdown {
        case .commune: "Commune"
        case .epci: "Intercommunalité"
        case .cell: "Carreau"
        }
    }

    static func methods(_ figures: CoverageFigures) -> String {
        PopulationMethod.allCases.filter { figures.methods[$0] != nil }.map { method in
            switch method {
            case .whole: "entière"
            case .addresses: "adresses"
            case .grid: "carreaux"
            case .area: "surface"
            }
        }.joined(separator: ", ")
    }

    static func population(_ coverage: Coverage) -> [String] {
        let figures = coverage.figures
        if figures.methods.isEmpty, figures.withoutPopulation == 0 {
            return ["Population inconnue : la zone n'est pas seulement un lieu, ou ne touche aucune commune."]
        }
        var notes: [String] = []
        let parts = PopulationMethod.allCases.compactMap { method in
            figures.methods[method].map { count in
                let communes = "\(count) commune\(count == 1 ? "" : "s")"
                switch method {
                case .whole: return "\(communes) entière\(count == 1 ? "" : "s")"
                case .addresses: return "\(communes) répartie\(count == 1 ? "" : "s") par adresses"
                case .grid: return "\(communes) répartie\(count == 1 ? "" : "s") par carreaux"
                case .area: return "\(communes) répartie\(count == 1 ? "" : "s") par surface"
                }
            }
        }
        if !parts.isEmpty { notes.append("Population légale : " + parts.joined(separator: ", ") + ".") }
        if figures.withoutPopulation > 0 {
            let missing = coverage.communes.filter { $0.areaShare != nil && $0.figures.population == nil }
            let named = missing.prefix(10).map { $0.name.isEmpty ? "\($0.code)" : "\($0.name) (\($0.code))" }.joined(separator: ", ")
            notes.append(
                "Population inconnue pour \(missing.count) commune\(missing.count == 1 ? "" : "s") : \(named)"
                    + (missing.count > 10 ? "…" : "") + ". Les autres comptent "
                    + "\(FrenchText.integer(figures.knownPopulation ?? 0)) habitants.")
        }
        return notes
    }
}
