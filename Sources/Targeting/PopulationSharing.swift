import GeoEngine
import GeoModel

/// A commune, or an arrondissement of one, whose people are to be shared out.
package struct PopulatedGround {
    let commune: CommuneCode
    /// The codes that addresses on this ground bear.
    let codes: [CommuneCode]
    let boundary: Area<WGS84>
    let population: Int?
}

/// Says which share of a commune's people lives in a part of it: by addresses, by a grid, or by area.
///
/// An estimate, for figures only: who is inside is never decided on it. Not `Sendable`: it keeps projections.
package final class PopulationSharing {
    /// More people behind one house number than this, over a whole commune, and its addresses are no full list: Paris has
    /// 14, towns of tower blocks some 10, and a sample file has thousands.
    package static let greatestPeoplePerDoor = 40.0

    private let sources: PopulationSources
    private var grids: [SquareGrid]?
    /// The grid that a report's cells are of, and the people in each cell.
    private let cells: SquareGrid?
    package private(set) var peopleByCell: [GridSquare: Double] = [:]

    package init(sources: PopulationSources, cells: SquareGrid? = nil) {
        self.sources = sources
        self.cells = cells
    }

    /// - Parameters:
    ///   - zone: all of it; nil when the whole ground is inside.
    ///   - piece: what of the ground is in the zone; the ground itself when all of it is.
    ///   - areaShare: the piece's area over the ground's.
    ///   - people: who live on the whole ground; with it the people of the piece are added to `peopleByCell`.
    /// - Returns: from 0 to 1, and by what.
    func share(
        of ground: PopulatedGround, zone: PreparedArea?, piece: Area<WGS84>, areaShare: Double, people: Double?
    ) throws -> (share: Double, method: PopulationMethod) {
        let isWhole = zone == nil
        // Nothing is to be shared out, and nobody asked where.
        if isWhole, cells == nil || people == nil { return (1, .whole) }
        let people = cells == nil ? nil : people
        if let share = try byDoors(ground, zone, people) { return (isWhole ? 1 : share, isWhole ? .whole : .addresses) }
        if let share = try byGrid(ground, piece, isWhole, people) { return (isWhole ? 1 : share, isWhole ? .whole : .grid) }
        try spread(people.map { $0 * areaShare }, over: piece)
        return (areaShare, isWhole ? .whole : .area)
    }

    private func byDoors(_ ground: PopulatedGround, _ zone: PreparedArea?, _ people: Double?) throws -> Double? {
        var doors = 0
        var inside = 0
        var byCell: [GridSquare: Int] = [:]
        try sources.doors(ground.codes) { position in
            doors += 1
            if let zone, try !zone.contains(position) { return }
            inside += 1
            if people != nil, let cells { byCell[try cells.square(at: position), default: 0] += 1 }
        }
        guard doors > 0, Double(ground.population ?? 0) / Double(doors) <= Self.greatestPeoplePerDoor else { return nil }
        if let people {
            for (cell, count) in byCell { peopleByCell[cell, default: 0] += people * Double(count) / Double(doors) }
        }
        return Double(inside) / Double(doors)
    }

    /// By the finest grid that has anybody on the ground. A square that a boundary cuts counts by its area.
    private func byGrid(
        _ ground: PopulatedGround, _ piece: Area<WGS84>, _ isWhole: Bool, _ people: Double?
    ) throws -> Double? {
        guard let box = ground.boundary.boundingBox else { return nil }
        for grid in try knownGrids() {
            guard let corners = try? grid.corners(covering: box) else { continue }
            let all = try PreparedArea(Repair.repaired(ground.boundary).area)
            let part = isWhole ? all : try PreparedArea(piece)
            var total = 0.0
            var inside = 0.0
            var byCell: [GridSquare: Double] = [:]
            try sources.squares(grid.epsgCode, grid.sideMetres, corners.norths, corners.easts) { square, count in
                let place = try grid.area(of: square)
                let share = try all.share(of: place)
                guard share > 0, count > 0 else { return }
                total += count * share
                let sharedInside = isWhole ? share : try part.share(of: place)
                guard sharedInside > 0 else { return }
                inside += count * sharedInside
                if people != nil, let cell = try self.cell(of: square, place) {
                    byCell[cell, default: 0] += count * sharedInside
                }
            }
            guard total > 0 else { continue }
            if let people { for (cell, count) in byCell { peopleByCell[cell, default: 0] += people * count / total } }
            return min(1, inside / total)
        }
        return nil
    }

    /// The report's cell that a square of a population grid belongs to, by its middle where the grids do not nest.
    private func cell(of square: GridSquare, _ place: Area<WGS84>) throws -> GridSquare? {
        guard let cells, let box = place.boundingBox else { return nil }
        return try cells.square(at: Position(longitude: (box.west + box.east) / 2, latitude: (box.south + box.north) / 2))
    }

    /// Evenly over the ground: nothing else is known.
    private func spread(_ people: Double?, over piece: Area<WGS84>) throws {
        guard let people, let cells, let box = piece.boundingBox, !piece.isEmpty else { return }
        let prepared = try PreparedArea(Repair.repaired(piece).area)
        let whole = try prepared.areaSquareMetres()
        guard whole > 0 else { return }
        let corners = try cells.corners(covering: box)
        for north in stride(from: corners.norths.lowerBound, through: corners.norths.upperBound, by: cells.sideMetres) {
            for east in stride(from: corners.easts.lowerBound, through: corners.easts.upperBound, by: cells.sideMetres) {
                let cell = GridSquare(
                    epsgCode: cells.epsgCode, sideMetres: cells.sideMetres, northMetres: north, eastMetres: east)
                let place = try cells.area(of: cell)
                let share = try prepared.share(of: place)
                guard share > 0 else { continue }
                peopleByCell[cell, default: 0] += people * share * SurfaceArea.squareMetres(of: place) / whole
            }
        }
    }

    private func knownGrids() throws -> [SquareGrid] {
        if let grids { return grids }
        let known = try sources.grids().map { try SquareGrid(epsgCode: $0.epsgCode, sideMetres: $0.sideMetres) }
        grids = known
        return known
    }
}
