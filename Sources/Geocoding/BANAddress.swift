import GeoModel

/// One address of the Base Adresse Nationale or of a Base Adresse Locale, as the import read it: WGS 84, degrees.
package struct BANAddress: Hashable, Sendable {
    /// The address's key: the street's key, `_`, the number, and `_` suffix where there is one
    /// (`93010_3135_00003`, `93010_8110_00015_bis`).
    package let id: String
    /// The key its street is known by; all addresses of one street have the same.
    package let streetKey: String
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
    /// What the point stands for.
    package let pointKind: AddressPointKind
    /// Other names of the street: aliases, and those in a regional language.
    package let otherNames: [String]

    package init(
        id: String, number: Int?, suffix: String = "", street: String, postcode: String, communeCode: CommuneCode,
        communeName: String, formerCommuneCode: CommuneCode? = nil, formerCommuneName: String? = nil,
        locality: String? = nil, position: Position<WGS84>, pointKind: AddressPointKind = .unknown,
        otherNames: [String] = [], streetKey: String? = nil
    ) {
        self.id = id
        self.streetKey = streetKey ?? Self.streetKey(ofID: id)
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
        self.pointKind = pointKind
        self.otherNames = otherNames
    }

    /// What precedes the number in an identifier of the national base.
    ///
    /// A street's key holds exactly one `_` (commune, street), so that a suffix is never taken for a number.
    private static func streetKey(ofID id: String) -> String {
        let parts = id.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count < 2 ? id : "\(parts[0])_\(parts[1])"
    }
}
