import AlertModel
import GRDB
import GeoEngine
import GeoModel
import Targeting

/// What an import of a population grid did.
package struct PopulationImportCounts: Sendable, Equatable {
    package var added = 0
    package var updated = 0
    package var unchanged = 0
}

extension AlertDatabase {
    /// Brings squares in, in one transaction; a square that is there already gets the new figure.
    ///
    /// - Parameter squares: each once.
    package func importPopulation(
        _ squares: [(square: GridSquare, people: Double)], from file: ImportedFile, actor: String
    ) throws -> PopulationImportCounts {
        try pool.write { database in
            let known = try database.makeStatement(sql: """
                SELECT population FROM population_squares WHERE epsg = ? AND side_metres = ? AND north = ? AND east = ?
                """)
            let write = try database.makeStatement(sql: """
                INSERT INTO population_squares (epsg, side_metres, north, east, population) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET population = excluded.population
                """)
            var counts = PopulationImportCounts()
            for (square, people) in squares {
                let key: StatementArguments = [
                    square.epsgCode, square.sideMetres, square.northMetres, square.eastMetres,
                ]
                switch try Double.fetchOne(known, arguments: key) {
                case people?:
                    counts.unchanged += 1
                    continue
                case nil: counts.added += 1
                case .some: counts.updated += 1
                }
                try write.execute(arguments: key + [people])
            }
            try database.record(
                file, kind: "population", rows: squares.count, actor: actor,
                detail: ["added": String(counts.added), "updated": String(counts.updated)])
            return counts
        }
    }

    /// The grid a report's cells are of: the finest imported one of the zone's territory, else INSEE's kilometre squares.
    ///
    /// - Parameter sideMetres: nil for the imported grid's own.
    /// - Throws: `StoreError.tooManyCells` when the zone would have more than a report can hold; as `Selector.select`.
    package func coverageGrid(of zone: Zone, sideMetres: Int?) throws -> (epsgCode: Int, sideMetres: Int) {
        try pool.read { database in
            let box = try database.coverageSurvey(RegisterReader(database: database, scope: .all)).surface(of: zone)?
                .boundingBox
            let territory = Self.gridSystems.first { system in
                box.map { $0.intersects(system.box) } ?? false
            }
            let systems = territory?.epsgCodes ?? [3035]
            let imported = try database.populationGrids().first { systems.contains($0.epsgCode) }
            let grid = (imported?.epsgCode ?? systems[0], sideMetres ?? imported?.sideMetres ?? 1000)
            if let box {
                let corners = try SquareGrid(epsgCode: grid.0, sideMetres: grid.1).corners(covering: box)
                let count = (corners.norths.count / grid.1 + 1) * (corners.easts.count / grid.1 + 1)
                guard count <= Self.greatestCellCount else { throw StoreError.tooManyCells(sideMetres: grid.1) }
            }
            return grid
        }
    }

    /// Some 600 km by 600 km in kilometre squares: a region, or a department in squares of 200 m. Beyond, the cells of a
    /// report would fill the memory.
    private static let greatestCellCount = 400_000

    /// Boxes of the overseas departments and the systems INSEE has published their squares in, the present one first.
    private static let gridSystems: [(epsgCodes: [Int], box: BoundingBox<WGS84>)] = [
        ([5490, 32620], BoundingBox(west: -63.5, south: 13.5, east: -60, north: 18.5)),
        ([2972, 32622], BoundingBox(west: -55, south: 1.5, east: -51, north: 6.5)),
        ([2975, 32740], BoundingBox(west: 54.5, south: -22, east: 56.5, north: -20)),
        ([4471], BoundingBox(west: 44.5, south: -13.5, east: 46, north: -12)),
    ]
}

extension Database {
    /// The grids that squares are of, the finest first.
    func populationGrids() throws -> [(epsgCode: Int, sideMetres: Int)] {
        // Looked for one after the other: a grid of France has two million squares, and there are few grids.
        var grids: [(epsgCode: Int, sideMetres: Int)] = []
        let next = try cachedStatement(sql: """
            SELECT epsg, side_metres FROM population_squares WHERE (epsg, side_metres) > (?, ?)
            ORDER BY epsg, side_metres LIMIT 1
            """)
        while let row = try Row.fetchOne(next, arguments: [grids.last?.epsgCode ?? 0, grids.last?.sideMetres ?? 0]) {
            grids.append((row[0], row[1]))
        }
        return grids.sorted { ($0.sideMetres, $0.epsgCode) < ($1.sideMetres, $1.epsgCode) }
    }

    /// What tells where people live, through an open read transaction.
    var populationSources: PopulationSources {
        PopulationSources(
            doors: { codes, body in
                let statement = try self.cachedStatement(sql: """
                    SELECT house_numbers.lon, house_numbers.lat FROM streets CROSS JOIN house_numbers
                        ON house_numbers.street_id = streets.id
                    WHERE streets.commune_code = ? AND house_numbers.number >= 0
                    """)
                for code in codes {
                    let rows = try Row.fetchCursor(statement, arguments: [code.rawValue])
                    while let row = try rows.next() { try body(Position(longitude: row[0], latitude: row[1])) }
                }
            },
            grids: { try self.populationGrids() },
            squares: { epsg, side, norths, easts, body in
                let statement = try self.cachedStatement(sql: """
                    SELECT east, population FROM population_squares
                    WHERE epsg = ? AND side_metres = ? AND north = ? AND east BETWEEN ? AND ? ORDER BY east
                    """)
                for north in stride(from: norths.lowerBound, through: norths.upperBound, by: side) {
                    let rows = try Row.fetchAll(
                        statement, arguments: [epsg, side, north, easts.lowerBound, easts.upperBound])
                    for row in rows {
                        try body(
                            GridSquare(epsgCode: epsg, sideMetres: side, northMetres: north, eastMetres: row[0]), row[1])
                    }
                }
            })
    }
}
