import Foundation

/// Who a security key signs for: a domain name (WebAuthn's RP ID), and pages of it or below it.
///
/// A key made for one name signs for no other, so the name is not to change: keys of a former name are as if they were not there.
package struct RelyingParty: Sendable, Hashable {
    /// In lower case, such as `alerte.example`, or `localhost`.
    package let id: String

    /// - Returns: nil for what browsers take for no RP ID: an address of figures, a name with a port, a name that is none.
    package init?(id: String) {
        let name = id.lowercased()
        guard name.utf8.count <= Self.longestName else { return nil }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.allSatisfy(Self.isLabel), let last = labels.last, last.utf8.contains(where: { !(48...57).contains($0) }),
            labels.count > 1 || name == "localhost"
        else { return nil }
        self.id = name
    }

    /// Whether a page of this host may ask for a key: the name itself, or a name below it.
    ///
    /// - Parameter host: in any case, without port.
    package func covers(host: String) -> Bool {
        let host = host.lowercased()
        return host == id || (id != "localhost" && host.hasSuffix("." + id))
    }

    /// Who keys sign for where nobody said it: whoever the most accounts have keys of, among those that the names' pages may
    /// ask for; else the first name that is a domain. So that names told in another order shut nobody out.
    ///
    /// - Parameters:
    ///   - names: that the console is reached by.
    ///   - holders: accounts that have keys, by the domain of the keys.
    /// - Returns: nil when none of the names is a domain.
    package static func chosen(among names: [String], holders: [String: Int]) -> RelyingParty? {
        let parties = names.compactMap { RelyingParty(id: $0) }
        var best: (party: RelyingParty, holders: Int)?
        let known = holders.keys.sorted().compactMap { RelyingParty(id: $0) }
        for party in parties + known where parties.contains(where: { party.covers(host: $0.id) }) {
            let count = holders[party.id] ?? 0
            if count > best?.holders ?? -1 { best = (party, count) }
        }
        return best?.party
    }

    /// A domain name's bound (RFC 1035, section 2.3.4).
    private static let longestName = 253

    private static func isLabel(_ label: Substring) -> Bool {
        let bytes = Array(label.utf8)
        guard (1...63).contains(bytes.count), bytes.first != 45, bytes.last != 45 else { return false }
        return bytes.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 45 }
    }
}
