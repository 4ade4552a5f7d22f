import CRe
import Foundation
import Synchronization

/// Who waits for what a trunk's thread tells.
final class TrunkBoard: Sendable {
    private struct State {
        var calls: [UInt64: AsyncStream<CallEvent>.Continuation] = [:]
        var last: UInt64 = 0
        var probes: [CheckedContinuation<TrunkAnswer, Never>] = []
        var registration: TrunkAnswer?
        var hasStopped = false
    }

    private let state = Mutex(State())
    let start = Once<TrunkError?>()
    /// Ends with the trunk.
    let incoming: AsyncStream<Arrival>
    private let arrivals: AsyncStream<Arrival>.Continuation

    struct Arrival: Sendable {
        let caller: String?
        let id: UInt64
        let events: AsyncStream<CallEvent>
    }

    init() { (incoming, arrivals) = AsyncStream.makeStream() }

    var registration: TrunkAnswer? { state.withLock { $0.registration } }

    func open() -> (UInt64, AsyncStream<CallEvent>) {
        let (events, continuation) = AsyncStream.makeStream(of: CallEvent.self)
        let id = state.withLock { state in
            state.last += 1
            state.calls[state.last] = continuation
            return state.last
        }
        return (id, events)
    }

    /// The trunk numbers its calls by itself.
    private func arrive(_ id: UInt64, _ caller: String?) {
        let (events, continuation) = AsyncStream.makeStream(of: CallEvent.self)
        state.withLock { $0.calls[id] = continuation }
        arrivals.yield(Arrival(caller: caller, id: id, events: events))
    }

    func end(_ call: UInt64, _ end: CallEnd) {
        let continuation = state.withLock { $0.calls.removeValue(forKey: call) }
        continuation?.yield(.ended(end))
        continuation?.finish()
    }

    /// - Parameter ask: false where nobody can be asked.
    func probe(_ ask: () -> Bool) async -> TrunkAnswer {
        await withCheckedContinuation { continuation in
            state.withLock { $0.probes.append(continuation) }
            if !ask() { answer(.fault(ESHUTDOWN)) }
        }
    }

    /// One answer is worth as much to everybody who asked.
    private func answer(_ answer: TrunkAnswer) {
        let waiting = state.withLock { state in
            defer { state.probes = [] }
            return state.probes
        }
        for continuation in waiting { continuation.resume(returning: answer) }
    }

    /// On the trunk's thread: nothing here waits.
    func take(_ event: cre_event) {
        switch event.kind {
        case CRE_STARTED:
            start.set(event.error == 0 ? nil : TrunkError(.notStarted, step: event.words ?? "", code: event.error))
        case CRE_REGISTERED:
            state.withLock { $0.registration = event.answer }
        case CRE_PROBED:
            answer(event.answer)
        case CRE_STOPPED:
            answer(.fault(ESHUTDOWN))
            let left = state.withLock { Array($0.calls.keys) }
            arrivals.finish()
            for call in left { end(call, CallEnd(.fault(ESHUTDOWN), wasAnswered: false)) }
        case CRE_INCOMING: arrive(event.call, event.words)
        case CRE_ENDED:
            end(event.call, CallEnd(event))
        default:
            guard let told = CallEvent(event) else { return }
            _ = state.withLock { $0.calls[event.call] }?.yield(told)
        }
    }
}

/// The C thread's way in. The board is released with the last event.
func takeTrunkEvent(_ context: UnsafeMutableRawPointer?, _ event: UnsafePointer<cre_event>?) {
    guard let context, let event = event?.pointee else { return }
    let board = Unmanaged<TrunkBoard>.fromOpaque(context)
    board.takeUnretainedValue().take(event)
    if event.kind == CRE_STOPPED { board.release() }
}

extension cre_event {
    fileprivate var words: String? { text.map { String(cString: $0) } }

    fileprivate var answer: TrunkAnswer { code > 0 ? .status(Int(code)) : .fault(error) }
}

extension CallEvent {
    fileprivate init?(_ event: cre_event) {
        switch event.kind {
        case CRE_RINGING: self = .progress(status: Int(event.code))
        case CRE_ANSWERED: self = .answered
        case CRE_KEY:
            guard let byte = UInt8(exactly: event.code) else { return nil }
            self = .key(Character(Unicode.Scalar(byte)), isHeard: event.error != 0)
        case CRE_HEARD:
            self = .heard(LineSound(cre_sound(UInt32(event.code))), at: Int(event.milliseconds))
        case CRE_KEPT: self = .kept(Array(UnsafeBufferPointer(start: event.bytes, count: event.count)))
        case CRE_PLAYED: self = .played(tag: event.tag)
        default: return nil
        }
    }
}

extension CallEnd {
    fileprivate init(_ event: cre_event) {
        let reason: Reason = switch event.end {
        case CRE_BY_RINGING: .unanswered
        case CRE_BY_SILENCE: .silent
        case CRE_BY_US where event.error == 0 && event.code == 0: .ours
        default: event.error != 0 ? .fault(event.error) : .theirs(status: event.code == 0 ? nil : Int(event.code))
        }
        self.init(
            reason, wasAnswered: event.answered, milliseconds: Int(event.milliseconds), sent: Int(event.sent),
            received: Int(event.received))
    }
}
