/// How alike two street names are, from 0 to 1.
///
/// Each word of the query takes the likest word of the candidate; the share of both names' meaning that found a
/// partner is the likeness. Word order hardly counts, small words less, a missing type next to nothing; letters may
/// be wrong by as much as the word is long; words may be written together or apart.
enum StreetLikeness {
    private static let missingType = 0.03
    private static let otherType = 0.12
    private static let otherOrder = 0.02
    private static let otherSpacing = 0.03
    private static let smallWords = 0.002
    /// A word for which an initial or the beginning was written.
    private static let initialForWord = 0.8
    private static let beginningForWord = 0.85
    private static let pluralForSingular = 0.9

    static func between(_ query: StreetName, _ candidate: StreetName) -> Double {
        max(byWords(query, candidate), asOneWord(query, candidate))
    }

    private static func byWords(_ query: StreetName, _ candidate: StreetName) -> Double {
        // A type that the query leaves out is left out of the candidate too: "Pasteur" is any of the Pasteurs.
        let skipsType = query.type == nil && candidate.type != nil
        let candidateWords = skipsType ? Array(candidate.words.dropFirst()) : candidate.words
        var used = [Bool](repeating: false, count: candidateWords.count)
        var partner = [Int?](repeating: nil, count: query.words.count)
        var matched = 0.0
        // Equal words first, so that a misspelt one cannot take another's partner.
        for exact in [true, false] {
            for (index, word) in query.words.enumerated() where partner[index] == nil {
                var best = (likeness: 0.0, index: -1)
                for (other, candidateWord) in candidateWords.enumerated() where !used[other] {
                    let likeness = exact ? (word.text == candidateWord.text ? 1 : 0) : self.likeness(word, candidateWord)
                    if likeness > best.likeness { best = (likeness, other) }
                }
                guard best.index >= 0 else { continue }
                used[best.index] = true
                partner[index] = best.index
                matched += best.likeness * (word.weight + candidateWords[best.index].weight)
            }
        }
        let total = query.words.reduce(0) { $0 + $1.weight } + candidateWords.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return 0 }
        var likeness = matched / total
        if skipsType { likeness -= missingType }
        let order = partner.compactMap(\.self)
        if zip(order, order.dropFirst()).contains(where: { $0 > $1 }) { likeness -= otherOrder }
        return max(0, likeness)
    }

    private static func likeness(_ left: StreetName.Word, _ right: StreetName.Word) -> Double {
        if left.role == .number || right.role == .number || left.role == .article || right.role == .article { return 0 }
        if (left.role == .type) != (right.role == .type) { return 0 }
        let (short, long) = left.bytes.count <= right.bytes.count ? (left.bytes, right.bytes) : (right.bytes, left.bytes)
        if short.count == 1 { return short[0] == long[0] && left.role != .type ? initialForWord : 0 }
        // What is written everywhere is no misspelling of something else ("gare", "mare"), but for the plural.
        if left.isCommon {
            return left.text + "s" == right.text || right.text + "s" == left.text ? pluralForSingular : 0
        }
        let limit = switch long.count {
        case ...3: 0
        case 4: 1
        default: 2
        }
        // People and keyboards get the first letter right: with two errors behind another one, or in a short word, it
        // is another word ("Montaigne", "Fontaine"; "Dumas", "Lumas").
        if let distance = EditDistance.between(short, long, limit: limit),
           short[0] == long[0] || (distance == 1 && long.count >= 6) {
            return 1 - Double(distance) / Double(long.count)
        }
        return short.count >= 3 && long.starts(with: short) ? beginningForWord : 0
    }

    private static func asOneWord(_ query: StreetName, _ candidate: StreetName) -> Double {
        // With small words and without: "rue du val" is Rue Duval, "rue Moulin" is Rue du Moulin.
        let core = EditDistance.likeness(query.core, candidate.core)
        var likeness = query.isOneWord && candidate.isOneWord
            ? (core == 1 || query.joined == candidate.joined ? 1 : 0)
            : max(core, EditDistance.likeness(query.joined, candidate.joined))
        guard likeness > 0 else { return 0 }
        if query.words.map(\.text) != candidate.words.map(\.text) { likeness -= smallWords }
        if query.words.count != candidate.words.count { likeness -= otherSpacing }
        if let type = query.type?.text, type != candidate.type?.text { likeness -= otherType }
        if query.type == nil, candidate.type != nil { likeness -= missingType }
        // Figures are never misspelt into others: "8 mai" is not "3 mai".
        let figures = query.words.filter { $0.role == .number }.map(\.text).sorted()
        let candidateFigures = candidate.words.filter { $0.role == .number }.map(\.text).sorted()
        return figures == candidateFigures ? max(0, likeness) : 0
    }
}
