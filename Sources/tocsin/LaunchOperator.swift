import AlertModel
import ArgumentParser
import Campaigns
import Foundation
import Store

/// In whose name a command launches, or decides on a launch.
struct LaunchOperator {
    /// As the journal writes it.
    let name: String
    /// Nil for the machine's administrator, who may do everything for every organisation.
    let account: UserAccount?

    var author: LaunchAuthor { account == nil ? .machine : .account }
    /// Whose requests and scenarios it sees; nil for all.
    var organisation: OrganisationID? { account?.organisation }

    /// - Throws: when the account has not this right.
    func require(_ capability: Capability) throws {
        guard let account, !(Role.builtIn(named: account.role)?.capabilities.contains(capability) ?? false) else { return }
        throw ValidationError("\(name) may not do this: the right “\(capability.rawValue)” is missing")
    }
}

extension DatabaseOption {
    /// The account that TOCSIN_USER names, or the machine's administrator.
    func launchOperator(in store: AlertDatabase) throws -> LaunchOperator {
        LaunchOperator(name: actor, account: try store.userAccount(named: actor))
    }
}
