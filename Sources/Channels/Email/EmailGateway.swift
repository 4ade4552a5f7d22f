import AlertModel
import Dispatching
import Mail

/// The e-mail gateway: an SMTP relay, for real alerts only.
package enum EmailGateway {
    package static let relayVariable = EmailSettings.relayVariable
    package static let senderVariable = EmailSettings.senderVariable

    /// The gateway the environment describes; nil when it names no relay.
    /// - Throws: `MailError` when a variable is not understood.
    package static func configured(environment: [String: String], extras: EmailExtras? = nil) throws -> Gateway? {
        try EmailSettings(environment: environment).map { gateway($0, extras: extras) }
    }

    /// - Parameter relay: keeps one connection for each place of its window.
    package static func gateway(relay: SMTPRelay, sender: MailSender, name: String = "smtp") -> Gateway {
        gateway(EmailSettings(relay: relay, sender: sender), name: name)
    }

    package static func gateway(_ settings: EmailSettings, extras: EmailExtras? = nil, name: String = "smtp") -> Gateway {
        gateway(
            GatewayTraits(name: name, channel: .email, window: settings.relay.connections), settings, extras: extras)
    }

    /// - Parameter extras: nil for messages without links, return addresses and maps.
    package static func gateway(
        _ traits: GatewayTraits, _ settings: EmailSettings, extras: EmailExtras?, time: DispatcherTime = .system
    ) -> Gateway {
        let pool = SMTPPool(relay: settings.relay)
        let templates = EmailTemplates(settings: settings, extras: extras)
        return Gateway(
            traits, isSimulator: false, probe: { answer(to: await pool.probe()) }, close: { await pool.close() }
        ) { submission in
            // The dispatcher has checked it; what reaches people checks again.
            guard submission.mode == .real else { return .failed(.withheld, detail: "wrong_mode") }
            guard submission.channel == .email, let to = EmailAddress(submission.address.value) else {
                return .failed(.invalidAddress)
            }
            if let late = SubmissionResult.tooLate(submission, now: time.now()) { return late }
            do {
                let template = try await templates.template(for: submission)
                return result(of: try await pool.send(letter(submission, to: to, template, settings, extras, time)))
            } catch {
                // Only the message itself is refused here, whoever it goes to.
                return .failed(.refused, detail: (error as? MailError)?.code.rawValue)
            }
        }
    }

    private static func letter(
        _ submission: Submission, to: EmailAddress, _ template: @escaping @Sendable () throws(MailError) -> MailTemplate, _ settings: EmailSettings, _ extras: EmailExtras?,
        _ time: DispatcherTime
    ) -> MailLetter {
        let returnTo = extras.flatMap { settings.returnAddress?.address(of: submission.attempt, key: $0.key) }
        // A letter may wait for a free connection: information does not leave it in quiet hours.
        let isWanted: (@Sendable () -> Bool)? =
            submission.quietAt == .never ? nil : { @Sendable in time.now() < submission.quietAt }
        return MailLetter(returnTo: returnTo ?? settings.sender.address, to: to, isWanted: isWanted) { () throws(MailError) in
            // The audience's hash tells apart two databases that count their campaigns alike.
            let id = "\(submission.campaign).\(submission.leg).\(submission.attempt)."
                + submission.audience.hexadecimal.prefix(16)
            let template = try template()
            return try template.message(
                to: to, dateMilliseconds: submission.claimedAt.millisecondsSince1970,
                messageID: "\(id)@\(settings.sender.address.domain)",
                links: extras?.links(of: submission.leg, in: template) ?? .none)
        }
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
        case .withdrawn: return .quiet
        case .rejected(let stage, let reply, let enhanced):
            let status = enhanced.flatMap { EnhancedStatus($0) }
            return .failed(
                MailCauses.cause(stage, reply: reply, status),
                detail: "smtp \(stage.rawValue) \(codes(reply, status))",
                // A relay that greylists or has a full mailbox is there.
                isGatewayFailure: stage == .connect)
        }
    }

    private static func answer(to outcome: MailOutcome) -> ProbeAnswer {
        switch outcome {
        case .accepted: .up
        case .unreachable(let reason), .inDoubt(let reason): .down("smtp: \(reason)")
        case .withdrawn: .down("smtp: the relay was not asked")
        case .rejected(_, let reply, let enhanced): .down("smtp \(codes(reply, enhanced.flatMap { EnhancedStatus($0) }))")
        }
    }

    /// "550 5.1.1". What merely looks like an enhanced status code may be digits of a number, and is not passed on.
    private static func codes(_ reply: Int, _ status: EnhancedStatus?) -> String {
        "\(reply)" + (status.map { " \($0)" } ?? "")
    }
}
