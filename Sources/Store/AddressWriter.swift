import Foundation
import GRDB
import GeoModel
import Geocoding

/// What an import of addresses changed, in addresses.
package struct AddressImportCounts: Sendable, Equatable {
    package var added = 0
    package var updated = 0
    package var unchanged = 0

    package init() {}
}

/// Gathers the addresses of a file; nothing of it is in the index until the whole file has been read.
package struct AddressWriter {
    fileprivate let staging: AddressStaging
    fileprivate var rows = 0

    package mutating func write(_ batch: [BANAddress]) throws {
        try staging.add(batch)
        rows += batch.count
    }

    /// Names of a commune that the file gives besides: in a regional language, say.
    package mutating func addName(_ name: String, of code: CommuneCode, kind: CommuneNameKind) {
        staging.addName(name, of: code, kind: kind)
    }
}

extension AlertDatabase {
    /// Runs an import of addresses, then locates again the recipients it may help: those of the file's communes, and
    /// those of none, who were not placed by coordinates of their own.
    ///
    /// The file is read, merged and compared outside the write lock. What it changes is one transaction: all of it
    /// or nothing. The recipients are located by several readers and moved in short transactions.
    package func importAddresses(
        from file: ImportedFile, actor: String, body: (inout AddressWriter) throws -> Void
    ) throws -> (counts: AddressImportCounts, relocated: Int) {
        let staging = try AddressStaging()
        var writer = AddressWriter(staging: staging)
        try body(&writer)
        var counts = AddressImportCounts()
        let compared = try compare(staging)
        try pool.write { database in
            let index = AddressIndex(database)
            // Another import may have come between: then the comparison is done again, here.
            if try index.revision() != compared { try staging.compare(with: index) }
            if try staging.hasChanges(for: index) {
                let count = try index.write(staging)
                counts.added = count.numbersAdded
                counts.updated = count.numbersMoved
            }
            counts.unchanged = writer.rows - counts.added - counts.updated
            try database.record(
                file, kind: "addresses", rows: writer.rows, actor: actor, detail: ["added": String(counts.added)])
        }
        let relocated = try relocateRecipients(of: Set(staging.communes.keys))
        return (counts, relocated)
    }

    /// - Returns: the revision of the index the comparison holds for.
    private func compare(_ staging: AddressStaging) throws -> Int64 {
        try pool.read { database in
            let index = AddressIndex(database)
            let revision = try index.revision()
            try staging.compare(with: index)
            return revision
        }
    }
}
