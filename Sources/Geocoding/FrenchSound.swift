/// How a folded French word sounds, roughly: "cracké" as "Craquet", "Filipe" as "Philippe", "Quenot" as "Kenaut".
///
/// One letter a sound; endings that are written and not spoken are left out. Two words of one sound need not be one
/// name ("Foch", "Fauche"): it serves to show something where nothing is found by its letters, never to place anybody.
enum FrenchSound {
    /// Shorter words sound like too many others.
    private static let fewestLetters = 4

    static func areAlike(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        guard left.count >= fewestLetters, right.count >= fewestLetters else { return false }
        let sound = of(left)
        return sound.count >= 2 && sound == of(right)
    }

    static func of(_ word: some Collection<UInt8>) -> [UInt8] {
        var rest = Array(word)[...]
        // Ends that are not spoken: "Craquet", "Renaud", "Marais", "Vignes".
        while rest.count > 2, let last = rest.last, silentEndings.contains(last) { rest.removeLast() }
        var sounds: [UInt8] = []
        while !rest.isEmpty {
            let (sound, length) = next(rest)
            rest.removeFirst(length)
            for letter in sound.utf8 where sounds.last != letter { sounds.append(letter) }
        }
        return sounds
    }

    private static let silentEndings = Set("sxztdpe".utf8)

    /// Letters in groups that have one sound, the longest first; a sound in capitals has no letter of its own.
    private static let groups: [(letters: [UInt8], sound: String)] = [
        ("eaux", "o"), ("eau", "o"), ("sch", "C"), ("oeu", "e"), ("ain", "I"), ("ein", "I"), ("ch", "C"), ("sh", "C"),
        ("ph", "f"), ("th", "t"), ("rh", "r"), ("gn", "N"), ("qu", "k"), ("ck", "k"), ("au", "o"), ("ou", "U"), ("oo", "U"),
        ("ai", "e"), ("ay", "e"), ("ei", "e"), ("ey", "e"), ("eu", "e"), ("oe", "e"),
    ].map { (Array($0.0.utf8), $0.1) }
    private static let vowels = Set("aeiouy".utf8)
    private static let nasals: [UInt8: String] = [
        UInt8(ascii: "a"): "A", UInt8(ascii: "e"): "A", UInt8(ascii: "i"): "I", UInt8(ascii: "y"): "I",
        UInt8(ascii: "o"): "O", UInt8(ascii: "u"): "I",
    ]

    /// The sound that a word's rest begins with, and how many letters make it.
    private static func next(_ rest: ArraySlice<UInt8>) -> (sound: String, length: Int) {
        let first = rest[rest.startIndex]
        func letter(_ offset: Int) -> UInt8? { offset < rest.count ? rest[rest.startIndex + offset] : nil }
        func isVowel(_ offset: Int) -> Bool { letter(offset).map(vowels.contains) ?? false }
        for group in groups where rest.starts(with: group.letters) {
            // "fontaine" has no nasal at its end: a vowel or another n follows.
            let isNasal = group.sound == "I"
            if isNasal, isVowel(3) || letter(3) == UInt8(ascii: "n") { continue }
            return (group.sound, group.letters.count)
        }
        if let nasal = nasals[first], let second = letter(1), second == UInt8(ascii: "n") || second == UInt8(ascii: "m"),
           !isVowel(2), letter(2) != UInt8(ascii: "n"), letter(2) != UInt8(ascii: "m") {
            return (nasal, 2)
        }
        let isSoft = letter(1) == UInt8(ascii: "e") || letter(1) == UInt8(ascii: "i") || letter(1) == UInt8(ascii: "y")
        switch first {
        case UInt8(ascii: "h"): return ("", 1)
        case UInt8(ascii: "c"): return (isSoft ? "s" : "k", 1)
        case UInt8(ascii: "q"): return ("k", 1)
        case UInt8(ascii: "g"):
            if letter(1) == UInt8(ascii: "u"), isVowel(2) { return ("g", 2) }
            return (isSoft ? "j" : "g", 1)
        case UInt8(ascii: "y"): return ("i", 1)
        case UInt8(ascii: "z"): return ("s", 1)
        case UInt8(ascii: "w"): return ("v", 1)
        case UInt8(ascii: "x"): return ("ks", 1)
        default: return (String(UnicodeScalar(first)), 1)
        }
    }
}
