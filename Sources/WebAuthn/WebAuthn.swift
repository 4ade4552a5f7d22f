import CFido2

/// Bounds on what a browser hands over: each well above what real keys write.
package enum KeyLimits {
    /// A challenge, an origin and a few words.
    package static let clientData = 4_096
    /// WebAuthn, section 4: a credential's identifier has at most 1,023 bytes.
    package static let identifier = 1_023
    /// A credential with an RSA key and a statement of its own has some 1,500 bytes.
    package static let attestation = 16_384
    /// 37 bytes and extensions, of which none is asked for.
    package static let authenticatorData = 4_096
    /// RSA of 2,048 bits signs 256 bytes.
    package static let signature = 1_024
    /// WebAuthn, section 13.4.3: at least 16 random bytes.
    package static let challenge = 32
}

/// What was asked of a browser.
package struct Expectation: Sendable {
    package let party: RelyingParty
    /// The page's, such as `https://alerte.example`.
    package let origin: String
    package let challenge: [UInt8]

    package init(party: RelyingParty, origin: String, challenge: [UInt8]) {
        self.party = party
        self.origin = origin
        self.challenge = challenge
    }
}

/// What a browser answers when it has made a credential.
package struct Registration: Sendable {
    package let clientData: [UInt8]
    package let attestation: [UInt8]

    package init(clientData: [UInt8], attestation: [UInt8]) {
        self.clientData = clientData
        self.attestation = attestation
    }
}

/// What a browser answers when a key has signed.
package struct Assertion: Sendable {
    /// Of the credential that signed.
    package let identifier: [UInt8]
    package let clientData: [UInt8]
    package let authenticatorData: [UInt8]
    package let signature: [UInt8]

    package init(identifier: [UInt8], clientData: [UInt8], authenticatorData: [UInt8], signature: [UInt8]) {
        self.identifier = identifier
        self.clientData = clientData
        self.authenticatorData = authenticatorData
        self.signature = signature
    }
}

/// A credential's public half, as it is kept: nothing of it is secret.
package struct PublicCredential: Sendable, Hashable {
    package let identifier: [UInt8]
    /// COSE: -7 ES256, -8 EdDSA, -257 RS256.
    package let algorithm: Int
    /// In libfido2's form.
    package let publicKey: [UInt8]
    /// The key's own count of its signatures; always 0 for keys that do not count.
    package let counter: UInt32

    package init(identifier: [UInt8], algorithm: Int, publicKey: [UInt8], counter: UInt32) {
        self.identifier = identifier
        self.algorithm = algorithm
        self.publicKey = publicKey
        self.counter = counter
    }
}

/// Why a key's answer is not taken. Tells the journal, and nobody at the sign-in page.
package enum WebAuthnError: Error, Hashable, CustomStringConvertible {
    case malformed
    case wrongCeremony
    case wrongChallenge
    case wrongOrigin
    case foreignAttestation
    case unsupportedKey
    /// Another relying party, somebody who was not verified, or a wrong signature.
    case refused
    case outOfMemory

    package var description: String {
        switch self {
        case .malformed: "what the browser sent is no answer of a security key"
        case .wrongCeremony: "the browser's answer is to another question"
        case .wrongChallenge: "the answer is to another challenge"
        case .wrongOrigin: "the answer comes from another page"
        case .foreignAttestation: "the key names its maker, which was not asked for: choose “do not share” in the browser"
        case .unsupportedKey: "the key's algorithm is none of ES256, EdDSA and RS256 of 2048 bits"
        case .refused: "the key's answer is for another site, without its PIN or fingerprint, or not signed by it"
        case .outOfMemory: "libfido2 had no memory for the check"
        }
    }
}

/// The server's side of WebAuthn (level 2): what is offered, and what is checked.
package enum WebAuthn {
    /// COSE algorithms that are taken, the best first.
    package static let algorithms = [-8, -7, -257]

    /// Checks a registration.
    ///
    /// - Returns: the credential. Its user was verified by the key (PIN, fingerprint).
    /// - Throws: `WebAuthnError`.
    package static func register(
        _ registration: Registration, expecting expectation: Expectation
    ) throws(WebAuthnError) -> PublicCredential {
        try ClientData.check(registration.clientData, ceremony: .create, expecting: expectation)
        guard (1...KeyLimits.attestation).contains(registration.attestation.count) else { throw .malformed }
        var credential = cfido2_credential()
        try check(cfido2_register(
            expectation.party.id, registration.clientData, registration.clientData.count, registration.attestation,
            registration.attestation.count, &credential))
        return PublicCredential(
            identifier: withUnsafeBytes(of: credential.id) { Array($0.prefix(credential.id_length)) },
            algorithm: Int(credential.algorithm),
            publicKey: withUnsafeBytes(of: credential.key) { Array($0.prefix(credential.key_length)) },
            counter: credential.counter)
    }

    /// Checks that a credential signed; whether it may is the caller's to know, and its counter to compare.
    ///
    /// - Parameter verifiedUser: whether the key must have verified its user, by PIN or fingerprint, or only felt a touch.
    /// - Returns: the key's count of its signatures.
    /// - Throws: `WebAuthnError`.
    package static func verify(
        _ assertion: Assertion, of credential: PublicCredential, expecting expectation: Expectation, verifiedUser: Bool
    ) throws(WebAuthnError) -> UInt32 {
        guard assertion.identifier == credential.identifier else { throw .refused }
        try ClientData.check(assertion.clientData, ceremony: .get, expecting: expectation)
        guard (1...KeyLimits.authenticatorData).contains(assertion.authenticatorData.count),
            (1...KeyLimits.signature).contains(assertion.signature.count)
        else { throw .malformed }
        var counter: UInt32 = 0
        try check(cfido2_assert(
            expectation.party.id, Int32(credential.algorithm), credential.publicKey, credential.publicKey.count,
            assertion.clientData, assertion.clientData.count, assertion.authenticatorData,
            assertion.authenticatorData.count, assertion.signature, assertion.signature.count, verifiedUser ? 1 : 0,
            &counter))
        return counter
    }

    private static func check(_ result: cfido2_result) throws(WebAuthnError) {
        switch result {
        case CFIDO2_OK: return
        case CFIDO2_FOREIGN_ATTESTATION: throw .foreignAttestation
        case CFIDO2_UNSUPPORTED_KEY: throw .unsupportedKey
        case CFIDO2_REFUSED: throw .refused
        case CFIDO2_NO_MEMORY: throw .outOfMemory
        default: throw .malformed
        }
    }
}
