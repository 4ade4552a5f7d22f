/// A street's name taken apart: which words carry the meaning and how much.
struct StreetName {
    enum Role {
        case type, article, title, initial, number, word
    }

    struct Word {
        let text: String
        let bytes: [UInt8]
        let role: Role
        /// Share of the meaning; see the constants below.
        var weight: Double

        /// Whether every village has it: such a word is written right, or nearly.
        var isCommon: Bool { PlaceVocabulary.commonNames.contains(text) }
    }

    let words: [Word]

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
        for (index, token) in tokens.enumerated() {
            let role = Self.role(of: token, opensName: index == 0 && hasMeaning)
            let weight = switch role {
            case .type: Self.typeWeight
            case .article: Self.articleWeight
            case .title: Self.titleWeight
            case .initial: Self.initialWeight
            case .number, .word: Self.wordWeight
            }
            words.append(Word(text: token, bytes: Array(token.utf8), role: role, weight: weight))
        }
        if let last = words.lastIndex(where: { $0.role == .word }) ?? words.lastIndex(where: { $0.role != .article }) {
            words[last].weight = Self.lastWordWeight
        }
        self.words = words
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

    var type: Word? { words.first.flatMap { $0.role == .type ? $0 : nil } }

    /// Whether anything but a type and small words is left.
    var hasMeaning: Bool { words.contains { $0.role == .word || $0.role == .number || $0.role == .title } }

    /// The words a street must all have to be found exactly: those nobody abbreviates.
    var wordsToFind: [String] {
        let full = words.filter { $0.role == .word || $0.role == .number }
        return (full.isEmpty ? words.filter { $0.role != .article } : full).map(\.text)
    }

    /// All but the type and small words, written as one: finds "grand gousier" for "Grandgousier".
    var core: [UInt8] {
        Array(words.lazy.filter { $0.role != .type && $0.role != .article }.map(\.bytes).joined())
    }

    /// All but the type, written as one.
    var joined: [UInt8] { Array(words.lazy.filter { $0.role != .type }.map(\.bytes).joined()) }

    /// Whether a single word carries the meaning: then comparing word by word says all, and more carefully.
    var isOneWord: Bool { words.lazy.filter { $0.role != .type && $0.role != .article }.count == 1 }

    /// The three-letter sequences by which a misspelt name is found; `_` marks a word's ends.
    var trigrams: [String] {
        var seen: Set<String> = []
        return words.filter { $0.role != .type && $0.role != .article }
            .flatMap { Trigrams.of($0.bytes) }
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
