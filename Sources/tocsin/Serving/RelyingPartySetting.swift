import AlertModel
import ArgumentParser
import WebAuthn

/// Which domain security keys sign for: what the environment says, or among the names the console is reached by the one that
/// has keys, or the first.
struct RelyingPartySetting {
    static let variable = "TOCSIN_RP_ID"

    let environment: [String: String]
    /// Names that the console answers to besides the loopback ones.
    let names: [String]
    /// Whether browsers reach it by https.
    let isSecure: Bool
    /// Accounts that have keys, by the domain of the keys.
    let holders: [String: Set<UserID>]

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
        guard let party = RelyingParty.chosen(among: names, holders: holders.mapValues(\.count)) else {
            refuse("the console is reached by addresses only, and browsers sign for domain names: give one with --host-name")
            return nil
        }
        return secured(party, refuse: refuse)
    }

    /// What to tell of accounts whose keys open nothing here; nil when there are none.
    func shutOut(by party: RelyingParty?) -> String? {
        let served = party.flatMap { holders[$0.id] } ?? []
        let others = holders.filter { $0.key != party?.id }.mapValues { $0.subtracting(served) }.filter { !$0.value.isEmpty }
        guard let domain = others.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) })?.key else { return nil }
        let count = others.values.reduce(into: Set<UserID>()) { $0.formUnion($1) }.count
        let domains = others.keys.sorted().joined(separator: ", ")
        let accounts = count == 1 ? "1 account" : "\(count) accounts"
        let now = party.map { "the console's keys are for \($0.id)" } ?? "the console takes no keys as it is started"
        let means = domain == "localhost" ? "" : ", reached by that name (--host-name) over https"
        return "the security keys of \(accounts) open nothing: they were made for \(domains), and \(now); "
            + "start the server with \(Self.variable)=\(domain)\(means)"
    }

    private func secured(_ party: RelyingParty, refuse: (String) throws -> Void) rethrows -> RelyingParty? {
        if isSecure || party.id == "localhost" { return party }
        try refuse("browsers use security keys on https pages only: give the server a certificate, or put a TLS proxy in front")
        return nil
    }
}
