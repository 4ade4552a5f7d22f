import AlertModel
import ArgumentParser
import Foundation
import Store

/// Whom to put on a list or to take off it: identifiers, files of them, or a zone.
struct ListedRecipientsArguments: ParsableArguments {
    static let discussion = """
        By identifiers of the register, by @FILE with one identifier a line, or by a zone: everyone it selects, certain \
        and possible, unless --certain. All or nothing: an unknown identifier stops the command.
        """
    /// Largest file of identifiers, in bytes: some three million identifiers.
    private static let maximumFileBytes = 64 << 20

    @Argument(help: ArgumentHelp("Identifiers, or @FILE with one a line.", valueName: "id"))
    var ids: [String] = []

    @OptionGroup(title: "Zone") var zone: ZoneArguments

    func recipients(in store: AlertDatabase, scope: RegisterScope) throws -> ListedRecipients {
        if zone.isEmpty {
            if zone.certain { throw ValidationError("--certain narrows a zone: give one") }
            let ids = try ids.flatMap { $0.hasPrefix("@") ? try Self.lines(of: String($0.dropFirst())) : [$0] }
            guard !ids.isEmpty else { throw ValidationError("nobody is named: give identifiers, @FILE or a zone") }
            return .identifiers(ids)
        }
        guard ids.isEmpty else { throw ValidationError("give identifiers or a zone, not both") }
        return .zone(try zone.zone(in: store, scope: scope), SelectionFilter())
    }

    private static func lines(of path: String) throws -> [String] {
        guard let handle = FileHandle(forReadingAtPath: path),
              let data = try? handle.read(upToCount: maximumFileBytes + 1)
        else { throw ValidationError("\(path) can't be read: there is no such file, or it is not readable") }
        guard data.count <= maximumFileBytes, let text = String(data: data, encoding: .utf8) else {
            throw ValidationError("\(path) is not a text file in UTF-8 of at most \(maximumFileBytes >> 20) MB")
        }
        return text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }
}

/// A change to a static list's members.
struct ListMembersChange: ParsableArguments {
    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @OptionGroup var list: ListArgument
    @OptionGroup var listed: ListedRecipientsArguments

    /// - Parameter change: of whom, the list's name, the scope, and who asks; returns how many it concerned.
    func run(
        _ done: String, _ change: (AlertDatabase, ListedRecipients, String, RegisterScope, String) throws -> Int
    ) throws {
        let store = try database.open(for: .editRegister)
        let scope = try scope.scope(in: store)
        let recipients = try listed.recipients(in: store, scope: scope)
        let count = try change(store, recipients, list.name, scope, database.actor)
        Terminal.say("list “\(list.name)”: \(count) recipients \(done)")
    }
}

struct AddToListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Put recipients on a static list.",
        discussion: ListedRecipientsArguments.discussion)

    @OptionGroup var change: ListMembersChange

    func run() throws {
        try change.run("added") { try $0.addMembers($1, toListNamed: $2, scope: $3, actor: $4) }
    }
}

struct RemoveFromListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take recipients off a static list; they stay in the register.",
        discussion: ListedRecipientsArguments.discussion)

    @OptionGroup var change: ListMembersChange

    func run() throws {
        try change.run("removed") { try $0.removeMembers($1, fromListNamed: $2, scope: $3, actor: $4) }
    }
}
