import Foundation
import GRDB
import Synchronization

extension Database {
    /// Writes or removes many recipients: takes away the triggers that check and index each row, and the indexes of theirs
    /// and of their contact points, which cost a third when they are made at once; runs the body; makes the indexes, the
    /// R*Tree and the pack anew and puts the triggers back, all inside the caller's transaction. The words that searches go by are left for later.
    ///
    /// The body must write points of WGS 84 and nothing else: nothing checks it meanwhile.
    ///
    /// - Parameter makesIndexes: whether the body writes so many rows that their other indexes are better made anew, too.
    func writingRecipientsInBulk(makesIndexes: Bool, _ body: () throws -> Void) throws {
        let triggers = try Row.fetchAll(
            self,
            sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'recipients' ORDER BY name")
        // What keeps rows unique stays, and so do indexes of some rows only (WHERE): to make one anew reads the whole table.
        let indexes = makesIndexes
            ? try Row.fetchAll(
                self,
                sql: """
                    SELECT name, sql FROM sqlite_schema WHERE type = 'index'
                    AND tbl_name IN ('recipients', 'contact_points') AND sql IS NOT NULL AND sql NOT LIKE 'CREATE UNIQUE%'
                    AND sql NOT LIKE '% WHERE %' ORDER BY name
                    """) : []
        func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
        // As the trigger on what is removed would.
        try execute(sql: "UPDATE recipient_numbers SET greatest = max(greatest, (SELECT ifnull(MAX(id), 0) FROM recipients))")
        for row in triggers { try execute(sql: "DROP TRIGGER \(quoted(row["name"]))") }
        for row in indexes { try execute(sql: "DROP INDEX \(quoted(row["name"]))") }
        try body()
        let tree = try PackedSpatialIndex(self)
        let sorting = RegisterSorting(points: try tree.points(), register: try UnseatedRegister(self))
        // SQLite sorts its own beside.
        let made = Result { for row in indexes { try execute(sql: row["sql"] as String) } }
        let sorted = Result { try sorting.wait() }
        try made.get()
        let (points, register) = try sorted.get()
        try tree.write(points)
        for row in triggers { try execute(sql: row["sql"] as String) }
        try postponeWords()
        try store((register, sorting.seatless))
    }
}

/// Puts what was read of the register in the order of its R*Tree and of its pack, on another core.
private final class RegisterSorting: Sendable {
    private let points = Mutex<PackedSpatialIndex.Points?>(nil)
    private let register = Mutex<Result<PackedRegister, any Error>?>(nil)
    private let isDone = DispatchSemaphore(value: 0)
    let seatless: [Int64]

    init(points given: PackedSpatialIndex.Points, register unseated: UnseatedRegister) {
        seatless = unseated.seatless
        let thread = Thread { [self] in
            let seated = Result { try unseated.seated() }
            register.withLock { $0 = seated }
            let sorted = given.sorted()
            points.withLock { $0 = sorted }
            isDone.signal()
        }
        thread.name = "register-sorting"
        thread.start()
    }

    /// Once only.
    func wait() throws -> (points: PackedSpatialIndex.Points, register: PackedRegister) {
        isDone.wait()
        guard let points = points.withLock({ $0.take() }), let register = register.withLock({ $0.take() }) else {
            throw StoreError.outOfMemory
        }
        return (points, try register.get())
    }
}
