import Foundation
import GeoModel
import Store

/// A commune read from the properties of a feature, whoever published it: by `CommuneField`'s names.
///
/// Recognised: Tocsin's own files (code, nom, population…), france-geojson (code, nom), Etalab's
/// contours-administratifs (code, nom, departement, region, epci) and IGN ADMIN EXPRESS (INSEE_COM, NOM,
/// POPULATION, INSEE_DEP, SIREN_EPCI; since 2025 code_insee, nom_officiel…), its layers of arrondissements
/// (INSEE_ARM) and of delegated and associated communes (INSEE_CAD) included, where INSEE_COM is the whole's code.
struct CommuneFeature {
    let commune: Commune
    /// The vintage the feature states, if it does.
    let vintage: Int?

    /// - Parameter boundary: valid, or nil when the feature has no geometry.
    /// - Throws: when the code or the name is missing, or the boundary lies elsewhere than the code says.
    init(
        properties: JSONObject, columns: CommuneColumns, boundary: Area<WGS84>?
    ) throws(Fault) {
        let text = Properties(object: properties, columns: columns)
        let partCode = text[.partCode]
        guard let codeText = partCode ?? text[.code] else {
            throw Fault(
                reason: "no commune code: \(columns.lookedFor(.code)); its properties are "
                    + properties.members.prefix(30).map(\.key).joined(separator: ", ") + ": say which with --map COLUMN=code")
        }
        guard let code = CommuneCode(codeText) else { throw Fault(reason: "“\(codeText.prefix(40))” is not a commune code") }
        guard let name = text[.name] else {
            throw Fault(reason: "commune \(code) has no name: \(columns.lookedFor(.name))")
        }
        vintage = text[.vintage].flatMap { Int($0) }
        var townhall: Position<WGS84>?
        if case .array(let pair)? = text.value(.townhall), pair.count == 2,
           case .number(let longitude) = pair[0], case .number(let latitude) = pair[1]
        {
            townhall = Position(longitude: longitude, latitude: latitude)
        }
        let city = code.cityOfArrondissement
        let whole = partCode == nil ? nil : text[.code]
        let kind = city != nil ? "ARM" : Self.kind(text[.kind], isPart: partCode != nil)
        // A reference system that is not the one stated puts a commune where its department is not.
        if let box = boundary?.boundingBox, !FrenchTerritories.hold(box, department: code.department) {
            throw Fault(
                reason: "the boundary of commune \(code) lies around \(Self.degrees((box.west + box.east) / 2)), "
                    + "\(Self.degrees((box.south + box.north) / 2)), where department \(code.department) is not: "
                    + "is the file in the reference system that it states?")
        }
        commune = Commune(
            code: code, kind: kind, name: Self.withArticle(name, type: text[.article].flatMap { Int($0) }),
            department: text[.department] ?? code.department, region: text[.region], epci: text[.epci],
            epciName: text[.epciName], parentCode: city ?? whole ?? text[.parent],
            postcodes: Self.postcodes(text.value(.postcodes)),
            population: text[.population].flatMap { Int($0) },
            populationYear: text[.populationYear].flatMap { Int($0) },
            townhall: townhall, boundary: boundary)
    }

    private static func degrees(_ value: Double) -> String { String(format: "%.2f", value) }

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

/// A feature's properties by field, whatever JSON type their publisher chose.
private struct Properties {
    let object: JSONObject
    let columns: CommuneColumns

    /// The first property of the field's names that says something.
    subscript(field: CommuneField) -> String? {
        columns.names(of: field).lazy.compactMap { object[$0]?.text }.first { !$0.isEmpty }
    }

    func value(_ field: CommuneField) -> JSONValue? {
        columns.names(of: field).lazy.compactMap { object[$0] }.first { $0 != .null }
    }
}
