/// One SMPP session as a value: what is told to it comes back as actions. It has no socket and no clock; `now` is
/// in milliseconds of any clock that does not jump.
package struct SessionMachine: Sendable {
    /// The owner's own number for a submission.
    package typealias Token = UInt64

    package enum State: Hashable, Sendable { case idle, binding, bound, draining, unbinding, closed }

    package enum Action: Hashable, Sendable {
        case send(PDU)
        case bound(systemID: String)
        case answered(Token, SubmitAnswer)
        /// An answer to a submission that was given up as in doubt.
        case late(Token, SubmitAnswer)
        /// A deliver_sm or data_sm; the owner answers it with what `acknowledge` gives.
        case message(ShortMessage, sequence: UInt32, isData: Bool)
        case close(CloseReason)
    }

    private struct Pending: Sendable {
        let token: Token
        let sentAt: Int64
    }

    package private(set) var state = State.idle
    private let settings: SessionSettings
    private var sequence: UInt32 = 0
    private var pending: [UInt32: Pending] = [:]
    /// Given up as in doubt, in case an answer still comes; never more than four windows.
    private var overdue: [UInt32: Token] = [:]
    private var bindSequence: UInt32 = 0
    private var stateSince: Int64 = 0
    private var heardAt: Int64 = 0
    private var enquiredAt: Int64?
    private var throttlePause: Int64 = 0
    private var pausedUntil: Int64 = .min
    private var faults = 0

    package init(settings: SessionSettings) { self.settings = settings }

    package var pendingCount: Int { pending.count }
    package var canReceive: Bool { settings.kind.canReceive }

    /// How many submissions may be sent now.
    package func room(now: Int64) -> Int {
        guard state == .bound, settings.kind.canSubmit, now >= pausedUntil else { return 0 }
        return settings.window - pending.count
    }

    // MARK: What the owner does

    package mutating func connected(now: Int64) -> [Action] {
        guard state == .idle else { return [] }
        enter(.binding, now)
        heardAt = now
        bindSequence = nextSequence()
        return [.send(PDU(.bind(settings.kind, settings.bind), sequence: bindSequence))]
    }

    /// - Precondition: there is `room`.
    package mutating func submit(_ message: ShortMessage, token: Token, now: Int64) -> PDU {
        let sequence = nextSequence()
        pending[sequence] = Pending(token: token, sentAt: now)
        return PDU(.submit(message), sequence: sequence)
    }

    /// The answer to a `message` action.
    package func acknowledge(_ sequence: UInt32, isData: Bool, status: CommandStatus) -> PDU {
        PDU(isData ? .dataResponse(messageID: "", []) : .deliverResponse, sequence: sequence, status: status)
    }

    /// Ends the session once nothing is pending.
    package mutating func unbind(now: Int64) -> [Action] {
        switch state {
        case .bound:
            enter(.draining, now)
            return drained(now)
        case .idle, .binding:
            return close(.unbound)
        case .draining, .unbinding, .closed:
            return []
        }
    }

    /// The connection is gone.
    package mutating func disconnected(_ reason: String) -> [Action] {
        guard state != .closed else { return [] }
        return close(.connection(reason))
    }

    /// Call it some times a second.
    package mutating func tick(now: Int64) -> [Action] {
        switch state {
        case .idle, .closed: return []
        case .binding: return now - stateSince >= settings.bindTimeout ? close(.bindTimeout) : []
        case .unbinding: return now - stateSince >= settings.unbindTimeout ? close(.unbound) : []
        case .bound, .draining: return giveUpOverdue(now) + checkLink(now) + drained(now)
        }
    }

    // MARK: What the peer does

    package mutating func received(_ frame: PDUDecoder.Frame, now: Int64) -> [Action] {
        guard state != .closed, state != .idle else { return [] }
        heardAt = now
        enquiredAt = nil
        switch frame {
        case .pdu(let pdu): return received(pdu, now)
        case .broken(let header, let error): return receivedBroken(header, error)
        }
    }

    /// The stream can't be followed any more.
    package mutating func receivedGarbage(_ error: PDUError) -> [Action] {
        state == .closed ? [] : close(.badStream(error))
    }

    private mutating func received(_ pdu: PDU, _ now: Int64) -> [Action] {
        switch pdu.body {
        case .bindResponse(let kind, let systemID, _):
            guard state == .binding, pdu.sequence == bindSequence, kind == settings.kind else { return fault() }
            guard pdu.status == .ok else { return close(.bindRefused(pdu.status)) }
            enter(.bound, now)
            return [.bound(systemID: systemID)]
        case .submitResponse(let id, _):
            return answered(pdu.sequence, pdu.status == .ok ? .accepted(messageID: id) : .refused(pdu.status), now)
        case .genericNack:
            let status = pdu.status == .ok ? CommandStatus.invalidCommand : pdu.status
            if state == .binding, pdu.sequence == bindSequence { return close(.bindRefused(status)) }
            return answered(pdu.sequence, .refused(status), now)
        case .deliver(let message): return inbound(message, pdu.sequence, isData: false)
        case .data(let message): return inbound(message.asShortMessage, pdu.sequence, isData: true)
        case .enquireLink: return [.send(PDU(.enquireLinkResponse, sequence: pdu.sequence))]
        case .enquireLinkResponse, .alertNotification: return []
        case .unbind: return [.send(PDU(.unbindResponse, sequence: pdu.sequence))] + close(.peerUnbound)
        case .unbindResponse: return state == .unbinding ? close(.unbound) : fault()
        case .bind, .outbind, .submit, .submitMulti, .query, .cancel, .replace:
            return [.send(PDU(.genericNack, sequence: pdu.sequence, status: .invalidCommand))] + fault()
        case .submitMultiResponse, .deliverResponse, .dataResponse, .queryResponse, .cancelResponse, .replaceResponse:
            return fault()
        }
    }

    private mutating func inbound(_ message: ShortMessage, _ sequence: UInt32, isData: Bool) -> [Action] {
        guard state == .bound || state == .draining || state == .unbinding, settings.kind.canReceive else {
            return [.send(acknowledge(sequence, isData: isData, status: .wrongBindState))] + fault()
        }
        return [.message(message, sequence: sequence, isData: isData)]
    }

    private mutating func receivedBroken(_ header: PDUHeader, _ error: PDUError) -> [Action] {
        if header.isRequest {
            let answer =
                header.command == Command.deliverSM.rawValue
                ? acknowledge(header.sequence, isData: false, status: error.status)
                : PDU(.genericNack, sequence: header.sequence, status: error.status)
            return [.send(answer)] + fault()
        }
        // An answer that can't be read: the message may have been taken.
        if let entry = pending.removeValue(forKey: header.sequence) {
            return [.answered(entry.token, .inDoubt(reason: "unreadable answer"))] + fault()
        }
        return fault()
    }

    private mutating func answered(_ sequence: UInt32, _ answer: SubmitAnswer, _ now: Int64) -> [Action] {
        guard let entry = pending.removeValue(forKey: sequence) else {
            guard let token = overdue.removeValue(forKey: sequence) else { return fault() }
            return [.late(token, answer)]
        }
        switch answer {
        case .refused(.throttled), .refused(.queueFull):
            // One pause for all the answers of a window sent before it.
            if now >= pausedUntil {
                throttlePause = min(
                    settings.longestThrottlePause, max(settings.firstThrottlePause, throttlePause * 2))
                pausedUntil = now + throttlePause
            }
        case .accepted: throttlePause = 0
        case .refused, .inDoubt, .unsent, .withdrawn: break
        }
        return [.answered(entry.token, answer)] + drained(now)
    }

    // MARK: Time

    private mutating func giveUpOverdue(_ now: Int64) -> [Action] {
        var actions: [Action] = []
        for (sequence, entry) in pending.sorted(by: { $0.key < $1.key })
        where now - entry.sentAt >= settings.responseTimeout {
            pending[sequence] = nil
            if overdue.count >= 4 * settings.window { overdue.removeAll() }
            overdue[sequence] = entry.token
            actions.append(.answered(entry.token, .inDoubt(reason: "no answer in time")))
        }
        return actions
    }

    private mutating func checkLink(_ now: Int64) -> [Action] {
        if let enquiredAt {
            return now - enquiredAt >= settings.enquireInterval ? close(.linkDead) : []
        }
        guard now - heardAt >= settings.enquireInterval else { return [] }
        enquiredAt = now
        return [.send(PDU(.enquireLink, sequence: nextSequence()))]
    }

    private mutating func drained(_ now: Int64) -> [Action] {
        guard state == .draining, pending.isEmpty else { return [] }
        enter(.unbinding, now)
        return [.send(PDU(.unbind, sequence: nextSequence()))]
    }

    // MARK: Ends

    private mutating func fault() -> [Action] {
        faults += 1
        return faults > settings.faultLimit ? close(.tooManyFaults) : []
    }

    private mutating func close(_ reason: CloseReason) -> [Action] {
        guard state != .closed else { return [] }
        state = .closed
        let doubts = pending.sorted { $0.key < $1.key }
            .map { Action.answered($0.value.token, .inDoubt(reason: "\(reason)")) }
        pending.removeAll()
        return doubts + [.close(reason)]
    }

    private mutating func enter(_ next: State, _ now: Int64) {
        state = next
        stateSince = now
    }

    /// From 1 to 0x7FFFFFFF, then again (§3.2); a number still awaited is passed over.
    private mutating func nextSequence() -> UInt32 {
        repeat {
            sequence = sequence >= 0x7FFF_FFFF ? 1 : sequence + 1
        } while pending[sequence] != nil || overdue[sequence] != nil
        return sequence
    }
}
