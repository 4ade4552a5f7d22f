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
            counts: { account, zone in
                try await ConsoleProblems.translating { try ZoneFigures(store: store, account).counts(of: zone) }
            },
            cells: { account, box, zoom, zone in
                try await ConsoleProblems.translating {
                    let scope = try store.scope(of: account.organisation)
                    let mergesFew = !account.capabilities.contains(.seePersonalData)
                    return try store.density(in: box, zoom: zoom, zone: zone, scope: scope, mergesFew: mergesFew).map {
                        DensityCell(centre: $0.centre, recipients: $0.recipients, inside: $0.inside)
                    }
                }
            },
            coverage: { account, zone in
                try await ConsoleProblems.translating { try ZoneFigures(store: store, account).coverage(of: zone) }
            },
            shape: { account, zone, tolerance in
                try await ConsoleProblems.translating {
                    guard let shape = try store.surface(of: zone, scope: try store.scope(of: account.organisation)) else { return nil }
                    guard tolerance > 0, !shape.isEmpty else { return shape }
                    return try OutwardSimplification.outward(shape, toleranceMetres: tolerance)
                }
            },
            shares: { account in
                try await Offload.run {
                    try store.registeredByCommune(scope: try store.scope(of: account.organisation)).map { commune in
                        CommuneShare(
                            code: commune.code,
                            share: commune.population.flatMap { $0 > 0 ? Double(commune.registered) / Double($0) : nil })
                    }
                }
            },
            frame: { account, zone in
                try await ConsoleProblems.translating {
                    Console.ZoneCounts(
                        try store.counts(of: zone, scope: try store.scope(of: account.organisation)), population: nil, areaSquareMetres: nil, mappings: [])
                }
            })
    }
}

/// A zone's figures in the console's documents.
struct ZoneFigures {
    let store: AlertDatabase
    let scope: RegisterScope

    init(store: AlertDatabase, _ account: Account) throws {
        self.store = store
        scope = try store.scope(of: account.organisation)
    }

    func counts(of zone: Zone) throws -> Console.ZoneCounts {
        let repairs = try zone.mended().repairs
        let survey = try store.survey(of: zone, scope: scope)
        return Console.ZoneCounts(
            survey.counts, population: survey.population,
            areaSquareMetres: survey.surface.map { SurfaceArea.squareMetres(of: $0) },
            mappings: try store.mappings(of: zone), repairs: repairs)
    }

    func coverage(of zone: Zone) throws -> Console.CoverageReport {
        let coverage = try store.coverage(of: zone, scope: scope)
        let registered = Dictionary(
            try store.registeredByCommune(scope: scope).map { ($0.code, $0.registered) }) { first, _ in first }
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
