import GeoModel

/// One row of the Base Adresse Nationale, as the import read it: WGS 84, longitude and latitude in degrees.
package struct BANAddress: Hashable, Sendable {
    /// The address's key: the street's key, `_`, the number, and `_` suffix where there is one
    /// (`93010_3135_00003`, `93010_8110_00015_bis`).
    package let id: String
    /// Nil for a row that is a street or a locality itself (the base writes 99999 for the latter in BAL files).
    package let number: Int?
    /// `bis`, `ter`, a letter, or empty.
    package let suffix: String
    /// The name of the street, or of the locality where there are no streets.
    package let street: String
    package let postcode: String
    package let communeCode: CommuneCode
    package let communeName: String
    /// The commune it was part of before a merger: tells apart the namesake streets a merger brings.
    package let formerCommuneCode: CommuneCode?
    package let formerCommuneName: String?
    /// The hamlet or quarter, `nom_ld`.
    package let locality: String?
    package let position: Position<WGS84>

    package init(
        id: String, number: Int?, suffix: String = "", street: String, postcode: String, communeCode: CommuneCode,
        communeName: String, formerCommuneCode: CommuneCode? = nil, formerCommuneName: String? = nil,
        locality: String? = nil, position: Position<WGS84>
    ) {
        self.id = id
        self.number = number == 99_999 ? nil : number
        self.suffix = suffix.lowercased()
        self.street = street
        self.postcode = postcode
        self.communeCode = communeCode
        self.communeName = communeName
        self.formerCommuneCode = formerCommuneCode
        self.formerCommuneName = formerCommuneName
        self.locality = locality
        self.position = position
    }

    /// The street's key: what precedes the number in `id`.
    ///
    /// A street's key holds exactly one `_` (commune, street), so that a suffix is never taken for a number.
    package var streetKey: String {
        let parts = id.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count < 2 ? id : "\(parts[0])_\(parts[1])"
    }
}
