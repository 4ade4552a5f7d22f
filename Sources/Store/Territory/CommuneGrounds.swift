import GRDB
import GeoModel

/// Finds, for every code, the boundaries that together are its ground today.
///
/// A commune whose boundary of the current vintage is loaded stands on that. Else the boundaries of an older vintage
/// serve: all those whose people are in it today, so that a merged commune's ground is that of all who merged. A part
/// stands on its own boundary, as a part or as the commune it was; without one its ground is the whole commune's, by
/// which nobody is certain.
final class CommuneGrounds {
    struct Row {
        let id: Int64
        let isExact: Bool
    }

    private struct Boundary {
        let id: Int64
        let kind: CommuneKind
        let code: CommuneCode
        let vintage: Int
    }

    private let history: CommuneHistory
    private let boundaries: [CommuneCode: [Boundary]]
    private let database: Database
    /// For communes without a boundary of their current vintage: those of the newest older one that has any.
    private lazy var older = olderGrounds()

    init(database: Database, history: CommuneHistory) throws {
        self.database = database
        self.history = history
        var boundaries: [CommuneCode: [Boundary]] = [:]
        let rows = try GRDB.Row.fetchCursor(
            database,
            sql: """
                SELECT id, kind, code, vintage FROM communes WHERE boundary IS NOT NULL
                ORDER BY vintage DESC, kind, code
                """)
        while let row = try rows.next() {
            guard let kind = CommuneKind(rawValue: row[1]), let code = CommuneCode(row[2] as String) else { continue }
            boundaries[code, default: []].append(Boundary(id: row[0], kind: kind, code: code, vintage: row[3]))
        }
        self.boundaries = boundaries
    }

    /// The rows of `communes` by code; codes without any ground are left out.
    func all() throws -> [(CommuneCode, [Row])] {
        let known = try String.fetchAll(database, sql: "SELECT DISTINCT code FROM commune_places ORDER BY code")
        return Set(known.compactMap { CommuneCode($0) }).union(boundaries.keys).sorted().compactMap { code in
            let rows = rows(of: code)
            return rows.isEmpty ? nil : (code, rows)
        }
    }

    /// What a code stands on today, or what it meant on 1 January of a year does.
    func rows(of code: CommuneCode, at vintage: Int? = nil) -> [Row] {
        guard let places = history.resolve(code, at: vintage)?.places else {
            // In an older vintage alone, and no movement says what became of it: it is known by its own boundary.
            return (boundaries[code]?.first).map { [Row(id: $0.id, isExact: true)] } ?? []
        }
        if places == [CommunePlace(commune: code)] { return whole(code) }
        if let own = own(code, places) { return [Row(id: own, isExact: true)] }
        let isExact = places.allSatisfy(\.isWhole)
        return Set(places.map(\.commune)).sorted().flatMap { whole($0) }
            .map { Row(id: $0.id, isExact: $0.isExact && isExact) }
    }

    private func whole(_ commune: CommuneCode) -> [Row] {
        let current = history.territory.vintages[commune.department]
        if let own = boundaries[commune]?.first(where: { $0.kind == .commune && $0.vintage == current }) {
            return [Row(id: own.id, isExact: true)]
        }
        return older[commune] ?? []
    }

    /// A part's own boundary: of a part of that code, or of the commune it was when that became just this part.
    private func own(_ code: CommuneCode, _ places: [CommunePlace]) -> Int64? {
        (boundaries[code] ?? []).first { boundary in
            if boundary.kind.isPart { return places.count == 1 && places[0].parts.first == code }
            return history.resolve(code, at: boundary.vintage)?.places == places
        }?.id
    }

    private func olderGrounds() -> [CommuneCode: [Row]] {
        let territory = history.territory
        let communes = boundaries.values.flatMap(\.self).filter {
            $0.kind == .commune && $0.vintage != territory.vintages[$0.code.department]
        }
        var grounds: [CommuneCode: [Row]] = [:]
        for (_, rows) in Dictionary(grouping: communes, by: \.vintage).sorted(by: { $0.key > $1.key }) {
            var found: [CommuneCode: [Row]] = [:]
            var shared: Set<CommuneCode> = []
            for boundary in rows.sorted(by: { $0.code < $1.code }) {
                let places = history.resolve(boundary.code, at: boundary.vintage)?.places ?? []
                let wholes = Set(places.map(\.commune))
                for commune in wholes { found[commune, default: []].append(Row(id: boundary.id, isExact: true)) }
                if wholes.count > 1 { shared.formUnion(wholes) }
            }
            for (commune, rows) in found where grounds[commune] == nil {
                grounds[commune] = shared.contains(commune) ? rows.map { Row(id: $0.id, isExact: false) } : rows
            }
        }
        return grounds
    }
}
