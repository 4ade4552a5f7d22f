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

    package var total: Int { added + updated + unchanged }

    package mutating func count(_ change: RecipientChange) {
        switch change {
        case .added: added += 1
        case .updated: updated += 1
        case .unchanged: unchanged += 1
        }
    }
}

/// Writes recipients of one organisation inside one transaction, idempotent by external identifier.
package struct RecipientWriter {
    private let database: Database
    private let organisation: OrganisationID
    private let now = Date.now.milliseconds
    private var listIDs: [String: Int64] = [:]
    package private(set) var counts = RecipientImportCounts()

    init(database: Database, organisation: OrganisationID) {
        self.database = database
        self.organisation = organisation
    }

    package mutating func write(_ recipient: Recipient) throws {
        let (change, known) = try database.change(of: recipient, organisation: organisation)
        guard change != .unchanged else {
            counts.unchanged += 1
            return
        }
        let id = try writeRow(recipient, recipient.contentHash, known: known)
        try writeContactPoints(recipient, of: id, isNew: known == nil)
        if let lists = recipient.lists { try writeLists(lists, of: id, isNew: known == nil) }
        counts.count(change)
    }

    private func writeRow(_ recipient: Recipient, _ hash: Data, known: Int64?) throws -> Int64 {
        let values: StatementArguments = [
            "organisation": organisation.rawValue, "externalID": recipient.externalID,
            "kind": recipient.kind.rawValue, "name": recipient.name.value, "address": recipient.addressText?.value,
            "postcode": recipient.postcode, "communeCode": recipient.communeCode?.rawValue,
            "isCommuneFound": recipient.isCommuneFound, "communeName": recipient.communeName, "language": recipient.language,
            "precision": recipient.location?.precision.rawValue, "score": recipient.location?.score,
            "uncertainty": recipient.location?.uncertaintyMetres,
            "channels": ChannelMask(recipient.contactPoints.map(\.channel)).rawValue, "hash": hash, "now": now,
            "longitude": recipient.location?.position.longitude, "latitude": recipient.location?.position.latitude,
        ]
        if let known {
            try database.cachedStatement(sql: """
                UPDATE recipients SET organisation_id = :organisation, external_id = :externalID, kind = :kind,
                    name = :name, address = :address, postcode = :postcode, commune_code = :communeCode,
                    is_commune_found = :isCommuneFound, commune_name = :communeName, language = :language, precision = :precision, score = :score,
                    uncertainty_metres = :uncertainty, channels = :channels, content_hash = :hash, updated_at = :now,
                    location = MakePoint(:longitude, :latitude, 4326)
                WHERE id = :id
                """).execute(arguments: values &+ ["id": known])
            return known
        }
        try database.cachedStatement(sql: """
            INSERT INTO recipients (organisation_id, external_id, kind, name, address, postcode, commune_code,
                is_commune_found, commune_name, language, precision, score, uncertainty_metres, channels, content_hash, updated_at,
                location)
            VALUES (:organisation, :externalID, :kind, :name, :address, :postcode, :communeCode, :isCommuneFound, :communeName,
                :language, :precision, :score, :uncertainty, :channels, :hash, :now,
                MakePoint(:longitude, :latitude, 4326))
            """).execute(arguments: values)
        return database.lastInsertedRowID
    }

    private func writeContactPoints(_ recipient: Recipient, of id: Int64, isNew: Bool) throws {
        if !isNew {
            let delete = try database.cachedStatement(sql: """
                DELETE FROM contact_points WHERE recipient_id = ? AND channel = ?
                """)
            for channel in recipient.coveredChannels.sorted() {
                try delete.execute(arguments: [id, channel.rawValue])
            }
        }
        let insert = try database.cachedStatement(sql: """
            INSERT INTO contact_points (recipient_id, channel, address, rank) VALUES (?, ?, ?, ?)
            ON CONFLICT (recipient_id, channel, address) DO NOTHING
            """)
        for point in recipient.contactPoints {
            try insert.execute(arguments: [id, point.channel.rawValue, point.address.value, point.rank])
        }
        guard !isNew, recipient.coveredChannels.count < Channel.allCases.count else { return }
        let kept = try String.fetchAll(
            database, sql: "SELECT DISTINCT channel FROM contact_points WHERE recipient_id = ?", arguments: [id])
        try database.cachedStatement(sql: "UPDATE recipients SET channels = ? WHERE id = ?")
            .execute(arguments: [ChannelMask(kept.compactMap { Channel(rawValue: $0) }).rawValue, id])
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
}

extension AlertDatabase {
    /// Writes recipients in one transaction, with the file's place among the datasets.
    ///
    /// - Parameter unchanged: rows of the file that were found unchanged and are not among the recipients.
    package func writeRecipients(
        _ recipients: [Recipient], unchanged: Int, organisationNamed name: String, from file: ImportedFile,
        actor: String
    ) throws -> RecipientImportCounts {
        try pool.write { database in
            var writer = RecipientWriter(database: database, organisation: try database.organisation(named: name))
            for recipient in recipients { try writer.write(recipient) }
            var counts = writer.counts
            counts.unchanged += unchanged
            try database.record(
                file, kind: "recipients", rows: counts.total, actor: actor,
                detail: [
                    "organisation": name, "added": String(counts.added), "updated": String(counts.updated),
                ])
            return counts
        }
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
