import AlertModel
import Console
import Foundation
import Store

extension Accounts {
    /// Accounts and sessions kept in the database.
    init(store: AlertDatabase) {
        self.init(
            authenticate: { user, password in
                try await Offload.run {
                    try store.authenticate(user: user, password: password.value).map { Account($0) }
                }
            },
            openSession: { record in
                try await Offload.run {
                    try store.openSession(
                        tokenHash: record.digest.bytes, userID: record.accountID, openedAt: record.openedAt,
                        expiresAt: record.expiresAt)
                }
            },
            findSession: { digest in
                try await Offload.run {
                    try store.session(tokenHash: digest.bytes).map { session in
                        KnownSession(
                            record: SessionRecord(
                                digest: digest, accountID: session.user.id, openedAt: session.openedAt,
                                expiresAt: session.expiresAt),
                            account: Account(session.user))
                    }
                }
            },
            closeSession: { digest in try await Offload.run { try store.closeSession(tokenHash: digest.bytes) } },
            changePassword: { account, current, new, keeping in
                try await Offload.run {
                    try store.changePassword(
                        user: account.user, current: current.value, new: new.value, keepingSession: keeping.bytes)
                }
            })
    }
}

extension Account {
    /// - Parameter user: whose role, if this version does not know it, gives no right at all.
    fileprivate init(_ user: UserAccount) {
        self.init(
            id: user.id, user: user.name, organisation: user.organisation, role: user.role,
            capabilities: Role.builtIn(named: user.role)?.capabilities ?? [],
            mustChangePassword: user.mustChangePassword)
    }
}
