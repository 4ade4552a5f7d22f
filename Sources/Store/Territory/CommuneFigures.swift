import GRDB
import GeoModel

/// Works out legal population and intercommunalité of the communes of today from INSEE's and the DGCL's tables.
///
/// Figures are counted in the geography of their own vintage. A commune of today gets the sum over the codes of that
/// vintage that are wholly in it now; none where a code's people are shared out, since nobody knows how many went where.
struct CommuneFigures {
    struct Figure {
        var population: Int?
        var populationYear: Int?
        var epci: String?
        var epciName: String?
    }

    private let database: Database
    private let history: CommuneHistory

    init(database: Database, history: CommuneHistory) {
        self.database = database
        self.history = history
    }

    func all() throws -> [(CommuneCode, Figure)] {
        var figures: [CommuneCode: Figure] = [:]
        try addPopulations(to: &figures)
        try addEPCI(to: &figures)
        return figures.sorted { $0.key < $1.key }
    }

    private func addPopulations(to figures: inout [CommuneCode: Figure]) throws {
        for vintage in try vintages(of: "code_populations") {
            var sums: [CommuneCode: (communes: Int?, parts: Int?)] = [:]
            var doubtful: Set<CommuneCode> = []
            var year = 0
            let rows = try Row.fetchCursor(
                database, sql: "SELECT code, population, year FROM code_populations WHERE vintage = ? ORDER BY code",
                arguments: [vintage])
            while let row = try rows.next() {
                guard let code = CommuneCode(row[0] as String),
                      let places = history.resolve(code, at: vintage)?.places
                else { continue }
                year = row[2]
                guard places.count == 1, let place = places.first else {
                    doubtful.formUnion(places.map(\.commune))
                    continue
                }
                // A file may count a city, its arrondissements, or both: they are not added up.
                if history.territory.parts[code]?.kind == .arrondissement, place.commune != code {
                    sums[place.commune, default: (nil, nil)].parts = (sums[place.commune]?.parts ?? 0) + (row[1] as Int)
                } else {
                    sums[place.commune, default: (nil, nil)].communes =
                        (sums[place.commune]?.communes ?? 0) + (row[1] as Int)
                }
            }
            for (commune, sum) in sums where figures[commune]?.population == nil && !doubtful.contains(commune) {
                figures[commune, default: Figure()].population = sum.communes ?? sum.parts
                figures[commune]?.populationYear = year
            }
        }
    }

    private func addEPCI(to figures: inout [CommuneCode: Figure]) throws {
        for vintage in try vintages(of: "code_epci") {
            var found: [CommuneCode: (siren: String, name: String)?] = [:]
            let rows = try Row.fetchCursor(
                database, sql: "SELECT code, siren, name FROM code_epci WHERE vintage = ? ORDER BY code",
                arguments: [vintage])
            while let row = try rows.next() {
                guard let code = CommuneCode(row[0] as String),
                      let places = history.resolve(code, at: vintage)?.places
                else { continue }
                let epci: (siren: String, name: String) = (row[1], row[2])
                for commune in Set(places.map(\.commune)) {
                    // Communes of two intercommunalités that merged since: the table does not say which one it kept.
                    if let known = found[commune] { found[commune] = .some(known?.siren == epci.siren ? epci : nil) }
                    else { found[commune] = .some(epci) }
                }
            }
            for (commune, epci) in found where figures[commune]?.epci == nil {
                guard let epci else { continue }
                figures[commune, default: Figure()].epci = epci.siren
                figures[commune]?.epciName = epci.name
            }
        }
    }

    private func vintages(of table: String) throws -> [Int] {
        try Int.fetchAll(database, sql: "SELECT DISTINCT vintage FROM \(table) ORDER BY vintage DESC")
    }
}
