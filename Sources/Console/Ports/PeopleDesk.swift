import AlertModel
import Foundation
import WebAuthn

/// What an administrator may do to people and rights, one thing at a time.
package enum PeopleAction: Sendable {
    case createPerson(name: String, role: String)
    case closePerson(UserID)
    case resetPassword(UserID)
    case resetFactors(UserID)
    case removeKey(SecurityKeyID)
    case endSession(handle: Int64)
    case saveRole(Role)
    case removeRole(name: String)
    case createGroup(name: String)
    case removeGroup(GroupID)
    case give(to: Grant.Beneficiary, Grant.Gift, from: Date, until: Date?)
    case confirm(GrantID)
    case refuse(GrantID)
    case withdraw(GrantID)
    case declareStation(name: String, SessionDigest)
    case revokeStation(StationID)
    case requireSecondFactor(Bool)
}

/// What became of it; only what applies is written.
package struct PeopleOutcome: Codable, Hashable, Sendable {
    package var id: Int64?
    /// A one-time password, shown once.
    package var password: String?
    /// Of a grant: `active`, or `pending` until a second administrator confirms it.
    package var state: String?

    package init(id: Int64? = nil, password: String? = nil, state: String? = nil) {
        self.id = id
        self.password = password
        self.state = state
    }
}

/// People and rights of the asking account's organisation. Every function may throw `ConsoleProblem`.
package struct PeopleDesk: Sendable {
    package var read: @Sendable (Account) async throws -> PeopleDocument
    /// Some of it hashes passwords: off the cooperative pool.
    package var act: @Sendable (Account, PeopleAction) async throws -> PeopleOutcome

    package init(
        read: @escaping @Sendable (Account) async throws -> PeopleDocument,
        act: @escaping @Sendable (Account, PeopleAction) async throws -> PeopleOutcome
    ) {
        self.read = read
        self.act = act
    }
}

/// What people do about their own account, once their password was right.
package enum AccountAction: Sendable {
    case beginCodes
    case confirmCodes(Redacted<String>)
    case removeFactors
    case renewRecovery
    case addKey(name: String, Registration, Expectation)
    case removeKey(SecurityKeyID)
    /// Nil takes it away.
    case setPIN(Redacted<String>?)
    /// The one of exercises. Nil takes it away.
    case setExercisePassword(Redacted<String>?)
    case endSession(handle: Int64)
    case createToken(name: String, capabilities: Set<Capability>, days: Int, mode: CampaignMode)
    case revokeToken(TokenID)
}

/// What became of it; only what applies is written, and secrets once only.
package struct AccountOutcome: Hashable, Sendable {
    package var secret: [UInt8]?
    package var issuer: String?
    package var recovery: [String]?
    package var token: String?
    package var id: Int64?

    package init(
        secret: [UInt8]? = nil, issuer: String? = nil, recovery: [String]? = nil, token: String? = nil, id: Int64? = nil
    ) {
        self.secret = secret
        self.issuer = issuer
        self.recovery = recovery
        self.token = token
        self.id = id
    }
}

/// One's own account. Every function may throw `ConsoleProblem`.
package struct AccountDesk: Sendable {
    package var read: @Sendable (Account, SessionDigest) async throws -> AccountDocument
    package var act: @Sendable (Account, AccountAction) async throws -> AccountOutcome

    package init(
        read: @escaping @Sendable (Account, SessionDigest) async throws -> AccountDocument,
        act: @escaping @Sendable (Account, AccountAction) async throws -> AccountOutcome
    ) {
        self.read = read
        self.act = act
    }
}
