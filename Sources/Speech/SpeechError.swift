/// Why there is no sound. Descriptions are safe to show: no text of a message is in them.
package struct SpeechError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Hashable, Sendable {
        /// The program is not there, or does not start.
        case missing = "speech_program_missing"
        /// It ended with an error, or without a sound.
        case failed = "speech_failed"
        /// The text holds nothing that is said aloud.
        case silent = "speech_silent"
        case tooLong = "speech_too_long"
        case tooSlow = "speech_too_slow"
        /// A file that is no sound, or of no form that is read.
        case unknownSound = "sound_unknown"
        case recordingTooLong = "sound_too_long"
        case silentSound = "sound_silent"
    }

    package let code: Code
    package let program: String

    package init(code: Code, program: String) {
        self.code = code
        self.program = program
    }

    package var description: String {
        switch code {
        case .missing: "\(program) can't be started: install it, or name another program that speaks"
        case .failed: "\(program) gave no sound: try it by hand with a short text in the message's language"
        case .silent: "the text holds nothing that is said aloud: write words"
        case .tooLong: "the sound is longer than \(Speaker.mostSeconds / 60) minutes: shorten the text"
        case .unknownSound: "that is no WAV, MP3, Ogg Vorbis or FLAC file of \(SoundFile.mostBytes / 1_000_000) MB at most, or it is damaged"
        case .recordingTooLong: "the recording is longer than \(SoundFile.mostSeconds / 60) minutes: shorten it"
        case .silentSound: "nothing is heard in the recording: check the microphone, and record it again"
        case .tooSlow: "\(program) took longer than \(Int(Subprocess.longest / .seconds(1))) s"
        }
    }
}
