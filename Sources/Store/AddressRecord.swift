import GRDB
import GeoModel
import Geocoding

/// One place of the address index, with all that is known of it.
package struct AddressRecord: Hashable, Sendable {
    /// The national base's identifier: of the address (`93010_4120_00130_bis`), of the street (`93010_4120`), the
    /// index's own of a hamlet that only addresses name (`ld:93010::le bois`), or the commune's INSEE code.
    package let identifier: String
    package let kind: PlacePrecision
    /// Present for a house number only.
    package let houseNumber: HouseNumber?
    /// The street's, locality's or commune's name, as the base writes it.
    package let name: String
    package let postcode: String?
    package let communeCode: CommuneCode
    package let communeName: String
    /// The commune it was part of before a merger.
    package let formerCommuneCode: CommuneCode?
    package let formerCommuneName: String?
    /// WGS 84: the door, the middle of the street's known points, or the commune's point for a label.
    package let position: Position<WGS84>

    /// "12bis Rue Fontaine 93140 Bondy", or the commune's name.
    package var label: String {
        guard kind != .commune else { return communeName }
        let number = houseNumber.map { "\($0) " } ?? ""
        return "\(number)\(name) \(postcode.map { "\($0) " } ?? "")\(communeName)"
    }
}

/// A street's row, as records are made of it.
struct StreetRow {
    let id: Int64
    let sourceKey: String
    let name: String
    let kind: PlacePrecision
    let postcode: String
    let communeCode: CommuneCode
    let communeName: String
    let formerCommuneCode: CommuneCode?
    let formerCommuneName: String?
    let position: Position<WGS84>

    static let columns = """
        s.id, s.source_key, s.name, s.kind, s.postcode, s.commune_code, s.commune_name, s.former_commune_code,
        s.former_commune_name, s.lon, s.lat
        """

    /// - Returns: nil for a street without a place.
    init?(_ row: Row) {
        guard let code = CommuneCode(row[5] as String), let longitude = row[9] as Double?,
              let latitude = row[10] as Double?
        else { return nil }
        id = row[0]
        sourceKey = row[1]
        name = row[2]
        kind = row[3] == "street" ? .street : .locality
        postcode = row[4]
        communeCode = code
        communeName = row[6]
        formerCommuneCode = (row[7] as String?).flatMap { CommuneCode($0) }
        formerCommuneName = row[8]
        position = Position(longitude: longitude, latitude: latitude)
    }

    var record: AddressRecord { record(kind, nil, identifier: sourceKey, at: position) }

    func record(of door: HouseNumber, at position: Position<WGS84>) -> AddressRecord {
        let number = String(door.number)
        let padded = String(repeating: "0", count: max(0, 5 - number.count)) + number
        let suffix = door.suffix.isEmpty ? "" : "_\(door.suffix)"
        return record(.houseNumber, door, identifier: "\(sourceKey)_\(padded)\(suffix)", at: position)
    }

    private func record(
        _ kind: PlacePrecision, _ door: HouseNumber?, identifier: String, at position: Position<WGS84>
    ) -> AddressRecord {
        AddressRecord(
            identifier: identifier, kind: kind, houseNumber: door, name: name,
            postcode: postcode.isEmpty ? nil : postcode, communeCode: communeCode, communeName: communeName,
            formerCommuneCode: formerCommuneCode, formerCommuneName: formerCommuneName, position: position)
    }
}

extension AddressIndex {
    /// What the index holds of a place the geocoder answered, with the place's own position.
    ///
    /// Namesakes of one commune are told apart by their distance to the place.
    func record(of place: GeocodedPlace) throws -> AddressRecord? {
        guard let name = place.street else { return record(ofCommune: place) }
        let statement = try db.cachedStatement(sql: """
            SELECT \(StreetRow.columns) FROM streets s
            WHERE s.commune_code = ? AND s.name_key = ? AND s.name = ? AND s.lon IS NOT NULL ORDER BY s.id
            """)
        let key = PlaceNormalizer.streetTokens(name).joined(separator: " ")
        let rows = try Row.fetchAll(statement, arguments: [place.communeCode.rawValue, key, name])
        var best: (metres: Double, record: AddressRecord)?
        for street in rows.compactMap({ StreetRow($0) }) where place.postcode == nil || street.postcode == place.postcode {
            var record = street.record
            if let number = place.houseNumber {
                let door = try houseNumbers(StreetID(rawValue: street.id), number.number)
                    .first { $0.houseNumber == number }
                guard let door else { continue }
                record = street.record(of: door.houseNumber, at: door.position)
            }
            let metres = GroundReach.metres(place.position, record.position)
            if metres < best?.metres ?? .infinity { best = (metres, record) }
        }
        return best?.record
    }

    private func record(ofCommune place: GeocodedPlace) -> AddressRecord {
        AddressRecord(
            identifier: place.communeCode.rawValue, kind: .commune, houseNumber: nil, name: place.communeName,
            postcode: place.postcode, communeCode: place.communeCode, communeName: place.communeName,
            formerCommuneCode: nil, formerCommuneName: nil, position: place.position)
    }
}
