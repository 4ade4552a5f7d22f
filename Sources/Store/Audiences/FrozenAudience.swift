import AlertModel
import Crypto
import Foundation
import GRDB
import GRDBSQLite
import Targeting

/// Whom a zone selected at one moment, as it was stored: never altered, and known by its hash.
package struct FrozenAudience: Sendable {
    package let at: UTCTime
    package let actor: String
    /// Whose registers it was selected over.
    package let scope: RegisterScope
    /// The canonical document.
    package let zone: String
    package let members: AudienceMembers
    /// Recipients that nobody could judge, because nothing says where they are.
    package let notLocated: Int
    /// SHA-256 over the members' cards as they were; nil for a campaign's, whose deliveries copy them.
    let cards: [UInt8]?

    /// Over everything but the name it is stored under.
    package var hash: AudienceHash { AudienceHash(digest(of: members.bytes)) }

    fileprivate func digest(of members: [UInt8]) -> SHA256.Digest {
        var hasher = SHA256()
        func add(_ field: some ContiguousBytes & Collection<UInt8>) {
            withUnsafeBytes(of: UInt64(field.count).bigEndian) { hasher.update(bufferPointer: $0) }
            field.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        }
        add(Array("tocsin frozen audience 1".utf8))
        for text in [
            String(at.millisecondsSince1970), actor, scope.own.map { String($0.rawValue) } ?? "", zone,
            String(notLocated),
        ] { add(Array(text.utf8)) }
        add(members)
        add(cards ?? [])
        // Last, and only where there are some: the hashes of before stay what they were.
        if let delegated = scope.delegatedText { add(Array("delegated \(delegated)".utf8)) }
        return hasher.finalize()
    }
}

extension RegisterScope {
    /// Others' registers, as `audiences.delegated` has them; nil for none.
    var delegatedText: String? {
        delegated.isEmpty ? nil : delegated.map(\.description).joined(separator: " ")
    }

    /// - Parameter row: of `audiences`.
    init(audience row: Row) {
        let own = (row["organisation_id"] as Int64?).map { OrganisationID(rawValue: $0) }
        let others = ((row["delegated"] as String?) ?? "").split(separator: " ").compactMap { Int64($0) }
        self = own.map { .registers(of: $0, delegated: others.map { OrganisationID(rawValue: $0) }) } ?? .all
    }
}

extension Database {
    /// Stores an audience under a name, or as a campaign's.
    func insert(_ audience: FrozenAudience, name: String?, campaign: CampaignID?) throws {
        let bytes = audience.members.bytes
        try execute(
            sql: """
                INSERT INTO audiences (name, campaign_id, organisation_id, at, actor, zone, recipients, certain, not_located,
                    members, cards, hash, delegated)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                name, campaign?.rawValue, audience.scope.own?.rawValue, audience.at.millisecondsSince1970, audience.actor,
                audience.zone, audience.members.count, audience.members.certainCount, audience.notLocated, Data(bytes),
                audience.cards.map { Data($0) }, AudienceHash(audience.digest(of: bytes)).hexadecimal,
                audience.scope.delegatedText,
            ])
    }

    /// The audience of a row of `audiences`.
    ///
    /// - Throws: `StoreError.damagedAudience` when the row is not what was stored.
    func frozenAudience(_ row: Row) throws -> FrozenAudience {
        let bytes = Array(row["members"] as Data)
        let damaged = StoreError.damagedAudience(id: row["id"])
        guard let members = AudienceMembers(bytes: bytes) else { throw damaged }
        let audience = FrozenAudience(
            at: UTCTime(millisecondsSince1970: row["at"]), actor: row["actor"],
            scope: RegisterScope(audience: row), zone: row["zone"],
            members: members, notLocated: row["not_located"], cards: (row["cards"] as Data?).map { Array($0) })
        guard AudienceHash(audience.digest(of: bytes)).hexadecimal == row["hash"], members.count == row["recipients"],
              members.certainCount == row["certain"]
        else { throw damaged }
        return audience
    }

    /// The digest of what the register says of some recipients: every writing of a card, of its contact points too, changes
    /// it, and an undoing changes it back.
    func digestOfCards(_ recipients: [RecipientID]) throws -> [UInt8] {
        var hasher = SHA256()
        func add(_ number: Int64) { withUnsafeBytes(of: number.bigEndian) { hasher.update(bufferPointer: $0) } }
        for recipient in recipients {
            add(recipient.rawValue)
            // Who is gone leaves an empty place.
            try forEachRawRow(
                "SELECT updated_at, content_hash FROM recipients WHERE id = ?", [recipient.rawValue]
            ) { row in
                add(sqlite3_column_int64(row, 0))
                let bytes = UnsafeRawBufferPointer(
                    start: sqlite3_column_blob(row, 1), count: Int(sqlite3_column_bytes(row, 1)))
                hasher.update(bufferPointer: bytes)
            }
        }
        return Array(hasher.finalize())
    }
}
