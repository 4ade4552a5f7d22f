import AlertModel
import GRDB

extension Database {
    /// The lines of these recipients, in the order given. Who is not of the scope is left out, whatever an index said.
    func foundPeople(_ ids: [RecipientID], scope: RegisterScope) throws -> [FoundPerson] {
        let json = ids.json
        let rows = try Row.fetchAll(
            cachedStatement(sql: """
                SELECT recipients.id, external_id, recipients.kind, recipients.name, address, postcode, commune_name,
                       commune_code, channels, source, organisation_id, organisations.name AS organisation,
                       \(CountedRow.precisionSQL) AS told_precision,
                       EXISTS (SELECT 1 FROM contact_points WHERE recipient_id = recipients.id AND consent = 'refused')
                           AS has_opted_out
                FROM recipients JOIN organisations ON organisations.id = organisation_id
                WHERE recipients.id IN (SELECT value FROM json_each(?))
                """), arguments: [json])
        let found: [RecipientID: FoundPerson] = rows.reduce(into: [:]) { found, row in
            guard scope.admits(row["organisation_id"] as Int64) else { return }
            let person = FoundPerson(
                id: RecipientID(rawValue: row["id"]), externalID: row["external_id"],
                kind: RecipientKind(rawValue: row["kind"]) ?? .person, name: Redacted(row["name"]),
                address: (row["address"] as String?).map { Redacted($0) }, postcode: row["postcode"],
                commune: (row["commune_name"] as String?) ?? (row["commune_code"] as String?),
                precision: Precision(rawValue: row["told_precision"]) ?? .notLocated,
                channels: ChannelMask(rawValue: row["channels"]).members, hasOptedOut: row["has_opted_out"],
                organisation: row["organisation"],
                isWritable: scope.writable.admits(row["organisation_id"] as Int64) && (row["source"] as String?) != TownHalls.source)
            found[person.id] = person
        }
        return ids.compactMap { found[$0] }
    }
}
