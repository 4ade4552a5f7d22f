import AlertModel
import Console
import Foundation
import Store

extension DoubleDesk {
    /// Groups on one page: each is compared side by side.
    private static let page = 10
    private static let mostMerges = 50

    /// Doubles of each organisation's own register in the database.
    init(store: AlertDatabase) {
        let shelf = DoubleShelf(store: store)
        self.init(
            find: { account, start, again in
                // Asked before the search: it reads a whole register.
                guard account.capabilities.contains(.seePersonalData) else { throw ConsoleProblem(.notPermitted) }
                let kept = try await shelf.findings(of: account.organisation, again: again)
                return try await ConsoleProblems.translating {
                    let (groups, next) = try store.doubles(
                        kept.findings, from: start, most: Self.page, scope: .organisation(account.organisation))
                    // Nothing is seen without a trace.
                    try store.recordSight("register.doubles", ofCards: groups.flatMap(\.people), actor: account.user)
                    return DoublesPage(
                        at: kept.at, found: kept.findings.groups.count, isCut: kept.findings.isCut,
                        groups: try groups.map { group in
                            DoublesPage.Group(
                                reason: group.reason.word,
                                people: try group.people.map { try PersonCardDocument($0, outcomes: [], store: store) },
                                others: group.others)
                        }, next: next)
                }
            },
            merge: { account, order in
                try await ConsoleProblems.translating {
                    try store.merge(
                        MergedPerson(id: RecipientID(rawValue: order.absorbed), version: order.absorbedVersion),
                        into: MergedPerson(id: RecipientID(rawValue: order.kept), version: order.keptVersion),
                        taking: Set(order.taking.compactMap { MergedValue(rawValue: $0.rawValue) }),
                        scope: .organisation(account.organisation), actor: account.user
                    ).version
                }
            },
            keepApart: { account, ids in
                try await ConsoleProblems.translating {
                    try store.keepApart(ids, scope: .organisation(account.organisation), actor: account.user)
                }
            },
            merges: { account in
                try await ConsoleProblems.translating {
                    try store.merges(scope: .organisation(account.organisation), most: Self.mostMerges).map {
                        MergeLine(
                            id: $0.id, kept: $0.kept.rawValue, absorbed: $0.absorbed.rawValue, at: $0.at, by: $0.actor,
                            canBeUndone: $0.canBeUndone, undoFirst: $0.undoFirst?.rawValue)
                    }
                }
            },
            undo: { account, id in
                try await ConsoleProblems.translating {
                    try store.undoMerge(id, scope: .organisation(account.organisation), actor: account.user)
                }
            })
    }
}

/// What each register was last found to have twice: row numbers, looked up again whenever a page is shown. A register of a
/// million is looked through once for all who ask.
private actor DoubleShelf {
    struct Kept: Sendable {
        let at: Date
        let findings: DoubleFindings
    }

    /// Enough for the towns that are worked on at one time.
    private static let mostKept = 50

    /// Somebody who asks again so soon is shown the same: a register of a million is not looked through at every press.
    private static let leastAge: TimeInterval = 10

    private let store: AlertDatabase
    private var kept: [OrganisationID: Kept] = [:]
    private var searching: [OrganisationID: Task<Kept, any Error>] = [:]

    init(store: AlertDatabase) { self.store = store }

    func findings(of organisation: OrganisationID, again: Bool) async throws -> Kept {
        if let task = searching[organisation] { return try await task.value }
        if let known = kept[organisation], !again || -known.at.timeIntervalSinceNow < Self.leastAge { return known }
        let store = store
        let task = Task {
            let at = Date()
            return Kept(at: at, findings: try await Offload.run { try store.findDoubles(in: organisation) })
        }
        searching[organisation] = task
        defer { searching[organisation] = nil }
        let found = try await task.value
        if kept.count >= Self.mostKept, let oldest = kept.min(by: { $0.value.at < $1.value.at }) { kept[oldest.key] = nil }
        kept[organisation] = found
        return found
    }
}

extension DoubleGroup.Reason {
    fileprivate var word: String {
        switch self {
        case .nameAndContact: "name_and_contact"
        case .nameAndAddress: "name_and_address"
        case .contact: "contact"
        }
    }
}
