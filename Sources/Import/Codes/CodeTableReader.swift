import Foundation
import GeoModel
import Store

/// Reads the rows of one code table into values; a row that is wrong refuses the file.
struct CodeTableReader {
    /// What a file holds, before its vintage is known.
    struct Reading {
        let kind: CodeTableKind
        let columns: CodeTableColumns
        var communes: [OfficialCommune] = []
        var movements: [CommuneMovement] = []
        var areas: [OfficialArea] = []
        var populations: [CommuneCode: Int] = [:]
        var epci: [CommuneCode: (siren: String, name: String)] = [:]
        var rows = 0
    }

    /// More rows than any of these tables will have: France has 37,544 communes and parts, and had 13,284 movements
    /// in eighty years.
    private static let maximumRows = 500_000

    private let file: String
    private(set) var reading: Reading
    private var seen: Set<String> = []

    init(header: [String], file: String) throws {
        let columns = CodeTableColumns(header: header)
        guard let kind = CodeTableKind(columns: columns) else {
            throw ImportError.notCodeTable(file: file, found: header.prefix(20).map { String($0.prefix(40)) })
        }
        self.file = file
        reading = Reading(kind: kind, columns: columns)
    }

    mutating func add(_ record: CSVRecord) throws {
        reading.rows += 1
        guard reading.rows <= Self.maximumRows else {
            throw ImportError.badCode(file: file, line: record.line, column: "", reason: "more rows than such a table has")
        }
        switch reading.kind {
        case .communes: try addCommune(record)
        case .movements: try addMovement(record)
        case .departments, .regions: try addArea(record)
        case .populations: try addPopulation(record)
        case .epci: try addEPCI(record)
        }
    }

    private mutating func addCommune(_ record: CSVRecord) throws {
        let node = CommuneNode(try kind(record, "typecom"), try code(record, "com"))
        guard let name = text(record, "libelle", "nccenr") else { throw fault(record, "libelle", "empty") }
        let parent = text(record, "comparent").flatMap { CommuneCode($0) }
        if node.kind.isPart, parent == nil { throw fault(record, "comparent", "not the code of the part's commune") }
        guard seen.insert("\(node.kind.rawValue) \(node.code)").inserted else {
            throw fault(record, "com", "\(node.kind.rawValue) \(node.code) came before")
        }
        reading.communes.append(OfficialCommune(
            node: node, name: name, department: text(record, "dep") ?? (parent ?? node.code).department,
            region: text(record, "reg"), parentCode: parent))
    }

    private mutating func addMovement(_ record: CSVRecord) throws {
        guard let event = text(record, "mod").flatMap({ Int($0) }).flatMap({ CommuneMovement.Event(rawValue: $0) }) else {
            throw fault(record, "mod", "not a kind of event that INSEE lists: 10, 20, 21, 30 to 35, 41, 50, 70, 71")
        }
        guard let day = text(record, "date_eff").flatMap({ CalendarDay($0) }) else {
            throw fault(record, "date_eff", "not a day of the form 2024-01-31")
        }
        // A commune that came from abroad or from nothing was nobody's code before.
        guard text(record, "com_av") != nil else { return }
        reading.movements.append(CommuneMovement(
            event: event, day: day, before: CommuneNode(try kind(record, "typecom_av"), try code(record, "com_av")),
            nameBefore: text(record, "libelle_av", "nccenr_av") ?? "",
            after: CommuneNode(try kind(record, "typecom_ap"), try code(record, "com_ap")),
            nameAfter: text(record, "libelle_ap", "nccenr_ap") ?? ""))
    }

    private mutating func addArea(_ record: CSVRecord) throws {
        let isDepartment = reading.kind == .departments
        let column = isDepartment ? "dep" : "reg"
        guard let code = text(record, column), code.utf8.count <= 3 else { throw fault(record, column, "not a code") }
        guard let name = text(record, "libelle", "nccenr") else { throw fault(record, "libelle", "empty") }
        guard seen.insert(code).inserted else { throw fault(record, column, "\(code) came before") }
        reading.areas.append(OfficialArea(code: code, name: name, region: isDepartment ? text(record, "reg") : nil))
    }

    private mutating func addPopulation(_ record: CSVRecord) throws {
        let code = try code(record, "com", "codgeo", "code")
        let digits = text(record, "pmun").map { $0.filter { !$0.isWhitespace } }
        guard let population = digits.flatMap({ Int($0) }), (0...100_000_000).contains(population) else {
            throw fault(record, "pmun", "not a number of inhabitants")
        }
        guard reading.populations.updateValue(population, forKey: code) == nil else {
            throw fault(record, "com", "\(code) came before")
        }
    }

    private mutating func addEPCI(_ record: CSVRecord) throws {
        let code = try code(record, "insee", "codgeo", "com")
        guard let siren = text(record, "siren", "epci") else { throw fault(record, "siren", "empty") }
        let name = text(record, "raison_sociale", "libepci", "nom") ?? ""
        guard reading.epci.updateValue((siren, name), forKey: code) == nil else {
            throw fault(record, "insee", "\(code) came before")
        }
    }

    // MARK: Cells

    private func text(_ record: CSVRecord, _ names: String...) -> String? {
        for name in names { if let text = reading.columns.text(record, name) { return text } }
        return nil
    }

    private func code(_ record: CSVRecord, _ names: String...) throws -> CommuneCode {
        let name = names.first { reading.columns.position($0) != nil } ?? names[0]
        guard let code = reading.columns.text(record, name).flatMap({ CommuneCode($0) }) else {
            throw fault(record, name, "not a commune code")
        }
        return code
    }

    private func kind(_ record: CSVRecord, _ name: String) throws -> CommuneKind {
        guard let kind = text(record, name).flatMap({ CommuneKind(rawValue: $0.uppercased()) }) else {
            throw fault(record, name, "not COM, COMA, COMD or ARM")
        }
        return kind
    }

    private func fault(_ record: CSVRecord, _ column: String, _ reason: String) -> ImportError {
        .badCode(file: file, line: record.line, column: column, reason: reason)
    }
}
