import GeoModel
import Geocoding

/// The files of addresses that can be read, told apart by their columns.
package enum AddressSourceKind: Sendable, CaseIterable {
    /// Base Adresse Nationale (adresse.data.gouv.fr, “format CSV”).
    case national
    /// Base Adresse Locale 1.3 to 1.5 (AITF).
    case local
    /// La Poste's “Base officielle des codes postaux” (laposte-hexasmal).
    case postal

    /// Columns that a file of the kind has; any of those in one list.
    private var required: [[String]] {
        switch self {
        case .national:
            ["id", "numero", "nom_voie", "code_postal", "code_insee", "nom_commune", "lon", "lat"].map { [$0] }
        case .local: [["commune_insee"], ["voie_nom", "toponyme"], ["numero"], ["long", "x"], ["lat", "y"]]
        case .postal: [["code_commune_insee"], ["code_postal"], ["libelle_d_acheminement"]]
        }
    }

    /// - Throws: `notAddresses`, with the columns that are missing to be of the likeliest kind.
    init(header: [String], file: String) throws {
        let columns = AddressColumns(header)
        let missing = Self.allCases.map { kind in
            (kind: kind, names: kind.required.filter { names in !names.contains(where: columns.has) }.map { $0[0] },
             share: Double(kind.required.count))
        }
        if let whole = missing.first(where: { $0.names.isEmpty }) {
            self = whole.kind
        } else {
            let likeliest = missing.min { Double($0.names.count) / $0.share < Double($1.names.count) / $1.share }
            throw ImportError.notAddresses(file: file, missing: likeliest?.names ?? [])
        }
    }
}

/// Columns found by their names: without case, accents, and marks that a publisher puts before the first.
struct AddressColumns {
    private let index: [String: Int]
    let names: [String]

    init(_ header: [String]) {
        names = header.map { PlaceNormalizer.columnName($0) }
        var index: [String: Int] = [:]
        for (position, name) in names.enumerated() where index[name] == nil { index[name] = position }
        self.index = index
    }

    func has(_ column: String) -> Bool { index[column] != nil }

    /// The text of a column, nil where it is blank or missing.
    func text(_ column: String, _ record: CSVRecord) -> String? {
        index[column].flatMap { text(at: $0, record) }
    }

    func text(at position: Int, _ record: CSVRecord) -> String? {
        guard position < record.fields.count else { return nil }
        let text = record.fields[position].trimmingWhitespace
        return text.isEmpty ? nil : text
    }

    /// A house number; nil where there is none, or the 99999 that stands for none.
    ///
    /// - Throws: `badAddress` for what is no number.
    func number(_ record: CSVRecord, file: String) throws -> Int? {
        guard let text = text("numero", record) else { return nil }
        guard let number = Int(text), (0...99_999).contains(number) else {
            throw ImportError.badAddress(file: file, line: record.line, column: "numero", reason: "not a house number")
        }
        return number
    }

    /// A position in two columns of degrees.
    ///
    /// - Throws: `badAddress` when they hold no plausible position.
    func position(_ longitude: String, _ latitude: String, _ record: CSVRecord, file: String) throws -> Position<WGS84> {
        func fault(_ reason: String) -> ImportError {
            .badAddress(file: file, line: record.line, column: longitude, reason: reason)
        }
        guard let east = text(longitude, record).flatMap(Double.init),
              let north = text(latitude, record).flatMap(Double.init)
        else { throw fault("not degrees") }
        guard case .plausible(let position) = PlausiblePosition(longitude: east, latitude: north) else {
            throw fault("not a place of a French territory in longitude and latitude")
        }
        return position
    }
}

extension String {
    var trimmingWhitespace: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
