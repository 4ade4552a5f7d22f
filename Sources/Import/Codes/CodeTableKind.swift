import Foundation

/// The tables of the Code officiel géographique and its companions, told apart by their columns.
enum CodeTableKind: CaseIterable {
    case movements, communes, departments, regions, epci, populations

    /// Columns that must all be there, lower case. In the order of the cases: the first whose columns are there it is.
    private var required: [[String]] {
        switch self {
        // INSEE, “Événements sur les communes”.
        case .movements: [["mod", "date_eff", "typecom_av", "com_av", "typecom_ap", "com_ap"]]
        // INSEE, “Liste des communes, arrondissements municipaux, communes déléguées et communes associées”.
        case .communes: [["typecom", "com", "tncc", "nccenr"]]
        // INSEE, “Départements” and “Régions”; the latter's seat is a commune too, but it has no department.
        case .departments: [["dep", "reg", "cheflieu"]]
        case .regions: [["reg", "cheflieu"]]
        // DGCL, “Périmètre des EPCI à fiscalité propre”; INSEE, “Intercommunalité - Métropole”.
        case .epci: [["siren", "insee"], ["siren", "raison_sociale"], ["codgeo", "epci"]]
        // INSEE, “Populations légales”, as it publishes them and as Etalab did.
        case .populations: [["com", "pmun"], ["code", "pmun"], ["codgeo", "pmun"]]
        }
    }

    /// Nil for a table that is none of these.
    init?(columns: CodeTableColumns) {
        guard let kind = Self.allCases.first(where: { kind in
            kind.required.contains { $0.allSatisfy { columns.position($0) != nil } }
        }) else { return nil }
        self = kind
    }
}

/// The columns of a code table, by name in lower case.
struct CodeTableColumns {
    private let positions: [String: Int]
    let names: [String]

    init(header: [String]) {
        names = header.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
        positions = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    func position(_ name: String) -> Int? { positions[name] }

    /// The cell of the first of these columns that is there and not empty.
    func text(_ record: CSVRecord, _ names: String...) -> String? {
        for name in names {
            guard let position = positions[name], position < record.fields.count else { continue }
            let text = record.fields[position].trimmingCharacters(in: .whitespaces)
            if !text.isEmpty { return text }
        }
        return nil
    }

    /// A year written into a column's name, such as 2024 of `pmun_2024`.
    var year: Int? { names.lazy.compactMap { name in YearInText.years(in: name).first }.first }
}

/// Years written into names of files and columns.
enum YearInText {
    /// Groups of exactly four digits that may be a vintage, in reading order.
    static func years(in text: some StringProtocol) -> [Int] {
        text.split { !("0"..."9").contains($0) }.compactMap { digits in
            digits.count == 4 ? Int(digits).flatMap { (1943...2100).contains($0) ? $0 : nil } : nil
        }
    }
}
