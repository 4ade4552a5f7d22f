import AlertModel
import Foundation
import GRDB
import GeoModel

/// What an import is to do to the register, decided and shown before any of it is done.
package struct RegisterChanges {
    package let spool: RegisterSpool
    /// The name of the source that the file belongs to.
    package let source: String
    /// Lines that are left out after all.
    package var leftOut: Set<Int> = []
    /// Lines that become part of another recipient, by its identifier.
    package var merged: [Int: String] = [:]
    /// Recipients of the source that it no longer names.
    package var removed: [RecipientID] = []
    /// Rows of the file that change nothing and are not in the spool.
    package var unchanged = 0
    /// How many rows of the spool add a recipient.
    package var additions = 0
    /// The territory and addresses that recipients were placed by.
    package let placedBy: Int64
    /// Settings of the organisation that the import fixes.
    package var settings: [OrganisationSetting: String] = [:]

    /// - Parameter placedBy: `AlertDatabase.placesVersion` before the first recipient was placed.
    package init(spool: RegisterSpool, source: String, placedBy: Int64) {
        self.spool = spool
        self.source = source
        self.placedBy = placedBy
    }
}

/// What was done.
package struct RegisterImportResult: Sendable {
    package var counts = RecipientImportCounts()
    /// By which it can be undone; nil when nothing changed.
    package var importID: Int64?
}

/// One import that wrote something.
package struct RegisterImportRecord: Sendable {
    package let id: Int64
    package let source: String
    package let at: Date
    package let actor: String
    package let counts: (added: Int, updated: Int, removed: Int)
    package let undoneAt: Date?
    package let canBeUndone: Bool
}

extension AlertDatabase {
    /// Imports of an organisation that can still be undone. What was before holds personal data of people who may have
    /// left since: enough for the mistakes of a campaign of updates, and no more.
    package static let keptImports = 10

    /// Additions from which the spatial index is built anew rather than row by row, when they are also a good part of
    /// the register.
    static let bulkAdditions = 20_000

    /// Writes an import's changes in one transaction.
    ///
    /// - Throws: `RegisterError.changedMeanwhile` when the register is no longer what the changes were made for.
    package func apply(
        _ changes: RegisterChanges, organisationNamed name: String, from file: ImportedFile, actor: String,
        bulkAdditions: Int = Self.bulkAdditions
    ) throws -> RegisterImportResult {
        try pool.write { database in
            // Places found with what was there before would undo what the newer territory or addresses gave.
            guard try database.placesVersion() == changes.placedBy else { throw RegisterError.changedMeanwhile }
            let organisation = try database.organisation(named: name)
            for (setting, value) in changes.settings.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                try database.set(setting, to: value, of: organisation)
            }
            var importer = try RegisterImporter(database, organisation: organisation, changes: changes)
            let isBulk = try changes.additions >= bulkAdditions
                && changes.additions * 4 >= Int.fetchOne(database, sql: "SELECT COUNT(*) FROM recipients") ?? 0
            if isBulk {
                try PackedSpatialIndex.rebuilding(in: database) {
                    try database.rebuildingIndexes(of: "recipients") { try importer.writeRows() }
                }
            } else {
                try importer.writeRows()
            }
            try importer.mergeRows()
            try importer.removeRows()
            var result = RegisterImportResult(counts: importer.counts)
            result.counts.unchanged += changes.unchanged
            var detail = [
                "organisation": name, "source": changes.source, "added": String(result.counts.added),
                "updated": String(result.counts.updated),
            ]
            if result.counts.removed > 0 { detail["removed"] = String(result.counts.removed) }
            if result.counts.merged > 0 { detail["merged"] = String(result.counts.merged) }
            if importer.hasChanged { detail["import"] = String(importer.importID) }
            try database.record(file, kind: "recipients", rows: result.counts.total, actor: actor, detail: detail)
            if importer.hasChanged {
                try importer.finish(actor: actor)
                result.importID = importer.importID
            }
            try database.storeStalePages()
            return result
        }
    }

    /// A number that changes with every import of communes or addresses.
    package func placesVersion() throws -> Int64 { try pool.read { try $0.placesVersion() } }

    /// The imports of an organisation, newest first.
    package func registerImports(ofOrganisationNamed name: String, limit: Int) throws -> [RegisterImportRecord] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT register_imports.id, source, at, actor, added, updated, removed, undone_at, can_be_undone
                    FROM register_imports JOIN organisations ON organisations.id = organisation_id
                    WHERE organisations.name = ? ORDER BY register_imports.id DESC LIMIT ?
                    """, arguments: [name, limit]
            ).map { row in
                RegisterImportRecord(
                    id: row["id"], source: row["source"], at: Date(milliseconds: row["at"]), actor: row["actor"],
                    counts: (row["added"], row["updated"], row["removed"]),
                    undoneAt: (row["undone_at"] as Int64?).map { Date(milliseconds: $0) },
                    canBeUndone: row["can_be_undone"])
            }
        }
    }
}

extension Database {
    fileprivate func placesVersion() throws -> Int64 {
        try Int64.fetchOne(self, sql: "SELECT MAX(id) FROM datasets WHERE kind <> 'recipients'") ?? 0
    }
}

/// One import's writing, inside its transaction.
struct RegisterImporter {
    private let database: Database
    private let organisation: OrganisationID
    private let changes: RegisterChanges
    private var writer: RecipientWriter
    let importID: Int64
    private(set) var counts = RecipientImportCounts()
    private var firstAdded: Int64?
    private var lastAdded: Int64?

    init(_ database: Database, organisation: OrganisationID, changes: RegisterChanges) throws {
        self.database = database
        self.organisation = organisation
        self.changes = changes
        importID = try Int64.fetchOne(database, sql: "SELECT MAX(id) FROM register_imports").map { $0 + 1 } ?? 1
        writer = try RecipientWriter(
            database: database, organisation: organisation, source: changes.source, importID: importID)
    }

    var hasChanged: Bool { counts.added + counts.updated + counts.removed + counts.merged > 0 }

    // MARK: Rows

    mutating func writeRows() throws {
        do {
            try writeOperations()
            try writer.flush()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT
            && error.message?.contains("recipients.external_id") == true
        {
            throw RegisterError.changedMeanwhile
        }
    }

    private mutating func writeOperations() throws {
        try changes.spool.forEach { operation in
            guard !changes.leftOut.contains(operation.line), changes.merged[operation.line] == nil else { return }
            if operation.kind != .add { try writer.flush() }
            switch operation.kind {
            case .add: try add(operation)
            case .update: try update(operation)
            case .claim:
                try database.cachedStatement(sql: "UPDATE recipients SET source = ? WHERE id = ?")
                    .execute(arguments: [changes.source, operation.known])
                counts.unchanged += 1
            case .merge: break
            }
        }
    }

    private mutating func add(_ operation: RegisterOperation) throws {
        let id = try writer.addLater(operation.recipient, hash: operation.hash)
        firstAdded = firstAdded ?? id
        lastAdded = id
        counts.added += 1
    }

    private mutating func update(_ operation: RegisterOperation) throws {
        guard let image = try database.recipientImage(operation.known), image.contentHash == operation.expectedHash else {
            throw RegisterError.changedMeanwhile
        }
        try keep(image, change: "updated")
        try writer.update(operation.known, with: operation.recipient, hash: operation.hash)
        counts.updated += 1
    }

    /// Keeps what a recipient was, once.
    private func keep(_ image: RecipientImage, change: String) throws {
        if let firstAdded, let lastAdded, (firstAdded...lastAdded).contains(image.id) { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try database.cachedStatement(sql: """
            INSERT INTO register_import_images (import_id, recipient_id, external_id, change, image)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (import_id, recipient_id) DO NOTHING
            """).execute(arguments: [
                importID, image.id, image.externalID, change, String(decoding: try encoder.encode(image), as: UTF8.self),
            ])
    }

    // MARK: Merging

    /// Gives what rows bring to the recipients they are part of. Last, when all of those are there and as their own
    /// rows say.
    mutating func mergeRows() throws {
        guard !changes.merged.isEmpty || changes.spool.hasMerges else { return }
        try changes.spool.forEach { operation in
            guard !changes.leftOut.contains(operation.line) else { return }
            if let target = changes.merged[operation.line] {
                guard let known = try database.knownRecipient(target, organisation: organisation) else {
                    throw RegisterError.changedMeanwhile
                }
                try merge(operation.recipient, into: known.id)
                counts.merged += 1
            } else if operation.kind == .merge {
                if try merge(operation.recipient, into: operation.known) {
                    counts.updated += 1
                } else {
                    counts.unchanged += 1
                }
            }
        }
    }

    /// - Returns: whether it brought anything.
    @discardableResult
    private mutating func merge(_ recipient: Recipient, into id: Int64) throws -> Bool {
        guard let image = try database.recipientImage(id) else { throw RegisterError.changedMeanwhile }
        let before = database.totalChangesCount
        var ranks: [Channel: Int] = [:]
        for contact in image.contacts {
            if let channel = Channel(rawValue: contact.channel) { ranks[channel] = max(ranks[channel] ?? 0, contact.rank) }
        }
        let known = Set(image.contacts.map { "\($0.channel) \($0.address)" })
        for var point in recipient.contactPoints
        where !known.contains("\(point.channel.rawValue) \(point.address.value)") {
            ranks[point.channel, default: 0] += 1
            point.rank = ranks[point.channel] ?? 1
            try writer.write([point], of: id)
        }
        if let lists = recipient.lists { try writer.write(lists: lists, of: id) }
        if let tags = recipient.tags { try writer.write(tags: tags, of: id) }
        let isKnownName = image.externalID == recipient.externalID
            || image.aliases.contains { $0.externalID == recipient.externalID }
        if !isKnownName {
            try database.execute(
                sql: """
                    INSERT INTO recipient_aliases (organisation_id, external_id, recipient_id, source, import_id)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [organisation.rawValue, recipient.externalID, id, changes.source, importID])
        }
        guard database.totalChangesCount > before else { return false }
        try keep(image, change: "updated")
        try database.refreshChannels(of: id)
        try database.cachedStatement(sql: "UPDATE recipients SET import_id = ?, updated_at = ? WHERE id = ?")
            .execute(arguments: [importID, Date.now.milliseconds, id])
        return true
    }

    // MARK: Removing

    mutating func removeRows() throws {
        for recipient in changes.removed {
            guard let image = try database.recipientImage(recipient.rawValue), image.source == changes.source else {
                throw RegisterError.changedMeanwhile
            }
            try keep(image, change: "removed")
            try writer.remove(recipient.rawValue)
            counts.removed += 1
        }
    }

    // MARK: The record

    func finish(actor: String) throws {
        try database.execute(
            sql: """
                INSERT INTO register_imports (id, organisation_id, dataset_id, source, at, actor, added, updated, removed,
                    first_added_id, last_added_id, can_be_undone)
                VALUES (?, ?, (SELECT MAX(id) FROM datasets), ?, ?, ?, ?, ?, ?, ?, ?, 1)
                """,
            arguments: [
                importID, organisation.rawValue, changes.source, Date.now.milliseconds, actor, counts.added,
                counts.updated + counts.merged, counts.removed, firstAdded, lastAdded,
            ])
        let kept = AlertDatabase.keptImports
        try database.execute(
            sql: """
                UPDATE register_imports SET can_be_undone = 0
                WHERE organisation_id = :organisation AND can_be_undone = 1 AND id NOT IN (
                    SELECT id FROM register_imports WHERE organisation_id = :organisation ORDER BY id DESC LIMIT :kept)
                """, arguments: ["organisation": organisation.rawValue, "kept": kept])
        try database.execute(sql: """
            DELETE FROM register_import_images WHERE import_id IN (SELECT id FROM register_imports WHERE can_be_undone = 0)
            """)
    }
}
