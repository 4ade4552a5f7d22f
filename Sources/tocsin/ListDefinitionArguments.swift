import AlertModel
import ArgumentParser
import Foundation
import GeoModel

/// The options that say what a list is, when it is not static.
struct ListDefinitionArguments: ParsableArguments {
    static let discussion = """
        Without options the list is static. Each --where FIELD=VALUE,… is a condition that must hold (one of the values \
        does); FIELD!=VALUE,… must not hold. Fields: \(ListConditionText.fields.joined(separator: ", ")); dates: \
        'confirmed>=2024-01-31', 'confirmed<2025-01-31'; parts of a text: name~text, address~text. --filter takes the \
        JSON form, which has alternatives too: {"type":"any","filters":[{"type":"tag","values":["pmr"]},\
        {"type":"not","filter":{"type":"channel","values":["sms"]}}]}.
        """
    /// Largest file of a filter, in bytes: 40,000 values with their quotes fit four times.
    private static let maximumFileBytes = 2 << 20

    @Option(
        name: .customLong("where"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A condition (repeatable: all must hold).", valueName: "field=value,…"))
    var conditions: [String] = []

    @Option(help: ArgumentHelp("A filter in JSON, or @FILE with one.", valueName: "json"))
    var filter: String?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Who is in one of these lists (give it twice or more).", valueName: "name"))
    var union: [String] = []

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Who is in all of these lists (give it twice or more).", valueName: "name"))
    var intersection: [String] = []

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Who is in the first of these lists and in none of the others.", valueName: "name"))
    var difference: [String] = []

    /// - Returns: nil without any option.
    /// - Throws: `ValidationError`, or the first fault of the document.
    func definition() throws -> ListDefinition? {
        var given: [ListDefinition] = []
        if !conditions.isEmpty {
            let parts = try conditions.map { try ListConditionText.filter($0) }
            given.append(.filter(parts.count == 1 ? parts[0] : .all(parts)))
        }
        if let filter { given.append(try Self.read(filter)) }
        for (operation, lists) in [
            (ListCombination.Operation.union, union), (.intersection, intersection), (.difference, difference),
        ] where !lists.isEmpty {
            given.append(.combination(ListCombination(operation, of: lists)))
        }
        guard given.count <= 1 else {
            throw ValidationError("give one of --where, --filter, --union, --intersection, --difference")
        }
        // What is saved is what a document can say, whichever way it was typed.
        guard let definition = given.first, let document = ListDocument.encode(definition) else { return given.first }
        do throws(ListDocumentError) {
            return try ListDocument.decode(document)
        } catch {
            throw ValidationError("the list cannot be defined so: \(error)")
        }
    }

    /// A filter or a combination in JSON, or `@FILE` with one.
    static func read(_ text: String) throws -> ListDefinition {
        var bytes = Array(text.utf8)
        if text.hasPrefix("@") {
            let path = String(text.dropFirst())
            guard let handle = FileHandle(forReadingAtPath: path),
                  let data = try? handle.read(upToCount: maximumFileBytes + 1), data.count <= maximumFileBytes
            else { throw ValidationError("--filter: \(path) can't be read, or is larger than \(maximumFileBytes >> 20) MB") }
            bytes = [UInt8](data)
        }
        do throws(ListDocumentError) {
            return try ListDocument.decode(bytes)
        } catch {
            throw InputError(file: "--filter", underlying: error)
        }
    }
}

/// Reads one condition of `--where`.
enum ListConditionText {
    static let fields = [
        "kind", "commune", "postcode", "language", "tag", "channel", "precision", "household", "building", "source",
        "list",
    ]

    static func filter(_ text: String) throws -> RecipientFilter {
        for (sign, make) in Self.signs {
            guard let place = text.range(of: sign) else { continue }
            let field = text[..<place.lowerBound].trimmingCharacters(in: .whitespaces).lowercased()
            let value = text[place.upperBound...].trimmingCharacters(in: .whitespaces)
            return try make(field, value)
        }
        throw ValidationError("--where takes FIELD=VALUE, FIELD!=VALUE, name~TEXT or confirmed>=DAY, such as kind=household")
    }

    /// Longer signs first, since they contain the shorter ones.
    private static let signs: [(String, @Sendable (String, String) throws -> RecipientFilter)] = [
        ("!=", { .not(try condition($0, $1)) }),
        (">=", { try confirmed($0, since: $1, before: nil) }),
        ("<", { try confirmed($0, since: nil, before: $1) }),
        ("~", { field, text in
            guard let field = RecipientFilter.TextField(rawValue: field) else {
                throw ValidationError("--where: ~ looks for a text in name or address")
            }
            return .contains(field, text)
        }),
        ("=", { try condition($0, $1) }),
    ]

    private static func condition(_ field: String, _ value: String) throws -> RecipientFilter {
        guard fields.contains(field) else {
            throw ValidationError("--where: there is no field “\(field)”: they are \(fields.joined(separator: ", "))")
        }
        let values = value.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        var writer = JSONWriter()
        writer.value(.object(JSONObject([
            JSONObject.Member(key: "type", value: .string(field)),
            JSONObject.Member(key: "values", value: .array(values.map { .string($0) })),
        ])))
        let definition: ListDefinition
        do throws(ListDocumentError) {
            definition = try ListDocument.decode(writer.bytes)
        } catch {
            throw ValidationError("--where \(field): \(error.reason)")
        }
        guard case .filter(let filter) = definition else { throw ValidationError("--where takes a condition") }
        return filter
    }

    private static func confirmed(_ field: String, since: String?, before: String?) throws -> RecipientFilter {
        guard field == "confirmed" else { throw ValidationError("--where: >= and < compare the day of confirmed") }
        func day(_ text: String) throws -> CalendarDate {
            guard let day = CalendarDate(text) else {
                throw ValidationError("--where confirmed: a day such as 2024-01-31 is due")
            }
            return day
        }
        return .confirmed(since: try since.map(day), before: try before.map(day))
    }
}
