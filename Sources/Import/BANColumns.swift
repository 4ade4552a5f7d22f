import GeoModel
import Geocoding

/// The columns of a Base Adresse Nationale CSV (adresse.data.gouv.fr, “format CSV”).
struct BANColumns {
    private let columns: AddressColumns

    /// - Parameter header: one that `AddressSourceKind` took for the kind.
    init(_ header: [String]) {
        columns = AddressColumns(header)
    }

    /// - Throws: `badAddress`, with line and column.
    func address(_ record: CSVRecord, file: String) throws -> BANAddress {
        func fault(_ column: String, _ reason: String) -> ImportError {
            .badAddress(file: file, line: record.line, column: column, reason: reason)
        }
        func text(_ column: String) -> String? { columns.text(column, record) }
        guard let id = text("id") else { throw fault("id", "empty") }
        guard let code = text("code_insee").flatMap({ CommuneCode($0) }) else {
            throw fault("code_insee", "not a commune code")
        }
        let position = try columns.position("lon", "lat", record, file: file)
        guard let street = text("nom_voie") ?? text("nom_ld") else { throw fault("nom_voie", "empty") }
        return BANAddress(
            id: id, number: try columns.number(record, file: file), suffix: text("rep") ?? "", street: street,
            postcode: text("code_postal") ?? "", communeCode: code, communeName: text("nom_commune") ?? "",
            formerCommuneCode: text("code_insee_ancienne_commune").flatMap { CommuneCode($0) },
            formerCommuneName: text("nom_ancienne_commune"), locality: text("nom_ld"), position: position,
            pointKind: AddressPointKind(text("type_position") ?? ""),
            otherNames: text("alias").map { $0.split(separator: "|").map(String.init) } ?? [])
    }
}
