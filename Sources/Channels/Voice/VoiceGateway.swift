import AlertModel
import Dispatching
import Foundation
import Speech
import Synchronization
import Telephony

/// Calls over a SIP trunk, for real alerts only.
package enum VoiceGateway {
    package struct Settings: Sendable {
        package var trunk: TrunkSettings
        /// The number that the called person sees.
        package var caller: String
        package var ringing = Duration.seconds(35)
        package var script = CallScript.Settings()
        package var command = SpeechCommand.espeak
        /// How numbers are dialled.
        package var dialling = Dialling.international
        /// Nil where messages are spoken alone.
        package var recordings: RecordedSounds?

        package init(trunk: TrunkSettings, caller: String) {
            self.trunk = trunk
            self.caller = caller
        }
    }

    /// What a trunk wants to be asked for, of +33145000000.
    package enum Dialling: String, CaseIterable, Sendable {
        /// +33145000000
        case international = "plus"
        /// 0033145000000
        case zeros
        /// 33145000000
        case digits
        /// 0145000000; numbers of other countries with 00.
        case national

        func digits(of number: String) -> String {
            let bare = String(number.drop { $0 == "+" })
            return switch self {
            case .international: "+" + bare
            case .zeros: "00" + bare
            case .digits: bare
            case .national: bare.hasPrefix("33") ? "0" + bare.dropFirst(2) : "00" + bare
            }
        }
    }

    /// Nothing is opened before the first call or probe.
    ///
    /// - Parameter opened: given the trunk once it is open, to look at how its audio keeps time.
    package static func gateway(
        _ traits: GatewayTraits, _ settings: Settings, time: DispatcherTime = .system,
        opened: @escaping @Sendable (Trunk) -> Void = { _ in }
    ) -> Gateway {
        let line = VoiceLine(settings, pacer: DialPacer(traits.rate, time: time), opened: opened)
        return Gateway(
            traits, isSimulator: false, keepsPace: true,
            probe: { await line.probe() },
            close: { await line.close() }
        ) { submission in
            // The dispatcher has checked it; what reaches people checks again.
            guard submission.mode == .real else { return .failed(.withheld, detail: "wrong_mode") }
            guard submission.channel == .voice, isNumber(submission.address.value) else { return .failed(.invalidAddress) }
            return await line.call(submission, time: time)
        }
    }

    private static func isNumber(_ text: String) -> Bool {
        let digits = text.drop { $0 == "+" }
        return text.hasPrefix("+") && text.utf8.count - digits.utf8.count == 1 && (4...15).contains(digits.utf8.count)
            && digits.utf8.allSatisfy { (48...57).contains($0) }
    }
}

/// A trunk that is opened once it is needed, and a voice.
private final class VoiceLine: Sendable {
    private let settings: VoiceGateway.Settings
    private let speaker: Speaker
    private let spoken: SpokenMessage
    private let opening = Mutex<Task<Trunk, any Error>?>(nil)
    private let pacer: DialPacer
    private let opened: @Sendable (Trunk) -> Void

    init(_ settings: VoiceGateway.Settings, pacer: DialPacer, opened: @escaping @Sendable (Trunk) -> Void) {
        self.settings = settings
        self.pacer = pacer
        self.opened = opened
        speaker = Speaker(command: settings.command)
        spoken = SpokenMessage(speaker: speaker, recordings: settings.recordings)
    }

    private func trunk() async throws -> Trunk {
        let task = opening.withLock { opening in
            if let task = opening { return task }
            let task = Task { [settings, opened] in
                let trunk = Trunk(settings.trunk)
                try await trunk.start()
                opened(trunk)
                return trunk
            }
            opening = task
            return task
        }
        do { return try await task.value } catch {
            // The next call tries again: an address may be there by then.
            opening.withLock { if $0 == task { $0 = nil } }
            throw error
        }
    }

    func probe() async -> ProbeAnswer {
        let trunk: Trunk
        do { trunk = try await self.trunk() } catch { return .down("sip: \(error)") }
        switch await trunk.probe() {
        // Whoever answers at all is there; only 5xx says that calls would fail.
        case .status(let status): return status < 500 ? .up : .down("sip: \(status)")
        case .fault(let number): return .down("sip: no_answer \(number)")
        }
    }

    func close() async {
        guard let trunk = try? await opening.withLock({ $0 })?.value else { return }
        await trunk.stop()
    }

    func call(_ submission: Submission, time: DispatcherTime) async -> SubmissionResult {
        var script = settings.script
        if submission.kind == .alert { script.leaves = nil }
        let sounds: [CallScript.Piece: CallAudio]
        do {
            sounds = try await audio(for: submission, leaves: script.leaves != nil)
        } catch {
            // Nobody was called: another gateway, whose voice works, may carry it.
            return .failed(.network, detail: (error as? SpeechError)?.code.rawValue ?? "speech_failed")
        }
        guard let trunk = try? await trunk() else { return .failed(.network, detail: "trunk_not_started") }
        await pacer.turn()
        if let late = SubmissionResult.tooLate(submission, now: time.now()) { return late }
        let call = trunk.dial(settings.dialling.digits(of: submission.address.value), caller: settings.caller, ringing: settings.ringing)
        return VoiceLineResult.of(
            await ScriptedCall.run(call, script) { sounds[$0]! }, triesAgain: script.machines == .both && submission.number == 1)
    }

    private func audio(for submission: Submission, leaves: Bool) async throws -> [CallScript.Piece: CallAudio] {
        let language = SpokenText.voice(of: submission.language)
        var sounds: [CallScript.Piece: CallAudio] = [:]
        for piece in [CallScript.Piece.message, .instructions, .confirmed, .left, .farewell] {
            let sound = piece == .message
                ? try await spoken.aLaw(of: submission.message, voice: language)
                : try await speaker.aLaw(of: SpokenText.text(piece, language: language, leaves: leaves), language: language)
            guard let audio = CallAudio(aLaw: sound) else { throw SpeechError(code: .tooLong, program: "") }
            sounds[piece] = audio
        }
        return sounds
    }
}

/// How a message sounds.
struct SpokenMessage: Sendable {
    let speaker: Speaker
    let recordings: RecordedSounds?

    /// A recording that is not to be had is no reason to call nobody: its text is spoken.
    ///
    /// - Parameter voice: the language that is spoken.
    /// - Returns: A-law, 8,000 samples a second.
    /// - Throws: `SpeechError`.
    func aLaw(of message: Message, voice: String) async throws -> [UInt8] {
        guard let hash = message.recording, let recordings, let sound = try? await recordings(hash) else {
            return try await speaker.aLaw(of: message.text, language: voice)
        }
        // Nobody takes an exercise or a test for an alert.
        guard let mark = message.mark else { return sound }
        return try await speaker.aLaw(of: mark, language: voice) + sound
    }
}

enum VoiceLineResult {
    /// Answered and acknowledged are different facts; who hung up before the message's end has not had it.
    ///
    /// - Parameter triesAgain: whether a person is called again where a machine has the message.
    static func of(_ call: ScriptedCall.Result, triesAgain: Bool = false) -> SubmissionResult {
        let seconds = call.end.milliseconds / 1000
        if call.isAcknowledged { return SubmissionResult(.known(.acknowledged), detail: "key \(seconds)s") }
        // Who asks for no more calls has answered, however little was heard: to call again would be to ask twice.
        if call.hasLeft { return SubmissionResult(.known(.answered), detail: "left \(seconds)s", refusesInformation: true) }
        if call.isMachine {
            let detail = call.wasLeft ? "machine_left \(seconds)s" : "machine \(seconds)s"
            return call.wasLeft && !triesAgain
                ? SubmissionResult(.known(.delivered), detail: detail)
                : SubmissionResult(.known(.failed(.noAnswer)), detail: detail, isLeftBehind: call.wasLeft)
        }
        if call.end.wasAnswered {
            return call.wasHeard
                ? SubmissionResult(.known(.answered), detail: "heard \(seconds)s") : .failed(.noAnswer, detail: "hung_up \(seconds)s")
        }
        let (cause, isGatewayFailure) = CallCauses.failure(call.end.reason)
        let detail = switch call.end.reason {
        case .theirs(let status): status.map { "sip \($0)" }
        case .unanswered: "ring_timeout"
        case .fault(let number): "errno \(number)"
        case .ours, .silent: String?.none
        }
        return .failed(cause, detail: detail, isGatewayFailure: isGatewayFailure)
    }
}
