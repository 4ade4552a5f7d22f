/// The pages that recipients reach by a link of their own.
package enum LinkPage: String, CaseIterable, Sendable {
    /// To say that a message was read.
    case acknowledge = "/recu"
    /// To refuse further information.
    case unsubscribe = "/desinscription"

    package func path(_ token: String) -> String { "\(rawValue)/\(token)" }
}
