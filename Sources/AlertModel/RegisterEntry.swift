/// A recipient as the register holds it, with what an import does not give.
package struct RegisterEntry: Hashable, Sendable {
    /// Lists are the static ones. Vulnerability is nil unless it was asked for.
    package let recipient: Recipient
    package let organisation: String
    /// With what is known without a point: by commune, or not located.
    package let precision: Precision
    /// Name of the source that named the recipient last.
    package let source: String?

    package init(recipient: Recipient, organisation: String, precision: Precision, source: String?) {
        self.recipient = recipient
        self.organisation = organisation
        self.precision = precision
        self.source = source
    }
}
