/// "Mairie de Bondy", "Hôtel de ville, 80000 Amiens": an address that is the town hall itself.
enum TownHallInText {
    private static let openings = [["hotel", "de", "ville"], ["la", "mairie"], ["mairie"]]
    /// Words that tie the town hall to its commune.
    private static let ties: Set<String> = ["de", "d", "du", "des"]

    /// The tokens without the words for a town hall that they begin with; nil when they begin otherwise.
    ///
    /// "rue de la Mairie" begins otherwise, and a "Mairie annexe" is another building.
    static func rest(of tokens: [String]) -> [String]? {
        guard let opening = openings.first(where: { tokens.starts(with: $0) }) else { return nil }
        var rest = tokens.dropFirst(opening.count)
        if rest.first == "annexe" || rest.first == "deleguee" { return nil }
        if let first = rest.first, ties.contains(first) { rest = rest.dropFirst() }
        return Array(rest)
    }
}
