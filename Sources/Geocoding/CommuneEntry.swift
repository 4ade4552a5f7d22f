import GeoModel

/// A commune as the geocoder knows it.
package struct CommuneEntry: Hashable, Sendable {
    package let code: CommuneCode
    package let name: String
    /// Names of communes merged into it, and other names it is known by.
    package let otherNames: [String]
    package let postcodes: [String]
    /// A point within it, usually its town hall: a place for a map's label, never a recipient's place.
    package let position: Position<WGS84>

    package init(
        code: CommuneCode, name: String, otherNames: [String] = [], postcodes: [String], position: Position<WGS84>
    ) {
        self.code = code
        self.name = name
        self.otherNames = otherNames
        self.postcodes = postcodes
        self.position = position
    }

    /// The keys of its own and other names, the own name's first.
    var keys: [String] { ([name] + otherNames).map { PlaceNormalizer.communeKey($0) } }
}

/// The municipal arrondissements, which carry addresses in Paris, Lyon and Marseille though the commune is the city.
package enum MunicipalArrondissement {
    /// The city's code for an arrondissement's, nil for any other commune.
    package static func city(of code: CommuneCode) -> CommuneCode? {
        guard let number = Int(code.rawValue) else { return nil }
        switch number {
        case 75_101...75_120: return CommuneCode("75056")
        case 69_381...69_389: return CommuneCode("69123")
        case 13_201...13_216: return CommuneCode("13055")
        default: return nil
        }
    }
}
