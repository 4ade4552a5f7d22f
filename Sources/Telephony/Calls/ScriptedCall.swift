/// A call led through a script to its end.
package struct ScriptedCall: Sendable {
    package struct Result: Hashable, Sendable {
        package let end: CallEnd
        package let isAcknowledged: Bool
        package let hasLeft: Bool
        /// Whether the message was said to its end at least once.
        package let wasHeard: Bool
        /// A machine answered, and whether it was told the whole message.
        package let isMachine: Bool
        package let wasLeft: Bool

        package init(
            end: CallEnd, isAcknowledged: Bool, hasLeft: Bool, wasHeard: Bool, isMachine: Bool = false, wasLeft: Bool = false
        ) {
            self.isMachine = isMachine
            self.wasLeft = wasLeft
            self.end = end
            self.isAcknowledged = isAcknowledged
            self.hasLeft = hasLeft
            self.wasHeard = wasHeard
        }
    }

    /// A call that lasts longer is ended: something is wrong with it.
    private static let longest = Duration.seconds(600)

    private enum Happening: Sendable {
        case call(CallEvent)
        case waited(turn: UInt64)
        case tooLong
        /// The detector has waited long enough.
        case moment
    }

    private let call: Call
    private var script: CallScript
    /// Nil where machines are ignored.
    private var detector: AnswerDetector?
    private var answeredAt: ContinuousClock.Instant?
    private let audio: @Sendable (CallScript.Piece) -> CallAudio
    private var turn: UInt64 = 0

    /// - Parameter audio: how each piece sounds.
    package static func run(
        _ call: Call, _ settings: CallScript.Settings, audio: @escaping @Sendable (CallScript.Piece) -> CallAudio
    ) async -> Result {
        var run = ScriptedCall(
            call: call, script: CallScript(settings), detector: settings.machines == .ignore ? nil : AnswerDetector(), audio: audio)
        return await run.lead()
    }

    private init(
        call: Call, script: CallScript, detector: AnswerDetector?, audio: @escaping @Sendable (CallScript.Piece) -> CallAudio
    ) {
        self.detector = detector
        self.call = call
        self.script = script
        self.audio = audio
    }

    private mutating func lead() async -> Result {
        let (happenings, mouth) = AsyncStream.makeStream(of: Happening.self)
        let events = call.events
        let listener = Task {
            for await event in events { mouth.yield(.call(event)) }
        }
        let guardian = Task {
            try await Task.sleep(for: Self.longest)
            mouth.yield(.tooLong)
        }
        var waits: Task<Void, any Error>?
        var thinking: Task<Void, any Error>?
        defer {
            thinking?.cancel()
            listener.cancel()
            guardian.cancel()
            waits?.cancel()
        }
        for await happening in happenings {
            let actions: [CallScript.Action]
            switch happening {
            case .tooLong: actions = [.hangUp]
            case .waited(let turn): actions = turn == self.turn ? script.waited() : []
            case .call(.progress), .call(.kept): actions = []
            case .call(.answered):
                actions = script.answered()
                if detector != nil {
                    answeredAt = .now
                    call.listen(true)
                }
            case .call(.heard(let sound, let at)): actions = detect { $0.heard(sound, at: at) }
            case .moment:
                let now = milliseconds
                actions = detect { $0.elapsed(to: now) }
            case .call(.key(let key, _)):
                // Whoever presses keys is a person: nothing more is listened for.
                stopListening()
                actions = script.pressed(key)
            case .call(.played(let tag)): actions = tag == turn ? script.said() : []
            case .call(.ended(let end)):
                return Result(end: end, isAcknowledged: script.isAcknowledged, hasLeft: script.hasLeft, wasHeard: script.wasHeard,
                    isMachine: script.isMachine, wasLeft: script.wasLeft)
            }
            thinking?.cancel()
            thinking = detector?.deadline.map { deadline in
                let rest = Duration.milliseconds(max(0, deadline - milliseconds))
                return Task {
                    try await Task.sleep(for: rest)
                    mouth.yield(.moment)
                }
            }
            for action in actions {
                waits?.cancel()
                turn += 1
                switch action {
                case .say(let pieces): call.play(pieces.map(audio), tag: turn)
                case .fallSilent: call.play([], tag: turn)
                case .hangUp: call.hangUp()
                case .wait(let duration):
                    waits = Task { [turn] in
                        try await Task.sleep(for: duration)
                        mouth.yield(.waited(turn: turn))
                    }
                }
            }
        }
        preconditionFailure("a call's events end with its end")
    }

    /// What the script makes of what the detector finds.
    private mutating func detect(_ find: (inout AnswerDetector) -> AnswerDetector.Finding?) -> [CallScript.Action] {
        guard var detector else { return [] }
        let finding = find(&detector)
        self.detector = detector
        if finding == .records { stopListening() }
        return finding.map { script.found($0) } ?? []
    }

    private mutating func stopListening() {
        detector = nil
        call.listen(false)
    }

    /// Since the answer.
    private var milliseconds: Int { answeredAt.map { Int($0.duration(to: .now) / .milliseconds(1)) } ?? 0 }
}
