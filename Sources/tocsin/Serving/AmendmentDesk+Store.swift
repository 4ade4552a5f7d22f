import AlertModel
import Campaigns
import Console
import Dispatching
import Foundation
import Store

extension AmendmentDesk {
    /// Requests in the database; approved, the text reaches the dispatchers by `signal`.
    init(store: AlertDatabase, signal: @escaping @Sendable () -> Void) {
        @Sendable func card(_ amendment: SavedAmendment, _ account: Account) -> AmendmentCard {
            AmendmentCard(amendment, for: account, at: .now)
        }
        self.init(
            ask: { account, id, message, version, key in
                try await ConsoleProblems.translating {
                    let record = try store.ledger.campaign(id)
                    guard record.organisation == account.organisation else { throw LedgerError.unknownCampaign(id) }
                    let message = try message.filledOrRefused
                    let rules = LaunchRules(mode: record.mode, available: Set(record.policy.channels))
                    if let refusal = rules.refusals(message: message, policy: record.policy).first { throw refusal }
                    return card(
                        try store.askAmendment(
                            of: id, with: message, read: version, requestKey: key.uuidString, by: account.user, now: .now),
                        account)
                }
            },
            approve: { account, id in
                try await ConsoleProblems.translating {
                    defer { signal() }
                    return card(
                        try store.approveAmendment(id, of: account.organisation, by: account.user, now: .now), account)
                }
            },
            refuse: { account, id, reason in
                try await ConsoleProblems.translating {
                    card(
                        try store.refuseAmendment(id, of: account.organisation, by: account.user, reason: reason, now: .now),
                        account)
                }
            },
            withdraw: { account, id in
                try await ConsoleProblems.translating {
                    card(try store.withdrawAmendment(id, of: account.organisation, by: account.user, now: .now), account)
                }
            },
            breakGlass: { account, id, reason in
                try await ConsoleProblems.translating {
                    defer { signal() }
                    return card(
                        try store.breakGlassOnAmendment(
                            id, of: account.organisation, by: account.user, reason: reason, now: .now), account)
                }
            })
    }
}

extension AmendmentCard {
    init(_ saved: SavedAmendment, for account: Account, at now: UTCTime) {
        let state = saved.state(at: now), isMine = saved.facts.askedBy == account.user
        self.init(
            id: saved.id, state: state, campaign: saved.campaign, subject: saved.message.subject, text: saved.message.text,
            wordings: saved.message.variants.map(\.text), before: saved.before?.text, askedBy: saved.facts.askedBy,
            askedAt: Date(saved.facts.askedAt), breakGlassAt: Date(saved.facts.breakGlassAt),
            expiresAt: Date(saved.facts.expiresAt), decidedBy: saved.decidedBy, decidedAt: saved.decidedAt.map { Date($0) },
            reason: saved.reason, isMine: isMine,
            mayApprove: state == .pending && !isMine && account.capabilities.contains(.approve))
    }
}
