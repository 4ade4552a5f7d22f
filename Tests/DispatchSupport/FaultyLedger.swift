import AlertModel
import Dispatching

extension Ledger {
    /// The same ledger, whose transactions are refused as the script says: a full disk, a locked database. Nothing of a
    /// refused transaction is written.
    /// - Parameter refuses: asked before each transaction; not sent across tasks by a simulation, which has one.
    package func refusing(_ refuses: @escaping @Sendable () -> Bool) -> Ledger {
        let guarded: @Sendable () throws -> Void = { if refuses() { throw MemoryLedger.Refusal() } }
        return Ledger(
            rescue: rescue,
            claim: {
                try guarded()
                return try await self.claim($0)
            },
            record: {
                try guarded()
                return try await self.record($0)
            },
            settle: {
                try guarded()
                return try await self.settle($0)
            },
            receive: {
                try guarded()
                try await self.receive($0, $1, $2)
            })
    }
}
