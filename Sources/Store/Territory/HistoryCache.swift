import GRDB
import GeoModel
import Synchronization

/// The history of codes as last read: following a zone while it is drawn must not sort INSEE's movements at each stroke.
enum HistoryCache {
    private struct Kept {
        let file: String
        /// As `communesVersion()`: every import of communes or code tables has another.
        let version: Int
        let history: CommuneHistory
    }

    /// One database's, since a process serves one.
    private static let kept = Mutex<Kept?>(nil)

    /// - Parameter database: in a read transaction; an import in progress would show what its version does not tell yet.
    static func history(_ database: Database) throws -> CommuneHistory {
        let file = try String.fetchOne(database, sql: "SELECT file FROM pragma_database_list WHERE name = 'main'") ?? ""
        let version = try database.communesVersion()
        if let known = kept.withLock({ $0 }), known.file == file, known.version == version { return known.history }
        let history = try database.communeHistory()
        kept.withLock { $0 = Kept(file: file, version: version, history: history) }
        return history
    }
}
