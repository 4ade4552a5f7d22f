import AlertModel
import Foundation
import GRDB
import GeoModel

/// What an import of recipients changed.
package struct RecipientImportCounts: Sendable, Equatable {
    package var added = 0
    package var updated = 0
    package var unchanged = 0

    package init() {}
}

/// Writes recipients of one organisation inside one transaction, idempotent by external identifier.
package struct RecipientWriter {
    let database: Database
    private let organisation: OrganisationID
    private let now = Date.now.milliseconds
    private var listIDs: [String: Int64] = [:]
    package private(set) var counts = RecipientImportCounts()

    init(database: Database, organisation: OrganisationID) {
        self.database = database
        self.organisation = organisation
    }

    package mutating func write(_ recipient: Recipient) throws {
        let hash = Self.hash(recipient)
        let known = try Row.fetchOne(
            database.cachedStatement(sql: """
                SELECT id, content_hash, precision, score, uncertainty_metres, X(location) AS x, Y(location) AS y
                FROM recipients WHERE organisation_id = ? AND external_id = ?
                """), arguments: [organisation.rawValue, recipient.externalID])
        if let known, known["content_hash"] == hash, Location(row: known) == recipient.location {
            counts.unchanged += 1
            return
        }
        let id = try writeRow(recipient, hash, known: known?["id"])
        try writeContactPoints(recipient.contactPoints, of: id, isNew: known == nil)
        if let lists = recipient.lists { try writeLists(lists, of: id, isNew: known == nil) }
        if known == nil { counts.added += 1 } else { counts.updated += 1 }
    }

    private func writeRow(_ recipient: Recipient, _ hash: Data, known: Int64?) throws -> Int64 {
        let values: StatementArguments = [
            "organisation": organisation.rawValue, "externalID": recipient.externalID,
            "kind": recipient.kind.rawValue, "name": recipient.name.value, "address": recipient.addressText?.value,
            "postcode": recipient.postcode, "communeCode": recipient.communeCode?.rawValue,
            "communeName": recipient.communeName, "language": recipient.language,
            "precision": recipient.location?.precision.rawValue, "score": recipient.location?.score,
            "uncertainty": recipient.location?.uncertaintyMetres,
            "channels": ChannelMask(recipient.contactPoints.map(\.channel)).rawValue, "hash": hash, "now": now,
            "longitude": recipient.location?.position.longitude, "latitude": recipient.location?.position.latitude,
        ]
        if let known {
            try database.cachedStatement(sql: """
                UPDATE recipients SET organisation_id = :organisation, external_id = :externalID, kind = :kind,
                    name = :name, address = :address, postcode = :postcode, commune_code = :communeCode,
                    commune_name = :communeName, language = :language, precision = :precision, score = :score,
                    uncertainty_metres = :uncertainty, channels = :channels, content_hash = :hash, updated_at = :now,
                    location = MakePoint(:longitude, :latitude, 4326)
                WHERE id = :id
                """).execute(arguments: values &+ ["id": known])
            return known
        }
        try database.cachedStatement(sql: """
            INSERT INTO recipients (organisation_id, external_id, kind, name, address, postcode, commune_code,
                commune_name, language, precision, score, uncertainty_metres, channels, content_hash, updated_at,
                location)
            VALUES (:organisation, :externalID, :kind, :name, :address, :postcode, :communeCode, :communeName,
                :language, :precision, :score, :uncertainty, :channels, :hash, :now,
                MakePoint(:longitude, :latitude, 4326))
            """).execute(arguments: values)
        return database.lastInsertedRowID
    }

    private func writeContactPoints(_ points: [ContactPoint], of id: Int64, isNew: Bool) throws {
        if !isNew {
            try database.cachedStatement(sql: "DELETE FROM contact_points WHERE recipient_id = ?")
                .execute(arguments: [id])
        }
        let insert = try database.cachedStatement(sql: """
            INSERT INTO contact_points (recipient_id, channel, address, rank) VALUES (?, ?, ?, ?)
            ON CONFLICT (recipient_id, channel, address) DO NOTHING
            """)
        for point in points {
            try insert.execute(arguments: [id, point.channel.rawValue, point.address.value, point.rank])
        }
    }

    private mutating func writeLists(_ lists: [String], of id: Int64, isNew: Bool) throws {
        if !isNew {
            try database.cachedStatement(sql: "DELETE FROM list_members WHERE recipient_id = ?")
                .execute(arguments: [id])
        }
        for name in Set(lists) {
            try database.cachedStatement(sql: """
                INSERT INTO list_members (list_id, recipient_id) VALUES (?, ?) ON CONFLICT DO NOTHING
                """).execute(arguments: [try listID(name), id])
        }
    }

    private mutating func listID(_ name: String) throws -> Int64 {
        if let id = listIDs[name] { return id }
        try database.execute(
            sql: "INSERT INTO lists (organisation_id, name) VALUES (?, ?) ON CONFLICT DO NOTHING",
            arguments: [organisation.rawValue, name])
        let id = try Int64.fetchOne(
            database, sql: "SELECT id FROM lists WHERE organisation_id = ? AND name = ?",
            arguments: [organisation.rawValue, name])!
        listIDs[name] = id
        return id
    }

    /// Over what the file said; the location is compared apart, since a geocoder may learn.
    private static func hash(_ recipient: Recipient) -> Data {
        var hash = ContentHash()
        hash.add(fields: [
            recipient.kind.rawValue, recipient.name.value, recipient.addressText?.value, recipient.postcode,
            recipient.communeCode?.rawValue, recipient.communeName, recipient.language,
            recipient.lists?.sorted().joined(separator: "\u{1F}"),
        ])
        for point in recipient.contactPoints {
            hash.add(point.channel.rawValue)
            hash.add(point.address.value)
            hash.add(String(point.rank))
        }
        return hash.finish()
    }
}

extension AlertDatabase {
    /// Runs an import of recipients in one transaction, and records the file among the datasets.
    ///
    /// - Parameters:
    ///   - rehearsal: when true everything is done, counted and then undone (`--dry-run`).
    ///   - body: writes every recipient; what it throws undoes all of them.
    package func importRecipients(
        organisationNamed name: String, from file: ImportedFile, actor: String, rehearsal: Bool,
        body: (inout RecipientWriter) throws -> Void
    ) throws -> RecipientImportCounts {
        var counts = RecipientImportCounts()
        try pool.writeWithoutTransaction { database in
            try database.inTransaction(.immediate) {
                var writer = RecipientWriter(database: database, organisation: try database.organisation(named: name))
                try body(&writer)
                counts = writer.counts
                guard !rehearsal else { return .rollback }
                try database.record(
                    file, kind: "recipients", rows: counts.added + counts.updated + counts.unchanged, actor: actor,
                    detail: [
                        "organisation": name, "added": String(counts.added), "updated": String(counts.updated),
                    ])
                return .commit
            }
        }
        return counts
    }
}

/// The channels a recipient can be reached by, as stored in `recipients.channels`.
struct ChannelMask: OptionSet {
    let rawValue: Int

    init(rawValue: Int) {
        self.rawValue = rawValue
    }

    init(_ channels: some Sequence<Channel>) {
        self = channels.reduce(into: []) { $0.insert(ChannelMask($1)) }
    }

    /// The bit of a channel is fixed here, since databases hold it.
    init(_ channel: Channel) {
        switch channel {
        case .sms: rawValue = 1
        case .voice: rawValue = 2
        case .email: rawValue = 4
        case .fax: rawValue = 8
        }
    }
}

extension Location {
    /// - Parameter row: with columns precision, score, uncertainty_metres, x, y. Nil without a point.
    init?(row: Row) {
        guard let name: String = row["precision"], let precision = Precision(rawValue: name),
              let longitude: Double = row["x"], let latitude: Double = row["y"]
        else { return nil }
        self.init(
            position: Position(longitude: longitude, latitude: latitude),
            uncertaintyMetres: row["uncertainty_metres"] ?? 0, precision: precision, score: row["score"] ?? 0)
    }
}
