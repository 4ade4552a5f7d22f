import AlertModel
import Console
import Dispatching
import Foundation
import Store

extension InboxDesk {
    /// What the ledger has of people's answers.
    init(store: AlertDatabase) {
        self.init(
            page: { account, question, limit in
                try await ConsoleProblems.translating { try InboxPage(store, account, question, limit) }
            },
            read: { account, numbers in
                try await ConsoleProblems.translating {
                    try store.markRead(
                        numbers, scope: try store.inboxScope(of: account.organisation), actor: account.user, now: .now)
                }
            })
    }
}

extension InboxPage {
    /// Campaigns that are offered to choose from.
    private static let mostCampaigns = 50

    fileprivate init(_ store: AlertDatabase, _ account: Account, _ question: InboxQuestion, _ limit: Int) throws {
        let scope = try store.inboxScope(of: account.organisation)
        let maySee = account.capabilities.contains(.seePersonalData)
        let found = try store.inbox(
            InboxQuery(
                scope: scope, part: question.part.flatMap { InboxQuery.Part(rawValue: $0.rawValue) }, campaign: question.campaign,
                before: question.before), limit: limit + 1)
        let shown = found.prefix(limit)
        if maySee, !shown.isEmpty {
            try store.audit(
                actor: account.user, action: "inbox.show",
                subject: question.campaign.map { "campaign \($0)" } ?? "inbox", detail: ["messages": String(shown.count)],
                organisation: account.organisation)
        }
        let waiting = try store.unread(scope: scope, campaigns: Self.mostCampaigns)
        let words = try store.replyWords(ofOrganisationNamed: try store.name(of: account.organisation))
        self.init(
            messages: shown.map { entry, subject in
                InboxLine(
                    number: entry.id, at: entry.receivedAt, campaign: entry.campaign?.rawValue, subject: subject,
                    recipient: maySee ? entry.externalID : nil, sender: maySee ? entry.sender.value : nil,
                    text: maySee ? entry.text.value : nil, acknowledged: entry.acknowledged, refused: entry.refused,
                    unread: entry.isUnread, incomplete: entry.isIncomplete, repeats: entry.repeats)
            },
            isMore: found.count > limit, unread: waiting.all,
            campaigns: waiting.campaigns.map { .init(campaign: $0.campaign.rawValue, subject: $0.subject, unread: $0.unread) },
            words: words.lines.map { .init(meaning: $0.name, words: $0.words.split(separator: ",").map(String.init)) })
    }
}
