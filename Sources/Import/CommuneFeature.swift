import Foundation
import GeoModel
import Store

/// A commune read from the properties of a GeoJSON feature, whoever published it.
///
/// Recognised: Tocsin's own files (code, nom, population…), france-geojson (code, nom), Etalab's
/// contours-administratifs (code, nom, departement, region, epci) and IGN ADMIN EXPRESS (INSEE_COM, NOM,
/// POPULATION, INSEE_DEP, SIREN_EPCI; since 2025 code_insee, nom_officiel…), its layers of arrondissements
/// (INSEE_ARM) and of delegated and associated communes (INSEE_CAD) included, where INSEE_COM is the whole's code.
struct CommuneFeature {
    let commune: Commune
    /// The vintage the feature states, if it does.
    let vintage: Int?

    /// - Returns: nil for a feature that is no commune of any kind (a department, a canton).
    /// - Parameter boundary: valid, or nil when the feature has no geometry.
    init(properties: JSONObject, boundary: Area<WGS84>?) throws(Fault) {
        let text = Properties(properties)
        let partCode = text["INSEE_ARM", "INSEE_CAD", "insee_arm", "insee_cad"]
        guard
            let codeText = partCode
                ?? text["code", "INSEE_COM", "insee_com", "insee", "code_insee", "codgeo", "COM"]
        else {
            throw Fault(reason: "no commune code: looked for code, INSEE_COM, insee, code_insee")
        }
        guard let code = CommuneCode(codeText) else { throw Fault(reason: "“\(codeText)” is not a commune code") }
        guard let name = text["nom", "NOM", "nom_officiel", "name", "libelle", "NOM_COM", "LIBELLE"] else {
            throw Fault(reason: "commune \(code) has no name: looked for nom, NOM, name, libelle")
        }
        vintage = text["millesime", "MILLESIME", "vintage"].flatMap { Int($0) }
        var townhall: Position<WGS84>?
        if case .array(let pair)? = properties["mairie"], pair.count == 2,
           case .number(let longitude) = pair[0], case .number(let latitude) = pair[1]
        {
            townhall = Position(longitude: longitude, latitude: latitude)
        }
        let city = code.cityOfArrondissement
        let whole = partCode == nil ? nil : text["INSEE_COM", "insee_com"]
        let kind =
            city != nil ? "ARM" : Self.kind(text["type", "TYPE", "TYPECOM", "typecom"], isPart: partCode != nil)
        commune = Commune(
            code: code, kind: kind,
            name: Self.withArticle(name, type: text["type_nom", "TNCC", "tncc"].flatMap { Int($0) }),
            department: text["departement", "INSEE_DEP", "insee_dep", "code_insee_du_departement", "dep", "DEP"]
                ?? code.department,
            region: text["region", "INSEE_REG", "insee_reg", "code_insee_de_la_region", "reg"],
            epci: text["epci", "SIREN_EPCI", "siren_epci", "codes_siren_des_epci", "CODES_EPCI"],
            epciName: text["epci_nom", "NOM_EPCI"],
            parentCode: city ?? whole ?? text["commune_parent", "chefLieu", "COMPARENT", "commune"],
            postcodes: Self.postcodes(properties["codes_postaux"] ?? properties["codesPostaux"]),
            population: text["population", "POPULATION", "pmun", "PMUN"].flatMap { Int($0) },
            populationYear: text["population_annee", "population_year", "ANNEE_POPULATION"].flatMap { Int($0) },
            townhall: townhall, boundary: boundary)
    }

    /// Why a feature is refused.
    struct Fault: Error {
        let reason: String
    }

    /// INSEE's TYPECOM; Etalab writes it in words. A part whose layer does not say is delegated rather than whole.
    private static func kind(_ text: String?, isPart: Bool) -> String {
        switch text?.lowercased() {
        case "comd", "commune-deleguee": "COMD"
        case "coma", "commune-associee": "COMA"
        case "arm", "arrondissement-municipal": "ARM"
        default: isPart ? "COMD" : "COM"
        }
    }

    /// INSEE's TNCC: the article a name is published without.
    private static func withArticle(_ name: String, type: Int?) -> String {
        let article =
            switch type {
            case 2: "Le "
            case 3: "La "
            case 4: "Les "
            case 5: "L'"
            case 6: "Aux "
            case 7: "Las "
            case 8: "Los "
            default: ""
            }
        // The official lists name some with their article already, with either apostrophe.
        return name.replacingOccurrences(of: "’", with: "'").hasPrefix(article) ? name : article + name
    }

    private static func postcodes(_ value: JSONValue?) -> [String] {
        switch value {
        case .array(let values)?:
            values.compactMap(\.text)
        case .string(let text)?:
            text.split { $0 == " " || $0 == "," || $0 == "/" }.map(String.init)
        default: []
        }
    }
}

extension CommuneCode {
    /// The code of Paris, Lyon or Marseille for their arrondissements', which files seldom tell from communes.
    fileprivate var cityOfArrondissement: String? {
        switch Int(rawValue) {
        case .some(75_101...75_120): "75056"
        case .some(69_381...69_389): "69123"
        case .some(13_201...13_216): "13055"
        default: nil
        }
    }
}

/// Scalar properties as text, whatever JSON type their publisher chose.
private struct Properties {
    private let object: JSONObject

    init(_ object: JSONObject) {
        self.object = object
    }

    /// The first of these members that says something.
    subscript(names: String...) -> String? {
        names.lazy.compactMap { object[$0]?.text }.first { !$0.isEmpty }
    }
}
