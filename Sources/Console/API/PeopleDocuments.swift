import AlertModel
import Foundation

/// `GET /api/people`.
package struct PeopleDocument: Codable, Hashable, Sendable {
    package struct PersonCard: Codable, Hashable, Sendable {
        package let id: Int64
        package let name: String
        package let isClosed: Bool
        package let mustChangePassword: Bool
        package let hasSecondFactor: Bool
        /// Security keys.
        package let keys: [KeyEntry]
        package let capabilities: [Capability]

        package init(
            id: Int64, name: String, isClosed: Bool, mustChangePassword: Bool, hasSecondFactor: Bool, keys: [KeyEntry],
            capabilities: [Capability]
        ) {
            self.id = id
            self.name = name
            self.isClosed = isClosed
            self.mustChangePassword = mustChangePassword
            self.hasSecondFactor = hasSecondFactor
            self.keys = keys
            self.capabilities = capabilities
        }
    }

    package struct RoleCard: Codable, Hashable, Sendable {
        package let name: String
        package let isBuiltIn: Bool
        package let capabilities: [Capability]

        package init(name: String, isBuiltIn: Bool, capabilities: [Capability]) {
            self.name = name
            self.isBuiltIn = isBuiltIn
            self.capabilities = capabilities
        }
    }

    package struct GroupCard: Codable, Hashable, Sendable {
        package let id: Int64
        package let name: String
        package let capabilities: [Capability]
        package let members: [String]

        package init(id: Int64, name: String, capabilities: [Capability], members: [String]) {
            self.id = id
            self.name = name
            self.capabilities = capabilities
            self.members = members
        }
    }

    package struct GrantCard: Codable, Hashable, Sendable {
        package let id: Int64
        /// `role`, `shift`, `rights` or `membership`.
        package let kind: String
        /// The account's or the group's name.
        package let beneficiary: String
        package let isGroup: Bool
        /// The role's, the lender's or the group's name.
        package let gift: String
        package let state: Grant.State
        package let isInForce: Bool
        package let from: Date
        package let until: Date?
        package let madeBy: String
        package let decidedBy: String?
        /// Whether who asks may confirm it; somebody else must if not.
        package let mayConfirm: Bool

        package init(
            id: Int64, kind: String, beneficiary: String, isGroup: Bool, gift: String, state: Grant.State, isInForce: Bool,
            from: Date, until: Date?, madeBy: String, decidedBy: String?, mayConfirm: Bool
        ) {
            self.id = id
            self.kind = kind
            self.beneficiary = beneficiary
            self.isGroup = isGroup
            self.gift = gift
            self.state = state
            self.isInForce = isInForce
            self.from = from
            self.until = until
            self.madeBy = madeBy
            self.decidedBy = decidedBy
            self.mayConfirm = mayConfirm
        }
    }

    package struct StationCard: Codable, Hashable, Sendable {
        package let id: Int64
        package let name: String
        package let declaredBy: String
        package let declaredAt: Date

        package init(id: Int64, name: String, declaredBy: String, declaredAt: Date) {
            self.id = id
            self.name = name
            self.declaredBy = declaredBy
            self.declaredAt = declaredAt
        }
    }

    package let people: [PersonCard]
    package let roles: [RoleCard]
    package let groups: [GroupCard]
    package let grants: [GrantCard]
    package let sessions: [SessionEntry]
    package let stations: [StationCard]
    package let isSecondFactorRequired: Bool

    package init(
        people: [PersonCard], roles: [RoleCard], groups: [GroupCard], grants: [GrantCard], sessions: [SessionEntry],
        stations: [StationCard], isSecondFactorRequired: Bool
    ) {
        self.people = people
        self.roles = roles
        self.groups = groups
        self.grants = grants
        self.sessions = sessions
        self.stations = stations
        self.isSecondFactorRequired = isSecondFactorRequired
    }
}

/// An open session in a list: nothing of it opens anything.
package struct SessionEntry: Codable, Hashable, Sendable {
    package let id: Int64
    package let user: String
    package let kind: SessionKind
    package let mode: CampaignMode
    package let station: String?
    package let openedAt: Date
    package let expiresAt: Date
    /// Whether it is the one that asks.
    package let isThis: Bool

    package init(
        id: Int64, user: String, kind: SessionKind, mode: CampaignMode = .real, station: String?, openedAt: Date, expiresAt: Date, isThis: Bool
    ) {
        self.id = id
        self.user = user
        self.kind = kind
        self.mode = mode
        self.station = station
        self.openedAt = openedAt
        self.expiresAt = expiresAt
        self.isThis = isThis
    }
}

/// `GET /api/account`.
package struct AccountDocument: Codable, Hashable, Sendable {
    package struct TokenEntry: Codable, Hashable, Sendable {
        package let id: Int64
        package let name: String
        package let capabilities: [Capability]
        package let mode: CampaignMode
        package let expiresAt: Date
        package let lastUsedAt: Date?

        package init(
            id: Int64, name: String, capabilities: [Capability], mode: CampaignMode = .real, expiresAt: Date, lastUsedAt: Date?
        ) {
            self.mode = mode
            self.id = id
            self.name = name
            self.capabilities = capabilities
            self.expiresAt = expiresAt
            self.lastUsedAt = lastUsedAt
        }
    }

    package let user: String
    package let organisation: String
    package let capabilities: [Capability]
    package let hasSecondFactor: Bool
    package let mustEnrol: Bool
    package let hasPIN: Bool
    package let isPINUsable: Bool
    /// Whether the account can sign in where exercises are held.
    package let hasExercisePassword: Bool
    package let recoveryCodesLeft: Int
    /// Security keys.
    package let keys: [KeyEntry]
    /// The domain whose pages may add and use keys; nil where there is none.
    package var keyDomain: String?
    /// Whether this page is one of them.
    package var mayUseKeys = false
    package let sessions: [SessionEntry]
    package let tokens: [TokenEntry]

    package init(
        user: String, organisation: String, capabilities: [Capability], hasSecondFactor: Bool, mustEnrol: Bool, hasPIN: Bool,
        isPINUsable: Bool, hasExercisePassword: Bool = false, recoveryCodesLeft: Int, keys: [KeyEntry], sessions: [SessionEntry],
        tokens: [TokenEntry]
    ) {
        self.user = user
        self.organisation = organisation
        self.capabilities = capabilities
        self.hasSecondFactor = hasSecondFactor
        self.mustEnrol = mustEnrol
        self.hasPIN = hasPIN
        self.isPINUsable = isPINUsable
        self.hasExercisePassword = hasExercisePassword
        self.recoveryCodesLeft = recoveryCodesLeft
        self.keys = keys
        self.sessions = sessions
        self.tokens = tokens
    }
}
