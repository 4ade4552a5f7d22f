import Foundation
import GRDB
import GeoModel
import Targeting

/// Codes as they stood on 1 January of a year, on today's map: each means the ground it had then, so that the seat of a
/// later merger is the part of today's commune that it was.
struct VintageCodes {
    private let database: Database
    private let vintage: Int
    private let history: CommuneHistory
    private let grounds: CommuneGrounds

    /// - Throws: `StoreError.codesOfYear` when the tables loaded can't tell what the codes meant: a guess would leave people
    ///   out, or reach another town.
    init(_ database: Database, codes: [CommuneCode], of vintage: Int) throws {
        self.database = database
        self.vintage = vintage
        history = try HistoryCache.history(database)
        try history.requireTelling(codes, of: vintage)
        grounds = try CommuneGrounds(database: database, history: history)
    }

    /// Nil when the code was none that year.
    func commune(_ code: CommuneCode) throws -> NamedCommune? {
        guard let places = history.resolve(code, at: vintage)?.places else { return nil }
        return NamedCommune(
            code: code, places: places,
            grounds: try grounds.rows(of: code, at: vintage).compactMap { row in
                try Data.fetchOne(
                    database.cachedStatement(sql: "SELECT AsBinary(boundary) FROM communes WHERE id = ?"),
                    arguments: [row.id]
                ).map { NamedCommune.Ground(area: try WKB.decode(Array($0)), isExact: row.isExact) }
            })
    }

    /// What codes name together: today's commune, whole, where every code of the year that had ground in it is among them.
    func joined(_ named: [NamedCommune]) throws -> [NamedCommune] {
        let places = Dictionary(grouping: named.flatMap(\.places), by: \.commune)
        let whole = try Set(places.filter { commune, places in
            try !places.contains(where: \.isWhole) && covers(commune, by: places)
        }.keys)
        guard !whole.isEmpty else { return named }
        let others = named.filter { !$0.places.allSatisfy { whole.contains($0.commune) } }
        return try others + whole.sorted().map { commune in
            let grounds = try database.grounds(of: commune)
            let parts = named.filter { $0.places.contains { $0.commune == commune } }.flatMap(\.grounds)
            return NamedCommune(
                code: commune, places: [CommunePlace(commune: commune)], grounds: grounds.isEmpty ? parts : grounds)
        }
    }

    /// Whether places hold all that the codes of the year had of a commune of today.
    private func covers(_ commune: CommuneCode, by places: [CommunePlace]) throws -> Bool {
        let filed = try String.fetchAll(
            database, sql: "SELECT DISTINCT code FROM commune_places WHERE commune_code = ? ORDER BY code",
            arguments: [commune.rawValue])
        let then = filed.compactMap { CommuneCode($0) }.flatMap { history.resolve($0, at: vintage)?.places ?? [] }
            .filter { $0.commune == commune }
        return !then.isEmpty && then.allSatisfy { place in places.contains { $0.encloses(place) } }
    }

    /// Nil when the code was none that year, or means the whole commune that bears it today.
    func mapping(of code: CommuneCode) throws -> CommuneMapping? {
        try history.resolve(code, at: vintage).flatMap { try database.mapping(of: code, meaning: $0) }
    }
}

extension CommuneHistory {
    /// Refuses a year that lies after the communes loaded, and movements that end before them.
    fileprivate func requireTelling(_ codes: [CommuneCode], of vintage: Int) throws {
        guard let movements = movementsVintage else {
            throw StoreError.codesOfYear(vintage, reason: "INSEE's movements are not loaded")
        }
        let communes = codes + codes.flatMap { resolve($0, at: vintage)?.places.map(\.commune) ?? [] }
        for department in Set(communes.map(\.department)).sorted() {
            guard let current = territory.vintages[department] else { continue }
            if vintage > current {
                throw StoreError.codesOfYear(
                    vintage, reason: "the communes of department \(department) are loaded as of \(current)")
            }
            if movements < current {
                throw StoreError.codesOfYear(
                    vintage,
                    reason: "INSEE's movements are loaded up to \(movements), the communes of department \(department) as of "
                        + "\(current)")
            }
        }
    }
}

extension Database {
    /// What communes the codes of a year name.
    ///
    /// - Throws: as `VintageCodes.init`, and `StoreError.unknownCommunes` when a code was none that year.
    func namedCommunes(_ codes: [CommuneCode], of vintage: Int) throws -> [NamedCommune] {
        let ofYear = try VintageCodes(self, codes: codes, of: vintage)
        let named = try codes.map { ($0, try ofYear.commune($0)) }
        let unknown = named.filter { $0.1 == nil }.map(\.0.rawValue)
        guard unknown.isEmpty else { throw StoreError.unknownCommunes(codes: unknown, vintage: vintage) }
        return try ofYear.joined(named.compactMap(\.1))
    }
}

/// A code that may be no commune's of today, as a map shows it.
package struct CodeOnMap: Sendable, Hashable {
    package let code: CommuneCode
    /// The name it bore; its own code when no table tells.
    package let name: String
    /// Around the ground it means, or around a larger one that holds it.
    package let bounds: BoundingBox<WGS84>
}

extension AlertDatabase {
    /// What codes mean on the map, by the codes of today and of before, or by those of a year. Codes that mean nothing, or
    /// have no boundary, are left out.
    ///
    /// - Throws: `StoreError.codesOfYear`.
    package func codesOnMap(_ codes: [CommuneCode], of vintage: Int?) throws -> [CodeOnMap] {
        try pool.read { database in
            let ofYear = try vintage.map { try VintageCodes(database, codes: codes, of: $0) }
            return try codes.compactMap { code in
                let grounds = try ofYear.map { try $0.commune(code)?.grounds ?? [] } ?? database.grounds(of: code)
                let boxes = Area(grounds.flatMap(\.area.polygons)).boundingBox
                let mapping = try ofYear.map { try $0.mapping(of: code) } ?? database.mapping(of: code)
                let name = try mapping?.name ?? database.communeName(code) ?? code.rawValue
                return boxes.map { CodeOnMap(code: code, name: name, bounds: $0) }
            }
        }
    }
}
