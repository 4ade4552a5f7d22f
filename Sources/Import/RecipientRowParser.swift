import AlertModel
import Foundation
import GeoModel
import Store

/// A row of a recipients file, checked field by field but not yet located.
struct ParsedRow {
    var recipient: Recipient
    let line: Int
}

/// What a record is, with all that is to be said of it.
struct RowReading {
    /// Nil when the row is refused: then `problems` says why.
    var row: ParsedRow?
    /// The identifier, also of a refused row where it can be read.
    var externalID: String?
    var problems: [RowProblem] = []
    /// Contact points that were left out of a row that is taken.
    var contactProblems: [RowProblem] = []
    var warnings: [RowProblem] = []
    /// The projected system the position was converted from.
    var system: String?
}

/// Turns records into recipients. Every fault of a row is reported, not only the first. A fault refuses the row whole;
/// a bad number refuses the number, since somebody with another one must not be left out for it.
struct RecipientRowParser: Sendable {
    private static let maximumFieldCharacters = 500

    let columns: RecipientColumns
    /// Most emergency numbers of an office.
    let emergencyLimit: Int
    /// Names of lists that nobody can be put into, since they are filters or combinations.
    let computedLists: Set<String>

    init(
        columns: RecipientColumns, emergencyLimit: Int = ContactCells.defaultEmergencyLimit,
        computedLists: Set<String> = []
    ) {
        self.columns = columns
        self.emergencyLimit = emergencyLimit
        self.computedLists = computedLists
    }

    /// - Parameter projections: of the thread that calls.
    func parse(_ record: CSVRecord, projections: Projections) -> RowReading {
        var row = RowReader(record: record, columns: columns)
        var reading = RowReading()
        guard record.fields.count == columns.width else {
            reading.problems = [RowProblem(
                line: record.line, column: nil,
                reason: "\(record.fields.count) fields where the header has \(columns.width): "
                    + "is a separator or a quote missing?")]
            return reading
        }
        row.checkText(maximumCharacters: Self.maximumFieldCharacters)
        reading.externalID = columns.hasIdentifiers ? row.required(.id) : String(record.line)
        if let id = reading.externalID, id.hasPrefix(RegisterReserved.prefix) {
            row.refuse(.id, "identifiers that begin with \(RegisterReserved.prefix) are the system's own: take the row out")
        }
        let code = communeCode(&row, known: projections)
        let point = PositionCells.read(&row, projections: projections)
        reading.system = point?.system
        let kind = kind(&row)
        let contacts = ContactCells(columns: columns, emergencyLimit: emergencyLimit)
            .read(&row, department: code?.department, kind: kind)
        let language = language(&row)
        let confirmedOn = date(.confirmedOn, &row)
        let vulnerability = vulnerability(&row)
        let details = details(&row)
        let lists = items(.lists, row, separators: "|")
        if let lists, !computedLists.isEmpty, !computedLists.isDisjoint(with: lists) {
            row.refuse(
                .lists,
                "names a list that is a filter or a combination: who is in it follows from the register, and nobody is put there")
        }
        reading.warnings = row.warnings
        // Of a row that is refused anyway, every fault is told at once.
        reading.problems = row.problems.isEmpty ? [] : row.problems + row.contactProblems
        guard row.problems.isEmpty, let externalID = reading.externalID else { return reading }
        reading.contactProblems = row.contactProblems
        let address = joined(row.value(.houseNumber), row.value(.address))
        var recipient = Recipient(
            externalID: externalID, name: Redacted(joined(row.value(.firstName), row.value(.name)) ?? ""), kind: kind,
            addressText: address.map { Redacted($0) }, postcode: row.value(.postcode), communeCode: code,
            communeName: row.value(.commune), language: language,
            location: point.map { Location(position: $0.position, uncertaintyMetres: 0, precision: .given, score: 1) },
            contactPoints: contacts, coveredChannels: columns.channels, lists: lists)
        recipient.coveredFacts = columns.facts
        recipient.tags = items(.tags, row, separators: "|,;")
        recipient.household = row.value(.household)
        let building = row.values(.building)
        recipient.building = building.isEmpty ? nil : building.joined(separator: ", ")
        recipient.confirmedOn = confirmedOn
        recipient.vulnerability = vulnerability
        details?.apply(to: &recipient)
        reading.row = ParsedRow(recipient: recipient, line: record.line)
        return reading
    }

    private func details(_ row: inout RowReader) -> RecipientDetails? {
        guard let text = row.value(.details) else { return nil }
        guard let details = RecipientDetails(text) else {
            row.refuse(.details, "not what an export writes: take the column out, or export again")
            return nil
        }
        return details
    }

    private func joined(_ first: String?, _ second: String?) -> String? {
        switch (first, second) {
        case (let first?, let second?): first + " " + second
        default: first ?? second
        }
    }

    private func communeCode(_ row: inout RowReader, known: Projections) -> CommuneCode? {
        guard let text = row.value(.communeCode) else { return nil }
        guard let code = known.communeCode(text) else {
            row.refuse(.communeCode, "not an INSEE commune code: five characters, such as 80021 or 2A004")
            return nil
        }
        return code
    }

    private func kind(_ row: inout RowReader) -> RecipientKind {
        guard let text = row.value(.kind) else { return .person }
        if let kind = RecipientKind(rawValue: text) { return kind }
        let folded = FoldedName(text).text
        switch folded {
        case "personne", "person", "particulier", "habitant", "resident", "individu": return .person
        case "foyer", "menage", "household", "home", "logement", "maison", "appartement": return .household
        case "mairie", "office", "bureau", "etablissement", "entreprise", "service", "ecole", "organisme", "commune",
             "association", "commerce":
            return .office
        case _ where folded.hasPrefix("residence"): return .household
        default:
            row.refuse(.kind, "neither personne, foyer nor mairie (person, household, office)")
            return .person
        }
    }

    private func language(_ row: inout RowReader) -> String {
        guard let text = row.value(.language) else { return "fr" }
        if text == "fr" { return text }
        let tag = text.lowercased()
        guard (2...11).contains(tag.utf8.count), tag.utf8.allSatisfy({ $0 < 128 }), tag.first?.isLetter == true,
              tag.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" })
        else {
            row.refuse(.language, "not a language tag, such as fr, en or pt-br")
            return "fr"
        }
        return tag
    }

    private func date(_ field: RecipientField, _ row: inout RowReader) -> CalendarDate? {
        guard let text = row.value(field) else { return nil }
        guard let date = CalendarDate(text) else {
            row.warn(field, "not a date, such as 2026-01-31 or 31/01/2026: left out")
            return nil
        }
        return date
    }

    /// “oui” says that there is something, “non” that there is nothing; anything else says what.
    private func vulnerability(_ row: inout RowReader) -> Vulnerability? {
        let detail = row.value(.vulnerabilityDetail)
        guard let kind = row.value(.vulnerability) ?? detail.map({ _ in "signalée" }) else { return nil }
        if ["non", "no", "0", "aucune", "neant", "n"].contains(FoldedName(kind).text) { return nil }
        return Vulnerability(
            kind: Redacted(kind), detail: detail.map { Redacted($0) }, recordedOn: date(.vulnerabilityOn, &row),
            provenance: row.value(.provenance))
    }

    /// Nil when no column holds them.
    private func items(_ field: RecipientField, _ row: RowReader, separators: String) -> [String]? {
        guard columns.fields.contains(field) else { return nil }
        let cells = row.values(field)
        if cells.isEmpty { return [] }
        return cells.flatMap { cell in
            cell.split { separators.contains($0) }.map { String($0).trimmed }.filter { !$0.isEmpty }
        }
    }
}
