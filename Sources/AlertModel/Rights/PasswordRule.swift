import Foundation

/// Which passwords are too easy to guess, whatever their length.
package enum PasswordRule {
    /// Shortest password, in characters (CNIL recommendation 2022-100: 12 with a limit on attempts).
    package static let shortest = 12
    /// What must be left once common words and runs are taken away, in characters.
    static let fewestOwn = 6

    /// Whether a password is refused.
    ///
    /// - Parameter user: the sign-in name, which must not be most of it.
    package static func isWeak(_ password: String, user: String) -> Bool {
        if password.count < shortest || Set(password).count <= 4 { return true }
        var rest = folded(password)
        for word in ([folded(user)] + common).filter({ $0.count >= 3 }).sorted(by: { $0.count > $1.count }) {
            rest = rest.replacing(word, with: " ")
        }
        return ownCharacters(rest) < fewestOwn
    }

    /// Letters in lower case without accents, and the letters that figures are put for.
    private static func folded(_ text: String) -> String {
        let stand: [Character: Character] = ["0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"]
        let plain = text.decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars.filter {
            !$0.properties.isDiacritic && $0.properties.generalCategory != .nonspacingMark
        }
        let letters = String(String.UnicodeScalarView(plain))
        // A password of figures alone stays figures, so that its runs show.
        guard letters.contains(where: \.isLetter) else { return letters }
        return String(letters.map { stand[$0] ?? $0 })
    }

    /// How many characters are neither a repetition nor the next of a run, as in “aaaa”, “abcd” and “4321”; blanks and
    /// figures at the end, which everybody adds, do not count.
    private static func ownCharacters(_ text: String) -> Int {
        var rest = Array(text.unicodeScalars)
        while let last = rest.last, last == " " || last.properties.numericType != nil || last == "!" || last == "." {
            rest.removeLast()
        }
        var count = 0
        for (index, scalar) in rest.enumerated() where scalar != " " {
            if index > 0 {
                let step = Int(scalar.value) - Int(rest[index - 1].value)
                if (-1...1).contains(step) { continue }
            }
            count += 1
        }
        return count
    }

    /// What people choose, in French and in English, folded: the words that lists of stolen passwords begin with, rows of
    /// the keyboard, and the words of this trade.
    private static let common = """
        motdepasse motsdepasse password passwort passe azerty azertyuiop qsdfghjklm wxcvbn qwerty qwertyuiop asdfghjkl
        zxcvbn bonjour bonsoir soleil doudou chouchou coucou loulou princesse marseille paris france francais jetaime
        amour iloveyou letmein welcome bienvenue admin administrateur administrator root utilisateur user invite guest
        secret sesame ouvretoi changeme changezmoi default defaut tocsin alerte alert mairie maire commune prefecture
        prefet ville village crue inondation risque secours pompier pompiers astreinte securite civile service public
        juillet janvier fevrier mars avril juin aout septembre octobre novembre decembre lundi mardi mercredi jeudi
        vendredi samedi dimanche printemps ete automne hiver dragon monkey football superman batman pokemon starwars
        master shadow michael nicolas camille thomas julien sandrine nathalie isabelle sophie cheval chocolat vacances
        liberte egalite fraternite republique internet ordinateur windows google facebook abcdef abcd qwer test essai
        temporaire provisoire nouveau nouvelle mondeo peugeot renault citroen
        """.split(whereSeparator: \.isWhitespace).map(String.init)
}
