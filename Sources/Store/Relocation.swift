import GRDB

extension AlertDatabase {
    /// Recipients looked at under one read and written under one lock.
    private static let relocationBatch = 500

    /// Places again whom the territory could not place, or placed by a commune it found itself: the geocoding is done
    /// under a read, and the write lock is held only for those of a batch who moved. Interrupted, it is done again by
    /// the next import.
    ///
    /// - Returns: how many moved.
    func relocateUnplacedRecipients() throws -> Int {
        var last: Int64 = 0
        var moved = 0
        while true {
            let (moves, next) = try pool.read { try $0.relocations(after: last, limit: Self.relocationBatch) }
            if !moves.isEmpty {
                moved += try pool.write { database in try moves.count { try database.apply($0) } }
            }
            guard let next else {
                if moved > 0 { try pool.write { try $0.storeStalePages() } }
                return moved
            }
            last = next
        }
    }
}
