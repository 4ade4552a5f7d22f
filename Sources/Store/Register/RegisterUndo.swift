import AlertModel
import Foundation
import GRDB

extension AlertDatabase {
    /// Takes an import back: what it added goes, what it changed or removed is as before. The ledger's entries are not
    /// touched; those of a recipient that comes back name it again. Lists that the import created stay, empty.
    ///
    /// - Parameter id: the newest that is not undone when nil.
    /// - Returns: the import's number, and how many recipients went, were changed back, and came back.
    /// - Throws: `RegisterError.touchedSince` when something later wrote one of its rows.
    package func undoImport(
        _ id: Int64?, organisationNamed name: String, actor: String
    ) throws -> (id: Int64, removed: Int, restored: Int, returned: Int) {
        try pool.write { database in
            let undo = try RegisterUndo(database, id: id, organisationNamed: name)
            try undo.requireUntouched()
            let removed = try undo.removeAdded()
            let (restored, returned) = try undo.restore()
            try database.execute(
                sql: "UPDATE register_imports SET undone_at = ?, can_be_undone = 0 WHERE id = ?",
                arguments: [Date.now.milliseconds, undo.id])
            try database.execute(sql: "DELETE FROM register_import_images WHERE import_id = ?", arguments: [undo.id])
            try database.packRegisterIfStale()
            try database.audit(
                actor: actor, action: "register.undo", subject: String(undo.id),
                detail: [
                    "organisation": name, "removed": String(removed), "restored": String(restored),
                    "returned": String(returned),
                ])
            return (undo.id, removed, restored, returned)
        }
    }
}

/// One undoing, inside its transaction.
private struct RegisterUndo {
    private let database: Database
    private let organisation: Int64
    let id: Int64
    private let added: ClosedRange<Int64>?

    /// External identifiers shown in a refusal.
    private static let shown = 10

    init(_ database: Database, id: Int64?, organisationNamed name: String) throws {
        self.database = database
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT register_imports.id, organisation_id, undone_at, can_be_undone, first_added_id, last_added_id
                FROM register_imports JOIN organisations ON organisations.id = organisation_id
                WHERE organisations.name = :name
                    AND (register_imports.id = :id OR (:id IS NULL AND undone_at IS NULL))
                ORDER BY register_imports.id DESC LIMIT 1
                """, arguments: ["name": name, "id": id])
        guard let row else { throw id.map { RegisterError.unknownImport(id: $0) } ?? RegisterError.noImport }
        self.id = row["id"]
        organisation = row["organisation_id"]
        if row["undone_at"] as Int64? != nil { throw RegisterError.alreadyUndone(id: row["id"]) }
        guard row["can_be_undone"] else {
            throw RegisterError.tooOld(id: row["id"], kept: AlertDatabase.keptImports)
        }
        let first: Int64? = row["first_added_id"]
        let last: Int64? = row["last_added_id"]
        added = first.flatMap { first in last.map { first...$0 } }
    }

    /// Refuses when a row of the import is no longer as the import left it.
    func requireUntouched() throws {
        let bounds = added ?? (0...0)
        let touched = try String.fetchAll(
            database,
            sql: """
                -- Added, and written by something else since.
                SELECT external_id FROM recipients
                WHERE organisation_id = :organisation AND id BETWEEN :first AND :last AND import_id IS NOT :id
                -- Changed, and written or removed since.
                UNION SELECT images.external_id FROM register_import_images AS images
                LEFT JOIN recipients ON recipients.id = images.recipient_id
                WHERE images.import_id = :id AND images.change = 'updated' AND recipients.import_id IS NOT :id
                -- Removed, and its identifier or row number taken since.
                UNION SELECT images.external_id FROM register_import_images AS images
                WHERE images.import_id = :id AND images.change = 'removed' AND (
                    EXISTS (SELECT 1 FROM recipients WHERE recipients.id = images.recipient_id)
                    OR EXISTS (SELECT 1 FROM recipients
                        WHERE organisation_id = :organisation AND recipients.external_id = images.external_id)
                    OR EXISTS (SELECT 1 FROM recipient_aliases AS aliases
                        WHERE aliases.organisation_id = :organisation AND aliases.external_id = images.external_id))
                -- Removed or changed by a later import.
                UNION SELECT later.external_id FROM register_import_images AS later
                WHERE later.import_id > :id AND later.import_id IN (
                    SELECT id FROM register_imports WHERE organisation_id = :organisation)
                    AND (later.recipient_id BETWEEN :first AND :last
                    OR later.recipient_id IN (
                        SELECT recipient_id FROM register_import_images WHERE import_id = :id))
                -- Added, and part of another's card since.
                UNION SELECT contributions.external_id FROM recipient_contributions AS contributions
                JOIN recipients ON recipients.id = contributions.recipient_id
                WHERE organisation_id = :organisation AND number <> recipient_id AND number BETWEEN :first AND :last
                    AND number > 0
                UNION SELECT json_extract(absorbed_image, '$.externalID') FROM recipient_merges
                WHERE organisation_id = :organisation AND absorbed_id BETWEEN :first AND :last
                ORDER BY 1
                """,
            arguments: [
                "id": id, "organisation": organisation, "first": bounds.lowerBound, "last": bounds.upperBound,
            ])
        guard touched.isEmpty else {
            throw RegisterError.touchedSince(
                id: id, externalIDs: Array(touched.prefix(Self.shown)), count: touched.count)
        }
    }

    func removeAdded() throws -> Int {
        try database.execute(sql: "DELETE FROM recipient_aliases WHERE import_id = ?", arguments: [id])
        guard let added else { return 0 }
        var removed = 0
        func remove() throws {
            try database.execute(
                // Row numbers are taken again: another organisation's people may stand among them.
                sql: "DELETE FROM recipients WHERE id BETWEEN ? AND ? AND organisation_id = ?",
                arguments: [added.lowerBound, added.upperBound, organisation])
            removed = database.changesCount
        }
        if added.count >= AlertDatabase.bulkAdditions {
            try database.writingRecipientsInBulk(makesIndexes: false, remove)
        } else {
            try remove()
        }
        return removed
    }

    /// - Returns: how many were changed back, and how many came back.
    func restore() throws -> (restored: Int, returned: Int) {
        var counts = (restored: 0, returned: 0)
        let rows = try Row.fetchCursor(
            database, sql: "SELECT change, image FROM register_import_images WHERE import_id = ? ORDER BY recipient_id",
            arguments: [id])
        let decoder = JSONDecoder()
        while let row = try rows.next() {
            let image = try decoder.decode(RecipientImage.self, from: Data((row["image"] as String).utf8))
            let isReturning = row["change"] == "removed"
            try database.restore(image, isNew: isReturning)
            if isReturning { counts.returned += 1 } else { counts.restored += 1 }
        }
        return counts
    }
}

extension Database {
    /// Makes a recipient what the image shows, and places it again where its file gave no coordinates: the geocoder may
    /// have learned since.
    func restore(_ image: RecipientImage, isNew: Bool) throws {
        let point = image.longitude.flatMap { x in image.latitude.map { PointBlob.encode(longitude: x, latitude: $0) } }
        try cachedStatement(sql: isNew ? Self.returnSQL : Self.restoreSQL).execute(arguments: [
            "id": image.id, "organisation": image.organisationID, "externalID": image.externalID, "kind": image.kind,
            "name": image.name, "address": image.address, "postcode": image.postcode, "code": image.communeCode,
            "isFound": image.isCommuneFound, "communeName": image.communeName, "language": image.language,
            "precision": image.precision, "score": image.score, "uncertainty": image.uncertaintyMetres,
            "channels": image.channels, "hash": image.contentHash, "updatedAt": image.updatedAt,
            "household": image.household, "building": image.building, "confirmedOn": image.confirmedOn,
            "source": image.source, "importID": image.importID, "location": point.map { Data($0) },
        ])
        try execute(sql: Self.leavingLists, arguments: [image.id])
        for table in ["contact_points", "recipient_tags", "vulnerabilities", "recipient_aliases", "recipient_contributions"] {
            try execute(sql: "DELETE FROM \(table) WHERE recipient_id = ?", arguments: [image.id])
        }
        try restoreParts(of: image)
        try relocate(image.id)
    }

    private func restoreParts(of image: RecipientImage) throws {
        for contact in image.contacts {
            try cachedStatement(sql: """
                INSERT INTO contact_points (recipient_id, channel, address, rank, is_emergency, check_flag, consent,
                    consent_on, provenance, confirmed_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """).execute(arguments: [
                    image.id, contact.channel, contact.address, contact.rank, contact.isEmergency, contact.check,
                    contact.consent, contact.consentOn, contact.provenance, contact.confirmedOn,
                ])
        }
        for list in image.lists {
            // A list that was deleted since stays deleted; nobody comes onto another organisation's.
            try cachedStatement(sql: """
                INSERT INTO list_members (list_id, recipient_id) SELECT id, ? FROM lists
                WHERE id = ? AND organisation_id = ? AND kind = 'static'
                """).execute(arguments: [image.id, list, image.organisationID])
        }
        for tag in image.tags {
            try cachedStatement(sql: "INSERT INTO recipient_tags (recipient_id, tag) VALUES (?, ?)")
                .execute(arguments: [image.id, tag])
        }
        if let vulnerability = image.vulnerability {
            try cachedStatement(sql: """
                INSERT INTO vulnerabilities (recipient_id, kind, detail, recorded_on, provenance) VALUES (?, ?, ?, ?, ?)
                """).execute(arguments: [
                    image.id, vulnerability.kind, vulnerability.detail, vulnerability.recordedOn, vulnerability.provenance,
                ])
        }
        for alias in image.aliases {
            try cachedStatement(sql: """
                INSERT INTO recipient_aliases (organisation_id, external_id, recipient_id, source, import_id)
                VALUES (?, ?, ?, ?, ?)
                """).execute(arguments: [
                    image.organisationID, alias.externalID, image.id, alias.source, alias.importID,
                ])
        }
        try write(image.contributions ?? [], to: image.id)
        for delivery in image.deliveries {
            try cachedStatement(sql: "UPDATE deliveries SET recipient_id = ? WHERE id = ? AND recipient_id IS NULL")
                .execute(arguments: [image.id, delivery])
        }
    }

    private static let restoreSQL = """
        UPDATE recipients SET organisation_id = :organisation, external_id = :externalID, kind = :kind, name = :name,
            address = :address, postcode = :postcode, commune_code = :code, is_commune_found = :isFound,
            commune_name = :communeName, language = :language, precision = :precision, score = :score,
            uncertainty_metres = :uncertainty, channels = :channels, content_hash = :hash, updated_at = :updatedAt,
            household = :household, building = :building, confirmed_on = :confirmedOn, source = :source,
            import_id = :importID, location = :location
        WHERE id = :id
        """

    private static let returnSQL = """
        INSERT INTO recipients (id, organisation_id, external_id, kind, name, address, postcode, commune_code,
            is_commune_found, commune_name, language, precision, score, uncertainty_metres, channels, content_hash,
            updated_at, household, building, confirmed_on, source, import_id, location)
        VALUES (:id, :organisation, :externalID, :kind, :name, :address, :postcode, :code, :isFound, :communeName,
            :language, :precision, :score, :uncertainty, :channels, :hash, :updatedAt, :household, :building,
            :confirmedOn, :source, :importID, :location)
        """
}
