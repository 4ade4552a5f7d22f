/// A street's name taken apart: which words carry the meaning and how much.
///
/// One buffer of bytes and one of words: a commune's streets are compared by the thousand.
struct StreetName: Sendable {
    enum Role: UInt8 {
        case type, article, title, initial, number, word
    }

    struct Word: Sendable {
        let start: UInt16
        let count: UInt16
        let role: Role
        /// Whether every village has it: such a word is written right, or nearly.
        let isCommon: Bool
        /// Tells different words apart at once; equal ones are compared.
        let hash: UInt64
        /// Share of the meaning; see the constants below.
        var weight: Double
    }

    /// The words, a space between each two.
    let bytes: [UInt8]
    let words: [Word]
    let totalWeight: Double
    /// Of the words but type and small ones.
    let trigrams: TrigramSignature
    /// A bit or two for each word: a name that lacks one of these bits lacks the word.
    let wordBits: UInt64
    /// All but the type and small words, written as one: finds "grand gousier" for "Grandgousier".
    let core: [UInt8]
    /// All but the type, written as one.
    let joined: [UInt8]

    /// The last word is the family name or the place, the ones before it first names and adjectives.
    private static let lastWordWeight = 1.25
    private static let wordWeight = 0.9
    private static let titleWeight = 0.4
    private static let typeWeight = 0.3
    private static let initialWeight = 0.3
    private static let articleWeight = 0.05

    /// - Parameter tokens: as `PlaceNormalizer.streetTokens` gives them.
    init(tokens: some Collection<String>) {
        let hasMeaning = tokens.dropFirst().contains { !PlaceVocabulary.articles.contains($0) }
        var words: [Word] = []
        words.reserveCapacity(tokens.count)
        var bytes: [UInt8] = []
        var isZone = false
        for (index, token) in tokens.enumerated() {
            var role = Self.role(of: token, opensName: index == 0 && hasMeaning)
            if role == .type { isZone = token == "zone" }
            if isZone, role == .word, PlaceVocabulary.zoneKinds.contains(token) { role = .title }
            let weight = switch role {
            case .type: Self.typeWeight
            case .article: Self.articleWeight
            case .title: Self.titleWeight
            case .initial: Self.initialWeight
            case .number, .word: Self.wordWeight
            }
            if index > 0 { bytes.append(UInt8(ascii: " ")) }
            let start = bytes.count
            bytes.append(contentsOf: token.utf8)
            // Names come from texts of at most 200 characters; what an abbreviation adds stays far under 65,535.
            words.append(Word(
                start: UInt16(clamping: start), count: UInt16(clamping: bytes.count - start), role: role,
                isCommon: role == .word && PlaceVocabulary.commonNames.contains(token),
                hash: Self.hash(bytes[start...]), weight: weight))
        }
        if let last = words.lastIndex(where: { $0.role == .word }) ?? words.lastIndex(where: { $0.role != .article }) {
            words[last].weight = Self.lastWordWeight
        }
        var trigrams = TrigramSignature()
        var wordBits: UInt64 = 0
        var core: [UInt8] = []
        var joined: [UInt8] = []
        var totalWeight = 0.0
        bytes.withUnsafeBufferPointer { buffer in
            for word in words {
                let slice = UnsafeBufferPointer(rebasing: buffer[Int(word.start)..<Int(word.start + word.count)])
                totalWeight += word.weight
                wordBits |= Self.bits(word.hash)
                if word.role != .type { joined.append(contentsOf: slice) }
                guard word.role != .type, word.role != .article else { continue }
                core.append(contentsOf: slice)
                trigrams.insert(slice)
            }
        }
        self.bytes = bytes
        self.words = words
        self.totalWeight = totalWeight
        self.trigrams = trigrams
        self.wordBits = wordBits
        self.core = core
        self.joined = joined
    }

    init(key: String) {
        self.init(tokens: key.split(separator: " ").map(String.init))
    }

    private static func role(of token: String, opensName: Bool) -> Role {
        if opensName, PlaceVocabulary.streetTypes.contains(token) { return .type }
        if PlaceVocabulary.articles.contains(token) { return .article }
        if PlaceVocabulary.titles.contains(token) { return .title }
        if token.isNumber { return .number }
        return token.utf8.count == 1 ? .initial : .word
    }

    /// FNV-1a.
    private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    private static func bits(_ hash: UInt64) -> UInt64 { 1 << (hash >> 58) | 1 << ((hash >> 52) & 63) }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// A word's text.
    func text(of word: Word) -> String {
        String(decoding: bytes[Int(word.start)..<Int(word.start + word.count)], as: UTF8.self)
    }

    var type: Word? { words.first.flatMap { $0.role == .type ? $0 : nil } }

    /// Whether anything but a type and small words is left.
    var hasMeaning: Bool { words.contains { $0.role == .word || $0.role == .number || $0.role == .title } }

    /// The words a street must all have to be found exactly: those nobody abbreviates.
    var wordsToFind: [Word] {
        let full = words.filter { $0.role == .word || $0.role == .number }
        return full.isEmpty ? words.filter { $0.role != .article } : full
    }

    /// The bits of `wordsToFind`.
    var bitsToFind: UInt64 { wordsToFind.reduce(0) { $0 | Self.bits($1.hash) } }

    /// Whether a single word carries the meaning: then comparing word by word says all, and more carefully.
    var isOneWord: Bool { words.lazy.filter { $0.role != .type && $0.role != .article }.count == 1 }

    /// The three-letter sequences by which a misspelt name is found in the full-text index; `_` marks a word's ends.
    var trigramTerms: [String] {
        var seen: Set<String> = []
        return words.filter { $0.role != .type && $0.role != .article }
            .flatMap { Trigrams.of(Array(bytes[Int($0.start)..<Int($0.start + $0.count)])) }
            .filter { seen.insert($0).inserted }
    }
}

/// Three-letter sequences of a word, its ends marked: `pont` → `_po`, `pon`, `ont`, `nt_`.
enum Trigrams {
    static func of(_ word: [UInt8]) -> [String] {
        let marked = [UInt8(ascii: "_")] + word + [UInt8(ascii: "_")]
        guard marked.count >= 3 else { return [] }
        return (0...(marked.count - 3)).map { String(decoding: marked[$0..<($0 + 3)], as: UTF8.self) }
    }
}
