import CRe
import Foundation
import Synchronization

/// One SIP trunk: a thread that carries up to some thousands of calls.
///
/// Start it, dial, stop it; it can't be started again.
package final class Trunk: Sendable {
    private let settings: TrunkSettings
    private let board = TrunkBoard()
    private let engine = Mutex<Engine>(.idle)

    private enum Engine {
        case idle
        case running(Handle)
        case stopped
    }

    /// The C engine may be asked from any thread.
    private struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    package init(_ settings: TrunkSettings) { self.settings = settings }

    /// Opens the sockets and, where the account says so, registers; the registrar's answer is not waited for.
    ///
    /// - Throws: `TrunkError.notStarted` with the step that failed; it can't be used then.
    package func start() async throws(TrunkError) {
        let pointer = engine.withLock { engine -> OpaquePointer? in
            guard case .idle = engine else { return nil }
            let pointer = withCSettings(settings) { settings in
                var settings = settings
                return cre_start(&settings, takeTrunkEvent, Unmanaged.passRetained(board).toOpaque())
            }
            engine = pointer.map { .running(Handle(pointer: $0)) } ?? .stopped
            return pointer
        }
        guard pointer != nil else { throw TrunkError(.notStarted, step: "thread", code: 0) }
        if let failure = await board.start.value {
            await stop()
            throw failure
        }
    }

    /// Calls a number. Its events end with `.ended`, whatever happens, also when the trunk does not run.
    ///
    /// - Parameters:
    ///   - number: the user part of the address: digits, with a plus sign before an international number.
    ///   - caller: the number that the called person sees; nil for the account's own.
    package func dial(_ number: String, caller: String?, ringing: Duration) -> Call {
        let (id, events) = board.open()
        let isDialled = engine.withLock { engine in
            guard case .running(let handle) = engine else { return false }
            let milliseconds = UInt32(clamping: Int64(ringing / .milliseconds(1)))
            cre_dial(handle.pointer, id, number, caller, milliseconds)
            return true
        }
        if !isDialled { board.end(id, CallEnd(.fault(ESHUTDOWN), wasAnswered: false)) }
        return Call(id: id, events: events, trunk: self)
    }

    /// Calls that the trunk makes to us, where the settings take any. Read by one reader; ends with the trunk.
    package var incoming: some AsyncSequence<IncomingCall, Never> & Sendable {
        board.incoming.map { [self] arrival in
            IncomingCall(caller: arrival.caller, call: Call(id: arrival.id, events: arrival.events, trunk: self))
        }
    }

    func answer(_ call: UInt64) {
        engine.withLock { engine in
            if case .running(let handle) = engine { cre_answer(handle.pointer, call) }
        }
    }

    func play(_ pieces: [CallAudio], tag: UInt64, to call: UInt64) {
        withExtendedLifetime(pieces) {
            engine.withLock { engine in
                guard case .running(let handle) = engine else { return }
                let handles: [OpaquePointer?] = pieces.map(\.handle)
                cre_play(handle.pointer, call, handles, handles.count, tag)
            }
        }
    }

    func listen(_ call: UInt64, _ listens: Bool) {
        engine.withLock { engine in
            if case .running(let handle) = engine { cre_listen(handle.pointer, call, listens) }
        }
    }

    func keep(_ call: UInt64, _ keeps: Bool) {
        engine.withLock { engine in
            if case .running(let handle) = engine { cre_keep(handle.pointer, call, keeps) }
        }
    }

    func bridge(_ call: UInt64, to: Int32, from: Int32) {
        let isGiven = engine.withLock { engine in
            guard case .running(let handle) = engine else { return false }
            cre_bridge(handle.pointer, call, to, from)
            return true
        }
        if !isGiven {
            close(to)
            close(from)
        }
    }

    func hangUp(_ call: UInt64) {
        engine.withLock { engine in
            if case .running(let handle) = engine { cre_hangup(handle.pointer, call) }
        }
    }

    /// Asks the trunk whether it is there, by OPTIONS; it answers within the 32 s that SIP gives a request.
    package func probe() async -> TrunkAnswer {
        await board.probe {
            engine.withLock { engine in
                guard case .running(let handle) = engine else { return false }
                cre_probe(handle.pointer)
                return true
            }
        }
    }

    /// What the registrar last answered; nil before it did, and where nothing is registered.
    package var registration: TrunkAnswer? { board.registration }

    /// How the audio kept time.
    package var timekeeping: TrunkTimekeeping? {
        engine.withLock { engine in
            guard case .running(let handle) = engine else { return nil }
            return TrunkTimekeeping(cre_timekeeping(handle.pointer))
        }
    }

    /// Hangs up every call, leaves the registrar, and ends the thread: two seconds at most.
    package func stop() async {
        let handle = engine.withLock { engine -> Handle? in
            defer { engine = .stopped }
            if case .running(let handle) = engine { return handle }
            return nil
        }
        guard let handle else { return }
        // The thread is joined: that is no work for the pool that everything else shares.
        await withCheckedContinuation { continuation in
            BlockingThread.run {
                cre_stop(handle.pointer)
                continuation.resume()
            }
        }
    }
}

/// A call under way.
package struct Call: Sendable {
    let id: UInt64
    /// Read by one reader, once; ends after `.ended`.
    package let events: AsyncStream<CallEvent>
    let trunk: Trunk

    /// Plays pieces one after another instead of what is playing; `.played(tag:)` tells when the last has been sent.
    package func play(_ pieces: [CallAudio], tag: UInt64) { trunk.play(pieces, tag: tag, to: id) }

    /// Whether `.heard` tells what is heard.
    package func listen(_ listens: Bool) { trunk.listen(id, listens) }

    /// Keeps what is heard from now on, three minutes at most; or no longer, and `.kept` tells what was.
    package func keep(_ keeps: Bool) { trunk.keep(id, keeps) }

    /// Gives the audio of an answered call to another process, and with it the two descriptors: 20 ms at a time, a byte that counts
    /// frames of 160 A-law samples and these go to `to`, and one frame comes from `from`.
    package func bridge(to: Int32, from: Int32) { trunk.bridge(id, to: to, from: from) }

    package func hangUp() { trunk.hangUp(id) }
}

/// A call that comes in: it rings until it is answered or hung up.
package struct IncomingCall: Sendable {
    /// The number that calls, as the trunk writes it; nil where it is hidden.
    package let caller: String?
    package let call: Call

    /// `.answered` comes once it is.
    package func answer() { call.trunk.answer(call.id) }
}

/// What a trunk answered to a question about itself.
package enum TrunkAnswer: Hashable, Sendable {
    /// A SIP status; below 300, or any that shows somebody there who would take a call.
    case status(Int)
    /// No answer: the system's error number.
    case fault(Int32)
}

package struct TrunkTimekeeping: Hashable, Sendable {
    package let ticks: Int
    /// Ticks more than 10 ms late.
    package let late: Int
    package let worstMilliseconds: Double
    package let calls: Int
    package let mostCalls: Int

    init(_ ticks: cre_ticks) {
        self.ticks = Int(ticks.ticks)
        late = Int(ticks.late)
        worstMilliseconds = Double(ticks.worst_microseconds) / 1000
        calls = Int(ticks.calls)
        mostCalls = Int(ticks.most_calls)
    }
}

package struct TrunkError: Error, CustomStringConvertible, Sendable {
    package enum Code: String, Sendable { case notStarted = "trunk_not_started" }

    package let code: Code
    let step: String
    let number: Int32

    init(_ code: Code, step: String, code number: Int32) {
        self.code = code
        self.step = step
        self.number = number
    }

    package var description: String { "the trunk can't be opened: \(step)\(number == 0 ? "" : " (error \(number))")" }
}
