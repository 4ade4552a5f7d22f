import GeoModel

/// A commune's streets, taken apart once and kept in memory: an arrondissement's are also its city's, and a former
/// commune's those of its ground.
package final class CommuneStreets: Sendable {
    package let streets: [StreetCandidate]
    /// One entry a name: a street may have several.
    private let names: [StreetName]
    /// The street of each name.
    private let owners: [Int32]
    // Side by side in memory: they are run through for each query.
    private let wordBits: [UInt64]
    private let trigrams: [TrigramSignature]

    package init(_ streets: [StreetCandidate]) {
        var names: [StreetName] = []
        var owners: [Int32] = []
        for (index, street) in streets.enumerated() {
            names.append(StreetName(key: street.key))
            owners.append(Int32(index))
            for key in street.otherKeys where !key.isEmpty {
                names.append(StreetName(key: key))
                owners.append(Int32(index))
            }
        }
        self.streets = streets
        self.names = names
        self.owners = owners
        wordBits = names.map(\.wordBits)
        trigrams = names.map(\.trigrams)
    }

    /// The streets that have all these words, or seem to: a bit may stand for two words.
    func visit(withWordsOf name: StreetName, _ body: (StreetCandidate, StreetName) -> Void) {
        let wanted = name.bitsToFind
        for index in wordBits.indices where wordBits[index] & wanted == wanted {
            body(streets[Int(owners[index])], names[index])
        }
    }

    /// The streets that share most trigrams with a name, at most so many, and none that shares hardly any.
    func visit(alike name: StreetName, limit: Int, _ body: (StreetCandidate, StreetName) -> Void) {
        let wanted = name.trigrams
        // A misspelt letter spoils three of a word's trigrams, a swap four: of a short name little more is left.
        let least = max(2, wanted.count / 5)
        var shared = [UInt16](repeating: 0, count: trigrams.count)
        var histogram = [Int](repeating: 0, count: 257)
        for index in trigrams.indices {
            let count = wanted.shared(with: trigrams[index])
            shared[index] = UInt16(count)
            if count >= least { histogram[count] += 1 }
        }
        var threshold = 256, taken = histogram[256]
        while threshold > least, taken + histogram[threshold - 1] <= limit {
            threshold -= 1
            taken += histogram[threshold]
        }
        for index in shared.indices where shared[index] >= threshold {
            body(streets[Int(owners[index])], names[index])
        }
    }
}
