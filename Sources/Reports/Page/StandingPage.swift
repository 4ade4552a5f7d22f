import AlertModel
import GeoModel
import Targeting

/// The standing report as a page to read, in French: the ten worst-covered zones first.
package struct StandingPage {
    private let standing: StandingCoverage
    private let rates: GatewayRates

    package init(_ standing: StandingCoverage, rates: GatewayRates) {
        self.standing = standing
        self.rates = rates
    }

    package var page: ReportPage {
        let day = FrenchText.day(ISO8601.text(standing.at))
        var blocks: [ReportPage.Block] = []
        if standing.perimeters.isEmpty {
            blocks.append(.paragraph("Aucun périmètre n'est enregistré. Enregistrez-en dans la console, étape Zone."))
        } else {
            blocks.append(.facts([
                ("Périmètres enregistrés", FrenchText.integer(standing.perimeters.count)),
                ("Population inconnue ou nulle",
                 FrenchText.integer(standing.perimeters.count { $0.figures.reachableShare == nil })),
                ("En recul", FrenchText.integer(standing.perimeters.count { ($0.shareTrend ?? 0) < -0.0005 })),
            ]))
            blocks.append(.heading("Les \(standing.worst.count == 1 ? "périmètre" : "périmètres") les moins bien couverts"))
            blocks.append(.table(table(standing.worst, caption: "Part des habitants qu'un canal au moins peut joindre, la plus faible d'abord")))
            if let map { blocks.append(.map(map)) }
            let others = Array(standing.perimeters.dropFirst(standing.worst.count))
            if !others.isEmpty {
                blocks += [.heading("Les autres périmètres"), .table(table(others, caption: "Dans le même ordre"))]
            }
        }
        for fault in standing.faults {
            blocks.append(.paragraph("Le périmètre « \(fault.name) » n'a pas pu être évalué : \(fault.reason)"))
        }
        blocks += [.note(trendNote), .note(CoverageNotes.method)]
        return ReportPage(
            title: "Couverture des périmètres enregistrés", subtitle: "Situation au \(day)",
            footer: "Tocsin · couverture des périmètres au \(day)", blocks: blocks)
    }

    private var trendNote: String {
        let since = standing.previousAt.map {
            "L'évolution se mesure depuis le bilan du \(FrenchText.day(ISO8601.text($0))), en points de pourcentage."
        } ?? "C'est le premier bilan : il n'y a pas encore d'évolution."
        return since + " * : périmètre redessiné depuis sous le même nom. Anciens : non confirmés depuis le "
            + "\(FrenchText.day(standing.staleBefore.text))."
    }

    private func table(_ lines: [PerimeterCoverage], caption: String) -> ReportPage.Table {
        ReportPage.Table(
            caption: caption,
            columns: [
                .init("Périmètre", isNumber: false, weight: 2.4), .init("Population", weight: 1.25),
                .init("par", isNumber: false, weight: 1.1), .init("Inscrits"), .init("Joignables", weight: 1.25),
                .init("Joignables / pop.", weight: 1.25), .init("Évolution", weight: 1.2), .init("Anciens"),
                .init("Durée d'envoi", weight: 1.2),
            ],
            rows: lines.map { line in
                [
                    line.name, FrenchText.integer(line.figures.population), CoverageNotes.methods(line.figures),
                    FrenchText.integer(line.figures.registered), FrenchText.integer(line.figures.reachableByAny),
                    FrenchText.percent(line.figures.reachableShare),
                    line.previous == nil ? "nouveau" : FrenchText.points(line.shareTrend) + (line.isRedrawn ? " *" : ""),
                    FrenchText.integer(line.figures.stale), FrenchText.duration(rates.secondsToReachEveryone(line.figures)),
                ]
            })
    }

    private var map: ReportMap? {
        let limits = CoverageColours.limits(for: standing.perimeters.map(\.figures.reachableShare))
        var surfaces = standing.communes.map { commune in
            ReportMap.Surface(area: commune.boundary, fill: CoverageColours.land, label: commune.name, title: commune.name)
        }
        // The worst on top of all.
        surfaces += standing.perimeters.reversed().map { line in
            ReportMap.Surface(
                area: line.area, fill: CoverageColours.colour(of: line.figures.reachableShare, limits),
                stroke: CoverageColours.zone, lineWidth: 0.8,
                title: "\(line.name) : \(FrenchText.percent(line.figures.reachableShare))")
        }
        let boxes = standing.perimeters.compactMap(\.area.boundingBox)
        return ReportMap(
            title: "Carte des périmètres : part des habitants joignables", surfaces: surfaces,
            frame: boxes.dropFirst().reduce(boxes.first) { $0?.union($1) }, legend: CoverageColours.legend(limits))
    }
}
