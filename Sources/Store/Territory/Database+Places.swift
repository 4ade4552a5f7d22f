import Foundation
import GRDB
import GeoModel
import Geocoding

extension Database {
    /// Works out anew what follows from the territory and INSEE's tables: official names, what each code means today, on
    /// which ground, with which figures, and the former names the geocoder knows communes by.
    ///
    /// Part of every import's own transaction, so that nobody sees codes of one year and meanings of another.
    func refreshTerritory() throws {
        try takeOfficialNames()
        let history = try communeHistory()
        try writePlaces(history)
        try writeGrounds(CommuneGrounds(database: self, history: history))
        try writeFigures(CommuneFigures(database: self, history: history))
        try registerFormerNames()
    }

    /// Works out anew what only figures follow from.
    func refreshFigures() throws {
        try writeFigures(CommuneFigures(database: self, history: try communeHistory()))
    }

    /// INSEE's names, departments and parents win over a file's of the same vintage; a commune that no file brought is one
    /// without a boundary.
    private func takeOfficialNames() throws {
        let rows = try Row.fetchAll(
            self,
            sql: """
                SELECT o.vintage, o.kind, o.code, o.name, o.department, o.region, o.parent_code, c.id
                FROM code_communes AS o LEFT JOIN communes AS c USING (vintage, kind, code)
                WHERE c.id IS NULL OR c.name <> o.name OR c.department <> o.department
                    OR c.parent_code IS NOT o.parent_code
                ORDER BY o.vintage, o.kind, o.code
                """)
        let insert = try makeStatement(sql: """
            INSERT INTO communes (vintage, kind, code, name, folded_name, department, region, parent_code, content_hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, x'')
            """)
        let update = try makeStatement(sql: """
            UPDATE communes SET name = ?, folded_name = ?, department = ?, region = ifnull(?, region), parent_code = ?
            WHERE id = ?
            """)
        for row in rows {
            let name: String = row[3]
            let folded = FoldedName(name).text
            if let id: Int64 = row[7] {
                try update.execute(arguments: [
                    name, folded, row[4] as String, row[5] as String?, row[6] as String?, id,
                ])
            } else {
                try insert.execute(arguments: [
                    row[0] as Int, row[1] as String, row[2] as String, name, folded, row[4] as String,
                    row[5] as String?, row[6] as String?,
                ])
            }
        }
    }

    private func writePlaces(_ history: CommuneHistory) throws {
        try execute(sql: "DELETE FROM commune_places")
        let insert = try makeStatement(sql: """
            INSERT INTO commune_places (code, commune_code, parts, since, name) VALUES (?, ?, ?, ?, ?)
            """)
        let known = try String.fetchAll(self, sql: "SELECT DISTINCT code FROM communes ORDER BY code")
        for code in history.codes.union(known.compactMap { CommuneCode($0) }).sorted() {
            guard let meaning = history.resolve(code) else { continue }
            for place in meaning.places {
                try insert.execute(arguments: [
                    code.rawValue, place.commune.rawValue, place.parts.map(\.rawValue).joined(separator: " "),
                    meaning.since?.text, meaning.name,
                ])
            }
        }
    }

    private func writeGrounds(_ grounds: CommuneGrounds) throws {
        try execute(sql: "DELETE FROM commune_grounds")
        let insert = try makeStatement(sql: """
            INSERT OR IGNORE INTO commune_grounds (code, commune_id, is_exact) VALUES (?, ?, ?)
            """)
        for (code, rows) in try grounds.all() {
            for row in rows { try insert.execute(arguments: [code.rawValue, row.id, row.isExact]) }
        }
    }

    private func writeFigures(_ figures: CommuneFigures) throws {
        try execute(sql: "DELETE FROM commune_figures")
        let insert = try makeStatement(sql: """
            INSERT INTO commune_figures (code, population, population_year, epci, epci_name) VALUES (?, ?, ?, ?, ?)
            """)
        for (code, figure) in try figures.all() {
            try insert.execute(arguments: [
                code.rawValue, figure.population, figure.populationYear, figure.epci, figure.epciName,
            ])
        }
    }

    /// The names of the communes that a commune of today is made of, where the geocoder does not know them yet.
    private func registerFormerNames() throws {
        let rows = try Row.fetchAll(
            self,
            sql: """
                SELECT p.commune_code, ifnull(p.name, (
                    SELECT name FROM communes WHERE code = p.code ORDER BY vintage DESC, kind LIMIT 1)) AS former
                FROM commune_places AS p WHERE p.parts <> '' AND former IS NOT NULL ORDER BY p.commune_code, p.code
                """)
        let index = AddressIndex(self)
        for (code, names) in Dictionary(grouping: rows, by: { $0[0] as String }).sorted(by: { $0.key < $1.key }) {
            guard let code = CommuneCode(code), let entry = try index.communes(.code(code)).first else { continue }
            var others = entry.otherNames
            var seen = Set(([entry.name] + others).map { FoldedName($0).text })
            for row in names {
                let name: String = row[1]
                if seen.insert(FoldedName(name).text).inserted { others.append(name) }
            }
            guard others.count > entry.otherNames.count else { continue }
            try index.upsert(communes: [
                CommuneEntry(
                    code: entry.code, name: entry.name, otherNames: others, postcodes: entry.postcodes,
                    position: entry.position, townHall: entry.townHall)
            ])
        }
    }
}
