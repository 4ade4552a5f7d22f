import AlertModel
import Foundation
import GRDB

extension AlertDatabase {
    /// People of a page at most.
    package static let greatestPeoplePage = 100
    /// People are counted so far: further, somebody who looks for one person says more.
    package static let mostCountedPeople = 500

    /// People of the scope whom a question finds, a page of them.
    ///
    /// Whoever has the number or the mailbox comes first, then whose name has all words, then everybody else; each in the
    /// order they were entered. Protected facts are neither looked at nor shown.
    ///
    /// - Parameter after: the last page's `next`.
    /// - Throws: `StoreError.unknownList`, `.ambiguousList`.
    package func findPeople(
        _ question: PeopleQuestion, scope: RegisterScope, after: PeopleCursor? = nil, limit: Int
    ) throws -> FoundPeople {
        let limit = max(1, min(limit, Self.greatestPeoplePage))
        return try pool.read { database in
            var search = try PeopleSearch(database, question, scope: scope)
            let most = after == nil ? max(limit + 1, Self.mostCountedPeople + 1) : limit + 1
            let hits = try search.hits(after: after, most: most)
            let page = Array(hits.prefix(limit))
            return FoundPeople(
                people: try database.foundPeople(page.map(\.id), scope: scope),
                next: hits.count > limit ? page.last : nil,
                count: after == nil && hits.count <= Self.mostCountedPeople ? hits.count : nil)
        }
    }

    /// Everybody whom a question finds, by row number.
    ///
    /// - Throws: as `findPeople`, and `StoreError.tooManyPeople` when they are more than `most`.
    package func allPeople(_ question: PeopleQuestion, scope: RegisterScope, most: Int) throws -> Set<Int64> {
        try pool.read { database in
            var search = try PeopleSearch(database, question, scope: scope)
            let hits = try search.hits(after: nil, most: most + 1)
            guard hits.count <= most else { throw StoreError.tooManyPeople(limit: most) }
            return Set(hits.map(\.id.rawValue))
        }
    }
}

/// One question being answered inside a read transaction.
struct PeopleSearch {
    /// Words looked at; a ninth narrows nothing that eight do not.
    private static let mostWords = 8
    /// People of a list, of a tag or who opted out up to whom their rows are read, rather than the words'.
    private static let few = 3_000

    private let database: Database
    private let scope: RegisterScope
    private let words: [String]
    private let addresses: PeopleAddresses?
    private let filters: PeopleFilters
    private let communeCode: String?
    private let due: [(first: Int64, last: Int64)]
    /// Whose people are looked for; nil where all of the register is theirs, which is the usual case and need not be asked.
    private let owners: [Int64]?

    init(_ database: Database, _ question: PeopleQuestion, scope: RegisterScope) throws {
        self.database = database
        self.scope = scope
        words = Self.words(of: question.text)
        addresses = PeopleAddresses(question.text)
        filters = try PeopleFilters(database, question, scope: scope)
        communeCode = question.communeCode
        owners = try Self.owners(database, scope)
        due = try Row.fetchAll(database, sql: "SELECT first_id, last_id FROM recipient_words_due ORDER BY first_id")
            .map { ($0[0], $0[1]) }
    }

    private static func owners(_ database: Database, _ scope: RegisterScope) throws -> [Int64]? {
        let asked: [Int64]
        switch scope {
        case .all: asked = try Int64.fetchAll(database, sql: "SELECT id FROM organisations WHERE id > 0 ORDER BY id")
        case .organisation(let own): asked = [own.rawValue]
        case .organisations(let own, let delegated): asked = ([own] + delegated).map(\.rawValue)
        }
        let least = try Int64.fetchOne(database, sql: "SELECT MIN(organisation_id) FROM recipients")
        let greatest = try Int64.fetchOne(database, sql: "SELECT MAX(organisation_id) FROM recipients")
        if scope == .all { return least ?? 1 > 0 ? nil : asked }
        return least == greatest && least.map(asked.contains) ?? true ? nil : asked
    }

    /// The first of them after a place, in order.
    mutating func hits(after: PeopleCursor?, most: Int) throws -> [PeopleCursor] {
        var hits: [PeopleCursor] = []
        let few = try filters.few(atMost: Self.few)
        for stage in Stage.allCases where stage.rawValue >= after?.stage ?? 0 {
            let first = stage.rawValue == after?.stage ? after?.id.rawValue ?? .min : .min
            let wanted = most - hits.count
            guard wanted > 0 else { break }
            let ids: [Int64] = switch stage {
            case .address: try addressed(after: first, most: wanted)
            case .name where words.isEmpty: []
            case .name, .anywhere: try worded(stage, after: first, most: wanted, few: few)
            }
            hits += ids.map { PeopleCursor(stage: stage.rawValue, id: RecipientID(rawValue: $0)) }
        }
        return hits
    }

    private enum Stage: Int, CaseIterable {
        case address, name, anywhere
    }

    // MARK: By number or mailbox

    private func addressed(after: Int64, most: Int) throws -> [Int64] {
        guard let addresses else { return [] }
        let owner = scope.condition(on: "recipients.organisation_id")
        let more = filters.condition
        // All of them: owner and filters choose afterwards, and the stages after this one leave all of them out.
        let beginnings = addresses.ranges.map { _ in
            "SELECT recipient_id FROM contact_points WHERE address >= ? AND address < ?"
        }.joined(separator: " UNION ALL ")
        return try Int64.fetchAll(
            database,
            sql: """
                SELECT DISTINCT recipients.id FROM (\(beginnings)) AS hits
                CROSS JOIN recipients ON recipients.id = hits.recipient_id
                WHERE recipients.id > ? AND \(owner.sql) AND \(commune.sql) AND \(more.sql)
                ORDER BY recipients.id LIMIT ?
                """,
            arguments: StatementArguments(addresses.ranges.flatMap { [$0.from, $0.to] }) + [after] + owner.arguments
                + commune.arguments + more.arguments + [most])
    }

    /// Of the commune that is asked for.
    private var commune: ListCondition {
        communeCode.map { ListCondition("+recipients.commune_code = ?", [$0]) } ?? ListCondition("1")
    }

    // MARK: By words

    private func worded(_ stage: Stage, after: Int64, most: Int, few: ListCondition?) throws -> [Int64] {
        if let few { return try read(
                stage, "(\(few.sql)) AS few CROSS JOIN recipients ON recipients.id = few.id", few.arguments, after: after, most: most) }
        var ids = try indexed(stage, after: after, most: most)
        for range in due where range.last > after {
            ids += try read(
                stage, "(SELECT ? AS first, ? AS last) CROSS JOIN recipients ON recipients.id BETWEEN first AND last",
                [range.first, range.last], after: after, most: most)
        }
        return due.isEmpty ? ids : Array(ids.sorted().prefix(most))
    }

    private func indexed(_ stage: Stage, after: Int64, most: Int) throws -> [Int64] {
        let more = filters.condition, others = unaddressed("recipient_words.rowid")
        let isPlain = more.sql == "1"
        return try Int64.fetchAll(
            database,
            sql: """
                SELECT recipient_words.rowid FROM recipient_words
                \(isPlain ? "" : "CROSS JOIN recipients ON recipients.id = recipient_words.rowid")
                WHERE recipient_words MATCH ? AND recipient_words.rowid > ? AND \(others.sql) AND \(more.sql)
                ORDER BY recipient_words.rowid LIMIT ?
                """,
            arguments: [expression(stage), after] + others.arguments + more.arguments + [most])
    }

    /// Cut where the index cuts: what `unicode61` parts in two is no word for it, and an error in an index without places.
    private static func words(of text: String) -> [String] {
        FoldedText.fold(text).replacing("ß", with: "ss").unicodeScalars.split { !isOfWord($0) }.prefix(mostWords)
            .map { String(String.UnicodeScalarView($0)) }
    }

    /// Letters, numbers and private use, as FTS5's `unicode61` has it.
    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber,
            .otherNumber, .privateUse:
            true
        default: false
        }
    }

    /// What FTS5 is asked: beginnings of words, quoted, and whose they are. Longer words first: they are rarer.
    private func expression(_ stage: Stage) -> String {
        let words = words.sorted { ($0.utf8.count, $1) > ($1.utf8.count, $0) }
        var parts: [String] = []
        if !words.isEmpty {
            let named = words.map { "\"_\($0)\" *" }.joined(separator: " AND ")
            let anywhere = words.map { "\"\($0)\" *" }.joined(separator: " AND ")
            parts.append(stage == .name ? named : "((\(anywhere)) NOT (\(named)))")
        }
        if let communeCode {
            parts.append("\"__c\(communeCode.filter { $0.isASCII && ($0.isLetter || $0.isNumber) })\"")
        }
        if let owners { parts.append("(" + owners.map { "\"__o\($0)\"" }.joined(separator: " OR ") + ")") }
        // Everybody: whoever has an organisation.
        return parts.isEmpty ? "\"__o\" *" : parts.joined(separator: " AND ")
    }

    /// The same, from the rows themselves.
    private func read(
        _ stage: Stage, _ among: String, _ arguments: StatementArguments, after: Int64, most: Int
    ) throws -> [Int64] {
        let owner = scope.condition(on: "recipients.organisation_id")
        let more = filters.condition, others = unaddressed("recipients.id")
        let name = "' ' || \(FoldedText.functionName)(recipients.name)"
        let text = """
            ' ' || \(FoldedText.functionName)(recipients.name || ' ' || ifnull(address, '') || ' ' || ifnull(postcode, '') || ' '
                || ifnull(commune_name, '') || ' ' || external_id)
            """
        func has(_ text: String) -> String {
            words.isEmpty ? "1" : "EXISTS (SELECT 1 FROM (SELECT \(text) AS words) WHERE "
                + words.map { _ in "instr(words, ?) > 0" }.joined(separator: " AND ") + ")"
        }
        let beginnings = words.map { " " + $0 }
        let isNamed = stage == .name
        var condition = has(isNamed ? name : text)
        var values = StatementArguments(beginnings)
        if !isNamed, !words.isEmpty {
            condition += " AND NOT \(has(name))"
            values += StatementArguments(beginnings)
        }
        return try Int64.fetchAll(
            database,
            sql: """
                SELECT DISTINCT recipients.id FROM \(among)
                WHERE recipients.id > ? AND \(owner.sql) AND \(commune.sql) AND \(others.sql) AND \(more.sql)
                    AND \(condition)
                ORDER BY recipients.id LIMIT ?
                """,
            arguments: arguments + [after] + owner.arguments + commune.arguments + others.arguments + more.arguments + values + [most])
    }

    /// Nobody is shown twice: whoever has the number came before.
    private func unaddressed(_ id: String) -> ListCondition {
        guard let addresses else { return ListCondition("1") }
        let ranges = addresses.ranges.map { _ in "address >= ? AND address < ?" }.joined(separator: " OR ")
        return ListCondition(
            "NOT EXISTS (SELECT 1 FROM contact_points WHERE recipient_id = \(id) AND (\(ranges)))",
            StatementArguments(addresses.ranges.flatMap { [$0.from, $0.to] }))
    }
}
