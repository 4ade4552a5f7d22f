/// What a property of a commune's feature may hold. The raw value is the name `--map COLUMN=FIELD` takes, and the
/// property of Tocsin's own files.
package enum CommuneField: String, CaseIterable, Sendable {
    case code
    /// A part's own code, in the publishers' layers of parts: there the plain code is the whole commune's.
    case partCode = "code_partie"
    case name = "nom"
    /// COM, COMD, COMA or ARM, or Etalab's words for them.
    case kind = "type"
    /// INSEE's TNCC: the article that the name is published without.
    case article = "type_nom"
    case department = "departement"
    case region
    case epci
    case epciName = "epci_nom"
    /// The whole commune of a part.
    case parent = "commune_parent"
    case postcodes = "codes_postaux"
    case population
    case populationYear = "population_annee"
    case vintage = "millesime"
    /// The town hall's longitude and latitude, as an array.
    case townhall = "mairie"

    /// The names publishers give it, the surest first; compared as they are written.
    var recognisedNames: [String] {
        switch self {
        case .code: ["code", "INSEE_COM", "insee_com", "insee", "code_insee", "codgeo", "CODGEO", "COM", "CODE_INSEE"]
        case .partCode: ["INSEE_ARM", "INSEE_CAD", "insee_arm", "insee_cad"]
        case .name: ["nom", "NOM", "nom_officiel", "name", "libelle", "NOM_COM", "LIBELLE", "libgeo", "LIBGEO"]
        case .kind: ["type", "TYPE", "TYPECOM", "typecom"]
        case .article: ["type_nom", "TNCC", "tncc"]
        case .department:
            ["departement", "INSEE_DEP", "insee_dep", "code_insee_du_departement", "dep", "DEP"]
        case .region: ["region", "INSEE_REG", "insee_reg", "code_insee_de_la_region", "reg", "REG"]
        case .epci: ["epci", "SIREN_EPCI", "siren_epci", "codes_siren_des_epci", "CODES_EPCI", "EPCI"]
        case .epciName: ["epci_nom", "NOM_EPCI"]
        case .parent: ["commune_parent", "chefLieu", "COMPARENT", "commune", "code_insee_de_la_commune_de_rattach"]
        case .postcodes: ["codes_postaux", "codesPostaux", "code_postal", "CODE_POST"]
        case .population: ["population", "POPULATION", "pmun", "PMUN"]
        case .populationYear: ["population_annee", "population_year", "ANNEE_POPULATION"]
        case .vintage: ["millesime", "MILLESIME", "vintage"]
        case .townhall: ["mairie"]
        }
    }
}

/// Which property holds what: the publishers' names, corrected by `--map`.
struct CommuneColumns {
    private let explicit: [CommuneField: String]

    /// - Parameter map: property name → field name.
    /// - Throws: `ImportError.unknownField`, `fieldMappedTwice`.
    init(map: [String: String] = [:]) throws {
        var explicit: [CommuneField: String] = [:]
        for (column, name) in map.sorted(by: { $0.key < $1.key }) {
            guard let field = CommuneField(rawValue: name.lowercased()) else {
                throw ImportError.unknownField(name: name, known: CommuneField.allCases.map(\.rawValue))
            }
            if let other = explicit.updateValue(column, forKey: field) {
                throw ImportError.fieldMappedTwice(field: name, columns: [other, column].sorted())
            }
        }
        self.explicit = explicit
    }

    /// The properties to look for, in this order. One that was named is the only one.
    func names(of field: CommuneField) -> [String] {
        if let column = explicit[field] { return [column] }
        // Whoever says which property is the code means it, whatever others look like a part's.
        return field == .partCode && explicit[.code] != nil ? [] : field.recognisedNames
    }

    /// For an error: “looked for code, INSEE_COM…”.
    func lookedFor(_ field: CommuneField) -> String { "looked for " + names(of: field).prefix(5).joined(separator: ", ") }

    /// The properties that `--map` names.
    var mapped: Set<String> { Set(explicit.values) }
}
