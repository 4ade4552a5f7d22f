import AlertModel
import Foundation

/// `GET` and `POST /api/session`.
package struct SessionDocument: Codable, Hashable, Sendable {
    /// Somebody who may have signed in as this account within the week, so that they are not two persons.
    package struct Hand: Codable, Hashable, Sendable {
        package let user: String
        package let until: Date

        package init(user: String, until: Date) {
            self.user = user
            self.until = until
        }
    }

    package let user: String
    /// The name of the role the account was made with.
    package let role: String
    /// What the account may do now, in the order of `Capability`.
    package let capabilities: [Capability]
    package let mustChangePassword: Bool
    /// Whether a second factor must be enrolled before anything else.
    package let mustEnrol: Bool
    package let kind: SessionKind
    /// Whose requests the account may not decide for now: they had a hand on its ways in.
    package var hands: [Hand] = []
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
