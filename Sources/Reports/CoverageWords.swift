import Targeting

/// What figures cannot say alone: on what they rest, and what is missing. English, for the terminal.
enum CoverageWords {
    /// How the population was found, and of which communes it is not known.
    static func population(_ coverage: Coverage) -> [String] {
        var lines: [String] = []
        let methods = coverage.figures.methods
        if methods.isEmpty, coverage.figures.withoutPopulation == 0 {
            return ["Population is not known: the zone is not only a place, or holds no commune."]
        }
        let parts = PopulationMethod.allCases.compactMap { method in
            methods[method].map { "\($0) \($0 == 1 ? "commune" : "communes") \(words(method))" }
        }
        if !parts.isEmpty { lines.append("Population is the legal population: \(parts.joined(separator: ", ")).") }
        if coverage.figures.withoutPopulation > 0 {
            let missing = coverage.communes.filter { $0.areaShare != nil && $0.figures.population == nil }
            let named = missing.prefix(10).map { "\($0.code) \($0.name)" }.joined(separator: ", ")
            let known = coverage.figures.knownPopulation.map { " The others have \(Int($0.rounded()))." } ?? ""
            lines.append(
                "No population is known for \(missing.count) of the communes: \(named)"
                    + (missing.count > 10 ? "…" : "") + ".\(known)")
        }
        return lines
    }

    private static func words(_ method: PopulationMethod) -> String {
        switch method {
        case .whole: "wholly inside"
        case .addresses: "shared out by imported addresses"
        case .grid: "shared out by population squares"
        case .area: "shared out by area"
        }
    }

    static func heading(_ breakdown: CoverageBreakdown) -> String {
        switch breakdown {
        case .commune: "Commune"
        case .epci: "Intercommunalité"
        case .cell: "Cell"
        }
    }

    /// `3 min 20 s`.
    static func duration(_ seconds: Double?) -> String {
        guard let seconds, seconds.isFinite else { return "unknown rate" }
        let whole = Int(min(seconds.rounded(.up), 1e9))
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}
