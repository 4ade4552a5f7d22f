import Foundation

/// Where recipients reach this installation: what the links of messages begin with.
struct PublicAddress: Sendable {
    static let variable = "TOCSIN_PUBLIC_URL"

    /// Without its last slash: `https://alerte.example`.
    let text: String
    let host: String

    /// - Returns: nil when the variable is not set: messages then have no links.
    /// - Throws: when it is set and is no web address.
    init?(environment: [String: String]) throws {
        guard let given = environment[Self.variable], !given.isEmpty else { return nil }
        let bare = given.hasSuffix("/") ? String(given.dropLast()) : given
        let safe = bare.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-._~:/[]".utf8.contains(byte)
        }
        guard safe, bare.utf8.count <= 200, let parts = URLComponents(string: bare), ["http", "https"].contains(parts.scheme),
            let host = parts.host, !host.isEmpty
        else { throw PublicAddressError() }
        text = bare
        self.host = host
    }
}

/// TOCSIN_PUBLIC_URL cannot be read.
struct PublicAddressError: Error, CustomStringConvertible {
    var description: String {
        "\(PublicAddress.variable) is not a web address such as https://alerte.example: recipients' links begin with it"
    }
}
