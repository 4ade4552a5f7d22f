import AlertModel
import Foundation
import GeoModel
import Store

/// A row of a recipients file, checked field by field but not yet located.
struct ParsedRow {
    var recipient: Recipient
    /// The house number when it has a column of its own is already part of `recipient.addressText`.
    let line: Int
}

/// Turns records into recipients. Every fault of a row is reported, not only the first; a row with a fault is
/// refused whole.
struct RecipientRowParser {
    private static let maximumFieldCharacters = 500

    let columns: RecipientColumns
    private let byField: [RecipientField: [RecipientColumns.Column]]

    init(columns: RecipientColumns) {
        self.columns = columns
        byField = Dictionary(grouping: columns.columns, by: \.field)
    }

    /// - Returns: the row, or nil with at least one problem appended to `refused`.
    func parse(_ record: CSVRecord, refused: inout [RowProblem], warnings: inout [RowProblem]) -> ParsedRow? {
        var row = RowReader(record: record, byField: byField)
        guard record.fields.count == columns.width else {
            refused.append(RowProblem(
                line: record.line, column: "-",
                reason: "\(record.fields.count) fields where the header has \(columns.width): "
                    + "is a separator or a quote missing?"))
            return nil
        }
        row.checkText(maximumCharacters: Self.maximumFieldCharacters)
        let externalID = row.required(.id)
        let code = communeCode(&row)
        let point = position(&row)
        let contactPoints = contactPoints(&row, department: code?.department)
        let kind = kind(&row)
        let language = language(&row)
        warnings += row.warnings
        guard row.problems.isEmpty, let externalID else {
            refused += row.problems
            return nil
        }
        let address = [row.value(.houseNumber), row.value(.address)].compactMap(\.self).joined(separator: " ")
        let name = [row.value(.firstName), row.value(.name)].compactMap(\.self).joined(separator: " ")
        let location = point.map { Location(position: $0, uncertaintyMetres: 0, precision: .given, score: 1) }
        return ParsedRow(
            recipient: Recipient(
                externalID: externalID, name: Redacted(name), kind: kind,
                addressText: address.isEmpty ? nil : Redacted(address), postcode: row.value(.postcode),
                communeCode: code, communeName: row.value(.commune), language: language, location: location,
                contactPoints: contactPoints, coveredChannels: columns.channels, lists: lists(row)),
            line: record.line)
    }

    private func communeCode(_ row: inout RowReader) -> CommuneCode? {
        guard let text = row.value(.communeCode) else { return nil }
        guard let code = CommuneCode(text) else {
            row.refuse(.communeCode, "not an INSEE commune code: five characters, such as 80021 or 2A004")
            return nil
        }
        return code
    }

    private func position(_ row: inout RowReader) -> Position<WGS84>? {
        let longitudeText = row.value(.longitude)
        let latitudeText = row.value(.latitude)
        if longitudeText == nil && latitudeText == nil { return nil }
        guard let longitudeText, let latitudeText else {
            row.refuse(longitudeText == nil ? .longitude : .latitude, "one coordinate without the other")
            return nil
        }
        guard let longitude = Self.degrees(longitudeText) else {
            row.refuse(.longitude, "not a number of degrees, such as 2.2958")
            return nil
        }
        guard let latitude = Self.degrees(latitudeText) else {
            row.refuse(.latitude, "not a number of degrees, such as 49.8942")
            return nil
        }
        switch PlausiblePosition(longitude: longitude, latitude: latitude) {
        case .plausible(let position):
            return position
        case .elsewhere(let position):
            row.warn(.longitude, "the point lies outside every French territory: check it")
            return position
        case .swapped:
            row.refuse(.longitude, "longitude and latitude look exchanged")
        case .projected:
            row.refuse(.longitude, "these look like metres (Lambert-93?): give degrees, longitude and latitude")
        case .outOfRange:
            row.refuse(.longitude, "out of range: longitude is within ±180, latitude within ±90")
        case .null:
            row.refuse(.longitude, "0, 0 is in the ocean: leave both empty when the place is not known")
        }
        return nil
    }

    /// Degrees with a decimal point, or the comma French spreadsheets write.
    private static func degrees(_ text: String) -> Double? {
        let number = Double(text.replacingOccurrences(of: ",", with: "."))
        return number.flatMap { $0.isFinite ? $0 : nil }
    }

    private func contactPoints(_ row: inout RowReader, department: String?) -> [ContactPoint] {
        var points: [ContactPoint] = []
        func add(_ channel: Channel, _ address: String) {
            let redacted = Redacted(address)
            guard !points.contains(where: { $0.channel == channel && $0.address == redacted }) else { return }
            points.append(ContactPoint(
                channel: channel, address: redacted, rank: points.count { $0.channel == channel } + 1))
        }
        for column in columns.columns {
            guard let cell = row.value(in: column) else { continue }
            // Town halls write several in one cell: "06 … / 07 …".
            for text in Self.split(cell, in: column.field) {
                do throws(ContactFault) {
                    try contact(text, in: column.field, department: department, add)
                } catch {
                    row.refuse(column, error.reason)
                }
            }
        }
        return points
    }

    /// Why an address of a contact point is refused, without repeating it.
    private struct ContactFault: Error {
        let reason: String
    }

    private static func split(_ cell: String, in field: RecipientField) -> [String] {
        switch field {
        case .phone, .sms, .voice, .fax, .email:
            cell.replacingOccurrences(of: " ou ", with: "/").split { "/;,".contains($0) || $0.isNewline }
                .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        default: []
        }
    }

    private func contact(
        _ text: String, in field: RecipientField, department: String?, _ add: (Channel, String) -> Void
    ) throws(ContactFault) {
        if field == .email {
            guard let address = EmailAddress(text) else {
                throw ContactFault(reason: "not an e-mail address, such as name@example.org")
            }
            return add(.email, address.text)
        }
        let number: PhoneNumber
        do throws(PhoneNumber.Refusal) {
            number = try PhoneNumber(text, department: department)
        } catch {
            throw ContactFault(reason: error.description)
        }
        switch field {
        case .sms:
            guard number.isMobile else { throw ContactFault(reason: "a fixed line cannot receive an SMS") }
            add(.sms, number.e164)
        case .voice: add(.voice, number.e164)
        case .fax: add(.fax, number.e164)
        default:
            if number.isMobile { add(.sms, number.e164) }
            add(.voice, number.e164)
        }
    }

    private func kind(_ row: inout RowReader) -> RecipientKind {
        guard let text = row.value(.kind) else { return .person }
        switch FoldedName(text).text {
        case "personne", "person", "particulier", "habitant", "resident": return .person
        case "foyer", "menage", "household", "home", "logement": return .household
        case "mairie", "office", "bureau", "etablissement", "entreprise", "service", "ecole", "organisme": return .office
        default:
            row.refuse(.kind, "neither personne, foyer nor mairie (person, household, office)")
            return .person
        }
    }

    private func language(_ row: inout RowReader) -> String {
        guard let text = row.value(.language) else { return "fr" }
        let tag = text.lowercased()
        guard (2...11).contains(tag.utf8.count), tag.utf8.allSatisfy({ $0 < 128 }), tag.first?.isLetter == true,
              tag.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" })
        else {
            row.refuse(.language, "not a language tag, such as fr, en or pt-br")
            return "fr"
        }
        return tag
    }

    private func lists(_ row: RowReader) -> [String]? {
        guard let columns = byField[.lists] else { return nil }
        return columns.compactMap { row.value(in: $0) }.flatMap {
            $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        }
    }
}

/// The fields of one record by what they hold, and the faults found so far.
struct RowReader {
    private let record: CSVRecord
    private let byField: [RecipientField: [RecipientColumns.Column]]
    private(set) var problems: [RowProblem] = []
    private(set) var warnings: [RowProblem] = []

    /// What people type in a telephone or e-mail cell to say that there is none, folded.
    private static let wordsForNothing: Set<String> = [
        "0", "neant", "aucun", "aucune", "nc", "non", "sans", "none", "na", "n a", "inconnu",
    ]

    init(record: CSVRecord, byField: [RecipientField: [RecipientColumns.Column]]) {
        self.record = record
        self.byField = byField
    }

    /// The trimmed text of the field's column; nil when there is none or it is blank.
    func value(_ field: RecipientField) -> String? {
        byField[field]?.first.flatMap { value(in: $0) }
    }

    func value(in column: RecipientColumns.Column) -> String? {
        guard column.index < record.fields.count else { return nil }
        let text = record.fields[column.index].trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { return nil }
        let saysNothing = text.allSatisfy { "-–—/.?".contains($0) } || Self.wordsForNothing.contains(FoldedName(text).text)
        return column.field.isContact && saysNothing ? nil : text
    }

    mutating func required(_ field: RecipientField) -> String? {
        if let text = value(field) { return text }
        refuse(field, "empty, but required")
        return nil
    }

    mutating func checkText(maximumCharacters: Int) {
        for column in byField.values.joined().sorted(by: { $0.index < $1.index }) where column.field != .ignore {
            guard let text = value(in: column) else { continue }
            if text.count > maximumCharacters {
                refuse(column, "longer than \(maximumCharacters) characters: is a quote missing?")
            } else if text.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\n" && $0 != "\r" && $0 != "\t" }) {
                refuse(column, "contains a control character")
            }
        }
    }

    mutating func refuse(_ field: RecipientField, _ reason: String) {
        problems.append(RowProblem(line: record.line, column: name(of: field), reason: reason))
    }

    mutating func refuse(_ column: RecipientColumns.Column, _ reason: String) {
        problems.append(RowProblem(line: record.line, column: column.name, reason: reason))
    }

    mutating func warn(_ field: RecipientField, _ reason: String) {
        warnings.append(RowProblem(line: record.line, column: name(of: field), reason: reason))
    }

    private func name(of field: RecipientField) -> String { byField[field]?.first?.name ?? field.rawValue }
}
