import AlertModel
import Foundation
import GRDB
import GeoModel

/// All that the register holds of one recipient: what a change is compared with, and what an undo puts back.
struct RecipientImage: Codable, Equatable {
    struct Contact: Codable, Equatable {
        var channel: String
        var address: String
        var rank: Int
        var isEmergency: Bool
        var check: String?
        var consent: String?
        var consentOn: String?
        var provenance: String?
        var confirmedOn: String?
    }

    struct Protected: Codable, Equatable {
        var kind: String
        var detail: String?
        var recordedOn: String?
        var provenance: String?
    }

    struct Alias: Codable, Equatable {
        var externalID: String
        var source: String?
        var importID: Int64?
    }

    var id: Int64
    var organisationID: Int64
    var externalID: String
    var kind: String
    var name: String
    var address: String?
    var postcode: String?
    var communeCode: String?
    var isCommuneFound: Bool
    var communeName: String?
    var language: String
    var precision: String?
    var score: Double?
    var uncertaintyMetres: Double?
    var longitude: Double?
    var latitude: Double?
    var household: String?
    var building: String?
    var confirmedOn: String?
    var source: String?
    var importID: Int64?
    var channels: Int
    var contentHash: Data
    var updatedAt: Int64
    var contacts: [Contact]
    var lists: [Int64]
    var tags: [String]
    var vulnerability: Protected?
    var aliases: [Alias]
    /// The ledger's entries that name the recipient; they outlive it.
    var deliveries: [Int64]
    /// Of a card that several rows became: what each of them gives. Nil otherwise.
    var contributions: [RecipientContribution]?
}

extension Database {
    /// - Returns: nil when there is no such recipient.
    func recipientImage(_ id: Int64) throws -> RecipientImage? {
        guard let row = try Row.fetchOne(
            cachedStatement(sql: """
                SELECT id, organisation_id, external_id, kind, name, address, postcode, commune_code, is_commune_found,
                       commune_name, language, precision, score, uncertainty_metres, X(location) AS x,
                       Y(location) AS y, household, building, confirmed_on, source, import_id, channels, content_hash,
                       updated_at
                FROM recipients WHERE id = ?
                """), arguments: [id])
        else { return nil }
        return RecipientImage(
            id: row["id"], organisationID: row["organisation_id"], externalID: row["external_id"], kind: row["kind"],
            name: row["name"], address: row["address"], postcode: row["postcode"], communeCode: row["commune_code"],
            isCommuneFound: row["is_commune_found"], communeName: row["commune_name"], language: row["language"],
            precision: row["precision"], score: row["score"], uncertaintyMetres: row["uncertainty_metres"],
            longitude: row["x"], latitude: row["y"], household: row["household"], building: row["building"],
            confirmedOn: row["confirmed_on"], source: row["source"], importID: row["import_id"],
            channels: row["channels"], contentHash: row["content_hash"], updatedAt: row["updated_at"],
            contacts: try contacts(of: id),
            lists: try Int64.fetchAll(
                cachedStatement(sql: """
                    SELECT list_id FROM list_members JOIN lists ON lists.id = list_id AND organisation_id > 0
                    WHERE recipient_id = ? ORDER BY list_id
                    """),
                arguments: [id]),
            tags: try String.fetchAll(
                cachedStatement(sql: "SELECT tag FROM recipient_tags WHERE recipient_id = ? ORDER BY tag"),
                arguments: [id]),
            vulnerability: try vulnerability(of: id), aliases: try aliases(of: id),
            deliveries: try Int64.fetchAll(
                cachedStatement(sql: "SELECT id FROM deliveries WHERE recipient_id = ? ORDER BY id"), arguments: [id]),
            contributions: try contributions(to: id))
    }

    private func contacts(of id: Int64) throws -> [RecipientImage.Contact] {
        try Row.fetchAll(
            cachedStatement(sql: """
                SELECT channel, address, rank, is_emergency, check_flag, consent, consent_on, provenance, confirmed_on
                FROM contact_points WHERE recipient_id = ? ORDER BY channel, rank, address
                """), arguments: [id]
        ).map { row in
            RecipientImage.Contact(
                channel: row["channel"], address: row["address"], rank: row["rank"], isEmergency: row["is_emergency"],
                check: row["check_flag"], consent: row["consent"], consentOn: row["consent_on"],
                provenance: row["provenance"], confirmedOn: row["confirmed_on"])
        }
    }

    private func vulnerability(of id: Int64) throws -> RecipientImage.Protected? {
        try Row.fetchOne(
            cachedStatement(sql: """
                SELECT kind, detail, recorded_on, provenance FROM vulnerabilities WHERE recipient_id = ?
                """), arguments: [id]
        ).map { row in
            RecipientImage.Protected(
                kind: row["kind"], detail: row["detail"], recordedOn: row["recorded_on"], provenance: row["provenance"])
        }
    }

    private func aliases(of id: Int64) throws -> [RecipientImage.Alias] {
        try Row.fetchAll(
            cachedStatement(sql: """
                SELECT external_id, source, import_id FROM recipient_aliases WHERE recipient_id = ? ORDER BY external_id
                """), arguments: [id]
        ).map { row in
            RecipientImage.Alias(externalID: row["external_id"], source: row["source"], importID: row["import_id"])
        }
    }
}

extension RecipientImage.Contact {
    init(_ point: ContactPoint) {
        self.init(
            channel: point.channel.rawValue, address: point.address.value, rank: point.rank,
            isEmergency: point.isEmergency, check: point.check?.rawValue, consent: point.consent?.rawValue,
            consentOn: point.consentOn?.text, provenance: point.provenance, confirmedOn: point.confirmedOn?.text)
    }

    /// Nil for a channel that this version does not know.
    var point: ContactPoint? {
        Channel(rawValue: channel).map { channel in
            ContactPoint(
                channel: channel, address: Redacted(address), rank: rank, isEmergency: isEmergency,
                check: check.flatMap { ContactCheck(rawValue: $0) }, consent: consent.flatMap { Consent(rawValue: $0) },
                consentOn: consentOn.flatMap { CalendarDate($0) }, provenance: provenance,
                confirmedOn: confirmedOn.flatMap { CalendarDate($0) })
        }
    }
}
