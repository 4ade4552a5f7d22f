import AlertModel
import Console
import Dispatching
import Store

extension ListRoom {
    /// Lists in the database.
    init(store: AlertDatabase) {
        self.init(
            book: { account in
                try await ConsoleProblems.translating {
                    try store.listBook(of: account.organisation, now: .now).map { ListBookLine($0) }
                }
            },
            create: { account, name, description in
                try await ConsoleProblems.translating {
                    try store.createList(
                        named: name, definition: .members, description: description, organisation: account.organisation,
                        actor: account.user)
                }
            },
            rename: { account, id, name, evenSo in
                try await ConsoleProblems.translating {
                    _ = try store.renameList(
                        .numbered(id, of: account.organisation), to: name, evenSo: evenSo, actor: account.user, now: .now)
                }
            },
            describe: { account, id, text in
                try await ConsoleProblems.translating {
                    try store.describeList(id, as: text, of: account.organisation, actor: account.user)
                }
            },
            delete: { account, id, evenSo in
                try await ConsoleProblems.translating {
                    _ = try store.deleteList(.numbered(id, of: account.organisation), evenSo: evenSo, actor: account.user, now: .now)
                }
            })
    }
}

extension ListBookLine {
    fileprivate init(_ entry: ListBookEntry) {
        self.init(
            id: entry.list.id.rawValue, name: entry.list.name, kind: entry.list.definition.kind, description: entry.description,
            members: entry.members, isDefault: entry.list.isDefault, lists: entry.lists, scenarios: entry.scenarios,
            schedules: entry.schedules, organisations: entry.organisations)
    }
}
