/// Turns the many ways of writing a French place into one: the same function is applied to what is indexed
/// and to what is asked, so that both meet.
///
/// The output alphabet is `a–z`, `0–9` and the space between tokens; nothing a query holds can reach the
/// full-text engine's own syntax.
package enum PlaceNormalizer {
    /// Characters read from a query; what follows is ignored. The longest address of the national base is
    /// under 120 characters, so 200 leaves room for a postcode, a commune and a building.
    package static let characterLimit = 200
    /// Tokens kept from a query: bounds the work of one query whatever its text.
    package static let tokenLimit = 24

    /// Lower-case words and numbers without accents: "12bis, av. de l'Épée" → `12bis av de l epee`.
    ///
    /// A figure and a word written together are parted (`D934` → `d 934`), but for a house number's suffix and
    /// an ordinal's ending, which only their place in the address tells apart (`12b`, `12e`).
    package static func tokens(_ text: some StringProtocol) -> [String] {
        var tokens: [String] = []
        var word: [UInt8] = []
        func flush() {
            guard !word.isEmpty else { return }
            for part in parted(word[...]) where tokens.count < tokenLimit { tokens.append(part) }
            word.removeAll(keepingCapacity: true)
        }
        for scalar in text.unicodeScalars.prefix(characterLimit) {
            switch ScalarFolding.fold(scalar) {
            case .separator: flush()
            case .nothing: break
            case .letters(let first, let second):
                word.append(first)
                if second != 0 { word.append(second) }
            }
        }
        flush()
        return tokens
    }

    private static func parted(_ word: ArraySlice<UInt8>) -> [String] {
        guard let first = word.first else { return [] }
        let startsWithFigure = first.isFigure
        guard let change = word.firstIndex(where: { $0.isFigure != startsWithFigure }) else {
            return [String(decoding: word, as: UTF8.self)]
        }
        if startsWithFigure {
            let ending = String(decoding: word[change...], as: UTF8.self)
            if HouseNumber.isSuffix(ending) || PlaceVocabulary.ordinalEndings.contains(ending) {
                return [String(decoding: word, as: UTF8.self)]
            }
        }
        return [String(decoding: word[..<change], as: UTF8.self)] + parted(word[change...])
    }

    /// A column's name as publishers spell it: "#Code_commune_INSEE", "Libellé d'acheminement" → lower case, no accents,
    /// `_` between words; a leading `_` is kept.
    package static func columnName(_ text: String) -> String {
        (text.hasPrefix("_") ? "_" : "") + tokens(text).joined(separator: "_")
    }

    /// The tokens of a street or locality name, abbreviations written out and numbers in figures:
    /// "Bd du Mal Foch" → `boulevard du marechal foch`, "R. du Huit-Mai 45" → `rue du 8 mai 1945`.
    package static func streetTokens(_ text: some StringProtocol) -> [String] {
        streetTokens(from: tokens(text))
    }

    /// The key under which a commune's name is found: "ST-VALÉRY s/Somme Cedex 2" → `saint valery sur somme`.
    ///
    /// The article before a name is left out, as some lists leave it out ("Chaussée-Tirancourt (La)") and some do not.
    package static func communeKey(_ text: some StringProtocol) -> String {
        communeKey(from: tokens(text))
    }
}

extension PlaceNormalizer {
    static func streetTokens(from tokens: [String]) -> [String] {
        let tokens = joinedTypes(withoutOrdinalEndings(withoutMailSorting(tokens)))
        var expanded: [String] = []
        for (index, token) in tokens.enumerated() {
            // A street's type is abbreviated at its beginning only: "all" in the middle of a name is no alley.
            let opening = index == 0 ? PlaceVocabulary.openingAbbreviations[token] : nil
            if let words = opening ?? PlaceVocabulary.abbreviations[token] {
                expanded.append(contentsOf: words.split(separator: " ").map(String.init))
            } else {
                expanded.append(token)
            }
        }
        return numbersInFigures(expanded)
    }

    static func communeKey(from tokens: [String]) -> String {
        communeKey(fromCommuneTokens: communeTokens(from: tokens)[...])
    }

    static func communeKey(fromCommuneTokens tokens: ArraySlice<String>) -> String {
        var tokens = tokens
        if tokens.count > 1, PlaceVocabulary.leadingArticles.contains(tokens[tokens.startIndex]) {
            tokens.removeFirst()
        } else if tokens.count > 1, PlaceVocabulary.leadingArticles.contains(tokens[tokens.endIndex - 1]) {
            tokens.removeLast()
        }
        return tokens.joined(separator: " ")
    }

    static func communeTokens(from tokens: [String]) -> [String] {
        var result: [String] = []
        for token in withoutOrdinalEndings(withoutMailSorting(tokens), keepsHouseNumbers: true) {
            switch token {
            case "st": result.append("saint")
            case "ste": result.append("sainte")
            case "s" where !result.isEmpty: result.append("sur")
            case "ss" where !result.isEmpty: result.append("sous")
            case "lez": result.append("les")
            case "arrondissement", "arrdt", "arr", "ardt": break
            default: result.append(arrondissement(token, after: result.last) ?? token)
            }
        }
        return result
    }

    /// The number of "Paris 01", "Marseille XIII": the only communes with numbers in their names.
    private static func arrondissement(_ token: String, after city: String?) -> String? {
        guard let city, PlaceVocabulary.citiesInArrondissements.contains(city) else { return nil }
        if token.isNumber, token.utf8.count <= 2 { return Int(token).map { String($0) } }
        return PlaceVocabulary.romanNumerals[token].map { String($0) }
    }

    /// Drops what the post uses to sort big receivers' mail, and the number after it: "CEDEX 1", "BP 40",
    /// "CS 70001", "TSA 10000". None of it says where the building stands.
    static func withoutMailSorting(_ tokens: [String]) -> [String] {
        var result: [String] = []
        var skipsNumber = false
        for token in tokens {
            if skipsNumber, token.isNumber {
                skipsNumber = false
                continue
            }
            skipsNumber = PlaceVocabulary.mailSortingWords.contains(token)
            if !skipsNumber { result.append(token) }
        }
        return result
    }

    /// "rond point" is one type, "lieu dit" says nothing.
    private static func joinedTypes(_ tokens: [String]) -> [String] {
        guard tokens.count > 2 else { return tokens.count == 2 && tokens[0] == "ld" ? [tokens[1]] : tokens }
        switch (tokens[0], tokens[1]) {
        case ("rond", "point"), ("rd", "pt"), ("rd", "point"): return ["rondpoint"] + tokens.dropFirst(2)
        case ("lieu", "dit"), ("lieux", "dits"), ("lieu", "dits"), ("l", "dit"): return Array(tokens.dropFirst(2))
        case ("ld", _): return Array(tokens.dropFirst())
        default: return tokens
        }
    }

    /// An ordinal is its number: `1er mai`, `1 er mai` → `1 mai`.
    ///
    /// - Parameter keepsHouseNumbers: whether one before a street's type is a house number with a suffix: "12e rue…".
    private static func withoutOrdinalEndings(_ tokens: [String], keepsHouseNumbers: Bool = false) -> [String] {
        var result: [String] = []
        for (index, token) in tokens.enumerated() {
            if keepsHouseNumbers, index + 1 < tokens.count, token.utf8.first?.isFigure == true,
               StreetReading.opensStreet(tokens[index + 1]) {
                result.append(token)
            } else if token.utf8.first?.isFigure == true, token.utf8.last?.isFigure == false {
                let figures = token.utf8.prefix(while: \.isFigure)
                let isOrdinal = PlaceVocabulary.ordinalEndings.contains(String(token[figures.endIndex...]))
                result.append(isOrdinal ? String(token[..<figures.endIndex]) : token)
            } else if let last = result.last, last.isNumber, PlaceVocabulary.ordinalEndings.contains(token) {
                continue
            } else {
                result.append(token)
            }
        }
        return result
    }

    /// Dates and counts are written in words or in figures: `huit mai`, `dix neuf mars`, `8 mai 45`.
    private static func numbersInFigures(_ tokens: [String]) -> [String] {
        var result: [String] = []
        for token in tokens {
            if let month = PlaceVocabulary.shortMonths[token], result.last?.isNumber == true {
                result.append(month)
            } else if let value = PlaceVocabulary.numberWords[token] {
                if value < 10, let tens = result.last.flatMap({ Int($0) }), [10, 20, 30].contains(tens) {
                    result[result.count - 1] = String(tens + value)
                } else {
                    result.append(String(value))
                }
            } else if token.utf8.count == 2, token.isNumber, let month = result.last,
                      PlaceVocabulary.months.contains(month) {
                result.append("19" + token)
            } else {
                result.append(token)
            }
        }
        return result
    }
}

extension UInt8 {
    /// Whether an ASCII byte is a figure.
    var isFigure: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}

extension String {
    /// Whether a normalised token is made of figures only.
    var isNumber: Bool { !isEmpty && utf8.allSatisfy(\.isFigure) }
}
