import AlertModel
import Console
import Foundation
import Store
import WebAuthn

extension Accounts {
    /// Accounts and sessions of the real console, kept in the database.
    ///
    /// - Parameter keyFile: the path of the key that second factors are sealed with.
    init(store: AlertDatabase, keyFile: String) {
        self.init(store: store, mode: .real)
        checkCode = { account, code in
            try await Offload.run {
                let isRight = try store.checkCode(
                    code.value, of: UserID(rawValue: account.id), box: { try SecretBox(keyFile: keyFile) })
                if !isRight { try store.audit(actor: "console", action: "session.refused", subject: "second factor") }
                return isRight
            }
        }
        checkPIN = { account, pin in
            try await Offload.run {
                let isRight = try store.checkPIN(pin.value, of: UserID(rawValue: account.id))
                if !isRight { try store.audit(actor: account.user, action: "proof.refused", subject: "pin") }
                return isRight
            }
        }
        hands = { account in
            try await Offload.run { try store.hands(on: account.user).map { .init(user: $0.user, until: $0.until) } }
        }
        keys = { account, party in
            try await Offload.run {
                try store.securityKeys(of: UserID(rawValue: account.id)).filter { $0.domain == party.id }.map(\.identifier)
            }
        }
        checkKey = { account, assertion, expectation, verifiedUser in
            try await Offload.run {
                try store.checkKey(of: account, assertion, expecting: expectation, verifiedUser: verifiedUser)
            }
        }
        noteProof = { digest in try await Offload.run { try store.noteProof(tokenHash: digest.bytes) } }
        findStation = { digest, organisation in
            try await Offload.run {
                try store.station(tokenHash: digest.bytes).flatMap { $0.organisation == organisation ? $0.id : nil }
            }
        }
    }

    /// Those of the console of exercises: a password of its own, and neither codes, PIN nor duty stations, which are not to be
    /// used where people train.
    init(exercisesIn store: AlertDatabase) {
        self.init(store: store, mode: .exercise)
    }

    private init(store: AlertDatabase, mode: CampaignMode) {
        self.init(
            authenticate: { user, password in
                try await Offload.run {
                    try store.authenticate(user: user, password: password.value, mode: mode).map { Account($0) }
                }
            },
            openSession: { record in
                try await Offload.run {
                    try store.openSession(
                        tokenHash: record.digest.bytes, userID: record.accountID, openedAt: record.openedAt,
                        expiresAt: record.expiresAt, kind: record.kind, station: record.station, mode: mode)
                }
            },
            findSession: { digest in
                try await Offload.run {
                    try store.session(tokenHash: digest.bytes, mode: mode).map { session in
                        KnownSession(
                            record: SessionRecord(
                                digest: digest, accountID: session.user.id, openedAt: session.openedAt,
                                expiresAt: session.expiresAt, kind: session.kind, provedAt: session.provedAt),
                            account: Account(session.user))
                    }
                }
            },
            closeSession: { digest in try await Offload.run { try store.closeSession(tokenHash: digest.bytes, mode: mode) } },
            changePassword: { account, current, new, keeping in
                try await Offload.run {
                    try store.changePassword(
                        user: account.user, current: current.value, new: new.value, keepingSession: keeping.bytes)
                }
            })
        findToken = { token in
            try await Offload.run { try store.account(ofToken: token.value, mode: mode).map { Account($0) } }
        }
    }
}

extension Account {
    fileprivate init(_ user: UserAccount) {
        self.init(
            id: user.id, user: user.name, organisation: user.organisation, role: user.role,
            capabilities: user.capabilities,
            mustChangePassword: user.mustChangePassword, hasSecondFactor: user.hasSecondFactor, hasKeys: user.hasKeys,
            mustEnrol: user.mustEnrol)
    }
}
