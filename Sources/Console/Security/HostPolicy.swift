import HTTPTypes

/// Which requests may come from where.
struct HostPolicy: Sendable {
    let names: Set<String>
    let scheme: String

    static let loopbackNames: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    init(hostNames: Set<String>, isSecure: Bool) {
        names = Self.loopbackNames.union(hostNames.map { $0.lowercased() })
        scheme = isSecure ? "https" : "http"
    }

    /// Whether the console answers to this `Host`, whatever its port. A page of another site that made its own name
    /// point at this address is refused here: its requests carry its own name.
    func accepts(authority: String?) -> Bool {
        guard let authority, let name = Self.name(of: authority.lowercased()) else { return false }
        return names.contains(name)
    }

    /// Whether a request that changes something comes from the console's own pages, by what the browser says of its
    /// origin. A request without either header does not come from a browser; the CSRF token judges it.
    func isOwnOrigin(_ fields: HTTPFields, authority: String?) -> Bool {
        if let site = fields[.secFetchSite], site != "same-origin", site != "none" { return false }
        guard let origin = fields[.origin] else { return true }
        guard let authority else { return false }
        return origin.lowercased() == "\(scheme)://\(authority.lowercased())"
    }

    private static func name(of authority: String) -> String? {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || isPort(rest) else { return nil }
            return String(authority[...end])
        }
        guard let colon = authority.firstIndex(of: ":") else { return authority }
        return isPort(authority[colon...]) ? String(authority[..<colon]) : nil
    }

    private static func isPort(_ text: Substring) -> Bool {
        let digits = text.dropFirst()
        return text.first == ":" && (1...5).contains(digits.count) && digits.allSatisfy { ("0"..."9").contains($0) }
    }
}

extension HTTPField.Name {
    static let secFetchSite = Self("Sec-Fetch-Site")!
    static let csrf = Self("X-Tocsin-CSRF")!
    static let requestID = Self("X-Request-ID")!
    static let forwardedFor = Self("X-Forwarded-For")!
}
