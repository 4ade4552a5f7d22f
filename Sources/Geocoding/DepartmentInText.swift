import GeoModel

/// The department that people write after a commune's name, "Bondy 93", "Ajaccio (2A)": evidence between namesakes.
enum DepartmentInText {
    /// Takes the code off the end of the tokens; nil when they end otherwise.
    ///
    /// A number at the end may also be a house number, a year's end or a door's: so there must be a house number
    /// before it, and a word that is no month's and opens no complement.
    static func taken(from tokens: inout [String]) -> String? {
        guard tokens.count >= 4, let last = tokens.last, isCode(last) else { return nil }
        let previous = tokens[tokens.count - 2]
        guard !previous.isNumber, !PlaceVocabulary.months.contains(previous),
              !PlaceVocabulary.complementWords.contains(previous),
              !PlaceVocabulary.citiesInArrondissements.contains(previous),
              tokens.dropLast().contains(where: { $0.utf8.first?.isFigure == true })
        else { return nil }
        tokens.removeLast()
        return last.uppercased()
    }

    static func holds(_ department: String, _ code: CommuneCode) -> Bool {
        let own = code.department
        return own == department || (department == "20" && (own == "2A" || own == "2B"))
    }

    private static func isCode(_ token: String) -> Bool {
        if token == "2a" || token == "2b" { return true }
        guard let number = Int(token) else { return false }
        return token.utf8.count == 2 ? (1...95).contains(number) : (971...976).contains(number)
    }
}
