import Foundation
import GeoEngine
import GeoModel
import Store

/// What an import of a population grid did.
package struct PopulationImportReport: Sendable {
    package let rows: Int
    /// Rows by the side of their squares in metres.
    package let sides: [Int: Int]
    package let people: Double
    package let counts: PopulationImportCounts
}

/// Imports INSEE's Filosofi squares: CSV, TSV or a workbook, or a layer of a GeoPackage, a Shapefile… All or nothing per
/// file, idempotent. A square's identifier says where it lies; a geometry is looked at only where that is missing.
package struct PopulationImport: Sendable {
    private let database: AlertDatabase
    private let actor: String

    package init(database: AlertDatabase, actor: String) {
        self.database = database
        self.actor = actor
    }

    /// - Parameter layer: of a geographic file that has several.
    /// - Throws: `ImportError`; then nothing of the file has been written.
    package func run(file path: String, layer: String? = nil) throws -> PopulationImportReport {
        let source = try FileSource(path: path)
        var reading = PopulationReading(file: source.name)
        if try !TableReader.isWorkbook(source), try ExchangeFeatures.canRead(source) {
            try ExchangeFeatures.read(source, layer: layer) { feature, _ in
                try reading.add(feature)
            }
        } else {
            try TableReader.read(source) { record, _ in try reading.add(record) }
        }
        let squares = try reading.finish()
        let counts = try database.importPopulation(squares, from: try source.imported(), actor: actor)
        return PopulationImportReport(
            rows: squares.count, sides: squares.reduce(into: [:]) { $0[$1.square.sideMetres, default: 0] += 1 },
            people: squares.reduce(0) { $0 + $1.people }, counts: counts)
    }
}

/// Squares as the rows of a file name them.
struct PopulationReading {
    /// INSEE's grid of France has 2.3 million inhabited squares of 200 m; Eurostat's of Europe 4 million of 1 km.
    private static let maximumSquares = 8_000_000
    /// More people than the densest square kilometre of the world has.
    private static let greatestPopulation = 1e6
    /// The columns of INSEE's files since 2010, the square's own identifier before that of the larger one around it.
    private static let identifiers = [
        "idcar_200m", "id_carr_200m", "idinspire", "id_inspire", "id_car2010", "idcar_1km", "id_carr_1km", "id_carr1km", "idcar",
        "id_car", "square", "carreau",
    ]
    private static let people = ["ind", "ind_c", "ind_r", "population", "pop"]

    private let file: String
    private var columns: (square: Int, people: Int)?
    private var names: [String] = []
    private var squares: [(square: GridSquare, people: Double)] = []
    /// Features without an identifier: INSEE's own files have some.
    private var unnamed: [(box: BoundingBox<WGS84>, people: Double, number: Int)] = []
    /// Ten metres: half a coordinate's rounding in the worst of files, and far less than a square.
    private static let greatestOffsetDegrees = 1e-4

    init(file: String) {
        self.file = file
    }

    /// The header, then rows.
    mutating func add(_ record: CSVRecord) throws {
        guard let columns else {
            names = record.fields
            columns = try choose(record.fields)
            return
        }
        guard columns.square < record.fields.count, columns.people < record.fields.count else {
            throw bad(record.line, names[columns.people], "the row is too short")
        }
        try add(id: record.fields[columns.square], people: record.fields[columns.people], number: record.line)
    }

    mutating func add(_ feature: ExchangeFeature) throws {
        if columns == nil {
            names = feature.properties.members.map(\.key)
            columns = try choose(names)
        }
        guard let columns else { return }
        let id = feature.properties[names[columns.square]]?.text ?? ""
        let people = feature.properties[names[columns.people]]?.text ?? ""
        guard id.isEmpty, let box = feature.area?.boundingBox else {
            return try add(id: id, people: people, number: feature.number)
        }
        unnamed.append((box, try self.people(people, number: feature.number), feature.number))
        try checkCount()
    }

    private mutating func add(id: String, people: String, number: Int) throws {
        guard let columns else { return }
        guard let square = GridSquare(id: id) else {
            throw bad(
                number, names[columns.square], "not a square of INSEE's grid, such as CRS3035RES200mN2387600E3728800")
        }
        squares.append((square, try self.people(people, number: number)))
        try checkCount()
    }

    private func people(_ text: String, number: Int) throws -> Double {
        guard let count = Double(text.trimmingCharacters(in: .whitespaces).replacing(",", with: ".")),
              (0...Self.greatestPopulation).contains(count)
        else { throw bad(number, names[columns?.people ?? 0], "not a number of people") }
        return count
    }

    private func checkCount() throws {
        guard squares.count + unnamed.count <= Self.maximumSquares else {
            throw ImportError.notPopulation(file: file, reason: "it has more than \(Self.maximumSquares) squares")
        }
    }

    /// The squares of the file's own grid that features without an identifier are drawn as.
    private func recognised() throws -> [(square: GridSquare, people: Double)] {
        guard let first = unnamed.first, let columns else { return [] }
        let column = names[columns.square]
        guard let like = squares.first?.square,
              squares.allSatisfy({ $0.square.epsgCode == like.epsgCode && $0.square.sideMetres == like.sideMetres })
        else { throw bad(first.number, column, "no square is named, and which grid is meant is not clear") }
        let grid = try SquareGrid(epsgCode: like.epsgCode, sideMetres: like.sideMetres)
        return try unnamed.map { box, people, number in
            let middle = Position<WGS84>(longitude: (box.west + box.east) / 2, latitude: (box.south + box.north) / 2)
            guard let square = try? grid.square(at: middle), let drawn = try? grid.area(of: square).boundingBox,
                  [drawn.west - box.west, drawn.east - box.east, drawn.south - box.south, drawn.north - box.north]
                    .allSatisfy({ $0.magnitude < Self.greatestOffsetDegrees })
            else { throw bad(number, column, "no square is named, and the feature is not drawn as one of the grid") }
            return (square, people)
        }
    }

    func finish() throws -> [(square: GridSquare, people: Double)] {
        guard columns != nil, !(squares.isEmpty && unnamed.isEmpty) else { throw ImportError.empty(file: file) }
        let sorted = (squares + (try recognised())).sorted { $0.square < $1.square }
        for (square, next) in zip(sorted, sorted.dropFirst()) where square.square == next.square {
            throw ImportError.notPopulation(
                file: file, reason: "the square \(square.square.id) is there twice: which figure holds?")
        }
        return sorted
    }

    private func choose(_ names: [String]) throws -> (square: Int, people: Int) {
        let plain = names.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
        guard let square = Self.identifiers.lazy.compactMap({ plain.firstIndex(of: $0) }).first,
              let people = Self.people.lazy.compactMap({ plain.firstIndex(of: $0) }).first
        else {
            throw ImportError.notPopulation(
                file: file,
                reason: "it needs a column of squares (idcar_200m, idcar_1km, IdINSPIRE…) and one of people (ind); columns are "
                    + names.map { "“\($0)”" }.joined(separator: ", "))
        }
        return (square, people)
    }

    private func bad(_ number: Int, _ column: String, _ reason: String) -> ImportError {
        .badCode(file: file, line: number, column: column, reason: reason)
    }
}
