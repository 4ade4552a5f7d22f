import AlertModel
import Foundation
import WebAuthn

/// A person who signs in.
package struct Account: Hashable, Sendable {
    package let id: Int64
    /// The name at sign-in, also shown on campaigns.
    package let user: String
    /// The one whose register, settings and campaigns the account works with.
    package let organisation: OrganisationID
    /// The name of the role the account was made with; what it may do is `capabilities`.
    package let role: String
    /// What it may do now: its role, its groups, and what is lent to it.
    package let capabilities: Set<Capability>
    /// True until the one-time password has been replaced: nothing else is allowed meanwhile.
    package let mustChangePassword: Bool
    /// Whether a code or a security key is asked for at sign-in.
    package let hasSecondFactor: Bool
    /// Whether one of its second factors is a security key.
    package let hasKeys: Bool
    /// True while the organisation asks for a second factor and there is none: nothing but enrolling is allowed.
    package let mustEnrol: Bool

    package init(
        id: Int64, user: String, organisation: OrganisationID, role: String, capabilities: Set<Capability>,
        mustChangePassword: Bool, hasSecondFactor: Bool = false, hasKeys: Bool = false, mustEnrol: Bool = false
    ) {
        self.id = id
        self.user = user
        self.organisation = organisation
        self.role = role
        self.capabilities = capabilities
        self.mustChangePassword = mustChangePassword
        self.hasSecondFactor = hasSecondFactor
        self.hasKeys = hasKeys
        self.mustEnrol = mustEnrol
    }

    /// In whose name the account's requests act.
    package var acting: Operator {
        Operator(
            name: user, user: UserID(rawValue: id), organisation: organisation, capabilities: capabilities)
    }
}

/// SHA-256 of a session's token. The token itself exists only in the browser's cookie.
package struct SessionDigest: Hashable, Sendable {
    /// 32 bytes.
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}

/// A session as it is kept.
package struct SessionRecord: Hashable, Sendable {
    package let digest: SessionDigest
    package let accountID: Int64
    package let openedAt: Date
    /// Absolute: using the session does not prolong it.
    package let expiresAt: Date
    package let kind: SessionKind
    /// The duty station it was opened on.
    package let station: StationID?
    /// When whoever sits there last showed PIN, password or code.
    package let provedAt: Date?

    package init(
        digest: SessionDigest, accountID: Int64, openedAt: Date, expiresAt: Date, kind: SessionKind = .desk,
        station: StationID? = nil, provedAt: Date? = nil
    ) {
        self.digest = digest
        self.accountID = accountID
        self.openedAt = openedAt
        self.expiresAt = expiresAt
        self.kind = kind
        self.station = station
        self.provedAt = provedAt
    }

    /// Whether a launch needs no further proof of who sits there.
    func isProved(at moment: Date) -> Bool {
        kind == .desk || isProvedLately(at: moment)
    }

    /// Whether whoever sits there showed who they are within minutes, signing in included; asked for managing people's rights, at
    /// a desk too.
    func isProvedLately(at moment: Date) -> Bool {
        provedAt.map { moment.timeIntervalSince($0) <= Double(SessionKind.proofSeconds) } ?? false
    }
}

/// A kept session together with its account as it is now.
package struct KnownSession: Hashable, Sendable {
    package let record: SessionRecord
    package let account: Account

    package init(record: SessionRecord, account: Account) {
        self.record = record
        self.account = account
    }
}

/// Accounts and sessions, as the console needs them. Every function may throw `ConsoleProblem`.
package struct Accounts: Sendable {
    /// The account of this name and password, or nil. An unknown name must cost as much as a wrong password.
    /// Hashing must run off the cooperative pool.
    package var authenticate: @Sendable (_ user: String, _ password: Redacted<String>) async throws -> Account?
    package var openSession: @Sendable (SessionRecord) async throws -> Void
    /// The session of this digest and its account as it is now; nil when unknown or when the account is closed.
    package var findSession: @Sendable (SessionDigest) async throws -> KnownSession?
    package var closeSession: @Sendable (SessionDigest) async throws -> Void
    /// Replaces the password, clears `mustChangePassword` and closes the account's sessions other than `keeping`,
    /// in one transaction. False when `current` is wrong.
    package var changePassword:
        @Sendable (
            _ account: Account, _ current: Redacted<String>, _ new: Redacted<String>, _ keeping: SessionDigest
        ) async throws -> Bool
    /// Whether a code is the account's second factor: an authenticator's, never twice, or a recovery code, once.
    package var checkCode: @Sendable (Account, Redacted<String>) async throws -> Bool = { _, _ in false }
    /// Whether a PIN is the account's; never once too many were wrong.
    package var checkPIN: @Sendable (Account, Redacted<String>) async throws -> Bool = { _, _ in false }
    /// Whose requests the account may not decide for now, and until when.
    package var hands: @Sendable (Account) async throws -> [SessionDocument.Hand] = { _ in [] }
    /// The identifiers of the account's security keys for this domain.
    package var keys: @Sendable (Account, RelyingParty) async throws -> [[UInt8]] = { _, _ in [] }
    /// Whether one of the account's security keys signed, and its count went on; the journal says why not.
    package var checkKey:
        @Sendable (_ account: Account, Assertion, Expectation, _ verifiedUser: Bool) async throws -> Bool = { _, _, _, _ in false }
    /// Notes that whoever sits at the session has just proved who they are.
    package var noteProof: @Sendable (SessionDigest) async throws -> Void = { _ in }
    /// The duty station of this token's digest, when it is of that organisation.
    package var findStation: @Sendable (SessionDigest, OrganisationID) async throws -> StationID? = { _, _ in nil }
    /// The account that a program's token stands for, with what both may do; nil when unknown, over or revoked.
    package var findToken: @Sendable (Redacted<String>) async throws -> Account? = { _ in nil }

    package init(
        authenticate: @escaping @Sendable (String, Redacted<String>) async throws -> Account?,
        openSession: @escaping @Sendable (SessionRecord) async throws -> Void,
        findSession: @escaping @Sendable (SessionDigest) async throws -> KnownSession?,
        closeSession: @escaping @Sendable (SessionDigest) async throws -> Void,
        changePassword: @escaping @Sendable (Account, Redacted<String>, Redacted<String>, SessionDigest) async throws
            -> Bool
    ) {
        self.authenticate = authenticate
        self.openSession = openSession
        self.findSession = findSession
        self.closeSession = closeSession
        self.changePassword = changePassword
    }
}
