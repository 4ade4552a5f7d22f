import AlertModel
import Dispatching
import Foundation
import GRDB

/// People who are written to once: a dropped file's rows in a register apart, or people who were ticked in the register, on
/// one list that a zone may name.
///
/// The register apart has a number below 0, which no scope admits: no geometry, search, count or report of the organisation
/// finds its people. Only the list's name leads to them, and only for the organisation that dropped them. Who was ticked stays
/// in the register; the list apart ends with its time.
package struct OneOffAudience: Sendable, Hashable {
    /// The register apart.
    package let register: OrganisationID
    /// What an import calls it. It says nothing of anybody, and nobody guesses it.
    package let registerName: String
    package let owner: OrganisationID
    /// What a zone names: `{"type": "list", "name": …}`.
    package let listName: String
    package let until: UTCTime

    /// How long the people are kept: a campaign, its corrections and its report.
    package static let lifetimeDays = 30
    /// A larger file is not written anew for them: others would wait for seconds.
    fileprivate static let greatestRewrittenBytes = 256 << 20
    /// How long a file may take to come in: what a process that was killed left of it goes after that.
    fileprivate static let intakeDays = 1
}

extension AlertDatabase {
    /// Opens an empty register apart; its people are then imported into it by its name. Whose time is over is not erased on the
    /// way: an alert waits for nobody's erasure, and for no fault of it.
    ///
    /// - Parameter wish: what the list is to be called; a number is added to a name that is taken.
    package func openOneOffAudience(named wish: String, of owner: OrganisationID, now: UTCTime = .now) throws -> OneOffAudience {
        try pool.write { try $0.openOneOffAudience(named: wish, of: owner, now: now) }
    }

    /// Puts all who were imported on the list; who refused to be informed by the organisation stays refused.
    ///
    /// - Returns: how many they are.
    @discardableResult
    package func sealOneOffAudience(_ audience: OneOffAudience, actor: String) throws -> Int {
        try pool.write { database in
            let register = audience.register.rawValue
            // Lists that the file itself names would be others' by their names.
            try database.execute(
                sql: "DELETE FROM lists WHERE organisation_id = ? AND name <> ?", arguments: [register, audience.listName])
            try database.execute(
                sql: """
                    UPDATE contact_points SET consent = 'refused'
                    WHERE recipient_id IN (SELECT id FROM recipients WHERE organisation_id = ?1) AND EXISTS (
                        SELECT 1 FROM contact_points AS known INDEXED BY contact_points_by_address CROSS JOIN recipients
                            ON recipients.id = known.recipient_id AND recipients.organisation_id = ?2
                        WHERE known.channel = contact_points.channel AND known.address = contact_points.address
                            AND known.consent = 'refused')
                    """, arguments: [register, audience.owner.rawValue])
            return try database.seal(audience, "SELECT id FROM recipients WHERE organisation_id = ?", [register], actor: actor)
        }
    }

    /// As `oneOffAudience(of:named:owner:actor:now:)`, of people by their identifiers in the register.
    ///
    /// - Throws: `StoreError.unknownRecipients`. Nothing is made then.
    package func oneOffAudience(
        ofIdentifiers identifiers: [String], named wish: String, owner: OrganisationID, actor: String
    ) throws -> OneOffAudience {
        let people = try pool.read { try $0.ids(of: .identifiers(identifiers), in: owner) }
        return try oneOffAudience(of: people, named: wish, owner: owner, actor: actor)
    }

    /// Makes an audience of people of the organisation's own register; they stay in it, and as they are.
    ///
    /// - Throws: `StoreError.unknownPerson` when one of them is not the organisation's. Nothing is made then.
    package func oneOffAudience(
        of people: [RecipientID], named wish: String, owner: OrganisationID, actor: String, now: UTCTime = .now
    ) throws -> OneOffAudience {
        try pool.write { database in
            let audience = try database.openOneOffAudience(named: wish, of: owner, now: now)
            let count = try database.seal(
                audience, "SELECT id FROM recipients WHERE id IN (SELECT value FROM json_each(?)) AND organisation_id = ?",
                [people.json, owner.rawValue], actor: actor)
            guard count == Set(people).count, count > 0 else { throw StoreError.unknownPerson }
            return audience
        }
    }

    /// Erases a register apart with all that was copied of its people; campaigns keep their figures. Some hundred people in a
    /// step: others write between two of them, and a step that is not reached is the next sweep's.
    ///
    /// - Returns: false when a campaign to them is under way: nothing is erased then.
    @discardableResult
    package func discardOneOffAudience(_ register: OrganisationID, actor: String) throws -> Bool {
        guard try pool.write({ try $0.retire(register, unless: Database.isUnderWay, now: .now) }) else { return false }
        try eraseOneOffAudience(register, actor: actor)
        return true
    }

    private func eraseOneOffAudience(_ register: OrganisationID, actor: String) throws {
        while try pool.write({ try $0.eraseOneOffPeople(of: register) }) {}
        try pool.write { try $0.closeOneOffAudience(register, actor: actor) }
        // The words go in steps of their own, see `forgetErasedWords`.
        try? pool.writeWithoutTransaction { try $0.overwriteErased() }
    }

    /// Whether a campaign of after they were taken in has them in its ledger.
    package func isLaunched(_ audience: OneOffAudience) throws -> Bool {
        try pool.read { database in
            let isInLedger = try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM lists CROSS JOIN list_members ON list_members.list_id = lists.id
                            CROSS JOIN deliveries ON deliveries.recipient_id = list_members.recipient_id
                            CROSS JOIN campaigns ON campaigns.id = deliveries.campaign_id
                            CROSS JOIN organisations ON organisations.id = lists.organisation_id
                        WHERE lists.organisation_id = ? AND campaigns.created_at >= organisations.created_at)
                    """, arguments: [audience.register.rawValue])
            return isInLedger == true
        }
    }

    /// Erases whom nothing needs any more: their time is over, and no campaign to them is under way.
    ///
    /// - Returns: how many registers apart are gone.
    package func sweepOneOffAudiences(now: UTCTime) throws -> Int {
        let due = try pool.read { database in
            try Int64.fetchAll(
                database,
                sql: "SELECT id FROM organisations WHERE annex_of IS NOT NULL AND NOT (\(Database.isNeeded)) ORDER BY id DESC",
                arguments: ["now": now.millisecondsSince1970])
        }
        var gone = 0
        for register in due.map({ OrganisationID(rawValue: $0) }) {
            // A campaign may have been launched to them since.
            guard try pool.write({ try $0.retire(register, unless: Database.isNeeded, now: now) }) else { continue }
            try eraseOneOffAudience(register, actor: "system")
            gone += 1
        }
        return gone
    }

    /// The registers apart of an organisation, which go with it.
    func oneOffRegisters(of owner: OrganisationID) throws -> [OrganisationID] {
        try pool.read { database in
            try Int64.fetchAll(
                database, sql: "SELECT id FROM organisations WHERE annex_of = ? ORDER BY id DESC", arguments: [owner.rawValue])
        }.map { OrganisationID(rawValue: $0) }
    }
}

extension Database {
    /// Of a register apart: a campaign to its people runs or pauses.
    fileprivate static let isUnderWay = isNamed("campaigns.state IN ('running', 'paused') AND :now = :now")

    /// Of a register apart: its time is not over, or a campaign to its people is under way, or has ended and may go on for late
    /// joiners, whose zone names its list still.
    static let isNeeded = """
        annex_until > :now OR \(isNamed("""
            (campaigns.state IN ('running', 'paused') OR campaigns.state = 'completed' AND campaigns.kind = 'alert'
                AND campaigns.closed_at IS NULL AND campaigns.expires_at > :now)
            """))
        """

    private static func isNamed(_ campaigns: String) -> String {
        """
        EXISTS (
            SELECT 1 FROM lists CROSS JOIN list_members ON list_members.list_id = lists.id
                CROSS JOIN deliveries ON deliveries.recipient_id = list_members.recipient_id
                CROSS JOIN campaigns ON campaigns.id = deliveries.campaign_id
            WHERE lists.organisation_id = organisations.id AND \(campaigns))
        """
    }

    /// Ends a register apart's time, unless it is needed by now: in one transaction, so that no launch slips in between.
    ///
    /// - Returns: whether nobody can name it any more.
    fileprivate func retire(_ register: OrganisationID, unless isHeld: String, now: UTCTime) throws -> Bool {
        guard register.rawValue < 0 else { return false }
        try execute(
            sql: "UPDATE organisations SET annex_until = 0 WHERE id = :id AND annex_of IS NOT NULL AND NOT (\(isHeld))",
            arguments: ["id": register.rawValue, "now": now.millisecondsSince1970])
        return changesCount == 1
    }

    /// Leaves nothing of what was deleted in the files. Debian's SQLite overwrites what it deletes, but neither the log beside the
    /// file nor the copies that stay in pages when rows move from one to another: a file that is written anew in a moment is,
    /// while nothing is sent.
    fileprivate func overwriteErased() throws {
        _ = try checkpoint(.truncate)
        let bytes = try Int.fetchOne(self, sql: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size") ?? .max
        let isSending = try Bool.fetchOne(self, sql: "SELECT EXISTS (SELECT 1 FROM campaigns WHERE state = 'running')")
        guard bytes <= OneOffAudience.greatestRewrittenBytes, isSending == false else { return }
        try execute(sql: "VACUUM")
        _ = try checkpoint(.truncate)
    }

    fileprivate func openOneOffAudience(named wish: String, of owner: OrganisationID, now: UTCTime) throws -> OneOffAudience {
        func after(days: Int) -> UTCTime { now.advanced(byMilliseconds: Int64(days) * 86_400_000) }
        let number = min(0, try Int64.fetchOne(self, sql: "SELECT MIN(id) FROM organisations") ?? 0) - 1
        let audience = OneOffAudience(
            register: OrganisationID(rawValue: number), registerName: "one-off \(-number) \(UUID().uuidString)", owner: owner,
            listName: try freeListName(wish, of: owner, now: now), until: after(days: OneOffAudience.lifetimeDays))
        try execute(
            sql: """
                INSERT INTO organisations (id, name, created_at, nature, annex_of, annex_until) VALUES (?, ?, ?, 'service', ?, ?)
                """,
            arguments: [
                number, audience.registerName, now.millisecondsSince1970, owner.rawValue,
                after(days: OneOffAudience.intakeDays).millisecondsSince1970,
            ])
        try execute(
            sql: "INSERT INTO lists (organisation_id, name, kind) VALUES (?, ?, 'static')", arguments: [number, audience.listName])
        return audience
    }

    /// - Parameter people: selects who is on the list.
    /// - Returns: how many they are.
    fileprivate func seal(
        _ audience: OneOffAudience, _ people: String, _ arguments: StatementArguments, actor: String
    ) throws -> Int {
        let list = try list(named: audience.listName, scope: .organisation(audience.register))
        try execute(
            // A file may name the list itself.
            sql: "INSERT INTO list_members (list_id, recipient_id) SELECT ?, id FROM (\(people)) WHERE true ON CONFLICT DO NOTHING",
            arguments: [list.id.rawValue] + arguments)
        let count = try memberCount(of: list)
        try execute(
            sql: "UPDATE organisations SET annex_until = ? WHERE id = ?",
            arguments: [audience.until.millisecondsSince1970, audience.register.rawValue])
        try audit(
            actor: actor, action: "audience.drop", subject: "audience \(-audience.register.rawValue)",
            detail: ["recipients": String(count)], organisation: audience.owner)
        return count
    }

    /// Erases the first of a register apart, and what ledgers keep of them.
    ///
    /// - Returns: whether there was anybody.
    func eraseOneOffPeople(of register: OrganisationID) throws -> Bool {
        let people = "(SELECT id FROM recipients WHERE organisation_id = :id ORDER BY id LIMIT 500)"
        let arguments: StatementArguments = ["id": register.rawValue]
        for statement in Self.forgettingCopies(of: people) { try execute(sql: statement, arguments: arguments) }
        // Who of them wrote is the owner's; what is said by a number of its own register stays.
        try execute(
            sql: """
                DELETE FROM inbound_messages
                WHERE organisation_id = (SELECT annex_of FROM organisations WHERE id = :id) AND sender IN (
                    SELECT address FROM contact_points WHERE recipient_id IN \(people)
                    EXCEPT SELECT own.address FROM contact_points AS own
                        JOIN recipients ON recipients.id = own.recipient_id
                        JOIN organisations ON organisations.annex_of = recipients.organisation_id AND organisations.id = :id
                        WHERE own.address IN (SELECT address FROM contact_points WHERE recipient_id IN \(people)))
                """, arguments: arguments)
        try execute(sql: "DELETE FROM recipients WHERE id IN \(people)", arguments: arguments)
        return changesCount > 0
    }

    fileprivate func closeOneOffAudience(_ register: OrganisationID, actor: String) throws {
        let owner = try Int64.fetchOne(
            self, sql: "SELECT annex_of FROM organisations WHERE id = ?", arguments: [register.rawValue])
        try execute(sql: "PRAGMA defer_foreign_keys = ON")
        try execute(
            sql: "DELETE FROM register_import_images WHERE import_id IN (SELECT id FROM register_imports WHERE organisation_id = ?)",
            arguments: [register.rawValue])
        try eraseRows(of: register)
        try execute(
            sql: "UPDATE organisations SET annex_of = NULL, annex_until = NULL WHERE id = ?", arguments: [register.rawValue])
        try audit(
            actor: actor, action: "audience.erase", subject: "audience \(-register.rawValue)",
            organisation: owner.map { OrganisationID(rawValue: $0) })
    }

    /// Whether a list of the organisation has the name, or one of its one-off audiences.
    func isListNameTaken(_ name: String, in owner: OrganisationID) throws -> Bool {
        let isTaken = try Bool.fetchOne(
            self,
            sql: """
                SELECT EXISTS (SELECT 1 FROM lists JOIN organisations ON organisations.id = lists.organisation_id
                    WHERE lists.name = ?1 AND (organisations.id = ?2 OR annex_of = ?2))
                """, arguments: [name, owner.rawValue])
        return isTaken == true
    }

    /// A name that is not taken, nor by a register that is delegated to the owner: a zone that names two lists names neither.
    fileprivate func freeListName(_ wish: String, of owner: OrganisationID, now: UTCTime) throws -> String {
        let scope = RegisterScope.registers(of: owner, delegated: try delegations(to: owner, now: now))
        let plain = String(String.UnicodeScalarView(wish.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 && $0 != "|" }))
            .trimmingCharacters(in: .whitespaces)
        let base = plain.isEmpty ? "?" : String(plain.prefix(150))
        var name = base, number = 1
        while try isListNameTaken(name, in: owner) || !lists(scope: scope, where: "lists.name = ?", [name]).isEmpty {
            number += 1
            name = "\(base) (\(number))"
        }
        return name
    }
}
