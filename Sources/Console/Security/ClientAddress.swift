import HTTPTypes
import NIOCore

/// Where a request comes from, for slowing sign-ins. Never logged.
enum ClientAddress {
    /// The address of a connection; of IPv6 only the network half, since one subscriber has the whole other half to
    /// choose from.
    static func text(of address: SocketAddress?) -> String {
        guard let address else { return "unknown" }
        guard let text = address.ipAddress else { return "local" }
        return network(text)
    }

    /// Behind a proxy: the last address of `X-Forwarded-For`, the only one the proxy itself wrote.
    static func text(of fields: HTTPFields, connection: SocketAddress?, isBehindProxy: Bool) -> String {
        guard isBehindProxy,
            let last = fields[values: .forwardedFor].last?.split(separator: ",").last.map({ $0.trimmingSpaces() }),
            !last.isEmpty, last.utf8.count <= 64
        else { return text(of: connection) }
        return network(last)
    }

    /// The first 64 bits of an IPv6 address, or the text as it is.
    static func network(_ text: String) -> String {
        guard text.contains(":"), !text.contains(".") else { return text }
        let address = text.prefix { $0 != "%" }.lowercased()
        let halves = address.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        var groups = halves[0].split(separator: ":").map(String.init)
        if halves.count == 2 {
            let tail = halves[1].split(separator: ":").map(String.init)
            groups += Array(repeating: "0", count: max(0, 8 - groups.count - tail.count)) + tail
        }
        return groups.prefix(4).joined(separator: ":") + "::/64"
    }
}

extension StringProtocol {
    func trimmingSpaces() -> String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
