import AlertModel
import Console
import Foundation
import Store

extension JournalDesk {
    /// The database's journal.
    init(store: AlertDatabase) {
        self.init(
            lines: { account, question, before, limit in
                try await ConsoleProblems.translating {
                    try store.auditEntries(journalQuery(question, account, store), limit: limit, before: before).map { entry in
                        JournalLine(
                            number: entry.id, at: entry.at, actor: entry.actor, action: entry.action,
                            subject: entry.subject, detail: entry.detail, hash: entry.hash)
                    }
                }
            },
            figures: { account, question in
                try await ConsoleProblems.translating {
                    try store.auditFigures(journalQuery(question, account, store)).map {
                        JournalFigure(action: $0.action, entries: $0.entries, lastAt: $0.lastAt)
                    }
                }
            },
            export: { account, question, format in
                let (query, names) = try await ConsoleProblems.translating {
                    let names = Dictionary(uniqueKeysWithValues: try store.organisations().map { ($0.id, $0.name) })
                    try store.audit(
                        actor: account.user, action: "audit.export", subject: "journal",
                        detail: ["format": format.rawValue], organisation: account.organisation)
                    return (try journalQuery(question, account, store), names)
                }
                let form: JournalLines.Format = format == .csv ? .csv : .jsonl
                return AsyncThrowingStream(unfolding: JournalPages(store: store, query: query, names: names, form: form).next)
            })
    }
}

/// Its own organisation's entries, and what concerns the machine where there is no other organisation.
private func journalQuery(_ question: JournalQuestion, _ account: Account, _ store: AlertDatabase) throws -> JournalQuery {
    JournalQuery(
        scope: try store.journalScope(of: account.organisation), actor: question.actor, action: question.action,
        since: question.since, until: question.until)
}

/// An export read page by page, as fast as the reader takes it.
private actor JournalPages {
    private let store: AlertDatabase
    private let query: JournalQuery
    private let names: [OrganisationID: String]
    private let form: JournalLines.Format
    /// nil before the head.
    private var last: Int64?

    init(store: AlertDatabase, query: JournalQuery, names: [OrganisationID: String], form: JournalLines.Format) {
        self.store = store
        self.query = query
        self.names = names
        self.form = form
    }

    func next() async throws -> [UInt8]? {
        guard let after = last else {
            last = 0
            return Array(JournalLines.head(form).utf8)
        }
        let store = store, query = query, names = names, form = form
        let page = try await Offload.run {
            let entries = try store.auditEntries(query, after: after, limit: JournalQuery.greatestPage)
            return (entries.last?.id, Array(try JournalLines.text(entries, form, names: names).utf8))
        }
        guard let newest = page.0 else { return nil }
        last = newest
        return page.1
    }
}
