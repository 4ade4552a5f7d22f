/// Whether a person or a machine answered, as a value: it is told what is heard, and how time passes.
///
/// A person says a short word and listens. A machine speaks on, and most give a tone when it is one's turn. Who is in doubt is a
/// person: nobody who listens is kept waiting.
package struct AnswerDetector: Sendable {
    package enum Finding: Hashable, Sendable {
        /// It speaks for so long that it is a greeting: what is said now is not recorded.
        case greeting
        /// Its tone has ended, or its greeting with nothing after it: it records.
        case records
    }

    /// A greeting without a pause that ends it, in milliseconds: offices answer with their name and theirs.
    static let greeting = 3_600
    /// A pause that ends what was said.
    static let pause = 1_000
    /// After a greeting, silence in place of a tone.
    static let silenceAfterGreeting = 2_000
    /// Later tones are somebody's kitchen.
    static let lastTone = 60_000

    private var sound = LineSound.silence
    private var since = 0
    /// When what is being said began; nil between.
    private var saidSince: Int?
    private var isGreeting = false
    private var isRecording = false

    package init() {}

    /// - Parameter at: milliseconds since the answer.
    package mutating func heard(_ sound: LineSound, at: Int) -> Finding? {
        let before = self.sound
        let found = elapsed(to: at)
        self.sound = sound
        since = at
        if sound == .speech, saidSince == nil { saidSince = at }
        guard before == .tone, !isRecording, at <= Self.lastTone else { return found }
        isRecording = true
        return .records
    }

    /// When `elapsed` would find something if nothing else were heard; nil for never.
    package var deadline: Int? {
        if isRecording { return nil }
        switch sound {
        case .tone: return nil
        case .speech: return isGreeting ? nil : saidSince.map { $0 + Self.greeting }
        case .silence: return isGreeting ? since + Self.silenceAfterGreeting : nil
        }
    }

    package mutating func elapsed(to now: Int) -> Finding? {
        guard !isRecording else { return nil }
        switch sound {
        case .tone: return nil
        case .speech:
            guard !isGreeting, let saidSince, now - saidSince >= Self.greeting else { return nil }
            isGreeting = true
            return .greeting
        case .silence:
            if now - since >= Self.pause { saidSince = nil }
            guard isGreeting, now - since >= Self.silenceAfterGreeting else { return nil }
            isRecording = true
            return .records
        }
    }
}
