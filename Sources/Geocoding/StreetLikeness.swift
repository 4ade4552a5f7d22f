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
    private static let soundForWord = 0.75
    /// Words compared of a name: as many as a query keeps.
    private static let wordLimit = PlaceNormalizer.tokenLimit

    /// - Parameter bySound: whether words may be written as they sound.
    static func between(_ query: StreetName, _ candidate: StreetName, bySound: Bool = false) -> Double {
        let byWords = self.byWords(query, candidate, bySound: bySound)
        // Nothing written as one word could be liker.
        return byWords >= 0.999 ? byWords : max(byWords, asOneWord(query, candidate))
    }

    private static func byWords(_ query: StreetName, _ candidate: StreetName, bySound: Bool) -> Double {
        // A type that the query leaves out is left out of the candidate too: "Pasteur" is any of the Pasteurs.
        let skipsType = query.type == nil && candidate.type != nil
        let first = skipsType ? 1 : 0
        let queryCount = min(query.words.count, wordLimit)
        let candidateCount = min(candidate.words.count, wordLimit)
        guard queryCount > 0, candidateCount > first else { return 0 }
        var matched = 0.0
        var isInOrder = true
        var hasOtherFigures = false
        query.bytes.withUnsafeBufferPointer { queryBytes in
            candidate.bytes.withUnsafeBufferPointer { candidateBytes in
                var used: UInt32 = 0
                var partners = Partners()
                // Equal words first, so that a misspelt one cannot take another's partner.
                for index in 0..<queryCount {
                    let word = query.words[index]
                    for other in first..<candidateCount where used & (1 << UInt32(other)) == 0 {
                        let candidateWord = candidate.words[other]
                        guard word.hash == candidateWord.hash, word.count == candidateWord.count else { continue }
                        used |= 1 << UInt32(other)
                        partners[index] = other
                        matched += word.weight + candidateWord.weight
                        break
                    }
                }
                for index in 0..<queryCount where partners[index] < 0 {
                    let word = query.words[index]
                    var best = (likeness: 0.0, index: -1)
                    for other in first..<candidateCount where used & (1 << UInt32(other)) == 0 {
                        let likeness = self.likeness(
                            word, queryBytes, candidate.words[other], candidateBytes, bySound: bySound)
                        if likeness > best.likeness { best = (likeness, other) }
                    }
                    guard best.index >= 0 else { continue }
                    used |= 1 << UInt32(best.index)
                    partners[index] = best.index
                    matched += best.likeness * (word.weight + candidate.words[best.index].weight)
                }
                isInOrder = partners.isAscending(queryCount)
                // Figures are never misspelt into others: "12 novembre" is not "11 novembre".
                hasOtherFigures = (0..<queryCount).contains { query.words[$0].role == .number && partners[$0] < 0 }
                    && (first..<candidateCount).contains {
                        candidate.words[$0].role == .number && used & (1 << UInt32($0)) == 0
                    }
            }
        }
        let total = query.totalWeight + candidate.totalWeight - (skipsType ? candidate.words[0].weight : 0)
        guard total > 0, !hasOtherFigures else { return 0 }
        var likeness = matched / total
        if skipsType { likeness -= missingType }
        if !isInOrder { likeness -= otherOrder }
        return max(0, likeness)
    }

    /// Which word of the candidate each word of the query found, −1 for none; without an allocation.
    private struct Partners {
        private var slots = SIMD32<Int8>(repeating: -1)

        subscript(index: Int) -> Int {
            get { Int(slots[index]) }
            set { slots[index] = Int8(newValue) }
        }

        func isAscending(_ count: Int) -> Bool {
            var last = -1
            for index in 0..<count where self[index] >= 0 {
                if self[index] < last { return false }
                last = self[index]
            }
            return true
        }
    }

    private static func likeness(
        _ left: StreetName.Word, _ leftBytes: UnsafeBufferPointer<UInt8>,
        _ right: StreetName.Word, _ rightBytes: UnsafeBufferPointer<UInt8>, bySound: Bool
    ) -> Double {
        if left.role == .number || right.role == .number || left.role == .article || right.role == .article { return 0 }
        if (left.role == .type) != (right.role == .type) { return 0 }
        let leftText = slice(left, leftBytes), rightText = slice(right, rightBytes)
        let (short, long) = leftText.count <= rightText.count ? (leftText, rightText) : (rightText, leftText)
        guard let initial = short.first else { return 0 }
        if short.count == 1 { return initial == long[0] && left.role != .type ? initialForWord : 0 }
        let startsAlike = long.starts(with: short)
        // What is written everywhere is no misspelling of something else ("gare", "mare"), but for the plural.
        if left.isCommon {
            return startsAlike && long.count == short.count + 1 && long[short.count] == UInt8(ascii: "s")
                ? pluralForSingular : 0
        }
        let limit = switch long.count {
        case ...3: 0
        case 4: 1
        default: 2
        }
        // People and keyboards get the first letter right: with two errors behind another one, or in a short word, it
        // is another word ("Montaigne", "Fontaine"; "Dumas", "Lumas").
        if initial == long[0] || long.count >= 6,
           let distance = EditDistance.between(short, long, limit: initial == long[0] ? limit : min(1, limit)) {
            return 1 - Double(distance) / Double(long.count)
        }
        if short.count >= 3, startsAlike { return beginningForWord }
        return bySound && FrenchSound.areAlike(short, long) ? soundForWord : 0
    }

    private static func slice(
        _ word: StreetName.Word, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[Int(word.start)..<Int(word.start + word.count)])
    }

    private static func asOneWord(_ query: StreetName, _ candidate: StreetName) -> Double {
        // With small words and without: "rue du val" is Rue Duval, "rue Moulin" is Rue du Moulin.
        var likeness: Double
        if query.isOneWord, candidate.isOneWord {
            likeness = query.core == candidate.core || query.joined == candidate.joined ? 1 : 0
        } else {
            likeness = EditDistance.likeness(query.core, candidate.core)
            if likeness < 1 { likeness = max(likeness, EditDistance.likeness(query.joined, candidate.joined)) }
        }
        guard likeness > 0 else { return 0 }
        if query.bytes != candidate.bytes { likeness -= smallWords }
        if query.words.count != candidate.words.count { likeness -= otherSpacing }
        if let type = query.type, type.hash != candidate.type?.hash { likeness -= otherType }
        if query.type == nil, candidate.type != nil { likeness -= missingType }
        return hasSameFigures(query, candidate) ? max(0, likeness) : 0
    }

    /// Figures are never misspelt into others: "8 mai" is not "3 mai".
    private static func hasSameFigures(_ query: StreetName, _ candidate: StreetName) -> Bool {
        let figures = query.words.filter { $0.role == .number }
        let candidateFigures = candidate.words.filter { $0.role == .number }
        guard figures.count == candidateFigures.count else { return false }
        return figures.isEmpty || figures.map(\.hash).sorted() == candidateFigures.map(\.hash).sorted()
    }
}
