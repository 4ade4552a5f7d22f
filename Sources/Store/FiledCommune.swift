import GeoModel
import Geocoding

/// A commune as the address index files it: names normalised and taken apart before the write lock is held.
struct FiledCommune {
    struct Name: Equatable {
        let key: String
        let name: String
        /// `own` or `other`.
        let kind: String
    }

    let commune: CommuneEntry
    /// Of one key only the first.
    let names: [Name]
    /// Under which its names are filed in the full-text index.
    let terms: String

    init(_ commune: CommuneEntry) {
        self.commune = commune
        var names: [Name] = []
        for (index, name) in ([commune.name] + commune.otherNames).enumerated() {
            let key = PlaceNormalizer.communeKey(name)
            if key.isEmpty || names.contains(where: { $0.key == key }) { continue }
            names.append(Name(key: key, name: name, kind: index == 0 ? "own" : "other"))
        }
        self.names = names
        terms = names.map(\.key).sorted().flatMap { IndexTerms.commune(key: $0) }.joined(separator: " ")
    }

    /// One without other names, whose key and terms were worked out before.
    init(_ commune: CommuneEntry, key: String, terms: String) {
        self.commune = commune
        names = key.isEmpty ? [] : [Name(key: key, name: commune.name, kind: "own")]
        self.terms = terms
    }
}
