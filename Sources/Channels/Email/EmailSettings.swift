import AlertModel
import Mail

/// How the e-mail gateway writes its messages, and where to.
package struct EmailSettings: Sendable {
    package static let relayVariable = "TOCSIN_SMTP_URL"
    package static let senderVariable = "TOCSIN_MAIL_FROM"
    package static let returnVariable = "TOCSIN_MAIL_RETURN"
    /// `selector@domain:key file`.
    package static let signatureVariable = "TOCSIN_DKIM"

    package let relay: SMTPRelay
    package let sender: MailSender
    /// Where what cannot be delivered comes back; without it, to the sender.
    package let returnAddress: ReturnAddress?
    package let signer: DKIMSigner?

    package init(
        relay: SMTPRelay, sender: MailSender, returnAddress: ReturnAddress? = nil, signer: DKIMSigner? = nil
    ) {
        self.relay = relay
        self.sender = sender
        self.returnAddress = returnAddress
        self.signer = signer
    }

    /// What the environment says; nil when it names no relay.
    /// - Throws: `MailError` when a variable is not understood, or the key cannot be used.
    package init?(environment: [String: String]) throws {
        func given(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let url = given(Self.relayVariable) else { return nil }
        relay = try SMTPRelay(url)
        sender = try MailSender(environment[Self.senderVariable] ?? "")
        returnAddress = try given(Self.returnVariable).map { try ReturnAddress($0) }
        signer = try given(Self.signatureVariable).map { try Self.signer($0) }
    }

    private static func signer(_ text: String) throws(MailError) -> DKIMSigner {
        let sides = text.split(separator: ":", maxSplits: 1).map(String.init)
        let names = (sides.first ?? "").split(separator: "@").map(String.init)
        guard sides.count == 2, names.count == 2 else {
            throw MailError(
                .signature, "\(signatureVariable) is not of the form selector@domain:FILE, with the file of the private key")
        }
        return try DKIMSigner(domain: names[1], selector: names[0], key: DKIMKey(path: sides[1]))
    }
}
