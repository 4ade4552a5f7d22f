import AlertModel
import Console
import Store
import WebAuthn

extension AlertDatabase {
    /// Whether one of an account's keys signed, and its count went on. The journal says why not.
    func checkKey(
        of account: Account, _ assertion: Assertion, expecting expectation: Expectation, verifiedUser: Bool
    ) throws -> Bool {
        let reason: String
        let key = try securityKeys(of: UserID(rawValue: account.id)).first {
            $0.identifier == assertion.identifier && $0.domain == expectation.party.id
        }
        if let key {
            do {
                let credential = PublicCredential(
                    identifier: key.identifier, algorithm: key.algorithm, publicKey: key.publicKey, counter: key.counter)
                let counter = try WebAuthn.verify(
                    assertion, of: credential, expecting: expectation, verifiedUser: verifiedUser)
                if try noteUse(of: key, counter: counter) == .taken { return true }
                reason = "its count went back"
            } catch let error as WebAuthnError {
                reason = error.description
            }
        } else {
            reason = "no such key of this account"
        }
        try audit(actor: account.user, action: "factor.key.refused", subject: account.user, detail: ["reason": reason])
        return false
    }
}

extension KeyEntry {
    init(_ key: SecurityKey) {
        self.init(
            id: key.id.rawValue, name: key.name, domain: key.domain, addedAt: key.addedAt, lastUsedAt: key.lastUsedAt)
    }
}
