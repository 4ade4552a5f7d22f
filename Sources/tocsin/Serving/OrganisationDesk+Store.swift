import AlertModel
import Console
import Dispatching
import Foundation
import Store

extension OrganisationDesk {
    /// The tree in the database, as far as an account manages it: its own organisation and those below.
    init(store: AlertDatabase) {
        @Sendable func place(_ id: OrganisationID, _ account: Account) throws -> Organisation? {
            try store.organisationTree(under: account.organisation).map(\.organisation).first { $0.id == id }
        }
        @Sendable func parent(_ id: OrganisationID, _ account: Account) throws -> OrganisationID {
            guard let found = try place(id, account) else {
                throw ConsoleProblem(.invalidParameter, ProblemDetail(path: "under", reason: "there is no such organisation"))
            }
            return found.id
        }
        self.init(
            sheet: { account in
                try await ConsoleProblems.translating { try OrganisationSheet(of: account.organisation, in: store) }
            },
            create: { account, draft in
                try await ConsoleProblems.translating {
                    guard let name = draft.name, let kind = draft.kind else {
                        throw ConsoleProblem(.invalidParameter, ProblemDetail(path: "name", reason: "a name and a kind are due"))
                    }
                    return try store.createOrganisation(
                        named: name, kind: kind, code: draft.code,
                        parent: try draft.parent.map { try parent($0, account) } ?? account.organisation, actor: account.user,
                        within: account.organisation)
                }
            },
            change: { account, id, draft in
                try await ConsoleProblems.translating {
                    guard let known = try place(id, account) else { return false }
                    // On which ground it may alert is for those above it to say, as is its own place.
                    let isOwnGround = id == account.organisation && known.parent != nil
                    if let kind = draft.kind, isOwnGround, kind != known.kind || draft.code != known.code {
                        throw ConsoleProblem(
                            .notPermitted,
                            ProblemDetail(
                                path: "kind",
                                reason: "an administrator of the organisation above settles what this one is, and its code"))
                    }
                    if let kind = draft.kind, !isOwnGround {
                        try store.setKind(of: id, to: kind, code: draft.code, actor: account.user, within: account.organisation)
                    }
                    if let name = draft.name, name != known.name { try store.rename(id, to: name, actor: account.user) }
                    if let wanted = draft.parent, id != account.organisation {
                        try store.move(id, under: try parent(wanted, account), actor: account.user, within: account.organisation)
                    }
                    return true
                }
            },
            delegate: { account, name, until in
                try await ConsoleProblems.translating {
                    let top = try store.ancestors(of: account.organisation).last?.id ?? account.organisation
                    guard let other = try? store.findOrganisation(named: name, under: top) else {
                        throw ConsoleProblem(.invalidParameter, ProblemDetail(path: "to", reason: "there is no such organisation"))
                    }
                    let now = UTCTime.now
                    try store.delegate(
                        registerOf: account.organisation, to: other.id, from: now,
                        until: until.map { UTCTime(millisecondsSince1970: Int64(($0.timeIntervalSince1970 * 1000).rounded())) },
                        actor: account.user, now: now)
                }
            },
            withdraw: { account, id in
                try await ConsoleProblems.translating {
                    let given = try store.delegations(with: account.organisation)
                        .first { $0.id == id && $0.owner == account.organisation && $0.withdrawnAt == nil }
                    guard let given else { return false }
                    try store.withdraw(registerOf: account.organisation, from: given.to, actor: account.user, now: .now)
                    return true
                }
            },
            card: { account in
                try await ConsoleProblems.translating {
                    try store.contactCard(of: account.organisation).map { ContactCardDocument($0) }
                }
            },
            saveCard: { account, document in
                try await ConsoleProblems.translating {
                    let card = try document.map {
                        try ContactCardReading.card(name: $0.name, function: $0.function, numbers: $0.numbers, email: $0.email)
                    }
                    try store.setContactCard(card, of: account.organisation, actor: account.user)
                }
            })
    }
}

extension OrganisationSheet {
    fileprivate init(of organisation: OrganisationID, in store: AlertDatabase) throws {
        let now = UTCTime.now
        self.init(
            above: try store.ancestors(of: organisation).map(\.name),
            organisations: try store.organisationTree(under: organisation).map {
                Line(
                    id: $0.organisation.id.rawValue, name: $0.organisation.name, kind: $0.organisation.kind,
                    code: $0.organisation.code, depth: $0.depth)
            },
            delegations: try store.delegations(with: organisation)
                .filter { $0.withdrawnAt == nil && $0.until.map { $0 > now } ?? true }
                .map {
                    Delegation(
                        id: $0.id, owner: $0.ownerName, to: $0.toName, from: Date($0.from), until: $0.until.map { Date($0) },
                        isGiven: $0.owner == organisation)
                })
    }
}

extension ContactCardDocument {
    fileprivate init(_ card: ContactCard) {
        // A mobile stands once for SMS and once for voice.
        var numbers: [String] = []
        for point in card.contactPoints where point.isEmergency && !numbers.contains(point.address.value) {
            numbers.append(point.address.value)
        }
        self.init(
            name: card.name.value, function: card.function, numbers: numbers,
            email: card.contactPoints.first { $0.channel == .email }?.address.value)
    }
}
