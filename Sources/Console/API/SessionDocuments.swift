import AlertModel

/// `GET` and `POST /api/session`.
package struct SessionDocument: Codable, Hashable, Sendable {
    package let user: String
    /// The name of the role the account was made with.
    package let role: String
    /// What the account may do now, in the order of `Capability`.
    package let capabilities: [Capability]
    package let mustChangePassword: Bool
    /// Whether a second factor must be enrolled before anything else.
    package let mustEnrol: Bool
    package let kind: SessionKind
    /// To be sent back in `X-Tocsin-CSRF` with every request that changes something.
    package let csrf: String

    package init(
        user: String, role: String, capabilities: [Capability], mustChangePassword: Bool, csrf: String,
        mustEnrol: Bool = false, kind: SessionKind = .desk
    ) {
        self.user = user
        self.role = role
        self.capabilities = capabilities
        self.mustChangePassword = mustChangePassword
        self.csrf = csrf
        self.mustEnrol = mustEnrol
        self.kind = kind
    }
}
