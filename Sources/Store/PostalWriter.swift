import GRDB
import GeoModel
import Geocoding

/// What La Poste's table says of one commune: postcodes, and the names under which it is delivered.
package struct PostalCommune: Hashable, Sendable {
    package let code: CommuneCode
    /// In capitals without accents, as the post writes it.
    package var name: String
    package var postcodes: Set<String> = []
    package var deliveryNames: Set<String> = []
    /// A point for a label, never a recipient's place.
    package var position: Position<WGS84>?

    package init(code: CommuneCode, name: String) {
        self.code = code
        self.name = name
    }
}

extension AlertDatabase {
    /// Adds postcodes and delivery names to the communes of the address index, in one short transaction; communes that
    /// are not known yet become findable by them. Then recipients of no commune are located again.
    ///
    /// - Returns: how many postcodes and names were new, and how many recipients moved.
    package func importPostcodes(
        _ communes: [PostalCommune], rows: Int, from file: ImportedFile, actor: String
    ) throws -> (added: Int, relocated: Int) {
        let added = try pool.write { database in
            let index = AddressIndex(database)
            var added = 0
            for commune in communes { added += try index.add(commune) }
            if added > 0 { try index.advanceRevision() }
            try database.record(
                file, kind: "postcodes", rows: rows, actor: actor, detail: ["added": String(added)])
            return added
        }
        return (added, added > 0 ? try relocateRecipients(of: []) : 0)
    }
}

extension AddressIndex {
    fileprivate func add(_ postal: PostalCommune) throws -> Int {
        try registerCommune(postal.code, name: postal.name, position: postal.position)
        guard let commune = try communes(.code(postal.code)).first else { return 0 }
        let postcodes = postal.postcodes.subtracting(commune.postcodes)
        if !postcodes.isEmpty { try addOtherPostcodes(postcodes.sorted(), of: postal.code) }
        var names: [String] = []
        for name in postal.deliveryNames.union([postal.name]).sorted() {
            let key = PlaceNormalizer.communeKey(name)
            guard !key.isEmpty, !commune.isKnown(as: key) else { continue }
            // Under its neighbour's name a commune would be taken for it: that name decides nothing.
            let others = try communes(.keys([key])).filter { $0.code != postal.code && $0.isNamed(key) }
            if others.contains(where: { !postal.postcodes.isDisjoint(with: $0.postcodes) }) { continue }
            names.append(name)
        }
        try addOtherNames(names, of: postal.code, kind: .postal)
        return postcodes.count + names.count
    }
}
