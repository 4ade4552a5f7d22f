import AlertModel
import Foundation
import Hummingbird

/// A request that has passed its route's checks.
struct Call: Sendable {
    let route: Route
    let request: Request
    let context: ConsoleContext
    /// Who asks; nil only on routes open to anyone.
    let visitor: Visitor?
    let limits: ConsoleLimits
    /// Of the address.
    let mode: CampaignMode

    /// - Throws: `other_mode` when a request says that it is about the other one: nothing is launched by mistaking the address.
    func require(_ asked: CampaignMode) throws {
        if asked != mode { throw ConsoleProblem(.otherMode, ProblemDetail(path: "mode", reason: mode.rawValue)) }
    }

    /// Who asks.
    /// - Throws: `session_required`, on a route open to anyone that nobody signed in to.
    var account: Account {
        get throws {
            guard let visitor else { throw ConsoleProblem(.sessionRequired) }
            return visitor.account
        }
    }

    /// The `{id}` of the path where it is a UUID; another text is an id that nobody has.
    func uuid() throws -> UUID {
        guard let text = context.parameters.get("id"), let uuid = UUID(uuidString: text) else { throw ConsoleProblem(.notFound) }
        return uuid
    }

    /// The `{id}` of the path; a text that is not a number is an id that nobody has.
    func id() throws -> Int64 {
        guard let text = context.parameters.get("id"), text.utf8.count <= 19, let id = Int64(text), id > 0 else {
            throw ConsoleProblem(.notFound)
        }
        return id
    }
}

/// A signed-in person, with the token that proves it.
struct Visitor: Sendable {
    let account: Account
    let token: SessionToken
    let session: SessionRecord
}
