import AlertModel
import Dispatching
import Mail

/// The e-mail gateway: an SMTP relay, for real alerts only.
package enum EmailGateway {
    package static let relayVariable = "TOCSIN_SMTP_URL"
    package static let senderVariable = "TOCSIN_MAIL_FROM"

    /// The gateway the environment describes; nil when it names no relay.
    /// - Throws: `MailError` when the relay or the sender is not understood.
    package static func configured(environment: [String: String]) throws -> Gateway? {
        guard let url = environment[relayVariable], !url.isEmpty else { return nil }
        return gateway(relay: try SMTPRelay(url), sender: try MailSender(environment[senderVariable] ?? ""))
    }

    /// - Parameter relay: keeps one connection for each place of its window.
    package static func gateway(relay: SMTPRelay, sender: MailSender, name: String = "smtp") -> Gateway {
        gateway(GatewayTraits(name: name, channel: .email, window: relay.connections), relay: relay, sender: sender)
    }

    package static func gateway(_ traits: GatewayTraits, relay: SMTPRelay, sender: MailSender) -> Gateway {
        let pool = SMTPPool(relay: relay)
        return Gateway(
            traits, isSimulator: false, probe: { answer(to: await pool.probe()) }, close: { await pool.close() }
        ) { submission in
            // The dispatcher has checked it; what reaches people checks again.
            guard submission.mode == .real else { return .failed(.withheld, detail: "wrong_mode") }
            guard submission.channel == .email, let to = EmailAddress(submission.address.value) else {
                return .failed(.invalidAddress)
            }
            do {
                return result(of: try await pool.send(message(for: submission, from: sender, to: to)))
            } catch {
                // Only the message itself is refused here, whoever it goes to.
                return .failed(.refused, detail: (error as? MailError)?.code.rawValue)
            }
        }
    }

    static func message(for submission: Submission, from sender: MailSender, to: EmailAddress) -> MailMessage {
        // The audience's hash tells apart two databases that count their campaigns alike.
        let id = "\(submission.campaign).\(submission.leg).\(submission.attempt)."
            + submission.audience.hexadecimal.prefix(16)
        return MailMessage(
            from: sender, to: to, subject: submission.message.subject, text: submission.message.text,
            dateMilliseconds: submission.claimedAt.millisecondsSince1970,
            messageID: "\(id)@\(sender.address.domain)",
            headers: [
                ("Importance", "high"), ("X-Tocsin-Campaign", "\(submission.campaign)"),
                ("X-Tocsin-Mode", submission.mode.rawValue),
            ])
    }

    /// What a relay's answer means for a leg.
    static func result(of outcome: MailOutcome) -> SubmissionResult {
        switch outcome {
        case .accepted(let reply):
            return SubmissionResult(.known(.accepted), detail: "smtp \(reply)")
        case .inDoubt(let reason):
            return SubmissionResult(.inDoubt, detail: "smtp: \(reason)")
        case .unreachable(let reason):
            return .failed(.network, detail: "smtp: \(reason)")
        case .rejected(let stage, let reply, let enhanced):
            return .failed(
                cause(stage, reply, enhanced),
                detail: "smtp \(stage.rawValue) \(reply)" + (enhanced.map { " \($0)" } ?? ""),
                // A relay that greylists or has a full mailbox is there.
                isGatewayFailure: stage == .connect)
        }
    }

    private static func answer(to outcome: MailOutcome) -> ProbeAnswer {
        switch outcome {
        case .accepted: .up
        case .unreachable(let reason), .inDoubt(let reason): .down("smtp: \(reason)")
        case .rejected(_, let reply, let enhanced): .down("smtp \(reply)" + (enhanced.map { " \($0)" } ?? ""))
        }
    }

    private static func cause(_ stage: MailOutcome.Stage, _ reply: Int, _ enhanced: String?) -> FailureCause {
        // "Service not available": the relay sheds load. Other passing troubles (grey-listing, a full mailbox)
        // count as attempts, so that a campaign ends.
        if reply == 421 { return .throttled }
        if reply < 500 { return .network }
        // A greeting, TLS or password refused is our set-up's fault, not the recipient's: tried again.
        if stage == .connect { return .network }
        if stage == .recipient, [550, 551, 553].contains(reply), enhanced?.hasPrefix("5.7.") != true {
            return .invalidAddress
        }
        return .refused
    }
}
