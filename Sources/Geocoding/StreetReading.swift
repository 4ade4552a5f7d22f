/// One way to read the street's part of an address: a number and a name.
struct StreetReading {
    let houseNumber: HouseNumber?
    /// The end of a range: the 14 of "12-14".
    let rangeEnd: Int?
    let name: StreetName

    /// The readings of an address without its postcode and commune, likeliest first, at most four.
    ///
    /// - Parameter tokens: as `PlaceNormalizer.tokens` gives them.
    static func all(of tokens: [String]) -> [StreetReading] {
        let tokens = withoutComplements(PlaceNormalizer.withoutMailSorting(tokens))
        var readings: [StreetReading] = []
        func add(_ number: HouseNumber?, _ rangeEnd: Int?, _ rest: some Collection<String>) {
            let name = StreetName(tokens: PlaceNormalizer.streetTokens(from: Array(rest)))
            if name.hasMeaning || name.type != nil || !name.words.isEmpty {
                readings.append(StreetReading(houseNumber: number, rangeEnd: rangeEnd, name: name))
            }
        }
        let leading = leadingNumber(of: tokens[...])
        if let leading, !leading.rest.isEmpty {
            // "8 mai 1945" alone is a square more often than the house number 8 of a street "mai 1945".
            let isDate = leading.rest.first.map(PlaceVocabulary.months.contains) ?? false
            if isDate { add(nil, nil, tokens) }
            add(leading.number, leading.rangeEnd, leading.rest)
        }
        // "Résidence des Lilas 12 rue Fontaine": a number that a street type follows opens the street.
        for index in tokens.indices.dropFirst() {
            guard let inner = leadingNumber(of: tokens[index...]), let next = inner.rest.first, opensStreet(next)
            else { continue }
            add(inner.number, inner.rangeEnd, inner.rest)
            break
        }
        if leading == nil {
            add(nil, nil, tokens)
            // "rue Fontaine 12"; a year ("8 mai 1945") is part of the name, which the reading above keeps.
            if tokens.count > 1, let last = tokens.last, let trailing = leadingNumber(of: [last]), trailing.rest.isEmpty {
                add(trailing.number, nil, tokens.dropLast())
            } else if tokens.count > 2, HouseNumber.longSuffixes.contains(tokens[tokens.count - 1]),
                      let number = Int(tokens[tokens.count - 2]) {
                add(HouseNumber(number, suffix: tokens[tokens.count - 1]), nil, tokens.dropLast(2))
            }
        }
        return Array(readings.prefix(4))
    }

    /// The same with words left out that may be none of the street's: before a word that opens one ("Madame Theil, rue
    /// Fontaine") or at the end ("rue Fontaine tabac presse"). Those that leave out least come first.
    ///
    /// For a search only: in a register "rue du Bois Joli" is no Rue du Bois.
    static func amongOtherWords(_ tokens: [String]) -> [(reading: StreetReading, isCutBefore: Bool, isCutAfter: Bool)] {
        let tokens = withoutComplements(PlaceNormalizer.withoutMailSorting(tokens))
        var starts = [0]
        for index in tokens.indices.dropFirst() where opensStreet(tokens[index]) {
            starts.append(index)
        }
        var readings: [(reading: StreetReading, isCutBefore: Bool, isCutAfter: Bool)] = []
        for start in starts.prefix(3) {
            for end in (max(start + 2, tokens.count - mostWordsAfter)...max(start + 2, tokens.count)).reversed()
            where end <= tokens.count && (start > 0 || end < tokens.count) {
                guard let reading = all(of: Array(tokens[start..<end])).first, reading.name.hasMeaning else { continue }
                readings.append((reading, start > 0, end < tokens.count))
            }
        }
        return readings
    }

    private static let mostWordsAfter = 6

    /// The name with its first word written as the street type it resembles; nil where it resembles none.
    ///
    /// "Plage" is no misspelt "Place": words that villages are full of are taken as they stand.
    var withTypeCorrected: StreetReading? {
        guard name.type == nil, let first = name.words.first, name.words.count > 1, first.count >= 4, !first.isCommon
        else { return nil }
        let word = Array(name.text(of: first).utf8)
        let types = PlaceVocabulary.streetTypes.filter { $0.utf8.count >= 4 && $0.utf8.first == word.first }
        let near = types.filter { EditDistance.between(word, Array($0.utf8), limit: 1) != nil }
        guard let type = near.min(), PlaceVocabulary.notMisspeltTypes.contains(name.text(of: first)) == false else { return nil }
        let name = StreetName(tokens: [type] + name.words.dropFirst().map { self.name.text(of: $0) })
        return name.hasMeaning ? StreetReading(houseNumber: houseNumber, rangeEnd: rangeEnd, name: name) : nil
    }

    private struct Leading {
        let number: HouseNumber
        let rangeEnd: Int?
        let rest: ArraySlice<String>
    }

    /// Reads "12", "12b", "12 bis", "12 B rue…", "12-14", "n° 12".
    private static func leadingNumber(of tokens: ArraySlice<String>) -> Leading? {
        var rest = tokens
        if rest.count > 1, ["n", "no", "num", "numero"].contains(rest.first!) { rest = rest.dropFirst() }
        guard let first = rest.first, var number = houseNumber(first) else { return nil }
        rest = rest.dropFirst()
        if number.suffix.isEmpty, let suffix = rest.first, isDetachedSuffix(suffix, before: rest.dropFirst().first) {
            number = HouseNumber(number.number, suffix: suffix)
            rest = rest.dropFirst()
        }
        var rangeEnd: Int?
        var afterJoint = rest
        if let joint = afterJoint.first, ["a", "au", "et"].contains(joint) { afterJoint = afterJoint.dropFirst() }
        if let end = afterJoint.first.flatMap({ houseNumber($0) }), end.number > number.number,
           let next = afterJoint.dropFirst().first, !PlaceVocabulary.months.contains(next) {
            rangeEnd = end.number
            rest = afterJoint.dropFirst()
            if let suffix = rest.first, isDetachedSuffix(suffix, before: rest.dropFirst().first) {
                rest = rest.dropFirst()
            }
        }
        return Leading(number: number, rangeEnd: rangeEnd, rest: rest)
    }

    /// "12", "12b", "12bis"; not a postcode, not an ordinal such as "2eme".
    private static func houseNumber(_ token: String) -> HouseNumber? {
        let figures = token.utf8.prefix(while: \.isFigure)
        guard !figures.isEmpty, let number = Int(Substring(figures)), number <= HouseNumber.highestNumber else { return nil }
        let suffix = figures.endIndex == token.endIndex ? "" : String(token[figures.endIndex...])
        guard suffix.isEmpty || HouseNumber.isSuffix(suffix) else { return nil }
        return HouseNumber(number, suffix: suffix)
    }

    /// A letter alone is a suffix only before a street's type: "12 B rue…", but "12 d'Artagnan".
    private static func isDetachedSuffix(_ token: String, before next: String?) -> Bool {
        if HouseNumber.longSuffixes.contains(token) { return true }
        return HouseNumber.isSuffix(token) && (next.map(opensStreet) ?? false)
    }

    static func opensStreet(_ token: String) -> Bool {
        PlaceVocabulary.streetTypes.contains(token) || PlaceVocabulary.openingAbbreviations[token] != nil
            || token == "grande" || token == "rond"
    }

    /// Drops what is inside the building ("appt 3", "bat B", "esc 2") and to whom ("chez …").
    private static func withoutComplements(_ tokens: [String]) -> [String] {
        var result: [String] = []
        var index = 0
        while index < tokens.count {
            let token = tokens[index]
            if token == "chez", index > 0 { break }
            if let length = complement(of: tokens[index...], after: result.last) {
                index += length
                continue
            }
            // "rue Fontaine résidence les Lilas": a residence after a street adds nothing to it.
            if result.count >= 3, ["residence", "lotissement", "resid", "lot", "hameau"].contains(token),
               !PlaceVocabulary.articles.contains(result[result.count - 1]), result.contains(where: opensStreet) {
                break
            }
            result.append(token)
            index += 1
        }
        return result
    }

    /// How many tokens say where inside the building: "appt 3", "bat B", "3e étage gauche", "rez de chaussée".
    ///
    /// Nothing that follows a small word: it is part of a name ("rue de la Porte 3").
    private static func complement(of tokens: ArraySlice<String>, after previous: String?) -> Int? {
        let start = tokens.startIndex
        if let previous, PlaceVocabulary.articles.contains(previous) { return nil }
        func token(_ offset: Int) -> String? { start + offset < tokens.endIndex ? tokens[start + offset] : nil }
        var length: Int?
        if token(0) == "rdc" {
            length = 1
        } else if token(0) == "rez", token(1) == "de", token(2) == "chaussee" {
            length = 3
        } else if let first = token(0), let next = token(1) {
            if PlaceVocabulary.complementWords.contains(first), next.isNumber || next.utf8.count == 1 {
                // "porte 3" may be followed by the street: only its own mark is dropped; alone it is the address.
                length = previous != nil || token(2) != nil ? 2 : nil
            } else if PlaceVocabulary.complementWords.contains(first), PlaceVocabulary.landingSides.contains(next),
                      previous != nil {
                length = 2
            } else if next == "etage" || next == "etg", first.utf8.first?.isFigure == true {
                length = 2
            }
        }
        guard let length else { return nil }
        return token(length).map(PlaceVocabulary.landingSides.contains) == true ? length + 1 : length
    }
}
