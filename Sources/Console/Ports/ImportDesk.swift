import AlertModel

/// A file on its way in.
package struct ImportIntake: Sendable {
    package var take: @Sendable ([UInt8]) async throws -> Void
    /// The file's beginning, once all of it has come.
    package var finish: @Sendable () async throws -> ImportSheet
    /// Forgets it.
    package var abandon: @Sendable () async -> Void

    package init(
        take: @escaping @Sendable ([UInt8]) async throws -> Void, finish: @escaping @Sendable () async throws -> ImportSheet,
        abandon: @escaping @Sendable () async -> Void
    ) {
        self.take = take
        self.finish = finish
        self.abandon = abandon
    }
}

/// Files of recipients, as the console needs them: one step after another, each asked for. Every function may throw
/// `ConsoleProblem`; an upload is its account's alone.
package struct ImportDesk: Sendable {
    package var begin: @Sendable (Account, _ fileName: String) async throws -> ImportIntake
    /// Nil for an upload that is nobody's, or gone.
    package var state: @Sendable (Account, Int64) async throws -> ImportState?
    /// Starts to check all of it, or to write it, and answers at once. - Returns: false for an unknown upload.
    package var run: @Sendable (Account, Int64, ImportWish, _ isDry: Bool) async throws -> Bool
    /// All that the last check or writing reported, as CSV; nil when there is none.
    package var faults: @Sendable (Account, Int64) async throws -> [UInt8]?
    /// Imports of before, newest first.
    package var records: @Sendable (Account) async throws -> [ImportRecord]
    package var undo: @Sendable (Account, _ importID: Int64) async throws -> Void

    package init(
        begin: @escaping @Sendable (Account, String) async throws -> ImportIntake,
        state: @escaping @Sendable (Account, Int64) async throws -> ImportState?,
        run: @escaping @Sendable (Account, Int64, ImportWish, Bool) async throws -> Bool,
        faults: @escaping @Sendable (Account, Int64) async throws -> [UInt8]?,
        records: @escaping @Sendable (Account) async throws -> [ImportRecord],
        undo: @escaping @Sendable (Account, Int64) async throws -> Void
    ) {
        self.begin = begin
        self.state = state
        self.run = run
        self.faults = faults
        self.records = records
        self.undo = undo
    }
}
