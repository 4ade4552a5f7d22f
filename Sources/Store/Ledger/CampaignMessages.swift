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

    private static func message(_ document: String) throws -> Message {
        do {
            return try MessageDocument.decode(Array(document.utf8))
        } catch {
            throw LedgerError.unreadable("a damaged message")
        }
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
        try pool.write { database in
            let row = try database.amendable(campaign, author: author, now: now)
            if author == .account { try database.requireNobodyToAsk(about: row, of: campaign, by: actor) }
            let alone = try database.reasonDue(.freeText, in: row, of: campaign, author: author, reason: reason)
            let version = try database.amend(campaign, row, with: message, read: read, actor: actor, now: now)
            if let alone {
                try database.noteAlone(.amend, of: campaign, in: row, by: actor, reason: alone, ["version": String(version)])
            }
            return version
        }
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
    func amend(
        _ campaign: CampaignID, _ row: Row, with message: Message, read: Int?, actor: String, now: UTCTime
    ) throws -> Int {
        let current = try currentMessage(of: campaign.rawValue)
        let version = current.version + 1
        if let read, read != current.version { throw LedgerError.amendedMeanwhile(campaign) }
        if message.isPersonal { try requireValues(of: campaign, for: message) }
        let mode = try CampaignMode(stored: row["mode"])
        try write(message.marked(for: mode), of: campaign.rawValue, version: version, by: actor, now)
        try audit(
            actor: actor, action: "campaign.amend", subject: campaign.description, detail: ["version": String(version)])
        return version
    }
}

extension Database {
    /// An amendment names people by what was frozen of them, and nobody else's launch was reviewed with names.
    func requireValues(of campaign: CampaignID, for message: Message) throws {
        let isFrozen = try Bool.fetchOne(
            self, sql: """
                SELECT EXISTS (SELECT 1 FROM leg_values JOIN legs ON legs.id = leg_id WHERE campaign_id = ?)
                """, arguments: [campaign.rawValue]) ?? false
        guard isFrozen else { throw LedgerError.notPersonal(campaign) }
        let needed = try message.personalPlaces.needed
        guard !needed.isEmpty else { return }
        var missing: [PersonalPlace: Int] = [:]
        let rows = try String.fetchCursor(
            self, sql: "SELECT document FROM leg_values JOIN legs ON legs.id = leg_id WHERE campaign_id = ? ORDER BY leg_id",
            arguments: [campaign.rawValue])
        while let document = try rows.next() {
            let values = PersonalValues(document: document) ?? PersonalValues()
            for place in needed where values[place] == nil { missing[place, default: 0] += 1 }
        }
        if let (place, count) = missing.min(by: { $0.key < $1.key }) {
            throw LaunchError.placeWithoutValue(place, recipients: count, sharing: 0)
        }
    }
}
