import AlertModel
import Dispatching
import Logging
import Store

/// One message through one gateway, to whoever tries it: of no campaign, and so many an hour.
struct GatewayTrial {
    static let text = "Essai de la passerelle d’alerte. Aucune action n’est attendue de vous."
    private static let subject = "Essai d’alerte"
    private static let logger = Logger(label: "tocsin.gateway-trial")

    let store: AlertDatabase

    /// The journal keeps who tried which gateway and what it answered, not the address.
    ///
    /// - Parameter gateway: a real one; whoever made it closes it.
    /// - Throws: as `AlertDatabase.takeGatewayTest`. Nothing is sent then. What fails once the gateway answered is logged: the
    ///   message left, and whoever tried it is told so.
    func send(
        through gateway: Gateway, to address: Redacted<String>, text: String = Self.text, by actor: Operator
    ) async throws -> SubmissionResult {
        let store = store
        let name = gateway.name
        // Taken and written down before it leaves.
        try await Offload.run { try store.takeGatewayTest(of: name, by: actor, now: .now) }
        let result = await gateway.submit(
            .alone(to: address, by: gateway.channel, Message(subject: Self.subject, text: text), mode: .real, now: .now))
        do {
            try await Offload.run {
                try store.audit(
                    actor: actor.name, action: "gateway.tested", subject: name,
                    detail: ["answer": result.words, "detail": result.detail ?? ""])
            }
        } catch {
            Self.logger.error(
                "the answer to a gateway's test could not be written to the journal, which holds that the test was made",
                metadata: ["gateway": "\(name)", "answer": "\(result.words)", "error": "\(error)"])
        }
        return result
    }
}
