import AlertModel
import Campaigns
import Dispatching
import GRDB
import GeoModel

/// A campaign as it stands.
package struct CampaignRecord: Sendable {
    package let id: CampaignID
    package let organisation: OrganisationID
    package let mode: CampaignMode
    package let state: CampaignState
    /// As it leaves now.
    package let message: Message
    /// 1 as launched, more when it was amended since.
    package let messageVersion: Int
    package let policy: Policy
    package let kind: CampaignKind
    package let weight: Int
    package let zoneDocument: String
    package let audience: AudienceHash
    package let recipients: Int
    package let certain: Int
    package let possible: Int
    package let notLocated: Int
    /// Addenda of those who joined late; `recipients` counts them.
    package let addenda: Int
    /// Recipients who came with them.
    package let joined: Int
    package let createdAt: UTCTime
    package let createdBy: String
    package let startedAt: UTCTime
    package let expiresAt: UTCTime
    package let endedAt: UTCTime?
    package let firstSubmissionAt: UTCTime?
    package let lastOutcomeAt: UTCTime?
    /// How it came to be launched; nil for campaigns of before.
    package let lane: Lane?
    /// The scenario's name, where it is one.
    package let scenario: String?
    /// When the operator was first shown what would happen.
    package let openedAt: UTCTime?
    /// Nothing leaves before.
    package let heldUntil: UTCTime?
    /// The second person; nil where none was due, or none was asked.
    package let approvedBy: String?
    /// Why one person launched alone what takes two.
    package let aloneReason: String?
    package let progress: CampaignProgress

    /// From what the operator was first shown to the first message, in milliseconds; nil while either is not known.
    package var decisionMilliseconds: Int64? {
        guard let openedAt, let firstSubmissionAt else { return nil }
        return firstSubmissionAt.milliseconds(since: openedAt)
    }

    /// Until when its quiet hours hold back what has not left; nil when nothing waits for them.
    package func waitsUntil(at now: UTCTime = .now) -> UTCTime? {
        state == .running && kind == .information && progress.count(LegState.queued) > 0 ? policy.quiet?.end(at: now) : nil
    }
}

/// One line of a campaign's report: a recipient's place in it.
package struct DeliveryRecord: Sendable {
    /// One leg that counts for the recipient.
    package struct Leg: Sendable {
        package let channel: Channel
        package let state: LegState
        package let cause: FailureCause?
        package let attempts: Int
        package let firstAttemptAt: UTCTime?
        package let endedAt: UTCTime?
        /// An attempt was made after one whose fate is unknown.
        package let possibleDuplicate: Bool
        /// The leg is another recipient's, who has the same number or mailbox.
        package let isShared: Bool
    }

    package let id: DeliveryID
    /// Nil once the recipient has left the register.
    package let recipient: RecipientID?
    package let externalID: String
    package let name: Redacted<String>?
    package let communeCode: CommuneCode?
    package let precision: Precision
    package let certainty: Certainty
    package let why: String
    package let state: DeliveryState
    package let changedAt: UTCTime
    package let legs: [Leg]
}

extension CampaignLedger {
    /// Newest first.
    /// - Parameters:
    ///   - organisation: only its campaigns; nil for all.
    ///   - mode: exercises and real campaigns are never listed as one.
    package func campaigns(of organisation: OrganisationID? = nil, mode: CampaignMode, limit: Int = 500) throws -> [CampaignRecord] {
        try writer.read { database in
            try Row.fetchAll(
                database, sql: """
                    SELECT * FROM campaigns WHERE (?1 IS NULL OR organisation_id = ?1) AND mode = ?3 ORDER BY id DESC LIMIT ?2
                    """, arguments: [organisation?.rawValue, limit, mode.rawValue]
            ).map { try CampaignRecord($0, database) }
        }
    }

    /// An organisation's campaigns of a mode that run or are paused, newest first.
    package func liveCampaigns(of organisation: OrganisationID, mode: CampaignMode) throws -> [CampaignRecord] {
        try writer.read { database in
            try Row.fetchAll(
                database, sql: """
                    SELECT * FROM campaigns WHERE mode = ? AND state IN ('running', 'paused') AND organisation_id = ?
                    ORDER BY id DESC
                    """, arguments: [mode.rawValue, organisation.rawValue]
            ).map { try CampaignRecord($0, database) }
        }
    }

    /// - Throws: `LedgerError.unknownCampaign`.
    package func campaign(_ id: CampaignID) throws -> CampaignRecord {
        try writer.read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM campaigns WHERE id = ?", arguments: [id.rawValue])
            guard let row else { throw LedgerError.unknownCampaign(id) }
            return try CampaignRecord(row, database)
        }
    }

    /// Campaigns of a mode that are running or paused, with the channels they use.
    package func liveCampaigns(_ mode: CampaignMode) throws -> [(id: CampaignID, channels: Set<Channel>)] {
        try writer.read { database in
            try Row.fetchAll(
                database, sql: """
                    SELECT id, channels FROM campaigns WHERE mode = ? AND state IN ('running', 'paused') ORDER BY id
                    """, arguments: [mode.rawValue]
            ).map { row in
                let words = (row["channels"] as String).split(separator: ",").map(String.init)
                return (CampaignID(rawValue: row["id"]), Set(try words.map { try Channel(stored: $0) }))
            }
        }
    }

    /// A dozen rows, whatever the campaign's size.
    /// - Throws: `LedgerError.unknownCampaign`.
    package func progress(of id: CampaignID) throws -> CampaignProgress { try campaign(id).progress }

    /// Deliveries by commune and state; the communes in order, the recipients without one last.
    package func communeTotals(of id: CampaignID) throws -> [(commune: CommuneCode?, counts: [DeliveryState: Int])] {
        try writer.read { database in
            let rows = try Row.fetchAll(
                database, sql: """
                    SELECT commune_code, state, count(*) FROM deliveries WHERE campaign_id = ?
                    GROUP BY commune_code, state ORDER BY commune_code IS NULL, commune_code, state
                    """, arguments: [id.rawValue])
            var totals: [(commune: CommuneCode?, counts: [DeliveryState: Int])] = []
            for row in rows {
                let commune = (row[0] as String?).flatMap { CommuneCode($0) }
                if totals.isEmpty || totals[totals.count - 1].commune != commune { totals.append((commune, [:])) }
                totals[totals.count - 1].counts[try DeliveryState(stored: row[1]), default: 0] += row[2] as Int
            }
            return totals
        }
    }

    /// Walks a campaign's deliveries in the order of launch (by external id), in one consistent read, holding one
    /// at a time in memory.
    package func forEachDelivery(of id: CampaignID, _ body: (DeliveryRecord) throws -> Void) throws {
        try writer.read { database in
            let legs = try database.makeStatement(sql: """
                SELECT legs.id, channel, state, cause, legs.ended_at, 0 AS is_shared FROM legs WHERE delivery_id = ?1
                UNION ALL
                SELECT legs.id, channel, state, cause, legs.ended_at, 1 FROM leg_shares
                    JOIN legs ON legs.id = leg_shares.leg_id WHERE leg_shares.delivery_id = ?1
                ORDER BY 1
                """)
            let attempts = try database.makeStatement(sql: """
                SELECT count(*), min(started_at), max(possible_duplicate) FROM attempts WHERE leg_id = ?
                """)
            let deliveries = try Row.fetchCursor(
                database, sql: "SELECT * FROM deliveries WHERE campaign_id = ? ORDER BY id", arguments: [id.rawValue])
            while let row = try deliveries.next() {
                let rows = try Row.fetchAll(legs, arguments: [row["id"] as Int64])
                try body(try DeliveryRecord(row, legs: rows.map { try .init($0, attempts) }))
            }
        }
    }
}

extension CampaignRecord {
    fileprivate init(_ row: Row, _ database: Database) throws {
        let hash: String = row["audience_hash"]
        guard let audience = AudienceHash(hexadecimal: hash) else {
            throw LedgerError.unreadable("a damaged audience hash")
        }
        let policy = try Policy(row)
        let current = try database.currentMessage(of: row["id"])
        self.init(
            id: CampaignID(rawValue: row["id"]), organisation: OrganisationID(rawValue: row["organisation_id"]),
            mode: try CampaignMode(stored: row["mode"]), state: try CampaignState(stored: row["state"]),
            message: current.message, messageVersion: current.version, policy: policy,
            kind: try CampaignKind(stored: row["kind"]), weight: row["weight"], zoneDocument: row["zone"],
            audience: audience, recipients: row["recipients"], certain: row["certain"],
            possible: row["possible"], notLocated: row["not_located"], addenda: row["addenda"], joined: try database.joined(row["id"]), createdAt: UTCTime(stored: row["created_at"]),
            createdBy: row["created_by"], startedAt: UTCTime(stored: row["started_at"]),
            expiresAt: UTCTime(stored: row["expires_at"]), endedAt: row.time("ended_at"),
            firstSubmissionAt: row.time("first_submission_at"), lastOutcomeAt: row.time("last_outcome_at"),
            lane: (row["lane"] as String?).flatMap { Lane(rawValue: $0) }, scenario: row["scenario"],
            openedAt: row.time("opened_at"), heldUntil: row.time("held_until"), approvedBy: row["approved_by"], aloneReason: row["alone_reason"],
            progress: try CampaignProgress(row["id"], recipients: row["recipients"], policy, database))
    }
}

extension CampaignProgress {
    fileprivate init(_ campaign: Int64, recipients: Int, _ policy: Policy, _ database: Database) throws {
        var deliveries: [DeliveryState: Int] = [:]
        var legs = Dictionary(uniqueKeysWithValues: policy.channels.map { ($0, [LegState: Int]()) })
        var duplicates = 0
        var held = 0
        let rows = try Row.fetchAll(
            database, sql: """
                SELECT scope, state, count FROM campaign_counters WHERE campaign_id = ? AND count > 0
                ORDER BY scope, state
                """, arguments: [campaign])
        for row in rows {
            switch row[0] as String {
            case "delivery": deliveries[try DeliveryState(stored: row[1])] = row[2]
            case "duplicate": duplicates = row[2]
            case "held": held += row[2]
            case let channel: legs[try Channel(stored: channel), default: [:]][try LegState(stored: row[1])] = row[2]
            }
        }
        self.init(recipients: recipients, deliveries: deliveries, legs: legs, possibleDuplicates: duplicates, heldLegs: held)
    }
}

extension DeliveryRecord {
    fileprivate init(_ row: Row, legs: [Leg]) throws {
        let name: String? = row["name"]
        self.init(
            id: DeliveryID(rawValue: row["id"]), recipient: (row["recipient_id"] as Int64?).map(RecipientID.init),
            externalID: row["external_id"], name: name.map(Redacted.init),
            communeCode: (row["commune_code"] as String?).flatMap { CommuneCode($0) },
            precision: try Precision(stored: row["precision"]), certainty: try Certainty(stored: row["certainty"]),
            why: row["why"], state: try DeliveryState(stored: row["state"]),
            changedAt: UTCTime(stored: row["changed_at"]), legs: legs)
    }
}

extension DeliveryRecord.Leg {
    fileprivate init(_ row: Row, _ attempts: Statement) throws {
        let sums = try Row.fetchOne(attempts, arguments: [row["id"] as Int64])
        self.init(
            channel: try Channel(stored: row["channel"]), state: try LegState(stored: row["state"]),
            cause: try (row["cause"] as String?).map { try FailureCause(stored: $0) }, attempts: sums?[0] ?? 0,
            firstAttemptAt: (sums?[1] as Int64?).map(UTCTime.init(stored:)), endedAt: row.time("ended_at"),
            possibleDuplicate: sums?[2] ?? false, isShared: row["is_shared"])
    }
}

extension Row {
    fileprivate func time(_ column: String) -> UTCTime? { (self[column] as Int64?).map(UTCTime.init(stored:)) }
}
