import AlertModel
import Console
import Dispatching
import Foundation
import Logging
import ServiceLifecycle
import Store

extension DraftDesk {
    /// Drafts of one mode in the database.
    init(store: AlertDatabase, mode: CampaignMode) {
        @Sendable func shelf(_ account: Account) -> DraftShelf { DraftShelf(organisation: account.organisation, mode: mode) }
        self.init(
            list: { account in
                try await ConsoleProblems.translating { try store.drafts(on: shelf(account), now: .now).map { DraftCard($0) } }
            },
            find: { account, key in
                try await ConsoleProblems.translating {
                    try store.draft(key.uuidString, on: shelf(account), now: .now).map { (DraftCard($0.head), $0.document) }
                }
            },
            save: { account, key, version in
                try await ConsoleProblems.translating {
                    do {
                        return try store.saveDraft(
                            key.uuidString, on: shelf(account), base: version.base, name: version.name,
                            document: version.document, by: account.user, now: .now)
                    } catch let refusal as DraftRefusal {
                        switch refusal {
                        case .changed: throw ConsoleProblem(.draftChanged)
                        case .gone: throw ConsoleProblem(.draftGone)
                        case .tooMany(let limit): throw ConsoleProblem(.tooManyDrafts, ProblemDetail(limit: limit))
                        }
                    }
                }
            },
            remove: { account, key in
                try await ConsoleProblems.translating { try store.removeDraft(key.uuidString, on: shelf(account)) }
            })
    }
}

extension DraftCard {
    fileprivate init(_ head: DraftHead) {
        self.init(
            key: head.key.lowercased(), version: head.version, name: head.name, createdBy: head.createdBy,
            changedBy: head.changedBy, changedAt: Date(head.changedAt))
    }
}

/// Erases drafts that were launched or that nobody touches any more, and what was kept to take old mergings back, for as long
/// as the server runs.
struct DraftService: Service {
    private static let period = Duration.seconds(600)

    let store: AlertDatabase
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await Offload.run {
                        try store.sweepDrafts(now: .now)
                        try store.forgetOldMerges()
                        _ = try store.sweepOneOffAudiences(now: .now)
                    }
                } catch {
                    logger.error("old drafts and mergings cannot be erased", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: Self.period)
            }
        }
    }
}
