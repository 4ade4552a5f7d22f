import ArgumentParser
import WebAuthn

/// Which domain security keys sign for: what the environment says, or the first name the console is reached by.
struct RelyingPartySetting {
    static let variable = "TOCSIN_RP_ID"

    let environment: [String: String]
    /// Names that the console answers to besides the loopback ones.
    let names: [String]
    /// Whether browsers reach it by https.
    let isSecure: Bool

    /// - Parameter refuse: told why keys can't be used, where they can't.
    /// - Throws: when the variable is set and is no such domain: keys would be made for nobody, or for somebody else.
    func choose(refuse: (String) -> Void) throws -> RelyingParty? {
        if let given = environment[Self.variable], !given.isEmpty {
            guard let party = RelyingParty(id: given) else {
                throw ValidationError("\(Self.variable): security keys sign for a domain name such as alerte.example, not for “\(given)”")
            }
            let isReached = party.id == "localhost" || names.contains { party.covers(host: $0) }
            guard isReached else {
                throw ValidationError("\(Self.variable): the console is reached by no name of \(party.id): give it with --host-name")
            }
            return try secured(party) { throw ValidationError("\(Self.variable): \($0)") }
        }
        guard !names.isEmpty else { return RelyingParty(id: "localhost") }
        guard let party = names.lazy.compactMap({ RelyingParty(id: $0) }).first else {
            refuse("the console is reached by addresses only, and browsers sign for domain names: give one with --host-name")
            return nil
        }
        return secured(party, refuse: refuse)
    }

    private func secured(_ party: RelyingParty, refuse: (String) throws -> Void) rethrows -> RelyingParty? {
        if isSecure || party.id == "localhost" { return party }
        try refuse("browsers use security keys on https pages only: give the server a certificate, or put a TLS proxy in front")
        return nil
    }
}
