import AlertModel

/// A message in its envelope.
package struct MailLetter: Sendable {
    /// Whom the relays tell that it could not be delivered (the SMTP envelope's sender, not the header's).
    package let returnTo: EmailAddress
    package let to: EmailAddress
    /// Writes the message. Called once, on a connection's own thread: encoding and signing take a while.
    package let write: @Sendable () throws(MailError) -> [UInt8]

    /// Asked just before, on the same thread; nil for always.
    package let isWanted: (@Sendable () -> Bool)?

    package init(
        returnTo: EmailAddress, to: EmailAddress, isWanted: (@Sendable () -> Bool)? = nil,
        write: @escaping @Sendable () throws(MailError) -> [UInt8]
    ) {
        self.returnTo = returnTo
        self.to = to
        self.isWanted = isWanted
        self.write = write
    }
}
