import AlertModel
import GRDB
import Targeting

/// Whom a membership takes: each as a condition on the recipients of one organisation, or of the ledger.
extension Database {
    /// Takes a recipient off all lists of its register. One that it was ticked for is of a campaign, and no import, card or undoing
    /// takes anybody out of that.
    static let leavingLists = """
        DELETE FROM list_members WHERE recipient_id = ? AND (SELECT organisation_id FROM lists WHERE lists.id = list_id) > 0
        """

    /// Who is to be one with another stays on the lists that only the one was ticked for.
    func carryTicks(of absorbed: Int64, to kept: Int64) throws {
        try execute(
            sql: """
                INSERT INTO list_members (list_id, recipient_id)
                SELECT list_id, ?2 FROM list_members JOIN lists ON lists.id = list_id AND organisation_id < 0
                WHERE recipient_id = ?1 ON CONFLICT DO NOTHING
                """, arguments: [absorbed, kept])
    }

    /// In no particular order.
    ///
    /// - Throws: `StoreError.unknownList`, `.ambiguousList`, `.unknownTag`, `.ambiguousFilter`, `.unknownCampaign`, and what
    ///   a list's own definition throws.
    func members(of membership: Membership, scope: RegisterScope) throws -> [RecipientID] {
        try queries(of: membership, scope: scope).flatMap { query in
            try Int64.fetchAll(
                self, sql: "SELECT recipients.id FROM recipients WHERE \(query.sql)", arguments: query.arguments)
        }.map { RecipientID(rawValue: $0) }
    }

    /// Whether `members(of:scope:)` has the recipient. - Throws: as it.
    func isMember(_ recipient: RecipientID, of membership: Membership, scope: RegisterScope) throws -> Bool {
        try queries(of: membership, scope: scope).contains { query in
            try Bool.fetchOne(
                self, sql: "SELECT EXISTS (SELECT 1 FROM recipients WHERE recipients.id = ? AND (\(query.sql)))",
                arguments: [recipient.rawValue] + query.arguments) ?? false
        }
    }

    /// One condition on `recipients` for all whom a membership takes. - Throws: as `members(of:scope:)`.
    func condition(of membership: Membership, scope: RegisterScope) throws -> (sql: String, arguments: StatementArguments) {
        let queries = try queries(of: membership, scope: scope)
        guard !queries.isEmpty else { return ("0", []) }
        return (
            queries.map { "(\($0.sql))" }.joined(separator: " OR "),
            queries.reduce(into: StatementArguments()) { $0 += $1.arguments }
        )
    }

    /// Conditions on `recipients` that take nobody twice.
    private func queries(
        of membership: Membership, scope: RegisterScope
    ) throws -> [(sql: String, arguments: StatementArguments)] {
        switch membership {
        case .list(let name):
            let list = try zoneList(named: name, scope: scope)
            guard list.organisation.rawValue > 0 else { return [condition(ofOneOff: list, scope)] }
            var compiler = ListCompiler(database: self, organisation: list.organisation)
            return [try compiler.condition(of: list).condition(organisation: list.organisation)]
        case .tag(let name):
            try requireTag(name, scope: scope)
            return try queries(of: .tag([name]), scope: scope)
        case .filter(let filter):
            return try queries(of: filter, scope: scope)
        case .campaign(let id, let outcome):
            return try queries(ofCampaign: id, outcome, scope: scope)
        }
    }

    /// Its own people, and those of the organisation's register who were ticked for it.
    private func condition(
        ofOneOff list: RecipientList, _ scope: RegisterScope
    ) -> (sql: String, arguments: StatementArguments) {
        let owner = scope.condition(on: "+recipients.organisation_id")
        return (
            """
            recipients.id IN (SELECT recipient_id FROM list_members WHERE list_id = ?)
            AND (+recipients.organisation_id = ? OR \(owner.sql))
            """, [list.id.rawValue, list.organisation.rawValue] + owner.arguments
        )
    }

    private func queries(
        of filter: RecipientFilter, scope: RegisterScope
    ) throws -> [(sql: String, arguments: StatementArguments)] {
        let organisations = try organisations(in: scope)
        // One organisation's list is unknown to another, and “not on it” would take all of the other's people.
        guard organisations.count == 1 || filter.listNames.isEmpty else { throw StoreError.ambiguousFilter }
        return try organisations.map { organisation in
            var compiler = ListCompiler(database: self, organisation: organisation)
            return try compiler.condition(of: filter).condition(organisation: organisation)
        }
    }

    private func organisations(in scope: RegisterScope) throws -> [OrganisationID] {
        let owner = scope.condition(on: "id")
        return try Int64.fetchAll(
            self, sql: "SELECT id FROM organisations WHERE \(owner.sql) ORDER BY id", arguments: owner.arguments
        ).map { OrganisationID(rawValue: $0) }
    }

    /// A mistyped label would take nobody in silence.
    private func requireTag(_ name: String, scope: RegisterScope) throws {
        let owner = scope.condition(on: "recipients.organisation_id")
        let bearers = """
            FROM recipient_tags JOIN recipients ON recipients.id = recipient_id WHERE \(owner.sql)
            """
        let isKnown = try Bool.fetchOne(
            self, sql: "SELECT EXISTS (SELECT 1 \(bearers) AND tag = ?)", arguments: owner.arguments + [name])
        guard isKnown != true else { return }
        throw StoreError.unknownTag(
            name: name,
            known: try String.fetchAll(
                self, sql: "SELECT DISTINCT tag \(bearers) ORDER BY tag LIMIT 11", arguments: owner.arguments))
    }

    /// Whoever left the register and came back under the same identifier is the same recipient.
    private func queries(
        ofCampaign id: CampaignID, _ outcome: CampaignOutcome, scope: RegisterScope
    ) throws -> [(sql: String, arguments: StatementArguments)] {
        let owner = scope.ownCondition(on: "organisation_id")
        guard let organisation = try Int64.fetchOne(
            self, sql: "SELECT organisation_id FROM campaigns WHERE id = ? AND \(owner.sql)",
            arguments: [id.rawValue] + owner.arguments)
        else { throw StoreError.unknownCampaign(id: id.rawValue) }
        let states = outcome.states.map(\.rawValue).sorted().map { "'\($0)'" }.joined(separator: ", ")
        let deliveries = "FROM deliveries WHERE campaign_id = ? AND state IN (\(states))"
        let recipients = scope.condition(on: "+recipients.organisation_id")
        // Those who are alerted once are corrected as all others are.
        let reached = try reachCondition(of: scope)
        return [
            ("recipients.id IN (SELECT recipient_id \(deliveries)) AND (\(reached.sql))", [id.rawValue] + reached.arguments),
            (
                """
                recipients.organisation_id = ? AND \(recipients.sql)
                AND recipients.external_id IN (SELECT external_id \(deliveries) AND recipient_id IS NULL)
                """,
                [organisation] + recipients.arguments + [id.rawValue]
            ),
        ]
    }
}

extension ListCondition {
    /// The condition for the recipients of an organisation.
    func condition(organisation: OrganisationID) -> (sql: String, arguments: StatementArguments) {
        let owner = isIndexed ? "+recipients.organisation_id" : "recipients.organisation_id"
        return ("\(owner) = ? AND (\(sql))", [organisation.rawValue] + arguments)
    }
}
