import AlertModel
import Foundation
import GRDB
import GeoModel

extension Database {
    /// Whole recipients of these row numbers, in the byte order of external identifiers.
    ///
    /// - Parameter withProtected: whether the protected table is read.
    func registerEntries(_ ids: [Int64], withProtected: Bool) throws -> [RegisterEntry] {
        let json = ids.json
        let contacts = try contactPoints(of: json)
        let lists = try names(
            """
            SELECT recipient_id, name FROM list_members JOIN lists ON lists.id = list_id AND organisation_id > 0
            WHERE recipient_id IN (SELECT value FROM json_each(?)) ORDER BY name
            """, of: json)
        let tags = try names(
            """
            SELECT recipient_id, tag AS name FROM recipient_tags WHERE recipient_id IN (SELECT value FROM json_each(?))
            ORDER BY tag
            """, of: json)
        let vulnerabilities = withProtected ? try vulnerabilities(of: json) : [:]
        return try Row.fetchAll(
            cachedStatement(sql: """
                SELECT recipients.id, external_id, kind, recipients.name, address, postcode, commune_code, is_commune_found,
                       commune_name, language, precision, score, uncertainty_metres, X(location) AS x,
                       Y(location) AS y, household, building, confirmed_on, source,
                       \(CountedRow.precisionSQL) AS told_precision, organisations.name AS organisation
                FROM recipients JOIN organisations ON organisations.id = organisation_id
                WHERE recipients.id IN (SELECT value FROM json_each(?)) ORDER BY external_id, recipients.id
                """), arguments: [json]
        ).map { row in
            let id: Int64 = row["id"]
            var recipient = Recipient(
                externalID: row["external_id"], name: Redacted(row["name"]),
                kind: RecipientKind(rawValue: row["kind"]) ?? .person,
                addressText: (row["address"] as String?).map { Redacted($0) }, postcode: row["postcode"],
                communeCode: (row["commune_code"] as String?).flatMap { CommuneCode($0) },
                communeName: row["commune_name"], language: row["language"], location: Location(row: row),
                contactPoints: contacts[id] ?? [], lists: lists[id] ?? [])
            recipient.isCommuneFound = row["is_commune_found"]
            recipient.tags = tags[id] ?? []
            recipient.household = row["household"]
            recipient.building = row["building"]
            recipient.confirmedOn = (row["confirmed_on"] as String?).flatMap { CalendarDate($0) }
            recipient.vulnerability = vulnerabilities[id]
            return RegisterEntry(
                recipient: recipient, organisation: row["organisation"],
                precision: Precision(rawValue: row["told_precision"]) ?? .notLocated, source: row["source"])
        }
    }

    private func contactPoints(of ids: String) throws -> [Int64: [ContactPoint]] {
        let rows = try Row.fetchAll(
            cachedStatement(sql: """
                SELECT recipient_id, channel, address, rank, is_emergency, check_flag, consent, consent_on, provenance,
                       confirmed_on
                FROM contact_points WHERE recipient_id IN (SELECT value FROM json_each(?))
                ORDER BY recipient_id, channel, rank, address
                """), arguments: [ids])
        return rows.reduce(into: [:]) { points, row in
            let contact = RecipientImage.Contact(
                channel: row["channel"], address: row["address"], rank: row["rank"], isEmergency: row["is_emergency"],
                check: row["check_flag"], consent: row["consent"], consentOn: row["consent_on"],
                provenance: row["provenance"], confirmedOn: row["confirmed_on"])
            if let point = contact.point { points[row["recipient_id"], default: []].append(point) }
        }
    }

    private func names(_ sql: String, of ids: String) throws -> [Int64: [String]] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: [ids]).reduce(into: [:]) { names, row in
            names[row["recipient_id"], default: []].append(row["name"])
        }
    }

    private func vulnerabilities(of ids: String) throws -> [Int64: Vulnerability] {
        try Row.fetchAll(
            cachedStatement(sql: """
                SELECT recipient_id, kind, detail, recorded_on, provenance FROM vulnerabilities
                WHERE recipient_id IN (SELECT value FROM json_each(?))
                """), arguments: [ids]
        ).reduce(into: [:]) { found, row in
            found[row["recipient_id"]] = Vulnerability(
                kind: Redacted(row["kind"]), detail: (row["detail"] as String?).map { Redacted($0) },
                recordedOn: (row["recorded_on"] as String?).flatMap { CalendarDate($0) }, provenance: row["provenance"])
        }
    }
}
