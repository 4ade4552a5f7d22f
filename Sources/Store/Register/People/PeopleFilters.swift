import AlertModel
import GRDB

/// What narrows a question besides words, over rows of `recipients`.
struct PeopleFilters {
    private let database: Database
    /// “1” where nothing narrows.
    let condition: ListCondition
    /// Statements that give row numbers and may be short.
    private let sets: [ListCondition]

    init(_ database: Database, _ question: PeopleQuestion, scope: RegisterScope) throws {
        self.database = database
        var conditions: [ListCondition] = []
        var sets: [ListCondition] = []
        if let name = question.list {
            let list = try database.list(named: name, scope: scope)
            if list.definition == .members {
                conditions.append(ListCondition(
                    "EXISTS (SELECT 1 FROM list_members WHERE list_id = ? AND recipient_id = recipients.id)", [list.id.rawValue]))
                sets.append(ListCondition("SELECT recipient_id AS id FROM list_members WHERE list_id = ?", [list.id.rawValue]))
            } else {
                let query = try database.query(of: list, selecting: "recipients.id AS id")
                conditions.append(ListCondition("recipients.id IN (\(query.sql))", query.arguments))
                sets.append(ListCondition(query.sql, query.arguments))
            }
        }
        if let tag = question.tag {
            conditions.append(ListCondition(
                "EXISTS (SELECT 1 FROM recipient_tags WHERE tag = ? AND recipient_id = recipients.id)", [tag]))
            sets.append(ListCondition("SELECT recipient_id AS id FROM recipient_tags WHERE tag = ?", [tag]))
        }
        if let channel = question.channel {
            conditions.append(ListCondition("recipients.channels & ? <> 0", [ChannelMask(channel).rawValue]))
        }
        if question.isUnreachable {
            conditions.append(ListCondition("recipients.channels = 0"))
            sets.append(ListCondition("SELECT id FROM recipients INDEXED BY recipients_unreachable WHERE channels = 0"))
        }
        if let precision = question.precision {
            conditions.append(ListCondition("\(CountedRow.precisionSQL) = ?", [precision.rawValue]))
            if precision == .notLocated {
                sets.append(ListCondition("SELECT id FROM recipients INDEXED BY recipients_without_point WHERE precision IS NULL AND commune_code IS NULL"))
            }
        }
        if let day = question.unconfirmedSince {
            conditions.append(ListCondition(
                """
                max(ifnull(recipients.confirmed_on, ''), ifnull((SELECT MAX(contact_points.confirmed_on) FROM contact_points
                    WHERE contact_points.recipient_id = recipients.id), '')) < ?
                """, [day.text]))
        }
        if question.hasOptedOut {
            conditions.append(ListCondition(
                "EXISTS (SELECT 1 FROM contact_points WHERE recipient_id = recipients.id AND consent = 'refused')"))
            sets.append(ListCondition("SELECT recipient_id AS id FROM contact_points WHERE consent = 'refused'"))
        }
        condition = conditions.isEmpty
            ? ListCondition("1")
            : ListCondition(
                conditions.map(\.sql).joined(separator: " AND "),
                conditions.reduce(into: StatementArguments()) { $0 += $1.arguments })
        self.sets = sets
    }

    /// The shortest set that a filter gives, when it is short.
    func few(atMost most: Int) throws -> ListCondition? {
        var best: (count: Int, set: ListCondition)?
        for set in sets {
            let count = try Int.fetchOne(
                database, sql: "SELECT COUNT(*) FROM (\(set.sql) LIMIT ?)", arguments: set.arguments + [most + 1]) ?? 0
            if count <= most, count < best?.count ?? .max { best = (count, set) }
        }
        return best?.set
    }
}
