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
    package static let bulkAdditions = 20_000

    /// Writes an import's changes in one transaction.
    ///
    /// - Throws: `RegisterError.changedMeanwhile` when the register is no longer what the changes were made for.
    package func apply(
        _ changes: RegisterChanges, organisationNamed name: String, from file: ImportedFile, actor: String,
        bulkAdditions: Int = Self.bulkAdditions
    ) throws -> RegisterImportResult {
        try apply(
            changes, organisationNamed: name, actor: actor,
            isBulk: isBulk(changes.additions, from: bulkAdditions), operations: changes.spool.forEach,
            settle: { (changes, file) })
    }

    /// Whether so many additions are written in bulk.
    package func isBulk(_ additions: Int, from least: Int = Self.bulkAdditions) throws -> Bool {
        guard additions >= least else { return false }
        return try pool.read { database in
            try additions * 4 >= Int.fetchOne(database, sql: "SELECT COUNT(*) FROM recipients") ?? 0
        }
    }

    /// - Parameters:
    ///   - changes: what is known before the rows are written.
    ///   - operations: hands over what the rows do.
    ///   - settle: gives, once all of them are written, all that is known; what it throws undoes them.
    func apply(
        _ changes: RegisterChanges, organisationNamed name: String, actor: String, isBulk: Bool,
        operations: ((SpooledOperation) throws -> Void) throws -> Void,
        settle: () throws -> (RegisterChanges, ImportedFile)
    ) throws -> RegisterImportResult {
        try pool.write { database in
            // Places found with what was there before would undo what the newer territory or addresses gave.
            guard try database.placesVersion() == changes.placedBy else { throw RegisterError.changedMeanwhile }
            let organisation = try database.organisation(named: name)
            var importer = try RegisterImporter(database, organisation: organisation, changes: changes)
            if isBulk {
                try PackedSpatialIndex.rebuilding(in: database) {
                    try database.rebuildingIndexes(of: "recipients") {
                        try database.rebuildingIndexes(of: "contact_points") { try importer.writeRows(operations) }
                    }
                }
            } else {
                try importer.writeRows(operations)
            }
            let (changes, file) = try settle()
            try importer.mergeAndRemove(changes)
            for (setting, value) in changes.settings.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                try database.set(setting, to: value, of: organisation)
            }
            var result = RegisterImportResult(counts: importer.counts)
            result.counts.unchanged += changes.unchanged
            try database.record(
                file, kind: "recipients", rows: result.counts.total, actor: actor,
                detail: importer.detail(organisationNamed: name))
            if importer.hasChanged {
                try importer.finish(actor: actor)
                result.importID = importer.importID
            }
            try database.packRegisterIfStale()
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
