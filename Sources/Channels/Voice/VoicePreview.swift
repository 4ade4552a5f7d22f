import AlertModel
import Speech
import Telephony

/// What a called person will hear, for whoever listens before it leaves: spoken by the voice that calls, with the same words after it.
///
/// One at a time: speaking takes a processor, and calls under way need it more.
package actor VoicePreview {
    private let speaker: Speaker
    private let spoken: SpokenMessage
    private var last: Task<Void, Never>?

    package init(command: SpeechCommand = .espeak, recordings: RecordedSounds? = nil) {
        speaker = Speaker(command: command)
        spoken = SpokenMessage(speaker: speaker, recordings: recordings)
    }

    /// The message once, then what the keys do.
    ///
    /// - Parameter message: as it leaves by telephone.
    /// - Parameter language: of the wording; empty for French.
    /// - Returns: a WAV file of 8,000 samples a second.
    /// - Throws: `SpeechError`.
    package func wave(of message: Message, language: String, kind: CampaignKind) async throws -> [UInt8] {
        let before = last
        let speaking = Task { [speaker, spoken] in
            await before?.value
            let voice = SpokenText.voice(of: language)
            let message = try await spoken.aLaw(of: message, voice: voice)
            let keys = SpokenText.text(.instructions, language: voice, leaves: kind == .information)
            return WaveSound.file(aLaw: message + (try await speaker.aLaw(of: keys, language: voice)))
        }
        last = Task { _ = try? await speaking.value }
        return try await speaking.value
    }
}
