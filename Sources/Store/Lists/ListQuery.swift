import AlertModel
import Foundation
import GRDB
import GeoModel

/// A condition on a row of `recipients`, its values bound.
struct ListCondition {
    var sql: String
    var arguments: StatementArguments
    /// Whether an index of its own finds the rows. The planner is then kept off the organisation's index, by which it
    /// would read all of a tenant's recipients.
    var isIndexed: Bool

    init(_ sql: String, _ arguments: StatementArguments = [], isIndexed: Bool = false) {
        self.sql = sql
        self.arguments = arguments
        self.isIndexed = isIndexed
    }

    /// The statement that gives the recipients of an organisation that the condition takes, in the order of rows.
    func query(selecting columns: String, organisation: OrganisationID) -> (sql: String, arguments: StatementArguments) {
        let condition = condition(organisation: organisation)
        return ("SELECT \(columns) FROM recipients WHERE \(condition.sql)", condition.arguments)
    }
}

/// Turns what a list is, or a filter, into a condition, with the lists it names inside it. Lives within one transaction.
struct ListCompiler {
    /// Lists within lists: further than that nobody can tell who is in.
    static let maximumDepth = 8
    /// Conditions of one list with all that it names. SQLite takes an expression 1,000 deep and 32,766 bound values.
    static let maximumConditions = 500

    private let database: Database
    private let organisation: OrganisationID
    private var conditionCount = 0
    /// The lists that are being compiled, outermost first.
    private var open: [RecipientList] = []

    init(database: Database, organisation: OrganisationID) {
        self.database = database
        self.organisation = organisation
    }

    /// - Throws: `StoreError.listCycle`, `.listTooComplex`, and `.unknownList` when one that it names is gone.
    mutating func condition(of list: RecipientList) throws -> ListCondition {
        guard !open.contains(where: { $0.id == list.id }) else {
            throw StoreError.listCycle(names: open.drop { $0.id != list.id }.map(\.name) + [list.name])
        }
        guard open.count < Self.maximumDepth else { throw StoreError.listTooComplex(name: open[0].name) }
        open.append(list)
        defer { open.removeLast() }
        switch list.definition {
        case .members:
            return try counted(ListCondition(
                "recipients.id IN (SELECT recipient_id FROM list_members WHERE list_id = ?)", [list.id.rawValue],
                isIndexed: true))
        case .filter(let filter): return try condition(of: filter)
        case .combination(let combination): return try condition(of: combination)
        }
    }

    private mutating func condition(of combination: ListCombination) throws -> ListCondition {
        let parts = try combination.lists.map { try condition(ofListNamed: $0) }
        switch combination.operation {
        case .union: return Self.any(parts)
        case .intersection: return Self.all(parts)
        case .difference: return Self.all([parts[0]] + parts.dropFirst().map(Self.not))
        }
    }

    private mutating func condition(ofListNamed name: String) throws -> ListCondition {
        try condition(of: database.list(named: name, scope: .organisation(organisation)))
    }

    /// - Throws: as `condition(of:)` of a list.
    mutating func condition(of filter: RecipientFilter) throws -> ListCondition {
        switch filter {
        case .all(let filters): return Self.all(try filters.map { try condition(of: $0) })
        case .any(let filters): return Self.any(try filters.map { try condition(of: $0) })
        case .not(let filter): return Self.not(try condition(of: filter))
        case .list(let names): return Self.any(try names.map { try condition(ofListNamed: $0) })
        default: return try counted(try leaf(filter))
        }
    }

    private mutating func counted(_ condition: ListCondition) throws -> ListCondition {
        conditionCount += 1
        guard conditionCount <= Self.maximumConditions else { throw StoreError.listTooComplex(name: open.first?.name ?? "") }
        return condition
    }

    // MARK: Conditions

    private func leaf(_ filter: RecipientFilter) throws -> ListCondition {
        switch filter {
        case .all, .any, .not, .list: preconditionFailure("compiled by condition(of:)")
        case .kind(let kinds): return Self.isOne("kind", of: kinds.map(\.rawValue))
        case .commune(let codes):
            return Self.isOne("commune_code", of: try database.bearers(of: codes).map(\.rawValue), isIndexed: true)
        case .postcode(let postcodes): return Self.isOne("postcode", of: postcodes, isIndexed: true)
        case .household(let names): return Self.isOne("household", of: names, isIndexed: true)
        case .building(let names): return Self.isOne("building", of: names, isIndexed: true)
        case .source(let names): return Self.isOne("source", of: names)
        case .language(let tags):
            return ListCondition(
                """
                EXISTS (SELECT 1 FROM json_each(?)
                        WHERE recipients.language = value OR recipients.language LIKE value || '-%')
                """, [Self.json(tags)])
        case .tag(let tags):
            return ListCondition(
                """
                recipients.id IN (
                    SELECT recipient_id FROM recipient_tags WHERE tag IN (SELECT value FROM json_each(?)))
                """, [Self.json(tags)], isIndexed: true)
        case .channel(let channels):
            return ListCondition("recipients.channels & ? <> 0", [ChannelMask(channels).rawValue])
        case .precision(let precisions): return Self.isOne(CountedRow.precisionSQL, of: precisions.map(\.rawValue))
        case .confirmed(let since, let before):
            return ListCondition(
                "recipients.confirmed_on >= ? AND recipients.confirmed_on < ?",
                [since?.text ?? "0000-00-00", before?.text ?? "9999-99-99"])
        case .contains(let field, let text):
            return ListCondition(
                "instr(\(FoldedText.functionName)(recipients.\(field.rawValue)), ?) > 0", [FoldedText.fold(text)])
        }
    }

    private static func isOne(_ column: String, of values: [String], isIndexed: Bool = false) -> ListCondition {
        let column = column.contains("(") ? column : "recipients." + column
        return ListCondition(
            "\(column) IN (SELECT value FROM json_each(?))", [json(values)], isIndexed: isIndexed)
    }

    /// One bound value, however many there are to compare with.
    private static func json(_ values: [String]) -> String {
        var writer = JSONWriter()
        writer.separated(values, open: "[", close: "]") { $0.string($1) }
        return writer.text
    }

    private static func all(_ parts: [ListCondition]) -> ListCondition {
        ListCondition(
            parts.map { "(\($0.sql))" }.joined(separator: " AND "), arguments(of: parts),
            isIndexed: parts.contains(where: \.isIndexed))
    }

    private static func any(_ parts: [ListCondition]) -> ListCondition {
        ListCondition(
            parts.map { "(\($0.sql))" }.joined(separator: " OR "), arguments(of: parts),
            isIndexed: parts.allSatisfy(\.isIndexed))
    }

    /// What is not known matches no condition, and so matches its opposite: SQL's own NOT would leave it out of both.
    private static func not(_ part: ListCondition) -> ListCondition {
        ListCondition("NOT ifnull((\(part.sql)), 0)", part.arguments)
    }

    private static func arguments(of parts: [ListCondition]) -> StatementArguments {
        parts.reduce(into: StatementArguments()) { $0 += $1.arguments }
    }
}
