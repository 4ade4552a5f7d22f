import Targeting

/// The names of columns in a workbook, which people open: French, as the report's pages are. CSV and GeoJSON, which programs
/// read, keep the English ones.
enum FrenchColumns {
    private static let names: [String: String] = [
        "code": "Code", "name": "Nom", "population": "Population", "population_year": "Année de la population",
        "area_share": "Part de la surface", "population_in_zone": "Population dans la zone", "registered": "Inscrits",
        "share": "Inscrits par habitant", "located_given": "Localisés : coordonnées données",
        "located_house_number": "Localisés : au numéro", "located_street": "Localisés : à la rue",
        "located_locality": "Localisés : au lieu-dit", "located_commune": "Localisés : à la commune",
        "located_not_located": "Non localisés", "sms": "SMS", "voice": "Appel vocal", "email": "Courriel", "fax": "Télécopie",
        "unreachable": "Injoignables", "households": "Foyers inscrits", "reachable_any": "Joignables par un canal au moins",
        "reachable_share": "Joignables par habitant", "stale": "Non confirmés", "never_confirmed": "Jamais confirmés",
        "population_method": "Population répartie", "reach_seconds": "Durée pour joindre tous (s)", "rank": "Rang",
        "id": "Numéro", "previous_at": "Bilan précédent", "previous_registered": "Inscrits au bilan précédent",
        "previous_reachable_share": "Joignables par habitant au bilan précédent", "share_trend": "Évolution",
        "redrawn": "Redessiné",
    ]

    /// The column of a workbook for one of a table; every column has a name here, see the tests.
    static func name(of column: String) -> String { names[column] ?? column }

    static func methods(_ figures: CoverageFigures) -> String {
        PopulationMethod.allCases.filter { figures.methods[$0] != nil }.map(word).joined(separator: ", ")
    }

    private static func word(_ method: PopulationMethod) -> String {
        switch method {
        case .whole: "commune entière"
        case .addresses: "par adresses"
        case .grid: "par carreaux de population"
        case .area: "par surface"
        }
    }
}
