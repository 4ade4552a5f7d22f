/// A run of tokens that may be a commune's name, and where it stands.
struct CommuneWindow {
    let key: String
    /// All tokens of the address, postcode taken out, and which of them the window takes.
    private let tokens: [String]
    private let taken: Range<Int>

    /// Whether it opens what follows the postcode, where a commune's name stands.
    let isBehindPostcode: Bool

    init(tokens: [String], taken: Range<Int>, split: Int) {
        self.tokens = tokens
        self.taken = taken
        isBehindPostcode = taken.lowerBound == split
        key = PlaceNormalizer.communeKey(fromCommuneTokens: tokens[taken])
    }

    /// Whether it takes all that another takes, and more.
    func contains(_ other: CommuneWindow) -> Bool {
        taken != other.taken && taken.lowerBound <= other.taken.lowerBound && taken.upperBound >= other.taken.upperBound
    }

    /// What is left of the address without it.
    var rest: [String] { Array(tokens[..<taken.lowerBound] + tokens[taken.upperBound...]) }

    /// Whether it leaves a street with a name, or nothing: else it took the street's own name.
    var isPlausible: Bool { Self.isStreetOrNothing(rest) }

    /// Longest commune name in words: "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson" has eight.
    static let longestName = 8

    /// Whether what is left beside a commune is a street with a name, or nothing.
    static func isStreetOrNothing(_ rest: [String]) -> Bool {
        rest.isEmpty || hasPlainWord(rest) || StreetReading.all(of: rest).contains(where: \.name.hasMeaning)
    }

    /// Whether a word carries a name whatever stands beside it: most texts are settled by it.
    private static func hasPlainWord(_ rest: [String]) -> Bool {
        var hasWord = false
        for token in rest where token.utf8.count > 3 && token.utf8.first?.isFigure == false {
            // What follows these may be left out of the street.
            if PlaceVocabulary.complementWords.contains(token) || token == "chez" { return false }
            if !StreetReading.opensStreet(token), PlaceVocabulary.abbreviations[token] == nil,
               !PlaceVocabulary.landingSides.contains(token), !HouseNumber.longSuffixes.contains(token),
               !PlaceVocabulary.mailSortingWords.contains(token) {
                hasWord = true
            }
        }
        return hasWord && !rest.contains { $0.utf8.count <= 3 && PlaceVocabulary.complementWords.contains($0) }
    }

    /// Words at the end are a commune unless a small word ties them to a street: "avenue de Verdun".
    static func standsAlone(endOf tokens: ArraySlice<String>, length: Int) -> Bool {
        guard length < tokens.count else { return length == tokens.count }
        let previous = tokens[tokens.endIndex - length - 1]
        return !PlaceVocabulary.articles.contains(previous) && previous != "saint" && previous != "sainte"
            && previous != "st" && previous != "ste"
    }

    /// Words at the beginning are a commune only before a number or a street's type: "Bondy 12 rue Fontaine".
    static func standsAlone(startOf tokens: ArraySlice<String>, length: Int) -> Bool {
        guard length < tokens.count else { return length == tokens.count }
        let next = tokens[tokens.startIndex + length]
        return next.utf8.first?.isFigure == true || StreetReading.opensStreet(next)
    }

    /// Where a commune's name may stand, longest first within each place: after the postcode, before it, at the
    /// end, at the beginning.
    ///
    /// - Parameter split: how many of the tokens come before the postcode.
    static func all(of tokens: [String], split: Int) -> [CommuneWindow] {
        var windows: [CommuneWindow] = []
        windows.reserveCapacity(4 * longestName)
        func add(_ taken: Range<Int>) { windows.append(CommuneWindow(tokens: tokens, taken: taken, split: split)) }
        let before = tokens[..<split], after = tokens[split...]
        for length in (0..<min(longestName, after.count)).reversed() { add(split..<(split + length + 1)) }
        for length in (0..<min(longestName, before.count)).reversed()
        where standsAlone(endOf: before, length: length + 1) {
            add((split - length - 1)..<split)
        }
        for length in (0..<max(0, min(longestName, after.count - 1))).reversed()
        where standsAlone(endOf: after, length: length + 1) {
            add((tokens.count - length - 1)..<tokens.count)
        }
        for length in (0..<max(0, min(longestName, before.count - 1))).reversed()
        where standsAlone(startOf: before, length: length + 1) {
            add(0..<(length + 1))
        }
        return windows
    }
}
