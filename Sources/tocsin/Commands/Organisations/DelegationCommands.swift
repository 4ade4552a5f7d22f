import AlertModel
import ArgumentParser
import Dispatching
import Foundation
import Reports
import Store

struct DelegateRegisterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delegate",
        abstract: "Let another organisation see and alert an organisation's register; the journal says who did.",
        discussion: "It does not change the register, nor see campaigns, lists' definitions or who wrote back. Ended by `withdraw`.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var organisation: OrganisationArgument
    @Option(help: ArgumentHelp("Who may see it.", valueName: "name")) var to: String
    @Option(help: ArgumentHelp("From when (default: now).", valueName: "2026-12-01T18:00:00Z")) var from: String?
    @Option(help: ArgumentHelp("Until when (default: until it is withdrawn).", valueName: "2026-12-08T18:00:00Z"))
    var until: String?

    func run() throws {
        let store = try database.open(for: .administer)
        let owner = try organisation.own(in: store)
        let other = try self.other(in: store, of: owner)
        let now = UTCTime.now
        let made = try store.delegate(
            registerOf: owner.id, to: other.id, from: try from.map(Self.time) ?? now, until: try until.map(Self.time),
            actor: database.actor, now: now)
        Terminal.say(
            "“\(other.name)” sees the register of “\(owner.name)” from \(ISO8601.text(made.from)) "
                + (made.until.map { "until \(ISO8601.text($0))" } ?? "until it is withdrawn"))
    }

    /// Whom to trust is the owner's to say: anybody of the same tree. A name that is nobody's there is answered with those
    /// above, which the owner sees anyway.
    private func other(in store: AlertDatabase, of owner: Organisation) throws -> Organisation {
        guard try Tenancy(store).organisation != nil else { return try store.findOrganisation(named: to, under: nil) }
        let above = try store.ancestors(of: owner.id)
        do {
            return try store.findOrganisation(named: to, under: above.last?.id ?? owner.id)
        } catch StoreError.unknownOrganisation {
            throw StoreError.unknownOrganisation(name: to, known: above.map(\.name))
        }
    }

    private static func time(_ text: String) throws -> UTCTime {
        guard let date = try? Date(text, strategy: .iso8601) else {
            throw ValidationError("“\(text)” is not a time such as 2026-12-01T18:00:00Z")
        }
        return UTCTime(millisecondsSince1970: Int64((date.timeIntervalSince1970 * 1000).rounded()))
    }
}

struct WithdrawRegisterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "End a delegation at once: the next question no longer sees the register.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var organisation: OrganisationArgument
    @Option(help: ArgumentHelp("Who no longer sees it.", valueName: "name")) var from: String

    func run() throws {
        let store = try database.open(for: .administer)
        let owner = try organisation.own(in: store)
        let given = try store.delegations(with: owner.id).filter { $0.owner == owner.id }
        guard let other = given.first(where: { $0.toName == from && $0.withdrawnAt == nil }) else {
            throw StoreError.invalidDelegation(reason: "the register is not delegated to “\(from)”")
        }
        try store.withdraw(registerOf: owner.id, from: other.to, actor: database.actor, now: .now)
        Terminal.say("“\(other.toName)” no longer sees the register of “\(owner.name)”")
    }
}

struct ListDelegationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delegations",
        abstract: "List what an organisation gave and has, newest first: whose register, to whom, from, until, state.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var organisation: OrganisationArgument

    func run() throws {
        let store = try database.open(for: .administer)
        let now = UTCTime.now
        for delegation in try store.delegations(with: organisation.own(in: store).id) {
            let state = delegation.holds(at: now) ? "holds" : delegation.withdrawnAt != nil ? "withdrawn"
                : delegation.from > now ? "to come" : "over"
            Terminal.out(
                [
                    delegation.ownerName, delegation.toName, ISO8601.text(delegation.from),
                    delegation.until.map { ISO8601.text($0) } ?? "-", state,
                ].joined(separator: "\t") + "\n")
        }
    }
}
