import AlertModel
import Foundation
import HTTPTypes
import HummingbirdCore
import WebAuthn

/// Asks browsers for security keys, and reads what they answer.
struct KeyDoor: Sendable {
    /// Nil where no name of the console's could be signed for.
    let party: RelyingParty?
    let scheme: String
    let now: @Sendable () -> Date
    let challenges: KeyChallenges

    init(configuration: ConsoleConfiguration, challenges: KeyChallenges) {
        party = configuration.relyingParty
        scheme = configuration.isSecure ? "https" : "http"
        now = configuration.now
        self.challenges = challenges
    }

    /// Who keys sign for on the page that asks, and that page's origin; nil when it is of another name.
    func place(of call: Call) -> (party: RelyingParty, origin: String)? {
        // The host was held to the console's own names before.
        guard let party, let authority = call.request.head.authority?.lowercased(), !authority.hasPrefix("["),
            let host = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).first,
            party.covers(host: String(host))
        else { return nil }
        return (party, "\(scheme)://\(authority)")
    }

    /// - Throws: `keys_elsewhere` where this page can ask for no key.
    func requirePlace(of call: Call) throws -> (party: RelyingParty, origin: String) {
        if let place = place(of: call) { return place }
        let due = party.map { "open the console at \(scheme)://\($0.id)" }
            ?? "the console has no domain name with TLS that keys could sign for (TOCSIN_RP_ID)"
        throw ConsoleProblem(.keysElsewhere, ProblemDetail(reason: "security keys cannot be used on this page: \(due)"))
    }

    /// What a browser is asked for, of an account's keys; nil when this page can't ask, or the account has none for its name.
    func request(_ purpose: KeyChallenges.Purpose, of account: Account, accounts: Accounts, call: Call) async throws
        -> KeyRequest?
    {
        guard account.hasKeys, let place = place(of: call) else { return nil }
        let keys = try await accounts.keys(account, place.party)
        guard !keys.isEmpty else { return nil }
        return KeyRequest(challenge: challenges.make(purpose, at: now()), party: place.party, keys: keys)
    }

    /// Reads a key's signature, and spends the challenge it is for.
    ///
    /// - Returns: nil when the challenge is none of that purpose's.
    func assertion(_ body: BodyObject, for purpose: KeyChallenges.Purpose, call: Call) throws -> (Assertion, Expectation)? {
        try body.allow(["challenge", "id", "clientData", "authenticatorData", "signature"])
        let place = try requirePlace(of: call)
        let challenge = try body.bytes("challenge", atMost: KeyLimits.challenge)
        let assertion = Assertion(
            identifier: try body.bytes("id", atMost: KeyLimits.identifier),
            clientData: try body.bytes("clientData", atMost: KeyLimits.clientData),
            authenticatorData: try body.bytes("authenticatorData", atMost: KeyLimits.authenticatorData),
            signature: try body.bytes("signature", atMost: KeyLimits.signature))
        guard challenges.take(challenge, for: purpose, at: now()) else { return nil }
        return (assertion, Expectation(party: place.party, origin: place.origin, challenge: challenge))
    }

    /// Reads a new key, and spends the challenge it was made for.
    ///
    /// - Throws: `wrong_proof` when the challenge is none of this session's.
    func registration(_ body: BodyObject, session: SessionDigest, call: Call) throws -> (Registration, Expectation) {
        let place = try requirePlace(of: call)
        let challenge = try body.bytes("challenge", atMost: KeyLimits.challenge)
        let registration = Registration(
            clientData: try body.bytes("clientData", atMost: KeyLimits.clientData),
            attestation: try body.bytes("attestation", atMost: KeyLimits.attestation))
        guard challenges.take(challenge, for: .registration(session), at: now()) else { throw ConsoleProblem(.wrongProof) }
        return (registration, Expectation(party: place.party, origin: place.origin, challenge: challenge))
    }
}

extension BodyObject {
    /// Bytes in base64url.
    fileprivate func bytes(_ key: String, atMost limit: Int) throws -> [UInt8] {
        let text = try text(key, maximumLength: limit * 4 / 3 + 4)
        guard let bytes = Base64URL.decode(text), (1...limit).contains(bytes.count) else {
            throw fault(key, "base64url of 1 to \(limit) bytes is due", limit: limit)
        }
        return bytes
    }
}
