import AlertModel
import Campaigns
import Crypto
import Foundation
import GRDB
import GeoModel

/// What one organisation hands to others.
package struct ZoneRequestDraft: Sendable {
    package let organisation: OrganisationID
    /// The asker's own: sent twice, it is one request to each.
    package let requestKey: String
    /// As it was asked for, over the territory's border.
    package let zone: Zone
    package let message: Message
    package let channels: [Channel]
    package let kind: CampaignKind
    package let note: String
    package let askedBy: String

    package init(
        organisation: OrganisationID, requestKey: String, zone: Zone, message: Message, channels: [Channel],
        kind: CampaignKind, note: String, askedBy: String
    ) {
        self.organisation = organisation
        self.requestKey = requestKey
        self.zone = zone
        self.message = message
        self.channels = channels
        self.kind = kind
        self.note = note
        self.askedBy = askedBy
    }
}

/// A request as it is kept: nothing in it is of the register of whoever received it.
package struct SavedZoneRequest: Sendable {
    package let id: ZoneRequestID
    package let from: OrganisationID
    package let fromName: String
    package let to: OrganisationID
    package let toName: String
    package let facts: ZoneRequestFacts
    package let kind: CampaignKind
    /// SHA-256 of the zone that was asked for, hexadecimal.
    package let askedHash: String
    package let zoneDocument: String
    package let message: Message
    package let channels: [Channel]
    package let note: String
    package let squareMetres: Double
    package let communes: [String]
    package let communesTotal: Int
    package let askedBy: String
    package let decidedBy: String?
    package let decidedAt: UTCTime?
    package let reason: String?
    /// When the first real campaign that followed it was launched, unless it was taken back before anything left.
    package let launchedAt: UTCTime?
    /// That campaign: for whoever launched it, not for who asked.
    package let campaign: CampaignID?
}

extension AlertDatabase {
    /// Communes whose names are kept with a request.
    private static let mostCommunes = 10

    /// Hands to each organisation its part of what lies beyond the asker's territory, with entries in the journals of both.
    ///
    /// - Throws: `ZoneRequestRefusal`; nothing is sent then, to nobody.
    package func send(_ draft: ZoneRequestDraft, to receivers: [OrganisationID], now: UTCTime) throws -> [SavedZoneRequest] {
        guard draft.note.unicodeScalars.count <= ZoneRequestRules.longestNote else {
            throw ZoneRequestRefusal.badNote(limit: ZoneRequestRules.longestNote)
        }
        // Before anything is measured: a key that was sent answers what it sent, whatever became of the territories since.
        let named = Set(receivers).sorted(), asked = draft.zoneDigest
        if let earlier = try pool.read({ try $0.earlier(draft, asked, to: named) }) { return earlier }
        let neighbours = try neighbours(of: draft.zone, beyond: draft.organisation)
        let chosen = try named.map { id in
            guard let one = neighbours.first(where: { $0.organisation.id == id }) else { throw ZoneRequestRefusal.notConcerned }
            return one
        }
        guard !chosen.isEmpty else { throw ZoneRequestRefusal.notConcerned }
        return try pool.write { database in
            // The same key may have been sent while this was measured.
            if let earlier = try database.earlier(draft, asked, to: named) { return earlier }
            // In any state: each of them wrote an e-mail, taken back or not.
            let sent = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM zone_requests WHERE organisation_id = ? AND asked_at > ?",
                arguments: [
                    draft.organisation.rawValue, now.advanced(bySeconds: -ZoneRequestRules.validSeconds).millisecondsSince1970,
                ]) ?? 0
            guard sent + chosen.count <= ZoneRequestRules.mostSent else {
                throw ZoneRequestRefusal.tooManySent(limit: ZoneRequestRules.mostSent)
            }
            return try chosen.map { one in
                let zone = ZoneDocument.encode(one.part)
                guard zone.count <= ZoneRequestRules.mostBytes else {
                    throw ZoneRequestRefusal.tooDetailed(limitBytes: ZoneRequestRules.mostBytes)
                }
                let names = try JSONEncoder().encode(Array(one.communes.prefix(Self.mostCommunes)))
                let expiry = now.advanced(bySeconds: ZoneRequestRules.validSeconds)
                try database.execute(
                    sql: """
                        INSERT INTO zone_requests (organisation_id, to_id, request_key, asked_hash, state, kind, zone, message,
                            channels, note, area_square_metres, communes, communes_total, asked_by, asked_at, expires_at)
                        VALUES (?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        draft.organisation.rawValue, one.organisation.id.rawValue, draft.requestKey, asked, draft.kind.rawValue,
                        String(decoding: zone, as: UTF8.self), MessageDocument.encode(draft.message),
                        draft.channels.sorted().map(\.rawValue).joined(separator: ","), draft.note, one.squareMetres,
                        String(decoding: names, as: UTF8.self), one.communes.count, draft.askedBy,
                        now.millisecondsSince1970, expiry.millisecondsSince1970,
                    ])
                let id = ZoneRequestID(rawValue: database.lastInsertedRowID)
                try database.journal("send", try database.zoneRequest(id), by: draft.askedBy)
                try database.notice(.handover, id.rawValue, to: one.organisation.id, besides: "", until: expiry, now: now)
                return try database.zoneRequest(id)
            }
        }
    }

    /// Newest first: what an organisation received, and what it sent; everybody's for the machine's administrator.
    package func zoneRequests(
        of organisation: OrganisationID?, limit: Int = 50
    ) throws -> (received: [SavedZoneRequest], sent: [SavedZoneRequest]) {
        try pool.read { database in
            func requests(_ column: String) throws -> [SavedZoneRequest] {
                try database.zoneRequests(
                    "WHERE ?1 IS NULL OR \(column) = ?1 ORDER BY zone_requests.id DESC LIMIT ?2", [organisation?.rawValue, limit])
            }
            return (try requests("zone_requests.to_id"), organisation == nil ? [] : try requests("zone_requests.organisation_id"))
        }
    }

    /// How many requests an organisation has not answered.
    package func waitingZoneRequests(to organisation: OrganisationID, now: UTCTime) throws -> Int {
        try pool.read { database in
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM zone_requests WHERE to_id = ? AND state = 'pending' AND expires_at > ?",
                arguments: [organisation.rawValue, now.millisecondsSince1970]) ?? 0
        }
    }

    /// - Parameter organisation: one of the two it is between; nil for any.
    /// - Throws: `ZoneRequestRefusal.unknown`.
    package func zoneRequest(_ id: ZoneRequestID, of organisation: OrganisationID?) throws -> SavedZoneRequest {
        try pool.read { database in
            let request = try database.zoneRequest(id)
            guard organisation == nil || request.from == organisation || request.to == organisation else {
                throw ZoneRequestRefusal.unknown(id)
            }
            return request
        }
    }

    /// Takes a request up: from now on it is a matter of whoever received it. Nothing is launched.
    /// - Throws: `ZoneRequestRefusal`.
    package func acceptZoneRequest(
        _ id: ZoneRequestID, of organisation: OrganisationID?, by user: String, now: UTCTime
    ) throws -> SavedZoneRequest {
        try settle(id, received: organisation, .accepted, by: user, now: now) { ZoneRequestRules.answer($0, now: now) }
    }

    /// - Parameter reason: whoever asked sees it.
    /// - Throws: `ZoneRequestRefusal`.
    package func refuseZoneRequest(
        _ id: ZoneRequestID, of organisation: OrganisationID?, by user: String, reason: String, now: UTCTime
    ) throws -> SavedZoneRequest {
        try settle(id, received: organisation, .refused, by: user, reason: reason, now: now) {
            ZoneRequestRules.refusal($0, reason: reason, now: now)
        }
    }

    /// Takes a request of one's own back; what was launched there already stays launched.
    /// - Throws: `ZoneRequestRefusal`.
    package func withdrawZoneRequest(
        _ id: ZoneRequestID, of organisation: OrganisationID?, by user: String, now: UTCTime
    ) throws -> SavedZoneRequest {
        try settle(id, sent: organisation, .withdrawn, by: user, now: now) { ZoneRequestRules.answer($0, now: now) }
    }

    /// Notes by which key a launch follows a request; told to whoever asked once that launch is there.
    /// - Throws: `ZoneRequestRefusal.unknown` for one that others received, `.notAccepted`, `.alreadyLaunched` by another key.
    package func noteLaunch(
        following id: ZoneRequestID, of organisation: OrganisationID, requestKey: String, now: UTCTime
    ) throws {
        try pool.write { database in
            let request = try database.zoneRequest(id)
            guard request.to == organisation else { throw ZoneRequestRefusal.unknown(id) }
            if let refusal = ZoneRequestRules.launch(request.facts, now: now) { throw refusal }
            if let launched = request.campaign {
                let key = try String.fetchOne(
                    database, sql: "SELECT request_key FROM campaigns WHERE id = ?", arguments: [launched.rawValue])
                guard key == requestKey else { throw ZoneRequestRefusal.alreadyLaunched(launched) }
            }
            try database.execute(
                sql: "INSERT OR IGNORE INTO zone_request_launches (request_key, zone_request_id, at) VALUES (?, ?, ?)",
                arguments: [requestKey, id.rawValue, now.millisecondsSince1970])
        }
    }

    private func settle(
        _ id: ZoneRequestID, received: OrganisationID? = nil, sent: OrganisationID? = nil, _ state: ZoneRequestState,
        by user: String, reason: String? = nil, now: UTCTime, _ judge: (ZoneRequestFacts) -> ZoneRequestRefusal?
    ) throws -> SavedZoneRequest {
        try pool.write { database in
            let request = try database.zoneRequest(id)
            guard received == nil || request.to == received, sent == nil || request.from == sent else {
                throw ZoneRequestRefusal.unknown(id)
            }
            if let refusal = judge(request.facts) { throw refusal }
            try database.execute(
                sql: """
                    UPDATE zone_requests SET state = ?, decided_by = ?, decided_at = ?, reason = ?
                    WHERE id = ? AND state = 'pending'
                    """, arguments: [state.rawValue, user, now.millisecondsSince1970, reason, id.rawValue])
            try database.settleNotices(.handover, id.rawValue, now: now)
            let settled = try database.zoneRequest(id)
            try database.journal(state == .accepted ? "accept" : state == .refused ? "refuse" : "withdraw", settled, by: user)
            return settled
        }
    }
}

extension ZoneRequestDraft {
    /// SHA-256 of the zone as it was asked for, hexadecimal.
    fileprivate var zoneDigest: String { Data(SHA256.hash(data: ZoneDocument.encode(zone))).hexadecimal }
}

extension Database {
    /// What a key sent before; nil where it sent nothing.
    ///
    /// - Parameter asked: the draft's zone, hashed.
    /// - Throws: `ZoneRequestRefusal.keyReused` when that was another text, to others, or over another zone.
    fileprivate func earlier(
        _ draft: ZoneRequestDraft, _ asked: String, to receivers: [OrganisationID]
    ) throws -> [SavedZoneRequest]? {
        let earlier = try zoneRequests(
            "WHERE organisation_id = ? AND request_key = ? ORDER BY to_id", [draft.organisation.rawValue, draft.requestKey])
        guard !earlier.isEmpty else { return nil }
        let isSame = earlier.allSatisfy {
            $0.message == draft.message && $0.kind == draft.kind && $0.note == draft.note
                && $0.channels == draft.channels.sorted() && $0.askedHash == asked
        }
        guard isSame, earlier.map(\.to) == receivers else { throw ZoneRequestRefusal.keyReused }
        return earlier
    }

    /// What was handed over is launched once: two who have the same draft open, or had it approved, alert a town once. Asked in
    /// the transaction of the launch.
    ///
    /// - Throws: `ZoneRequestRefusal.alreadyLaunched`.
    func requireFirstLaunch(of plan: CampaignPlan) throws {
        guard plan.mode == .real,
            let id = try Int64.fetchOne(
                self, sql: "SELECT zone_request_id FROM zone_request_launches WHERE request_key = ?",
                arguments: [plan.requestKey])
        else { return }
        let request = try zoneRequest(ZoneRequestID(rawValue: id))
        guard request.to == plan.organisation, let campaign = request.campaign else { return }
        throw ZoneRequestRefusal.alreadyLaunched(campaign)
    }

    func zoneRequest(_ id: ZoneRequestID) throws -> SavedZoneRequest {
        guard let request = try zoneRequests("WHERE zone_requests.id = ?", [id.rawValue]).first else {
            throw ZoneRequestRefusal.unknown(id)
        }
        return request
    }

    /// What was launched of it is read from the campaigns themselves: nothing says so but them.
    fileprivate func zoneRequests(_ condition: String, _ arguments: StatementArguments) throws -> [SavedZoneRequest] {
        try Row.fetchAll(
            self, sql: """
                SELECT zone_requests.*, asker.name AS from_name, receiver.name AS to_name, (
                    SELECT campaigns.id FROM zone_request_launches
                    JOIN campaigns ON campaigns.request_key = zone_request_launches.request_key
                    WHERE zone_request_id = zone_requests.id AND campaigns.organisation_id = to_id AND mode = 'real'
                        AND (campaigns.state <> 'stopped' OR first_submission_at IS NOT NULL)
                    ORDER BY campaigns.id LIMIT 1) AS campaign_id
                FROM zone_requests
                JOIN organisations AS asker ON asker.id = organisation_id
                JOIN organisations AS receiver ON receiver.id = to_id \(condition)
                """, arguments: arguments
        ).map { try SavedZoneRequest($0, self) }
    }

    /// In the journals of both: who did it and to whom, without the text.
    fileprivate func journal(_ action: String, _ request: SavedZoneRequest, by user: String) throws {
        for organisation in [request.from, request.to] {
            var detail = ["from": request.fromName, "to": request.toName, "state": request.facts.state.rawValue]
            detail["reason"] = request.reason
            try audit(
                actor: user, action: "request.\(action)", subject: request.id.description, detail: detail,
                organisation: organisation)
        }
    }
}

extension SavedZoneRequest {
    fileprivate init(_ row: Row, _ database: Database) throws {
        guard let state = ZoneRequestState(rawValue: row["state"]) else { throw LedgerError.unreadable("a handed zone's state") }
        let message: Message
        do {
            message = try MessageDocument.decode(Array((row["message"] as String).utf8))
        } catch {
            throw LedgerError.unreadable("a handed zone's message")
        }
        let campaign: Int64? = row["campaign_id"]
        self.init(
            id: ZoneRequestID(rawValue: row["id"]), from: OrganisationID(rawValue: row["organisation_id"]),
            fromName: row["from_name"], to: OrganisationID(rawValue: row["to_id"]), toName: row["to_name"],
            facts: ZoneRequestFacts(
                state: state, askedAt: UTCTime(stored: row["asked_at"]), expiresAt: UTCTime(stored: row["expires_at"])),
            kind: try CampaignKind(stored: row["kind"]), askedHash: row["asked_hash"], zoneDocument: row["zone"],
            message: message,
            channels: (row["channels"] as String).split(separator: ",").compactMap { Channel(rawValue: String($0)) },
            note: row["note"], squareMetres: row["area_square_metres"],
            communes: try JSONDecoder().decode([String].self, from: Data((row["communes"] as String).utf8)),
            communesTotal: row["communes_total"], askedBy: row["asked_by"], decidedBy: row["decided_by"],
            decidedAt: (row["decided_at"] as Int64?).map(UTCTime.init(stored:)), reason: row["reason"],
            launchedAt: try campaign.flatMap {
                try Int64.fetchOne(database, sql: "SELECT created_at FROM campaigns WHERE id = ?", arguments: [$0])
            }.map(UTCTime.init(stored:)), campaign: campaign.map(CampaignID.init))
    }
}
