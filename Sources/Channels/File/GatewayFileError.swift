/// Why the gateways' file was refused. Safe to show: it names members, never their values.
package struct GatewayFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where in the document, such as `gateways[1].settings.port`; empty for the root.
    package let path: String
    /// What happened and what to do.
    package let reason: String

    package init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    package var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}
