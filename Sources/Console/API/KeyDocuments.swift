import Foundation
import WebAuthn

/// A security key in a list: nothing of it opens anything.
package struct KeyEntry: Codable, Hashable, Sendable {
    package let id: Int64
    /// Its owner's word for it.
    package let name: String
    /// The domain it signs for.
    package let domain: String
    package let addedAt: Date
    package let lastUsedAt: Date?

    package init(id: Int64, name: String, domain: String, addedAt: Date, lastUsedAt: Date?) {
        self.id = id
        self.name = name
        self.domain = domain
        self.addedAt = addedAt
        self.lastUsedAt = lastUsedAt
    }
}

/// What a security key is asked to sign: bytes in base64url.
package struct KeyRequest: Codable, Hashable, Sendable {
    package let challenge: String
    package let domain: String
    /// Identifiers of the keys that may; none of them when the account's were made for another domain.
    package let keys: [String]
    /// For how long an answer is taken.
    package let seconds: Int

    init(challenge: [UInt8], party: RelyingParty, keys: [[UInt8]]) {
        self.challenge = Base64URL.encode(challenge)
        domain = party.id
        self.keys = keys.map(Base64URL.encode)
        seconds = Int(KeyChallenges.lifeSeconds)
    }
}

/// `POST /api/account/keys/begin`: what a browser is asked to make.
struct KeyOffer: Codable {
    let request: KeyRequest
    /// Who the browser says the key is for: the account's own number, which names nobody.
    let handle: String
    let user: String
    /// COSE algorithms, the best first.
    let algorithms: [Int]
}
