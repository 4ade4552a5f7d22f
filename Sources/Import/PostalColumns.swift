import GeoModel
import Geocoding
import Store

/// The columns of La Poste's table: a row for each commune, postcode and place delivered under its name.
struct PostalColumns {
    private let columns: AddressColumns

    /// - Parameter header: one that `AddressSourceKind` took for the kind.
    init(_ header: [String]) {
        columns = AddressColumns(header)
    }

    /// Adds a row to what is known of its commune.
    ///
    /// - Throws: `badAddress`, with line and column.
    func add(_ record: CSVRecord, to communes: inout [CommuneCode: PostalCommune], file: String) throws {
        func fault(_ column: String, _ reason: String) -> ImportError {
            .badAddress(file: file, line: record.line, column: column, reason: reason)
        }
        guard let code = columns.text("code_commune_insee", record).flatMap({ CommuneCode($0) }) else {
            throw fault("code_commune_insee", "not a commune code")
        }
        guard let postcode = columns.text("code_postal", record).flatMap({ Postcode.read($0) }) else {
            throw fault("code_postal", "not a postcode")
        }
        guard let delivery = columns.text("libelle_d_acheminement", record) else {
            throw fault("libelle_d_acheminement", "empty")
        }
        let name = columns.text("nom_de_la_commune", record) ?? delivery
        var commune = communes[code] ?? PostalCommune(code: code, name: name)
        commune.postcodes.insert(postcode)
        commune.deliveryNames.insert(delivery)
        if let place = columns.text("ligne_5", record) { commune.deliveryNames.insert(place) }
        if commune.position == nil { commune.position = position(record) }
        communes[code] = commune
    }

    /// Only for a label: what is no position is left out.
    private func position(_ record: CSVRecord) -> Position<WGS84>? {
        var parts = [columns.text("latitude", record), columns.text("longitude", record)].compactMap(\.self)
        if parts.count < 2 {
            let point = columns.text("_geopoint", record) ?? columns.text("coordonnees_gps", record) ?? ""
            parts = point.split(separator: ",").map { String($0).trimmingWhitespace }
        }
        guard parts.count == 2, let latitude = Double(parts[0]), let longitude = Double(parts[1]),
              case .plausible(let position) = PlausiblePosition(longitude: longitude, latitude: latitude)
        else { return nil }
        return position
    }
}
