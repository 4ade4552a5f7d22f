/// A call led through a script to its end.
package struct ScriptedCall: Sendable {
    package struct Result: Hashable, Sendable {
        package let end: CallEnd
        package let isAcknowledged: Bool
        package let hasLeft: Bool
        /// Whether the message was said to its end at least once.
        package let wasHeard: Bool

        package init(end: CallEnd, isAcknowledged: Bool, hasLeft: Bool, wasHeard: Bool) {
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
    }

    private let call: Call
    private var script: CallScript
    private let audio: @Sendable (CallScript.Piece) -> CallAudio
    private var turn: UInt64 = 0

    /// - Parameter audio: how each piece sounds.
    package static func run(
        _ call: Call, _ settings: CallScript.Settings, audio: @escaping @Sendable (CallScript.Piece) -> CallAudio
    ) async -> Result {
        var run = ScriptedCall(call: call, script: CallScript(settings), audio: audio)
        return await run.lead()
    }

    private init(call: Call, script: CallScript, audio: @escaping @Sendable (CallScript.Piece) -> CallAudio) {
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
        defer {
            listener.cancel()
            guardian.cancel()
            waits?.cancel()
        }
        for await happening in happenings {
            let actions: [CallScript.Action]
            switch happening {
            case .tooLong: actions = [.hangUp]
            case .waited(let turn): actions = turn == self.turn ? script.waited() : []
            case .call(.progress): actions = []
            case .call(.answered): actions = script.answered()
            case .call(.key(let key, _)): actions = script.pressed(key)
            case .call(.played(let tag)): actions = tag == turn ? script.said() : []
            case .call(.ended(let end)):
                return Result(end: end, isAcknowledged: script.isAcknowledged, hasLeft: script.hasLeft, wasHeard: script.wasHeard)
            }
            for action in actions {
                waits?.cancel()
                turn += 1
                switch action {
                case .say(let pieces): call.play(pieces.map(audio), tag: turn)
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
}
