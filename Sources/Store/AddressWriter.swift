import GRDB
import GeoModel
import Geocoding

/// What an import of addresses changed, in rows of the file.
package struct AddressImportCounts: Sendable, Equatable {
    package var added = 0
    package var updated = 0
    package var unchanged = 0

    package init() {}
}

/// Writes addresses inside one transaction, idempotent by the national base's identifiers.
package struct AddressWriter {
    private let index: AddressIndex
    fileprivate var total = AddressUpsertCount()
    fileprivate var communes: Set<CommuneCode> = []

    init(database: Database) {
        index = AddressIndex(database)
    }

    package mutating func write(_ batch: [BANAddress]) throws {
        total += try index.upsert(rows: batch)
        communes.formUnion(batch.lazy.map(\.communeCode))
    }

    fileprivate func finish() throws { try index.finish() }
}

extension AlertDatabase {
    /// Runs an import of addresses in one transaction, then locates again the recipients it may help: those of
    /// the file's communes, and those of none, who were not placed by coordinates of their own.
    package func importAddresses(
        from file: ImportedFile, actor: String, body: (inout AddressWriter) throws -> Void
    ) throws -> (counts: AddressImportCounts, relocated: Int) {
        try pool.write { database in
            var writer = AddressWriter(database: database)
            try body(&writer)
            try writer.finish()
            var counts = AddressImportCounts()
            counts.added = writer.total.numbersAdded
            counts.updated = writer.total.numbersMoved
            counts.unchanged = writer.total.unchanged
            let relocated = try database.relocateRecipients(of: writer.communes)
            try database.storeStalePages()
            try database.record(
                file, kind: "addresses", rows: counts.added + counts.updated + counts.unchanged, actor: actor,
                detail: ["added": String(counts.added), "relocated": String(relocated)])
            return (counts, relocated)
        }
    }

    /// The places a text may mean, best first.
    package func geocode(_ text: String, limit: Int) throws -> [GeocodedPlace] {
        try pool.read { try Geocoder(index: AddressIndex($0).port).search(text: text, limit: limit) }
    }

    /// Places many addresses in one read transaction; nil where none is good enough to choose people by it.
    package func geocode(_ queries: [AddressQuery]) throws -> [GeocodedPlace?] {
        try pool.read { database in
            let geocoder = Geocoder(index: AddressIndex(database).port)
            return try queries.map { try geocoder.locate(structured: $0) }
        }
    }
}
