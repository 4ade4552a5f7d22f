/// A code's ground on its way through the movements.
struct CommuneTrack: Hashable {
    /// A part on the way; without a kind, a former commune of which no law speaks any more.
    struct Part: Hashable {
        let kind: CommuneKind?
        let code: CommuneCode
    }

    let whole: CommuneCode
    /// From the innermost out.
    var parts: [Part] = []

    var place: CommunePlace { CommunePlace(commune: whole, parts: parts.map(\.code)) }

    /// The nodes a movement may name to move this ground.
    var nodes: [CommuneNode] {
        parts.compactMap { part in part.kind.map { CommuneNode($0, part.code) } } + [CommuneNode(.commune, whole)]
    }

    private var enclosing: CommuneTrack { CommuneTrack(whole: whole, parts: Array(parts.dropFirst())) }

    private func within(_ enclosing: CommuneTrack) -> CommuneTrack {
        CommuneTrack(whole: enclosing.whole, parts: [parts[0]] + enclosing.parts)
    }

    /// Where the ground is after a step; several when it is shared out.
    func moved(by step: CommuneTimeline.Step, holdsPart: Bool = false) -> [CommuneTrack] {
        guard let part = parts.first else { return movedWhole(by: step, holdsPart: holdsPart) }
        if let kind = part.kind, let targets = step.targets[CommuneNode(kind, part.code)] {
            return moved(part, to: targets, by: step)
        }
        if let restored = restored(part, by: step) { return restored }
        return enclosing.moved(by: step, holdsPart: true).map { within($0) }
    }

    private func moved(_ part: Part, to targets: [CommuneNode], by step: CommuneTimeline.Step) -> [CommuneTrack] {
        let communes = targets.filter { $0.kind == .commune }.map(\.code)
        let parts = targets.filter(\.kind.isPart).map { Part(kind: $0.kind, code: $0.code) }
        guard parts.isEmpty else {
            let wholes =
                communes.isEmpty ? Set(enclosing.moved(by: step, holdsPart: true).map(\.whole)).sorted() : communes
            return wholes.flatMap { whole in parts.map { CommuneTrack(whole: whole, parts: [$0]) } }
        }
        switch step.event {
        case .creation, .restoration, .suppression:
            return communes.map { CommuneTrack(whole: $0) }
        default:
            // Absorbed: the ground is where it was, without a name of its own.
            let around = enclosing.moved(by: step, holdsPart: true)
            let former = Part(kind: nil, code: part.code)
            return communes.flatMap { commune in
                let matching = around.filter { $0.whole == commune }
                return (matching.isEmpty ? [CommuneTrack(whole: commune)] : matching).map {
                    CommuneTrack(whole: $0.whole, parts: [former] + $0.parts)
                }
            }
        }
    }

    /// A former commune that one of those around it gives back.
    private func restored(_ part: Part, by step: CommuneTimeline.Step) -> [CommuneTrack]? {
        guard part.kind == nil, [.creation, .restoration, .delegationRestored].contains(step.event) else { return nil }
        let around = enclosing
        let back = around.nodes.flatMap { node in
            (step.targets[node] ?? []).filter { $0.code == part.code && $0 != node }
        }
        if back.contains(where: { $0.kind == .commune }) { return [CommuneTrack(whole: part.code)] }
        guard let target = back.first else { return nil }
        return Set(around.moved(by: step, holdsPart: true).map(\.whole)).sorted().map {
            CommuneTrack(whole: $0, parts: [Part(kind: target.kind, code: target.code)])
        }
    }

    /// - Parameter holdsPart: the question is where a part of the commune goes, which is not given back itself.
    private func movedWhole(by step: CommuneTimeline.Step, holdsPart: Bool) -> [CommuneTrack] {
        guard let targets = step.targets[CommuneNode(.commune, whole)] else { return [self] }
        var communes = targets.filter { $0.kind == .commune }.map(\.code)
        guard !communes.isEmpty else { return [self] }
        let parts = targets.filter { $0.kind == .delegated || $0.kind == .associated }
        if communes.count == 1, !parts.isEmpty, step.event.isMerging {
            return parts.map { CommuneTrack(whole: communes[0], parts: [Part(kind: $0.kind, code: $0.code)]) }
        }
        if holdsPart, communes.count > 1 {
            // The communes given back are other parts'.
            let others = communes.filter { !step.restored.contains($0) }
            if !others.isEmpty { communes = others }
            if step.event == .restoration, communes.contains(whole) { communes = [whole] }
        }
        return communes.map { commune in
            let isJoint = (step.joined[commune]?.count ?? 0) > 1
            let isMerged = isJoint && (step.event.isMerging || communes.count > 1)
            return CommuneTrack(whole: commune, parts: isMerged ? [Part(kind: nil, code: whole)] : [])
        }
    }
}
