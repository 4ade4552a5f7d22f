import AlertModel
import Dispatching
import Logging
import SMPP
import Synchronization

/// What a gateway keeps between submissions: the numbers of long messages, the text encoded last.
final class SMPPDesk: Sendable {
    private struct State {
        var references = ConcatenationReferences()
        var encoded: (text: String, as: EncodedText)?
        var hasWarnedOfReader = false
    }

    /// The wait before a part is tried again after the SMSC asked to slow down, doubled up to the last.
    private static let throttleWaits: [Duration] = [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(15)]

    private let settings: SMPPSettings
    private let template: ShortMessage
    private let receipts: Mailbox<Receipt>
    private let inbound: Mailbox<InboundMessage>
    private let time: DispatcherTime
    private let logger: Logger
    private let state = Mutex(State())

    init(
        settings: SMPPSettings, receipts: Mailbox<Receipt>, inbound: Mailbox<InboundMessage>, time: DispatcherTime,
        logger: Logger
    ) {
        self.settings = settings
        self.receipts = receipts
        self.inbound = inbound
        self.time = time
        self.logger = logger
        var template = ShortMessage()
        template.source = settings.source
        template.registeredDelivery = settings.givesReceipts ? 1 : 0
        self.template = template
    }

    // MARK: Outwards

    func submit(_ submission: Submission, through client: SMPPClient) async -> SubmissionResult {
        // The dispatcher has checked it; what reaches people checks again.
        guard submission.mode == .real else { return .failed(.withheld, detail: "wrong_mode") }
        guard submission.channel == .sms, Self.isNumber(submission.address.value) else { return .failed(.invalidAddress) }
        guard !submission.message.text.isEmpty else { return .failed(.refused, detail: "empty text") }
        let now = time.now()
        if let late = SubmissionResult.tooLate(submission, now: now) { return late }
        let parts = messages(of: submission, now: now)
        return parts.count == 1
            ? result(of: await begin(parts[0], submission, client), submission, now)
            : await submit(parts, submission, through: client)
    }

    /// Gives the SMSC a message, or the first part of one. Information that waits for a place in the window when quiet
    /// hours begin is not sent; the later parts of what has begun are, for a torn message helps nobody.
    private func begin(_ message: ShortMessage, _ submission: Submission, _ client: SMPPClient) async -> SubmitAnswer {
        guard submission.quietAt != .never else { return await client.submit(message) }
        return await client.submit(message) { [time] in time.now() < submission.quietAt }
    }

    /// A part is never left out for a passing reason: what the phone shows would be torn.
    private func submit(
        _ parts: [ShortMessage], _ submission: Submission, through client: SMPPClient
    ) async -> SubmissionResult {
        // The first part alone tells whether the SMSC takes the number; refused or throttled, nothing has left.
        let first = await begin(parts[0], submission, client)
        guard case .accepted = first else {
            return result(of: first, submission, time.now())
        }
        let rest = await withTaskGroup(of: (Int, SubmitAnswer).self) { group in
            for (index, part) in parts.enumerated().dropFirst() {
                group.addTask { (index, await self.insist(part, until: submission.expiresAt, through: client)) }
            }
            return await group.reduce(into: [Int: SubmitAnswer]()) { $0[$1.0] = $1.1 }
        }
        let answers = [first] + rest.sorted { $0.key < $1.key }.map(\.value)
        guard let which = answers.firstIndex(where: { !$0.isAccepted }) else {
            let references = answers.compactMap { reference(of: $0) }
            return result(of: first, parts: references.count == parts.count ? references : [], submission, time.now())
        }
        let detail = "part \(which + 1) of \(parts.count)"
        if case .refused(let status) = answers[which], StatusCauses.cause(of: status) != .throttled {
            return SubmissionResult(
                .known(.failed(StatusCauses.cause(of: status))), detail: "smpp \(status), \(detail)",
                isGatewayFailure: false, isPartial: true)
        }
        // The person may have got some parts; another try is a duplicate of those.
        return SubmissionResult(.inDoubt, detail: "smpp: incomplete, \(detail)")
    }

    private func insist(_ part: ShortMessage, until expiry: UTCTime, through client: SMPPClient) async -> SubmitAnswer {
        var answer = await client.submit(part)
        for wait in Self.throttleWaits {
            guard case .refused(let status) = answer, StatusCauses.cause(of: status) == .throttled,
                time.now().advanced(by: wait) < expiry
            else { return answer }
            await time.sleep(wait)
            answer = await client.submit(part)
        }
        return answer
    }

    private func messages(of submission: Submission, now: UTCTime) -> [ShortMessage] {
        var message = template
        message.destination = .international(submission.address.value)
        message.validity = ValidityPeriod.text(from: now, until: submission.expiresAt)
        return state.withLock { state in
            let encoded: EncodedText
            if let last = state.encoded, last.text == submission.message.text {
                encoded = last.as
            } else {
                encoded = EncodedText(submission.message.text, isFlash: settings.isFlash, long: settings.long)
                state.encoded = (submission.message.text, encoded)
            }
            let reference = encoded.isLong ? state.references.next(for: submission.address.value) : 0
            return encoded.messages(message, reference: reference)
        }
    }

    private func result(
        of answer: SubmitAnswer, parts: [String] = [], _ submission: Submission, _ now: UTCTime
    ) -> SubmissionResult {
        switch answer {
        case .accepted:
            let reference = reference(of: answer)
            let wait = Duration.milliseconds(max(0, submission.expiresAt.milliseconds(since: now)))
            let within = settings.givesReceipts && reference != nil
                ? min(wait, ValidityPeriod.longest) + settings.receiptMargin : nil
            return SubmissionResult(
                .known(.accepted), reference: reference, parts: within == nil ? [] : parts, receiptWithin: within,
                detail: "smpp ESME_ROK")
        case .refused(let status): return .failed(StatusCauses.cause(of: status), detail: "smpp \(status)")
        case .inDoubt(let reason): return SubmissionResult(.inDoubt, detail: "smpp: \(reason)")
        case .unsent(let reason): return .failed(.network, detail: "smpp: \(reason)")
        case .withdrawn: return .quiet
        }
    }

    /// Nil for what was not accepted, and for an SMSC that gives no id.
    private func reference(of answer: SubmitAnswer) -> String? {
        guard case .accepted(let id) = answer, !id.isEmpty else { return nil }
        return settings.messageIDs.reference(ofResponse: id)
    }

    /// Five to fifteen digits, with a plus sign or without.
    static func isNumber(_ text: String) -> Bool {
        let digits = text.hasPrefix("+") ? text.dropFirst() : text[...]
        return (5...15).contains(digits.utf8.count) && digits.utf8.allSatisfy { (48...57).contains($0) }
    }

    // MARK: Inwards

    /// On the client's event loop: it must not wait.
    func take(_ incoming: Incoming, _ ticket: SMPPClient.Ticket) -> SMPPClient.Taking {
        switch incoming {
        case .receipt(let receipt):
            guard let outcome = StatusCauses.outcome(of: receipt) else { return .done }
            guard receipts.hasRoom else { return .refused }
            receipts.put([
                Receipt(
                    gateway: settings.client.name, reference: settings.messageIDs.reference(of: receipt), outcome: outcome,
                    receivedAt: time.now(), ticket: ticket)
            ])
            return .later
        case .text(let text): return take(text, ticket)
        }
    }

    private func take(_ text: InboundText, _ ticket: SMPPClient.Ticket) -> SMPPClient.Taking {
        guard inbound.hasRoom else {
            // Nobody reads: refusing would hold up the receipts behind it.
            guard !inbound.hasReader else { return .refused }
            let isFirst = state.withLock { state in
                defer { state.hasWarnedOfReader = true }
                return !state.hasWarnedOfReader
            }
            if isFirst { logger.error("messages from people are not read: those beyond the limit are lost") }
            return .done
        }
        let digits = text.source.value
        let sender =
            text.isInternational && !digits.hasPrefix("+")
            ? "+" + digits : digits.hasPrefix("00") ? "+" + digits.dropFirst(2) : digits
        inbound.put([
            InboundMessage(
                gateway: settings.client.name, sender: Redacted(sender), recipient: text.destination, text: text.text,
                part: text.part.map { InboundMessage.Part(reference: Int($0.reference), total: Int($0.total), number: Int($0.number)) },
                receivedAt: time.now(), ticket: ticket)
        ])
        return .later
    }
}

/// validity_period in its relative form (§7.1.1), which needs no agreement about the time of day.
enum ValidityPeriod {
    /// The form has days but SMSCs keep a message no longer than a few; a week is past any of them.
    static let longest = Duration.seconds(7 * 86_400)

    /// `YYMMDDhhmmss000R`. - Precondition: `end` lies after `now`.
    static func text(from now: UTCTime, until end: UTCTime) -> String {
        let seconds = min(max(1, end.milliseconds(since: now) / 1000), longest.components.seconds)
        let parts = [seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60]
        return "0000" + parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined() + "000R"
    }
}
