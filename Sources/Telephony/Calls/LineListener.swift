import CRe

/// What is heard in a recording, as on a line.
package struct LineListener: Sendable {
    /// A-law, 8,000 samples a second.
    package static let frame = 160
    package static let frameMilliseconds = 20
    private static let silence: UInt8 = 0xd5
    private var listener = cre_listener()

    package init() {}

    /// What is said before what is heard meanwhile: its echo is no sound of theirs.
    ///
    /// - Parameter frame: 20 ms of A-law.
    package mutating func say(_ frame: ArraySlice<UInt8>) {
        precondition(frame.count == Self.frame)
        frame.withUnsafeBufferPointer { cre_listener_say(&listener, $0.baseAddress) }
    }

    /// - Parameter frame: 20 ms of A-law.
    package mutating func hear(_ frame: ArraySlice<UInt8>) -> LineSound {
        precondition(frame.count == Self.frame)
        return frame.withUnsafeBufferPointer { LineSound(cre_listener_hear(&listener, $0.baseAddress, false)) }
    }

    /// What a detector finds in a recording that begins with the answer, and when, in milliseconds.
    ///
    /// - Parameter said: what the caller said meanwhile, from the answer on.
    package static func findings(in recording: [UInt8], said: [UInt8] = []) -> [(finding: AnswerDetector.Finding, at: Int)] {
        let nothing = [UInt8](repeating: silence, count: frame)[...]
        var listener = LineListener(), detector = AnswerDetector(), sound = LineSound.silence
        var found: [(AnswerDetector.Finding, Int)] = []
        for (index, start) in stride(from: 0, through: recording.count - frame, by: frame).enumerated() {
            let now = (index + 1) * frameMilliseconds
            listener.say(said.count >= start + frame ? said[start..<start + frame] : nothing)
            let heard = listener.hear(recording[start..<start + frame])
            let finding = heard == sound ? detector.elapsed(to: now) : detector.heard(heard, at: now)
            sound = heard
            if let finding { found.append((finding, now)) }
        }
        return found
    }
}

extension LineSound {
    init(_ sound: cre_sound) {
        self = switch sound {
        case CRE_TONE: .tone
        case CRE_SPEECH: .speech
        default: .silence
        }
    }
}
