import GeoModel
import Synchronization
import Targeting

/// What was found for terms that name communes, in one pack: asked again, as while a filter beside them
/// is changed, they are neither resolved nor judged again.
final class CommuneFindings: Sendable {
    /// What the meaning of a term depends on, beyond the pack.
    struct State: Hashable {
        let territory: Int64
        /// Of `register_changes`; zero where that does not matter.
        let lastChange: Int64
        /// The registers that may know codes which the territory does not; nil where that does not matter.
        let scope: RegisterScope?
    }

    private struct Key: Hashable {
        let term: CommuneTermKey
        let state: State
    }

    private struct Finding {
        var plan: CommunePlan?
        /// With the last change of the view it was made by: whoever was written before it is not in it.
        var unproven: (verdicts: VerdictPages.Frozen, since: Int64)?
    }

    /// Terms kept. One of a department takes some kilobytes.
    private static let greatestCount = 64

    private let findings = Mutex<[Key: Finding]>([:])

    func plan(_ term: CommuneTermKey, _ state: State) -> CommunePlan? {
        findings.withLock { $0[Key(term: term, state: state)]?.plan }
    }

    /// - Parameter lastChange: of the view that asks.
    func unproven(_ term: CommuneTermKey, _ state: State, lastChange: Int64) -> VerdictPages.Frozen? {
        findings.withLock { findings in
            findings[Key(term: term, state: state)]?.unproven.flatMap { $0.since <= lastChange ? $0.verdicts : nil }
        }
    }

    func keep(_ plan: CommunePlan, of term: CommuneTermKey, _ state: State) {
        change(term, state) { $0.plan = plan }
    }

    func keep(_ unproven: VerdictPages.Frozen, of term: CommuneTermKey, _ state: State, lastChange: Int64) {
        change(term, state) { $0.unproven = (unproven, lastChange) }
    }

    private func change(_ term: CommuneTermKey, _ state: State, _ body: (inout Finding) -> Void) {
        findings.withLock { findings in
            let key = Key(term: term, state: state)
            if findings[key] == nil, findings.count >= Self.greatestCount { findings.removeAll() }
            body(&findings[key, default: Finding()])
        }
    }
}
