import GeoEngine
import GeoModel
import Geocoding

/// The columns of a Base Adresse Locale, versions 1.3 to 1.5 (AITF): a commune's own file.
///
/// It has a row for each position of a number; its streets have no key that the national base shares but in
/// `cle_interop`, and no postcodes. Not `Sendable`: it may hold a projection, which belongs to one thread.
final class BALColumns {
    private let columns: AddressColumns
    /// Columns of street names in regional languages: `voie_nom_bre`, `toponyme_oci`.
    private let otherNames: [Int]
    private let otherCommuneNames: [Int]
    private var projections: [Int: Reprojection] = [:]

    /// - Parameter header: one that `AddressSourceKind` took for the kind.
    init(_ header: [String]) {
        let columns = AddressColumns(header)
        /// Columns named like one and a language's three letters.
        func translations(of names: [String]) -> [Int] {
            columns.names.indices.filter { index in
                names.contains { columns.names[index].hasPrefix($0 + "_") && columns.names[index].count == $0.count + 4 }
            }
        }
        self.columns = columns
        otherNames = translations(of: ["voie_nom", "toponyme"])
        otherCommuneNames = translations(of: ["commune_nom"])
    }

    /// - Throws: `badAddress`, with line and column.
    func address(_ record: CSVRecord, file: String) throws -> BANAddress {
        func fault(_ column: String, _ reason: String) -> ImportError {
            .badAddress(file: file, line: record.line, column: column, reason: reason)
        }
        func text(_ column: String) -> String? { columns.text(column, record) }
        guard let code = text("commune_insee").flatMap({ CommuneCode($0) }) else {
            throw fault("commune_insee", "not a commune code")
        }
        let streetColumn = columns.has("toponyme") ? "toponyme" : "voie_nom"
        guard let street = text(streetColumn) else { throw fault(streetColumn, "empty") }
        let former = text("commune_deleguee_insee").flatMap { CommuneCode($0) }
        let number = try columns.number(record, file: file)
        let suffix = text("suffixe") ?? ""
        let key = streetKey(text("cle_interop"), code, former, street)
        return BANAddress(
            id: "\(key)_\(number.map { String($0) } ?? "")_\(suffix)", number: number, suffix: suffix, street: street,
            postcode: "", communeCode: code, communeName: text("commune_nom") ?? code.rawValue,
            formerCommuneCode: former, formerCommuneName: text("commune_deleguee_nom"),
            locality: number == nil || number == 99_999 ? nil : text("lieudit_complement_nom"),
            position: try position(record, code, file), pointKind: AddressPointKind(text("position") ?? ""),
            otherNames: otherNames.compactMap { columns.text(at: $0, record) }, streetKey: key)
    }

    /// The commune's names in regional languages.
    func communeNames(_ record: CSVRecord) -> [String] {
        otherCommuneNames.compactMap { columns.text(at: $0, record) }
    }

    /// The national base's key where `cle_interop` holds one (`35088_0010_00001`; `xxxx` stands for none yet), otherwise
    /// the commune and the name.
    private func streetKey(_ key: String?, _ code: CommuneCode, _ former: CommuneCode?, _ street: String) -> String {
        let parts = key?.split(separator: "_", omittingEmptySubsequences: false).map(String.init) ?? []
        if parts.count >= 3, [code.rawValue, former?.rawValue].contains(parts[0].uppercased()),
           (4...6).contains(parts[1].utf8.count), parts[1].lowercased() != "xxxx" {
            return "\(parts[0])_\(parts[1])"
        }
        let name = PlaceNormalizer.streetTokens(street).joined(separator: " ")
        return "bal:\(code):\(former?.rawValue ?? ""):\(name)"
    }

    /// Degrees where the row has them, else metres of the territory's legal projection.
    private func position(_ record: CSVRecord, _ code: CommuneCode, _ file: String) throws -> Position<WGS84> {
        if columns.text("long", record) != nil || columns.text("x", record) == nil {
            return rounded(try columns.position("long", "lat", record, file: file))
        }
        func fault(_ reason: String) -> ImportError {
            .badAddress(file: file, line: record.line, column: "x", reason: reason)
        }
        guard let east = columns.text("x", record).flatMap(Double.init),
              let north = columns.text("y", record).flatMap(Double.init)
        else { throw fault("not metres") }
        let epsg = Self.legalProjection(of: code)
        do {
            let projection = try projections[epsg] ?? Reprojection(fromEPSG: epsg)
            projections[epsg] = projection
            let position = try projection.position(of: Position<WGS84>(east: east, north: north))
            guard case .plausible = PlausiblePosition(longitude: position.longitude, latitude: position.latitude)
            else { throw fault("not a place of a French territory in EPSG:\(epsg)") }
            return rounded(position)
        } catch is GeometryError {
            throw fault("not a place of a French territory in EPSG:\(epsg)")
        }
    }

    /// To a centimetre: versions of one file write more or fewer decimals.
    private func rounded(_ position: Position<WGS84>) -> Position<WGS84> {
        Position(
            longitude: (position.longitude * 1e7).rounded() / 1e7, latitude: (position.latitude * 1e7).rounded() / 1e7)
    }

    /// The projection that the decree of 26 December 2000 prescribes for the territory.
    private static func legalProjection(of code: CommuneCode) -> Int {
        switch code.department {
        case "971", "972", "977", "978": 5490
        case "973": 2972
        case "974": 2975
        case "975": 4467
        case "976": 4471
        default: 2154
        }
    }
}
