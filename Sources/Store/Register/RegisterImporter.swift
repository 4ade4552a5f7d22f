import AlertModel
import Foundation
import GRDB

/// One import's writing, inside its transaction.
struct RegisterImporter {
    private let database: Database
    private let organisation: OrganisationID
    private var changes: RegisterChanges
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

    /// What the journal says of it.
    func detail(organisationNamed name: String) -> [String: String] {
        var detail = [
            "organisation": name, "source": changes.source, "added": String(counts.added),
            "updated": String(counts.updated),
        ]
        if counts.removed > 0 { detail["removed"] = String(counts.removed) }
        if counts.merged > 0 { detail["merged"] = String(counts.merged) }
        if hasChanged { detail["import"] = String(importID) }
        return detail
    }

    // MARK: Rows

    mutating func writeRows(_ operations: ((SpooledOperation) throws -> Void) throws -> Void) throws {
        do {
            try operations { try write($0) }
            try writer.flush()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT
            && error.message?.contains("recipients.external_id") == true
        {
            throw RegisterError.changedMeanwhile
        }
    }

    private mutating func write(_ operation: SpooledOperation) throws {
        guard !changes.leftOut.contains(operation.line), changes.merged[operation.line] == nil else { return }
        if operation.kind != .add { try writer.flush() }
        switch operation.kind {
        case .add: try add(operation)
        case .update: try update(operation.decoded())
        case .claim:
            try database.cachedStatement(sql: "UPDATE recipients SET source = ? WHERE id = ?")
                .execute(arguments: [changes.source, operation.decoded().known])
            guard database.changesCount == 1 else { throw RegisterError.changedMeanwhile }
            counts.unchanged += 1
        case .merge: break
        }
    }

    private mutating func add(_ operation: SpooledOperation) throws {
        let id = try writer.addLater(operation)
        firstAdded = firstAdded ?? id
        lastAdded = id
        counts.added += 1
    }

    private mutating func update(_ operation: RegisterOperation) throws {
        guard let image = try database.recipientImage(operation.known), image.contentHash == operation.expectedHash else {
            throw RegisterError.changedMeanwhile
        }
        guard !image.isMerged else {
            try hear(operation, on: image)
            counts.updated += 1
            return
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

    /// What is done once all rows are there.
    ///
    /// - Parameter changes: all of them; those of the rows are as before.
    mutating func mergeAndRemove(_ changes: RegisterChanges) throws {
        self.changes = changes
        try mergeRows()
        try removeRows()
    }

    /// Gives what rows bring to the recipients they are part of. Last, when all of those are there and as their own
    /// rows say.
    private mutating func mergeRows() throws {
        guard !changes.merged.isEmpty || changes.spool.hasMerges else { return }
        try changes.spool.forEach { operation in
            guard !changes.leftOut.contains(operation.line) else { return }
            if let target = changes.merged[operation.line] {
                guard let known = try database.recipientNumber(of: target, organisation: organisation) else {
                    throw RegisterError.changedMeanwhile
                }
                let operation = try operation.decoded()
                try merge(operation, into: known, isRepeated: operation.recipient.externalID == target)
                counts.merged += 1
            } else if operation.kind == .merge {
                let operation = try operation.decoded()
                // Taken apart meanwhile, or part of another by now.
                guard try database.recipientNumber(of: operation.recipient.externalID, organisation: organisation)
                    == operation.known else { throw RegisterError.changedMeanwhile }
                if try merge(operation, into: operation.known, isRepeated: false) {
                    counts.updated += 1
                } else {
                    counts.unchanged += 1
                }
            }
        }
    }

    /// - Parameter isRepeated: whether the file has the identifier a second time: both lines are one row then.
    /// - Returns: whether it brought anything.
    @discardableResult
    private mutating func merge(_ operation: RegisterOperation, into id: Int64, isRepeated: Bool) throws -> Bool {
        guard let image = try database.recipientImage(id) else { throw RegisterError.changedMeanwhile }
        return isRepeated ? try add(operation.recipient, to: image) : try hear(operation, on: image)
    }

    @discardableResult
    private mutating func hear(_ operation: RegisterOperation, on image: RecipientImage) throws -> Bool {
        let importer = self
        return try writer.hear(operation.recipient, hash: operation.hash, on: image) { try importer.keep($0, change: "updated") }
    }

    /// Adds what a second line of one row brings.
    private mutating func add(_ recipient: Recipient, to image: RecipientImage) throws -> Bool {
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
            try writer.write([point], of: image.id)
        }
        if let lists = recipient.lists { try writer.write(lists: lists, of: image.id) }
        if let tags = recipient.tags { try writer.write(tags: tags, of: image.id) }
        guard database.totalChangesCount > before else { return false }
        try keep(image, change: "updated")
        try database.refreshChannels(of: image.id)
        try database.cachedStatement(sql: "UPDATE recipients SET import_id = ?, updated_at = ? WHERE id = ?")
            .execute(arguments: [importID, Date.now.milliseconds, image.id])
        return true
    }

    // MARK: Removing

    private mutating func removeRows() throws {
        for recipient in changes.removed {
            guard let image = try database.recipientImage(recipient.rawValue), image.source == changes.source,
                image.aliases.allSatisfy({ $0.source == changes.source })
            else {
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
