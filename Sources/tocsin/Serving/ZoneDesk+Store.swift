import AlertModel
import Console
import GeoEngine
import GeoModel
import Store
import Targeting

extension ZoneDesk {
    /// Selections over the register in the database.
    init(store: AlertDatabase) {
        self.init(
            counts: { _, zone in
                try await ConsoleProblems.translating { try ZoneFigures(store: store).counts(of: zone) }
            },
            cells: { _, box, zoom, zone in
                try await ConsoleProblems.translating {
                    try store.density(in: box, zoom: zoom, zone: zone, scope: .all).map {
                        DensityCell(centre: $0.centre, recipients: $0.recipients, inside: $0.inside)
                    }
                }
            },
            coverage: { _, zone in
                try await ConsoleProblems.translating { try ZoneFigures(store: store).coverage(of: zone) }
            },
            shape: { _, zone, tolerance in
                try await ConsoleProblems.translating {
                    guard let shape = try store.surface(of: zone, scope: .all) else { return nil }
                    guard tolerance > 0, !shape.isEmpty else { return shape }
                    return try OutwardSimplification.outward(shape, toleranceMetres: tolerance)
                }
            },
            shares: { _ in
                try await Offload.run {
                    try store.registeredByCommune(scope: .all).map { commune in
                        CommuneShare(
                            code: commune.code,
                            share: commune.population.flatMap { $0 > 0 ? Double(commune.registered) / Double($0) : nil })
                    }
                }
            },
            frame: { _, zone in
                try await ConsoleProblems.translating {
                    Console.ZoneCounts(
                        try store.counts(of: zone, scope: .all), population: nil, areaSquareMetres: nil, mappings: [])
                }
            })
    }
}

/// A zone's figures in the console's documents.
struct ZoneFigures {
    let store: AlertDatabase

    func counts(of zone: Zone) throws -> Console.ZoneCounts {
        let repairs = try zone.mended().repairs
        let survey = try store.survey(of: zone, scope: .all)
        return Console.ZoneCounts(
            survey.counts, population: survey.population,
            areaSquareMetres: survey.surface.map { SurfaceArea.squareMetres(of: $0) },
            mappings: try store.mappings(of: zone), repairs: repairs)
    }

    func coverage(of zone: Zone) throws -> Console.CoverageReport {
        let coverage = try store.coverage(of: zone, scope: .all)
        let registered = Dictionary(
            try store.registeredByCommune(scope: .all).map { ($0.code, $0.registered) }) { first, _ in first }
        let figures = coverage.figures
        return Console.CoverageReport(
            zone: .init(
                population: figures.population.map { Int($0.rounded()) }, registered: figures.registered,
                located: .init(
                    given: figures.located[.given] ?? 0, houseNumber: figures.located[.houseNumber] ?? 0,
                    street: figures.located[.street] ?? 0, locality: figures.located[.locality] ?? 0,
                    commune: figures.located[.commune] ?? 0),
                notLocated: coverage.notLocated, reachable: figures.reachable, unreachable: figures.unreachable,
                share: figures.share, households: figures.households, stale: figures.stale,
                populationMethods: PopulationMethod.allCases.filter { figures.methods[$0] != nil }.map(\.rawValue)),
            communes: coverage.communes.map { commune in
                .init(
                    code: commune.code.rawValue, name: commune.name, population: commune.population,
                    populationYear: commune.populationYear, registered: registered[commune.code.rawValue] ?? 0,
                    inZone: commune.figures.registered,
                    reachable: commune.figures.registered - commune.figures.unreachable,
                    unreachable: commune.figures.unreachable, share: commune.figures.share)
            })
    }
}

extension Console.ZoneCounts {
    /// The targeting room's counts, with what only a map shows.
    init(
        _ counts: Targeting.ZoneCounts, population: Double?, areaSquareMetres: Double?, mappings: [CommuneMapping] = [],
        repairs: [ZoneRepair] = []
    ) {
        var warnings = ConsoleWarning.repairs(repairs)
        if counts.recipients == 0 {
            warnings.append(ConsoleWarning(
                code: "nobody", message: "Aucun destinataire du registre dans cette zone : vérifiez-la."))
        }
        self.init(
            certain: counts.certain, possible: counts.possible, notLocated: counts.notLocated,
            channels: counts.channels, unreachable: counts.unreachable, communes: counts.communes,
            areaSquareMetres: areaSquareMetres, population: population.map { Int($0.rounded()) }, warnings: warnings,
            mapped: mappings)
    }
}
