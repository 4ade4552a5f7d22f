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

        var dialled: LazyTrunk.Dialled { LazyTrunk.Dialled(caller: caller, ringing: ringing, dialling: dialling) }
    }

    /// Nothing is opened before the first call or probe.
    ///
    /// - Parameter opened: given the trunk once it is open, to look at how its audio keeps time.
    package static func gateway(
        _ traits: GatewayTraits, _ settings: Settings, time: DispatcherTime = .system,
        opened: @escaping @Sendable (Trunk) -> Void = { _ in }
    ) -> Gateway {
        let trunk = LazyTrunk(settings.trunk, pacer: DialPacer(traits.rate, time: time), time: time, opened: opened)
        let line = VoiceLine(settings, trunk)
        return Gateway(
            traits, isSimulator: false, keepsPace: true,
            probe: { await trunk.probe() },
            close: { await trunk.close() }
        ) { submission in
            if let refusal = LazyTrunk.refusal(submission, on: .voice) { return refusal }
            return await line.call(submission)
        }
    }
}

/// A trunk, and a voice.
private final class VoiceLine: Sendable {
    private let settings: VoiceGateway.Settings
    private let spoken: SpokenMessage
    private let line: LazyTrunk
    /// What everybody hears, held once however many calls play it.
    private let shared = Mutex<[Heard: CallAudio]>([:])
    private static let mostShared = 40

    private struct Heard: Hashable {
        let text: String
        let recording: SoundHash?
        let language: String
    }

    init(_ settings: VoiceGateway.Settings, _ line: LazyTrunk) {
        self.settings = settings
        self.line = line
        spoken = SpokenMessage(speaker: Speaker(command: settings.command), recordings: settings.recordings)
    }

    func call(_ submission: Submission) async -> SubmissionResult {
        var script = settings.script
        if submission.kind == .alert { script.leaves = nil }
        let sounds: [CallScript.Piece: CallAudio]
        do {
            sounds = try await audio(for: submission, leaves: script.leaves != nil)
        } catch {
            // Nobody was called: another gateway, whose voice works, may carry it.
            return .failed(.network, detail: (error as? SpeechError)?.code.rawValue ?? "speech_failed")
        }
        let call: Call
        switch await line.dial(submission, settings.dialled) {
        case .failure(let result): return result.result
        case .success(let dialled): call = dialled
        }
        return VoiceLineResult.of(
            await ScriptedCall.run(call, script) { sounds[$0]! }, triesAgain: script.machines == .both && submission.number == 1)
    }

    private func audio(for submission: Submission, leaves: Bool) async throws -> [CallScript.Piece: CallAudio] {
        let language = SpokenText.voice(of: submission.language)
        var sounds: [CallScript.Piece: CallAudio] = [:]
        for piece in [CallScript.Piece.message, .instructions, .confirmed, .left, .farewell] {
            sounds[piece] = piece == .message
                ? try await audio(of: submission.message, language, isShared: !submission.isPersonal)
                : try await audio(
                    of: Message(subject: "", text: SpokenText.text(piece, language: language, leaves: leaves)), language, isShared: true)
        }
        return sounds
    }

    private func audio(of message: Message, _ language: String, isShared: Bool) async throws -> CallAudio {
        let heard = Heard(text: message.text, recording: message.recording, language: language)
        if let known = shared.withLock({ $0[heard] }) { return known }
        guard let audio = CallAudio(aLaw: try await spoken.aLaw(of: message, voice: language)) else {
            throw SpeechError(code: .tooLong, program: "")
        }
        guard isShared else { return audio }
        return shared.withLock { shared in
            // Calls that were prepared at the same moment share, too.
            if let known = shared[heard] { return known }
            // Few messages are spoken at a time; calls under way keep what they play.
            if shared.count >= Self.mostShared { shared = [:] }
            shared[heard] = audio
            return audio
        }
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
        return CallCauses.result(of: call.end)
    }
}
