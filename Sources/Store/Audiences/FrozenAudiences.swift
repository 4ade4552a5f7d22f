import AlertModel
import Foundation
import GRDB
import Targeting

/// A stored audience as a list shows it.
package struct FrozenAudienceSummary: Sendable {
    package let name: String
    package let at: UTCTime
    package let actor: String
    package let recipients: Int
    package let hash: String
}

extension AlertDatabase {
    /// Selects over a zone and stores whom it took, under a name, in one transaction with its entry in the journal.
    ///
    /// - Throws: `StoreError.audienceExists`, `.emptyAudience`, and as `Selector.select`.
    package func freezeAudience(
        named name: String, of zone: Zone, scope: RegisterScope, actor: String, now: UTCTime
    ) throws -> FrozenAudience {
        try zone.requireReasonableSize()
        return try pool.write { database in
            guard try database.audienceRow(named: name, scope: scope) == nil else {
                throw StoreError.audienceExists(name: name)
            }
            let (members, notLocated) = try database.members(of: zone, scope: scope)
            guard members.count > 0 else { throw StoreError.emptyAudience }
            let audience = FrozenAudience(
                at: now, actor: actor, scope: scope,
                zone: String(decoding: ZoneDocument.encode(zone), as: UTF8.self), members: members,
                notLocated: notLocated, cards: try database.digestOfCards(members.recipients))
            try database.insert(audience, name: name, campaign: nil)
            try database.audit(
                actor: actor, action: "audience.freeze", subject: name,
                detail: ["audience": audience.hash.hexadecimal, "recipients": String(members.count)])
            return audience
        }
    }

    /// The audience frozen under a name.
    ///
    /// - Throws: `StoreError.unknownAudience`, `.damagedAudience`.
    package func frozenAudience(named name: String, scope: RegisterScope) throws -> FrozenAudience {
        try pool.read { database in
            guard let row = try database.audienceRow(named: name, scope: scope) else {
                let known = try database.audienceSummaries(scope: scope).map(\.name)
                throw StoreError.unknownAudience(name: name, known: known)
            }
            return try database.frozenAudience(row)
        }
    }

    /// The audience that a campaign was launched for; nil for campaigns of before audiences were stored.
    ///
    /// - Throws: `StoreError.damagedAudience`.
    package func frozenAudience(of campaign: CampaignID) throws -> FrozenAudience? {
        try pool.read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM audiences WHERE campaign_id = ?", arguments: [campaign.rawValue])
                .map { try database.frozenAudience($0) }
        }
    }

    /// Audiences that somebody froze, by name.
    package func frozenAudiences(scope: RegisterScope) throws -> [FrozenAudienceSummary] {
        try pool.read { try $0.audienceSummaries(scope: scope) }
    }

    /// Milliseconds to store an audience of whom a zone selects and to load it again, its hash checked; nothing is kept.
    package func benchmarkAudience(of zone: Zone, scope: RegisterScope) throws -> (recipients: Int, store: Double, load: Double) {
        var result = (recipients: 0, store: 0.0, load: 0.0)
        try pool.writeInTransaction { database in
            let (members, notLocated) = try database.members(of: zone, scope: scope)
            let audience = FrozenAudience(
                at: UTCTime(millisecondsSince1970: 0), actor: "bench", scope: .all,
                zone: String(decoding: ZoneDocument.encode(zone), as: UTF8.self), members: members,
                notLocated: notLocated, cards: [UInt8](repeating: 0, count: 32))
            let clock = ContinuousClock()
            let name = "bench \(UUID().uuidString)"
            let stored = try clock.measure { try database.insert(audience, name: name, campaign: nil) }
            let loaded = try clock.measure {
                guard let row = try database.audienceRow(named: name, scope: .all),
                      try database.frozenAudience(row).members == members
                else { throw StoreError.unknownAudience(name: name, known: []) }
            }
            func milliseconds(_ duration: Duration) -> Double {
                Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) / 1e15
            }
            result = (members.count, milliseconds(stored), milliseconds(loaded))
            return .rollback
        }
        return result
    }
}

extension Database {
    /// Whom a zone selects, without reading their rows; with how many cannot be judged.
    func members(of zone: Zone, scope: RegisterScope) throws -> (members: AudienceMembers, notLocated: Int) {
        let verdicts = try Selector(register: RegisterReader(database: self, scope: scope)).select(zone)
        var members = AudienceMembers()
        members.reserveCapacity(verdicts.entries.count)
        var notLocated = 0
        for entry in verdicts.entries {
            if let certainty = entry.verdict.certainty {
                members.append(entry.recipient, certainty, entry.reasons)
            } else {
                notLocated += 1
            }
        }
        return (members, notLocated)
    }

    /// Requires that a zone selects today exactly whom the audience has, and that nobody's card was written since.
    ///
    /// - Throws: `StoreError.audienceOutdated`.
    func requireCurrent(_ audience: FrozenAudience, zone: Zone, scope: RegisterScope) throws {
        let current = try members(of: zone, scope: scope).members
        guard current == audience.members else {
            let before = Set(audience.members.recipients), now = Set(current.recipients)
            throw StoreError.audienceOutdated(added: now.subtracting(before).count, gone: before.subtracting(now).count)
        }
        guard let cards = audience.cards, try digestOfCards(current.recipients) == cards else {
            throw StoreError.audienceOutdated(added: 0, gone: 0)
        }
    }

    fileprivate func audienceRow(named name: String, scope: RegisterScope) throws -> Row? {
        try Row.fetchOne(
            self, sql: "SELECT * FROM audiences WHERE name = ? AND organisation_id IS ?",
            arguments: [name, scope.own?.rawValue])
    }

    fileprivate func audienceSummaries(scope: RegisterScope) throws -> [FrozenAudienceSummary] {
        try Row.fetchAll(
            self,
            sql: """
                SELECT name, at, actor, recipients, hash FROM audiences WHERE name IS NOT NULL AND organisation_id IS ?
                ORDER BY name
                """, arguments: [scope.own?.rawValue]
        ).map {
            FrozenAudienceSummary(
                name: $0["name"], at: UTCTime(millisecondsSince1970: $0["at"]), actor: $0["actor"],
                recipients: $0["recipients"], hash: $0["hash"])
        }
    }
}
