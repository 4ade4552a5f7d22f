import AlertModel
import Foundation

/// What an administrator says of an organisation.
package struct OrganisationDraft: Hashable, Sendable {
    /// Nil leaves it as it is.
    package let name: String?
    package let kind: OrganisationKind?
    package let code: String?
    /// The organisation it is below; nil leaves it where it is, or puts it below the account's own.
    package let parent: OrganisationID?

    package init(name: String?, kind: OrganisationKind?, code: String?, parent: OrganisationID?) {
        self.name = name
        self.kind = kind
        self.code = code
        self.parent = parent
    }
}

/// `GET /api/organisations`: the account's organisation, those below it, and whose registers are seen.
package struct OrganisationSheet: Encodable, Hashable, Sendable {
    package struct Line: Encodable, Hashable, Sendable {
        package let id: Int64
        package let name: String
        package let kind: OrganisationKind
        package let code: String?
        /// Levels below the account's own.
        package let depth: Int

        package init(id: Int64, name: String, kind: OrganisationKind, code: String?, depth: Int) {
            self.id = id
            self.name = name
            self.kind = kind
            self.code = code
            self.depth = depth
        }
    }

    package struct Delegation: Encodable, Hashable, Sendable {
        package let id: Int64
        package let owner: String
        package let to: String
        package let from: Date
        package let until: Date?
        /// Whether it was given, so that it may be withdrawn here.
        package let isGiven: Bool

        package init(id: Int64, owner: String, to: String, from: Date, until: Date?, isGiven: Bool) {
            self.id = id
            self.owner = owner
            self.to = to
            self.from = from
            self.until = until
            self.isGiven = isGiven
        }
    }

    /// The nearest first.
    package let above: [String]
    package let organisations: [Line]
    /// Those that hold, or are to come.
    package let delegations: [Delegation]

    package init(above: [String], organisations: [Line], delegations: [Delegation]) {
        self.above = above
        self.organisations = organisations
        self.delegations = delegations
    }
}

/// `/api/contact-card`: how the account's organisation is reached by those above it.
package struct ContactCardDocument: Encodable, Hashable, Sendable {
    package let name: String
    package let function: String
    package let numbers: [String]
    package let email: String?

    package init(name: String, function: String, numbers: [String], email: String?) {
        self.name = name
        self.function = function
        self.numbers = numbers
        self.email = email
    }
}

/// Organisations, as the console needs them. Every function may throw `ConsoleProblem`; what is not the account's to
/// manage is the same as what does not exist.
package struct OrganisationDesk: Sendable {
    package var sheet: @Sendable (Account) async throws -> OrganisationSheet
    package var create: @Sendable (Account, OrganisationDraft) async throws -> OrganisationID
    /// False when there is none of this number at or below the account's own.
    package var change: @Sendable (Account, OrganisationID, OrganisationDraft) async throws -> Bool
    /// Lets another organisation of the same tree, by its name, see the account's register.
    package var delegate: @Sendable (Account, _ to: String, _ until: Date?) async throws -> Void
    /// False when there is none of this number that the account's organisation gave.
    package var withdraw: @Sendable (Account, _ delegation: Int64) async throws -> Bool
    package var card: @Sendable (Account) async throws -> ContactCardDocument?
    /// Nil takes it away.
    package var saveCard: @Sendable (Account, ContactCardDocument?) async throws -> Void

    package init(
        sheet: @escaping @Sendable (Account) async throws -> OrganisationSheet,
        create: @escaping @Sendable (Account, OrganisationDraft) async throws -> OrganisationID,
        change: @escaping @Sendable (Account, OrganisationID, OrganisationDraft) async throws -> Bool,
        delegate: @escaping @Sendable (Account, String, Date?) async throws -> Void,
        withdraw: @escaping @Sendable (Account, Int64) async throws -> Bool,
        card: @escaping @Sendable (Account) async throws -> ContactCardDocument?,
        saveCard: @escaping @Sendable (Account, ContactCardDocument?) async throws -> Void
    ) {
        self.sheet = sheet
        self.create = create
        self.change = change
        self.delegate = delegate
        self.withdraw = withdraw
        self.card = card
        self.saveCard = saveCard
    }
}
