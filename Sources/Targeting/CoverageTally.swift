import AlertModel
import GeoEngine
import GeoModel

/// The counting of one zone's recipients, for the zone and for each of its parts.
struct CoverageTally {
    private struct Cell {
        var figures = CoverageFigures()
        var households: Set<String> = []
    }

    var communes: [CommuneCode: CommuneCoverage]
    var withoutCommune = 0
    private var figures = CoverageFigures()
    private var households: Set<String> = []
    private var householdsByCommune: [CommuneCode: Set<String>] = [:]
    private let grid: SquareGrid?
    private var cells: [GridSquare: Cell] = [:]
    private var withoutCell = 0

    init(territory: [CommuneCode: CommuneCoverage], cells grid: SquareGrid?) {
        communes = territory
        self.grid = grid
    }

    /// Counts for the zone, and for its cell.
    mutating func count(_ recipient: SurveyedRecipient) throws {
        figures.count(recipient, households: &households)
        guard let grid else { return }
        // Another ocean's grid does not reach a recipient of a list who lives elsewhere.
        guard let position = recipient.position, let square = try? grid.square(at: position) else {
            withoutCell += 1
            return
        }
        var cell = cells[square] ?? Cell()
        cell.figures.count(recipient, households: &cell.households)
        cells[square] = cell
    }

    mutating func count(_ recipient: SurveyedRecipient, in code: CommuneCode) {
        communes[code]?.figures.count(recipient, households: &householdsByCommune[code, default: []])
    }

    /// - Parameter territory: the communes the zone covers; nil when it is not only a place.
    func coverage(
        of zone: String, notLocated: Int, territory: [CommuneCode: CommuneCoverage]?, _ sharing: PopulationSharing
    ) throws -> Coverage {
        var figures = self.figures
        for commune in (territory ?? [:]).values { figures.add(populationOf: commune) }
        var coverage = Coverage(
            zone: zone, figures: figures, notLocated: notLocated, communes: communes.values.sorted { $0.code < $1.code },
            withoutCommune: withoutCommune)
        coverage.epcis = epcis(coverage.communes)
        if let grid {
            coverage.cells = try cells(grid, sharing, hasGround: territory != nil)
            coverage.withoutCell = withoutCell
        }
        return coverage
    }

    private func epcis(_ communes: [CommuneCoverage]) -> [EPCICoverage] {
        Dictionary(grouping: communes) { $0.epci ?? "" }.sorted { $0.key < $1.key }.map { code, communes in
            var figures = CoverageFigures()
            for commune in communes {
                figures.add(counts: commune.figures)
                if commune.areaShare != nil { figures.add(populationOf: commune) }
            }
            let keys = communes.map { householdsByCommune[$0.code] ?? [] }
            // A household of two communes was counted in each.
            figures.households -= keys.reduce(0) { $0 + $1.count } - keys.reduce(into: Set()) { $0.formUnion($1) }.count
            let grounds = communes.compactMap(\.boundary).flatMap(\.polygons)
            return EPCICoverage(
                code: code, name: communes.lazy.compactMap(\.epciName).first ?? "", communes: communes.map(\.code),
                figures: figures, boundary: grounds.isEmpty ? nil : try? Overlay.union(Area(grounds)))
        }
    }

    private func cells(_ grid: SquareGrid, _ sharing: PopulationSharing, hasGround: Bool) throws -> [CellCoverage] {
        try Set(cells.keys).union(sharing.peopleByCell.keys).sorted().map { square in
            var figures = cells[square]?.figures ?? CoverageFigures()
            if hasGround { figures.add(population: sharing.peopleByCell[square] ?? 0, by: nil) }
            return CellCoverage(square: square, figures: figures, boundary: try grid.area(of: square))
        }
    }
}

extension CoverageFigures {
    /// Adds a commune's people.
    fileprivate mutating func add(populationOf commune: CommuneCoverage) {
        add(population: commune.figures.population, by: commune.figures.methods.keys.first)
    }

    /// Adds up recipients, leaving the population alone.
    fileprivate mutating func add(counts other: CoverageFigures) {
        registered += other.registered
        households += other.households
        unreachable += other.unreachable
        stale += other.stale
        neverConfirmed += other.neverConfirmed
        located.merge(other.located, uniquingKeysWith: +)
        reachable.merge(other.reachable, uniquingKeysWith: +)
    }
}
