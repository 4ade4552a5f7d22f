import GeoModel

/// A commune as the geocoder knows it.
package struct CommuneEntry: Hashable, Sendable {
    package let code: CommuneCode
    package let name: String
    /// Names of communes merged into it, and other names it is known by.
    package let otherNames: [String]
    /// Names of places the post delivers under its name. Hamlets of many communes share them, so that one of these
    /// alone never decides against another commune's name.
    package let postalNames: [String]
    package let postcodes: [String]
    /// A point within it, usually its town hall: a place for a map's label, never a recipient's place.
    package let position: Position<WGS84>
    /// Where its town hall stands, when that is known.
    package let townHall: Position<WGS84>?
    /// The keys of its own, its other and its postal names, in this order.
    let keys: [String]
    /// The same as bytes, for comparing misspelt names.
    let keyBytes: [[UInt8]]
    private let strongKeyCount: Int

    package init(
        code: CommuneCode, name: String, otherNames: [String] = [], postalNames: [String] = [], postcodes: [String],
        position: Position<WGS84>, townHall: Position<WGS84>? = nil
    ) {
        self.code = code
        self.name = name
        self.otherNames = otherNames
        self.postalNames = postalNames
        self.postcodes = postcodes
        self.position = position
        self.townHall = townHall
        var keys: [String] = []
        for name in [name] + otherNames {
            let key = PlaceNormalizer.communeKey(name)
            if !keys.contains(key) { keys.append(key) }
        }
        strongKeyCount = keys.count
        for name in postalNames {
            let key = PlaceNormalizer.communeKey(name)
            if !keys.contains(key) { keys.append(key) }
        }
        self.keys = keys
        keyBytes = keys.map { Array($0.utf8) }
    }

    /// One whose keys are known.
    init(
        code: CommuneCode, name: String, otherNames: [String], postalNames: [String], postcodes: [String],
        position: Position<WGS84>, townHall: Position<WGS84>?, keys: [String], strongKeyCount: Int
    ) {
        self.code = code
        self.name = name
        self.otherNames = otherNames
        self.postalNames = postalNames
        self.postcodes = postcodes
        self.position = position
        self.townHall = townHall
        self.keys = keys
        self.strongKeyCount = min(strongKeyCount, keys.count)
        keyBytes = keys.map { Array($0.utf8) }
    }

    /// Whether a key is its own name's, a former commune's or another name's: more than the post's name of a hamlet.
    package func isNamed(_ key: String) -> Bool { strongKeys.contains(key) }

    /// Whether a key is one of all its names', the post's included.
    package func isKnown(as key: String) -> Bool { keys.contains(key) }

    var strongKeys: ArraySlice<String> { keys.prefix(strongKeyCount) }

    package static func == (left: Self, right: Self) -> Bool {
        left.code == right.code && left.name == right.name && left.otherNames == right.otherNames
            && left.postalNames == right.postalNames && left.postcodes == right.postcodes
            && left.position == right.position && left.townHall == right.townHall
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(code) }
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
