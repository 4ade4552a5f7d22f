import AlertModel
import CSpatiaLite
import Foundation
import GRDB

/// The one SpatiaLite database: territory, register, campaigns, journal.
///
/// A `DatabasePool` in WAL mode: one writer, several readers that are kept open, because attaching SpatiaLite
/// and its first reprojection cost milliseconds. Domain verbs are in the extensions of this type, one file
/// per subject; nobody outside this module sees GRDB.
package struct AlertDatabase: Sendable {
    let pool: DatabasePool
    /// The file's path, for messages and for the dispatcher's lock beside it.
    package let path: String
    /// What geocoding remembers from one read to the next.
    let geocoderCache = GeocoderCache()
    /// The one mode whose campaigns are launched and steered through it; nil for both.
    var confinement: CampaignMode?

    /// Creates the database file, or opens the one that is there, and brings its schema up to date.
    package static func create(at path: String) throws -> AlertDatabase {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StoreError.cannotOpen(path: path, reason: "the folder \(folder) can't be created")
        }
        return try open(path)
    }

    /// Opens an existing database and brings its schema up to date.
    ///
    /// - Throws: `StoreError.noDatabase` when there is no file: nothing is ever created by a typing mistake.
    package static func openExisting(at path: String) throws -> AlertDatabase {
        guard FileManager.default.fileExists(atPath: path) else { throw StoreError.noDatabase(path: path) }
        return try open(path)
    }

    /// Done once, before the first connection.
    private static let isConfigured: Bool = {
        cspatialite_configure()
        return true
    }()

    private static func open(_ path: String) throws -> AlertDatabase {
        _ = isConfigured
        do {
            let pool = try DatabasePool(path: path, configuration: configuration())
            // A power cut may undo the last transactions of a WAL database under NORMAL; a ledger entry that
            // was acted upon must not come undone. GRDB sets NORMAL itself once the connection is prepared.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            let database = AlertDatabase(pool: pool, path: path)
            try pool.read { database in
                RegisterView.forget(path: database.filePath)
                UnplacedPeople.forget(path: database.filePath)
                TerritoryCodes.forget(path: database.filePath)
            }
            let migrator = Schema.migrator
            if try pool.read(migrator.hasBeenSuperseded) { throw StoreError.newerSchema(path: path) }
            if try !pool.read(migrator.hasCompletedMigrations) {
                // Who dispatches looks at the schema once, when it starts: what it writes in the old form is not sent later.
                for mode in CampaignMode.allCases {
                    guard let holder = DispatcherLock.holder(ofDatabaseAt: path, mode: mode) else { continue }
                    throw StoreError.olderServer(path: path, holder: holder.description)
                }
                try migrator.migrate(pool)
                try pool.write { try $0.packRegister() }
            }
            return database
        } catch let error as DatabaseError {
            throw StoreError.cannotOpen(path: path, reason: error.message ?? "SQLite error \(error.resultCode)")
        }
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "tocsin"
        configuration.persistentReadOnlyConnections = true
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            let code = cspatialite_attach(database.sqliteConnection)
            guard code == ResultCode.SQLITE_OK.rawValue else {
                throw DatabaseError(resultCode: ResultCode(rawValue: code), message: "SpatiaLite can't be attached")
            }
            // The server and a command line may write to the same file: wait for the other's transaction, an
            // import's included. Set here and not by GRDB, since attaching SpatiaLite sets 5 s of its own.
            try database.execute(sql: "PRAGMA busy_timeout = 60000")
            try database.execute(sql: "PRAGMA cache_size = -65536")
            database.add(function: FoldedText.function)
        }
        return configuration
    }
}
