import AlertModel
import Foundation
import GRDB

/// What an erasure took away.
package struct OrganisationErasure: Sendable, Equatable {
    package var recipients = 0
    /// Campaigns whose figures remain, without persons.
    package var campaigns = 0
}

/// Taking an organisation's people out of the database for good. The journal keeps that it happened, and its campaigns'
/// figures remain without persons; the row of the organisation stays under a name that says so.
extension AlertDatabase {
    /// Erases what an organisation has: register, lists, audiences, ledger's persons, who wrote back, undo images,
    /// perimeters, templates, schedules, settings, people who sign in; and the copies that others' campaigns made of its
    /// register. The file is then rewritten, so that nothing of it is left in its bytes.
    ///
    /// - Throws: `StoreError.cannotErase` while a campaign of it runs, organisations are below it, or a gateway is reserved for
    ///   it alone.
    package func eraseOrganisation(_ organisation: OrganisationID, actor: String, now: Date = .now) throws -> OrganisationErasure {
        // What its campaigns came to is counted from attempts that will be gone; here, while no claim waits for it.
        try settleCharges(of: organisation, most: nil, now: UTCTime(millisecondsSince1970: now.milliseconds))
        let erasure = try pool.write { try $0.erase(organisation, actor: actor, now: now) }
        for register in try oneOffRegisters(of: organisation) { try discardOneOffAudience(register, actor: actor) }
        try pool.writeWithoutTransaction { database in
            // The index of words keeps what it was told to forget until it is merged into one.
            try database.forgetErasedWordsWhole()
            // The log still has what was deleted, and VACUUM writes a new file through it: it is emptied before and after.
            try database.checkpoint(.truncate)
            try database.execute(sql: "VACUUM")
            try database.checkpoint(.truncate)
        }
        return erasure
    }
}

extension Database {
    fileprivate func erase(_ organisation: OrganisationID, actor: String, now: Date) throws -> OrganisationErasure {
        let id = organisation.rawValue
        let name = try organisationName(organisation)
        let live = try Int.fetchOne(
            self, sql: "SELECT count(*) FROM campaigns WHERE organisation_id = ? AND state IN ('running', 'paused')", arguments: [id])
        guard live == 0 else { throw StoreError.cannotErase(reason: "“\(name)” has a campaign under way: stop it first") }
        let below = max(0, try places(under: organisation).count - 1)
        guard below == 0 else {
            throw StoreError.cannotErase(reason: "\(below) organisations are below “\(name)”: move or erase them first")
        }
        if let gateway = try gatewayOnly(of: organisation) {
            throw StoreError.cannotErase(
                reason: "“\(name)” alone has the gateway “\(gateway)”, which would be everybody's: reserve it for another "
                    + "(`tocsin organisation gateways NAME --set \(gateway)=reserve`), or make it everybody's by your own word "
                    + "(`tocsin organisation gateways '\(name)' --set \(gateway)=release`)")
        }
        var erasure = OrganisationErasure()
        erasure.recipients = try Int.fetchOne(
            self, sql: "SELECT count(*) FROM recipients WHERE organisation_id = ?", arguments: [id]) ?? 0
        erasure.campaigns = try Int.fetchOne(
            self, sql: "SELECT count(*) FROM campaigns WHERE organisation_id = ?", arguments: [id]) ?? 0
        try execute(sql: "PRAGMA defer_foreign_keys = ON")
        try execute(
            sql: "DELETE FROM recipients WHERE external_id = ? AND source = ?",
            arguments: [TownHalls.externalID(of: organisation), TownHalls.source])
        try settleForGood(organisation, now: UTCTime(millisecondsSince1970: now.milliseconds))
        for statement in Self.erasing { try execute(sql: statement, arguments: ["id": id]) }
        try forgetUsers(of: id)
        // Whoever it alerted once goes in steps after this; what a killed process leaves of them, the next sweep takes.
        try execute(sql: "UPDATE organisations SET annex_until = 0 WHERE annex_of = ?", arguments: [id])
        let day = now.formatted(.iso8601.year().month().day())
        try execute(
            sql: "UPDATE organisations SET name = ?, territory_code = NULL, parent_id = NULL WHERE id = ?",
            arguments: ["\(name) (erased \(day), \(id))", id])
        // What judges zones has places and numbers of rows: it is made again of who is left.
        try packRegister()
        try audit(
            actor: actor, action: "organisation.erase", subject: name,
            detail: ["recipients": String(erasure.recipients), "campaigns": String(erasure.campaigns)])
        return erasure
    }

    /// A gateway that is reserved for this organisation and for nobody else.
    private func gatewayOnly(of organisation: OrganisationID) throws -> String? {
        let reserved = try gatewayAssignments().filter(\.isReserved)
        let others = Set(reserved.filter { $0.organisation != organisation }.map(\.gateway))
        return reserved.first { $0.organisation == organisation && !others.contains($0.gateway) }?.gateway
    }

    private static let own = "(SELECT id FROM campaigns WHERE organisation_id = :id)"
    private static let ownLegs = "(SELECT id FROM legs WHERE campaign_id IN \(own))"
    private static let people = "(SELECT id FROM recipients WHERE organisation_id = :id)"

    /// What a ledger keeps of people of `:id`'s register.
    ///
    /// - Parameter people: selects their numbers.
    static func forgettingCopies(of people: String) -> [String] {
        [
            // Others' campaigns over the register: their figures stay, the persons do not.
            """
            UPDATE legs SET address = 'erased ' || id WHERE id IN (
                SELECT legs.id FROM legs JOIN deliveries ON deliveries.id = legs.delivery_id
                WHERE deliveries.recipient_id IN \(people) AND legs.campaign_id NOT IN \(own))
            """,
            """
            UPDATE inbound_messages SET sender = '', text = '' WHERE leg_id IN (
                SELECT legs.id FROM legs JOIN deliveries ON deliveries.id = legs.delivery_id
                WHERE deliveries.recipient_id IN \(people))
            """,
            "UPDATE deliveries SET external_id = 'erased ' || id, name = NULL, why = '' WHERE recipient_id IN \(people)",
            // What filled the places of texts, and parts of what they are writing.
            """
            DELETE FROM leg_values WHERE leg_id IN \(ownLegs) OR leg_id IN (
                SELECT legs.id FROM legs JOIN deliveries ON deliveries.id = legs.delivery_id
                WHERE deliveries.recipient_id IN \(people)) OR leg_id IN (
                SELECT leg_shares.leg_id FROM leg_shares JOIN deliveries ON deliveries.id = leg_shares.delivery_id
                WHERE deliveries.recipient_id IN \(people))
            """,
            """
            DELETE FROM inbound_parts WHERE sender IN (
                SELECT address FROM contact_points WHERE recipient_id IN \(people))
            """,
        ]
    }

    /// In an order in which nothing points at what is gone.
    private static let erasing = forgettingCopies(of: people) + [
        // Who wrote back without answering a campaign.
        """
        DELETE FROM inbound_messages WHERE organisation_id = :id OR organisation_id IS NULL AND sender IN (
            SELECT address FROM contact_points WHERE recipient_id IN \(people))
        """,
        "DELETE FROM inbound_messages WHERE campaign_id IN \(own) OR leg_id IN \(ownLegs)",
        // Nobody joins a campaign whose audience is gone.
        "UPDATE campaigns SET closed_at = ifnull(closed_at, created_at) WHERE organisation_id = :id",
        // The ledger's persons; campaigns, their counters and their words stay.
        "DELETE FROM leg_answers WHERE leg_id IN \(ownLegs)",
        "DELETE FROM refused_legs WHERE leg_id IN \(ownLegs)",
        "DELETE FROM leg_shares WHERE leg_id IN \(ownLegs)",
        "DELETE FROM attempt_parts WHERE attempt_id IN (SELECT id FROM attempts WHERE campaign_id IN \(own))",
        "DELETE FROM attempts WHERE campaign_id IN \(own)",
        "DELETE FROM legs WHERE campaign_id IN \(own)",
        "DELETE FROM deliveries WHERE campaign_id IN \(own)",
        "DELETE FROM audiences WHERE organisation_id = :id OR campaign_id IN \(own)",
        "DELETE FROM information_refusals WHERE organisation_id = :id",
        // The register.
        "DELETE FROM register_import_images WHERE import_id IN (SELECT id FROM register_imports WHERE organisation_id = :id)",
        "DELETE FROM register_imports WHERE organisation_id = :id",
        "DELETE FROM recipient_aliases WHERE organisation_id = :id",
        "DELETE FROM recipient_merges WHERE organisation_id = :id",
        "DELETE FROM recipients WHERE organisation_id = :id",
        "DELETE FROM kept_lists WHERE organisation_id = :id",
        "DELETE FROM lists WHERE organisation_id = :id",
        // What it prepared and settled.
        "DELETE FROM coverage_report_lines WHERE report_id IN (SELECT id FROM coverage_reports WHERE organisation_id = :id)",
        "DELETE FROM coverage_reports WHERE organisation_id = :id",
        "DELETE FROM perimeters WHERE organisation_id = :id",
        "DELETE FROM recordings WHERE organisation_id = :id",
        "DELETE FROM templates WHERE organisation_id = :id",
        "DELETE FROM drafts WHERE organisation_id = :id",
        "DELETE FROM schedule_occurrences WHERE schedule_id IN (SELECT id FROM schedules WHERE organisation_id = :id)",
        "DELETE FROM schedules WHERE organisation_id = :id OR only_organisation_id = :id",
        "DELETE FROM organisation_settings WHERE organisation_id = :id",
        "DELETE FROM organisation_contacts WHERE organisation_id = :id",
        "DELETE FROM register_delegations WHERE owner_id = :id OR to_id = :id",
        // What others asked of it; what it asked itself goes by its column below.
        "DELETE FROM zone_requests WHERE to_id = :id",
        "DELETE FROM test_sends WHERE organisation_id = :id",
        "DELETE FROM test_addresses WHERE organisation_id = :id",
    ]

    /// Who signs in for it, with all that other tables keep of them and of the organisation.
    private func forgetUsers(of organisation: Int64) throws {
        for table in try tableNames() {
            for key in try Row.fetchAll(self, sql: "SELECT \"table\", \"from\" FROM pragma_foreign_key_list(?)", arguments: [table]) {
                guard key["table"] == "users" else { continue }
                let column: String = key["from"]
                if table == "grants", column == "made_by_user_id" {
                    // Rights they gave elsewhere are others'; the name of who gave them stays.
                    try execute(
                        sql: """
                            UPDATE grants SET made_by_user_id = NULL WHERE organisation_id <> ?1
                                AND made_by_user_id IN (SELECT id FROM users WHERE organisation_id = ?1)
                            """, arguments: [organisation])
                }
                try execute(
                    sql: """
                        DELETE FROM "\(table)" WHERE "\(column)" IN (
                            SELECT id FROM users WHERE organisation_id = ?)
                        """, arguments: [organisation])
            }
        }
        try execute(sql: "DELETE FROM users WHERE organisation_id = ?", arguments: [organisation])
        try eraseRows(of: OrganisationID(rawValue: organisation))
    }

    /// What any table keeps by organisation, those of later versions too; its campaigns, its row and the journal stay.
    func eraseRows(of organisation: OrganisationID) throws {
        let kept: Set<String> = ["campaigns", "organisations", "audit_entries"]
        for table in try tableNames() where !kept.contains(table) {
            let columns = try columns(in: table).map(\.name)
            guard columns.contains("organisation_id") else { continue }
            try execute(sql: "DELETE FROM \"\(table)\" WHERE organisation_id = ?", arguments: [organisation.rawValue])
        }
    }

    private func tableNames() throws -> [String] {
        try String.fetchAll(
            self, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    }
}
