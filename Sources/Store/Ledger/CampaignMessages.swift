import AlertModel
import Campaigns
import GRDB
import GeoModel

/// The versions of a campaign's message: the one that was frozen, and its amendments.
extension Database {
    func write(_ message: Message, of campaign: Int64, version: Int = 1, by actor: String, _ now: UTCTime) throws {
        try execute(
            sql: "INSERT INTO campaign_messages (campaign_id, version, document, at, actor) VALUES (?, ?, ?, ?, ?)",
            arguments: [campaign, version, MessageDocument.encode(message), now.millisecondsSince1970, actor])
    }

    /// The newest version, which is what leaves now.
    func currentMessage(of campaign: Int64) throws -> (message: Message, version: Int) {
        let statement = try cachedStatement(sql: """
            SELECT document, version FROM campaign_messages WHERE campaign_id = ? ORDER BY version DESC LIMIT 1
            """)
        guard let row = try Row.fetchOne(statement, arguments: [campaign]) else {
            throw LedgerError.unreadable("a campaign without a message")
        }
        return (try Self.message(row[0]), row[1])
    }

    /// Nil when there is no such version.
    func message(of campaign: Int64, version: Int) throws -> Message? {
        try String.fetchOne(
            self, sql: "SELECT document FROM campaign_messages WHERE campaign_id = ? AND version = ?",
            arguments: [campaign, version]
        ).map(Self.message)
    }

    /// What a campaign said before its text of now, oldest first, as it left.
    func earlierMessages(of campaign: Int64) throws -> [Message] {
        try String.fetchAll(
            self, sql: """
                SELECT document FROM campaign_messages WHERE campaign_id = ?1
                    AND version < (SELECT max(version) FROM campaign_messages WHERE campaign_id = ?1) ORDER BY version
                """, arguments: [campaign]
        ).map(Self.message)
    }

    private static func message(_ document: String) throws -> Message {
        do {
            return try MessageDocument.decode(Array(document.utf8))
        } catch {
            throw LedgerError.unreadable("a damaged message")
        }
    }
}

extension CampaignLedger {
    /// What a campaign said before its text of now, oldest first, as it left.
    package func earlierMessages(of id: CampaignID) throws -> [Message] {
        try writer.read { try $0.earlierMessages(of: id.rawValue) }
    }
}

extension AlertDatabase {
    /// Changes what a campaign says from now on. What has left stays as it was; every attempt says which version it
    /// carried.
    ///
    /// - Parameters:
    ///   - message: as written; it is marked for the campaign's mode. The caller has checked it by `LaunchRules`.
    ///   - read: the version that was read before; nil where nobody says.
    ///   - author: who stands behind it: a text of the occasion takes of an account what a launch with it would.
    ///   - reason: why one person changes it alone where nobody else may approve; kept in the journal where it is due.
    /// - Returns: the new version's number.
    /// - Throws: `LedgerError.unknownCampaign`, `LedgerError.notAllowed` once the campaign has ended,
    ///   `LedgerError.amendedMeanwhile`, `.stillHeld`, `.reasonNeeded`; `.secondPersonNeeded` where somebody can be asked
    ///   (`askAmendment`); `LaunchError.guarded` where no account launches a text of its own.
    package func amend(
        _ campaign: CampaignID, with message: Message, read: Int? = nil, author: LaunchAuthor, reason: String? = nil,
        actor: String, now: UTCTime
    ) throws -> Int {
        // Everybody's message is measured before writers are kept waiting, and again only if somebody joined meanwhile.
        let measured = try measured(message, of: campaign)
        return try pool.write { database in
            try requireMode(of: campaign, in: database)
            let row = try database.amendable(campaign, author: author, now: now)
            if author == .account { try database.requireNobodyToAsk(about: row, of: campaign, by: actor) }
            let alone = try database.reasonDue(.freeText, in: row, of: campaign, author: author, reason: reason)
            let version = try database.amend(
                campaign, row, with: message, measured: measured, read: read, actor: actor, now: now)
            if let alone {
                try database.noteAlone(.amend, of: campaign, in: row, by: actor, reason: alone, ["version": String(version)])
            }
            return version
        }
    }
}

extension AlertDatabase {
    /// Measures a message that names people before writers are kept waiting.
    /// - Returns: the number of addenda it was measured with.
    func measured(_ message: Message, of campaign: CampaignID) throws -> Int {
        try message.isPersonal ? pool.read { try $0.measure(message, of: campaign) } : 0
    }
}

extension Database {
    /// A campaign whose text can be changed now: `state`, `mode`, `organisation_id`.
    /// - Throws: as `AlertDatabase.amend`.
    func amendable(_ campaign: CampaignID, author: LaunchAuthor, now: UTCTime) throws -> Row {
        let row = try Row.fetchOne(
            self, sql: "SELECT state, mode, organisation_id, held_until FROM campaigns WHERE id = ?",
            arguments: [campaign.rawValue])
        guard let row else { throw LedgerError.unknownCampaign(campaign) }
        let state = try CampaignState(stored: row["state"])
        guard !state.isFinal else { throw LedgerError.notAllowed(campaign, state: state, command: "amend") }
        let mode = try CampaignMode(stored: row["mode"])
        if mode == .real, author != .machine, let held = row["held_until"] as Int64?, held > now.millisecondsSince1970 {
            throw LedgerError.stillHeld(campaign, seconds: Int((held - now.millisecondsSince1970 + 999) / 1000))
        }
        return row
    }

    /// Writes the next version, with its entry in the journal.
    /// - Parameter measured: the number of addenda that the message was measured with.
    func amend(
        _ campaign: CampaignID, _ row: Row, with message: Message, measured: Int, read: Int?, actor: String, now: UTCTime
    ) throws -> Int {
        let current = try currentMessage(of: campaign.rawValue)
        let version = current.version + 1
        if let read, read != current.version { throw LedgerError.amendedMeanwhile(campaign) }
        if message.isPersonal, try addendaCount(of: campaign) != measured { _ = try measure(message, of: campaign) }
        let mode = try CampaignMode(stored: row["mode"])
        try requireRecordings(of: message, for: OrganisationID(rawValue: row["organisation_id"]))
        try write(message.marked(for: mode), of: campaign.rawValue, version: version, by: actor, now)
        try audit(
            actor: actor, action: "campaign.amend", subject: campaign.description, detail: ["version": String(version)])
        return version
    }
}

extension Database {
    /// An amendment names people by what was frozen of them, and nobody else's launch was reviewed with names. What it comes
    /// to is measured leg by leg, as at the launch, for all that may still leave.
    ///
    /// - Returns: the number of addenda it was measured with: values change with those alone.
    /// - Throws: `LedgerError.unknownCampaign`, `.notPersonal`, and as `PersonalCensus.refusal`.
    fileprivate func measure(_ message: Message, of campaign: CampaignID) throws -> Int {
        guard let row = try Row.fetchOne(self, sql: "SELECT * FROM campaigns WHERE id = ?", arguments: [campaign.rawValue]) else {
            throw LedgerError.unknownCampaign(campaign)
        }
        let isFrozen = try Bool.fetchOne(
            self, sql: """
                SELECT EXISTS (SELECT 1 FROM leg_values JOIN legs ON legs.id = leg_id WHERE campaign_id = ?)
                """, arguments: [campaign.rawValue]) ?? false
        guard isFrozen else { throw LedgerError.notPersonal(campaign) }
        var census = try PersonalCensus(message, policy: try Policy(row), mode: try CampaignMode(stored: row["mode"]))
        let rows = try Row.fetchCursor(
            self, sql: """
                SELECT legs.channel, deliveries.language, document
                FROM legs JOIN leg_values ON leg_id = legs.id JOIN deliveries ON deliveries.id = legs.delivery_id
                WHERE legs.campaign_id = ? AND legs.state NOT IN ('delivered', 'answered', 'acknowledged') ORDER BY legs.id
                """, arguments: [campaign.rawValue])
        while let row = try rows.next() {
            try census.take(
                try Channel(stored: row[0]), language: row[1], PersonalValues(document: row[2]) ?? PersonalValues())
        }
        if let refusal = census.refusal { throw refusal }
        return try addendaCount(of: campaign)
    }

    fileprivate func addendaCount(of campaign: CampaignID) throws -> Int {
        try Int.fetchOne(self, sql: "SELECT addenda FROM campaigns WHERE id = ?", arguments: [campaign.rawValue]) ?? 0
    }
}
