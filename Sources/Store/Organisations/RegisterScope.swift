import AlertModel
import GRDB

/// Whose recipients a command or a session may see.
///
/// A register is its organisation's and of those it is delegated to; nobody else sees it, a parent neither. What only an
/// organisation itself has (campaigns, audiences, schedules, what is written) goes by `own`; perimeters, templates and some
/// settings are inherited from ancestors, read-only.
package enum RegisterScope: Sendable, Hashable {
    /// Every organisation of the database: the view of whoever administers the machine, on the command line.
    case all
    /// One register.
    case organisation(OrganisationID)
    /// An organisation's own register and those delegated to it: sorted, at least one. Made by `registers(of:delegated:)`.
    case organisations(own: OrganisationID, delegated: [OrganisationID])

    /// - Parameter delegated: in any order.
    package static func registers(of own: OrganisationID, delegated: [OrganisationID]) -> RegisterScope {
        let others = Set(delegated).subtracting([own]).sorted()
        return others.isEmpty ? .organisation(own) : .organisations(own: own, delegated: others)
    }

    /// The organisation that looks; nil for the whole database.
    package var own: OrganisationID? {
        switch self {
        case .all: nil
        case .organisation(let own), .organisations(let own, _): own
        }
    }

    /// Registers of others that it sees.
    package var delegated: [OrganisationID] {
        if case .organisations(_, let delegated) = self { delegated } else { [] }
    }

    /// The same without what is delegated: what an organisation may write to.
    package var writable: RegisterScope { own.map { .organisation($0) } ?? .all }

    /// Whether the register of an organisation is in it.
    package func admits(_ organisation: OrganisationID) -> Bool { admits(organisation.rawValue) }
}

extension RegisterScope {
    func admits(_ organisation: Int64) -> Bool {
        switch self {
        case .all: organisation > 0
        case .organisation(let admitted): admitted.rawValue == organisation
        case .organisations(let own, let delegated):
            own.rawValue == organisation || delegated.contains(OrganisationID(rawValue: organisation))
        }
    }

    /// A SQL condition on recipients' (or lists') organisation, and its arguments.
    func condition(on column: String) -> (sql: String, arguments: StatementArguments) {
        switch self {
        // Registers of people who are written to once have numbers below 0. The sign keeps an index of owners out of it, which
        // would visit everybody in another order than theirs.
        case .all: ("+\(column) > 0", [])
        case .organisation(let id): ("\(column) = ?", [id.rawValue])
        case .organisations(let own, let delegated):
            (
                "\(column) IN (\(Array(repeating: "?", count: delegated.count + 1).joined(separator: ", ")))",
                StatementArguments([own.rawValue] + delegated.map(\.rawValue))
            )
        }
    }

    /// A SQL condition on the owner of what only an organisation itself has.
    func ownCondition(on column: String) -> (sql: String, arguments: StatementArguments) {
        writable.condition(on: column)
    }
}
