import AlertModel
import ArgumentParser
import Foundation
import Store

/// The organisation whose people a command manages.
struct PeopleOption: ParsableArguments {
    @OptionGroup var database: DatabaseOption

    @Option(
        name: .long,
        help: ArgumentHelp("Whose people they are (default: the account's own, or the only one).", valueName: "name"))
    var organisation: String?

    /// - Throws: `StoreError`, `RightsError`.
    func open(for capability: Capability = .administer) throws -> (
        store: AlertDatabase, actor: Operator, organisation: OrganisationID
    ) {
        let store = try database.open(for: capability)
        let actor = try store.currentOperator()
        let own = organisation == nil ? actor.organisation : nil
        return (store, actor, try own ?? store.owner(organisationNamed: organisation))
    }
}

extension AlertDatabase {
    /// The account of this name, of the organisation that the command manages.
    func person(_ name: String, of organisation: OrganisationID, within actor: Operator) throws -> UserID {
        let found = try person(named: name, within: actor)
        guard found.organisation == organisation else { throw RightsError.unknownPerson }
        return found.id
    }

    func group(_ name: String, of organisation: OrganisationID) throws -> GroupID {
        guard let group = try groups(of: organisation).first(where: { $0.name == name }) else {
            throw RightsError.unknownGroup(name: name)
        }
        return group.id
    }
}

extension Capability: ExpressibleByArgument {
    /// As the help writes it: `edit_register`, or with a hyphen.
    package init?(argument: String) {
        self.init(rawValue: argument.replacing("-", with: "_"))
    }
}

/// A moment as a command takes it: with its offset, or by this machine's clock.
struct MomentArgument: ExpressibleByArgument {
    let date: Date

    init?(argument: String) {
        if let date = try? Date(argument, strategy: .iso8601) { self.date = date; return }
        // “2026-11-30” and “2026-11-30T08:00” are what people type.
        let pattern = /(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?/
        guard let match = argument.wholeMatch(of: pattern), let year = Int(match.1), let month = Int(match.2),
            let day = Int(match.3), let hour = Int(match.4 ?? "00"), let minute = Int(match.5 ?? "00")
        else { return nil }
        let parts = DateComponents(
            calendar: Calendar(identifier: .gregorian), timeZone: .current, year: year, month: month, day: day, hour: hour,
            minute: minute)
        // “2026-02-30” is no day.
        guard parts.isValidDate, let date = parts.date else { return nil }
        self.date = date
    }

    static let help = "2026-11-30, 2026-11-30T08:00 (this machine's clock), or 2026-11-30T08:00:00Z"
}
