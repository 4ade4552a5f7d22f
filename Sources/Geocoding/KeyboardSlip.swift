/// Figures that a French keyboard gives for accented letters when its capitals are locked: "R2PUBLIQUE", "Honor2".
enum KeyboardSlip {
    /// The letters on the keys of figures: é, è, ç, à.
    private static let letters: [UInt8: UInt8] = [
        UInt8(ascii: "2"): UInt8(ascii: "e"), UInt8(ascii: "7"): UInt8(ascii: "e"), UInt8(ascii: "9"): UInt8(ascii: "c"),
        UInt8(ascii: "0"): UInt8(ascii: "a"),
    ]
    /// Letters a word must have beside its figures: "za2" and "d2" are numbered.
    private static let fewestLetters = 3

    /// The text with such words written in letters, folded; nil when it holds none.
    static func corrected(_ text: String) -> String? {
        var isCorrected = false
        let words = words(of: text).map { word -> String in
            guard let corrected = self.corrected(word: word) else { return String(decoding: word, as: UTF8.self) }
            isCorrected = true
            return String(decoding: corrected, as: UTF8.self)
        }
        return isCorrected ? words.joined(separator: " ") : nil
    }

    private static func words(of text: String) -> [[UInt8]] {
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars.prefix(PlaceNormalizer.characterLimit) {
            switch ScalarFolding.fold(scalar) {
            case .separator: words.append([])
            case .nothing: break
            case .letters(let first, let second): words[words.count - 1] += second == 0 ? [first] : [first, second]
            }
        }
        return words.filter { !$0.isEmpty }
    }

    /// Nil for a word that is no such slip: a number and its suffix, a road's name, "bat2", "lot2".
    private static func corrected(word: [UInt8]) -> [UInt8]? {
        let figures = word.filter(\.isFigure)
        guard !figures.isEmpty, word.count - figures.count >= fewestLetters, figures.allSatisfy({ letters[$0] != nil }),
              !zip(word, word.dropFirst()).contains(where: { $0.isFigure && $1.isFigure })
        else { return nil }
        let opening = String(decoding: word.prefix { !$0.isFigure }, as: UTF8.self)
        if PlaceVocabulary.complementWords.contains(opening) { return nil }
        if word.last?.isFigure == true, StreetReading.opensStreet(opening) { return nil }
        let ending = String(decoding: word.drop(while: \.isFigure), as: UTF8.self)
        if opening.isEmpty, HouseNumber.isSuffix(ending) || PlaceVocabulary.ordinalEndings.contains(ending)
            || StreetReading.opensStreet(ending) { return nil }
        return word.map { letters[$0] ?? $0 }
    }
}
