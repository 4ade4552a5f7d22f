import GeoModel

/// The terms under which streets and communes are filed in a full-text index, for the store that keeps it.
///
/// Terms hold `a–z`, `0–9`, `_`, `=` and `#` only, so that a query built from them needs no escaping.
package enum IndexTerms {
    /// A street's terms: its words, the trigrams of those that carry meaning, its commune's codes; then the words of
    /// its other names.
    package static func street(
        key: String, otherKeys: [String] = [], communeCode: CommuneCode, formerCommuneCode: CommuneCode?
    ) -> [String] {
        let name = StreetName(key: key)
        let codes = [communeCode, MunicipalArrondissement.city(of: communeCode), formerCommuneCode]
        return key.split(separator: " ").map { word(String($0)) } + name.trigramTerms
            + Set(codes.compactMap { $0 }).sorted().map(commune)
            + otherKeys.flatMap { key in
                key.split(separator: " ").map { word(String($0)) } + StreetName(key: key).trigramTerms
            }
    }

    /// The term of a whole word.
    package static func word(_ word: String) -> String { "=\(word)" }

    /// The term of a commune.
    package static func commune(_ code: CommuneCode) -> String { "#\(code.rawValue.lowercased())" }

    /// The trigrams of a commune's name key.
    package static func commune(key: String) -> [String] {
        var seen: Set<String> = []
        return key.split(separator: " ").flatMap { Trigrams.of(Array($0.utf8)) }.filter { seen.insert($0).inserted }
    }

    /// Whether a name opens with a street's type; what does not is a locality, where houses are numbered or not.
    package static func kind(ofKey key: String) -> StreetCandidate.Kind {
        let words = key.split(separator: " ").map(String.init)
        guard let first = words.first else { return .locality }
        let isStreet = PlaceVocabulary.streetTypes.contains(first) && !PlaceVocabulary.localityTypes.contains(first)
        return isStreet || (words.count > 1 && words[0] == "grande") ? .street : .locality
    }
}
