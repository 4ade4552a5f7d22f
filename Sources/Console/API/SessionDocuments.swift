/// What an account may do.
package enum OperatorRole: String, CaseIterable, Codable, Hashable, Sendable {
    /// May alert, and manages the register and the accounts.
    case administrator
    /// May alert.
    case `operator`
    /// Sees everything, sends nothing.
    case observer

    package var mayAlert: Bool { self != .observer }
}

/// `GET` and `POST /api/session`.
package struct SessionDocument: Codable, Hashable, Sendable {
    package let user: String
    package let role: OperatorRole
    package let mustChangePassword: Bool
    /// To be sent back in `X-Tocsin-CSRF` with every request that changes something.
    package let csrf: String

    package init(user: String, role: OperatorRole, mustChangePassword: Bool, csrf: String) {
        self.user = user
        self.role = role
        self.mustChangePassword = mustChangePassword
        self.csrf = csrf
    }
}
