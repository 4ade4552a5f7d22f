import AlertModel
import Logging
import Speech
import Synchronization
import Telephony

/// Leads one call of an operator through the menu, to its end.
struct Attendant {
    /// A call that lasts longer is ended: nobody is at the other end any more.
    private static let longest = Duration.seconds(1_800)
    /// The voice of what is said.
    private static let language = "fr"

    /// Before what is recorded: 400 ms of about 890 Hz, nine samples a period (A-law of a sine of a quarter of the loudest).
    private static let tone = CallAudio(aLaw: (0..<3_200).map { [0xD5, 0x81, 0x8A, 0x8E, 0x90, 0x10, 0x0E, 0x0A, 0x01][$0 % 9] })!

    enum Outcome: Hashable, Sendable {
        case over
        /// At this number, whoever it was.
        case callBack(String)
    }

    private enum Happening: Sendable {
        case call(CallEvent, prompt: Int)
        case waited(turn: UInt64)
        case tooLong
    }

    /// Which prompt is being heard: keys carry it, so that the menu knows what they were pressed at.
    private final class Prompt: Sendable {
        private let count = Mutex(0)
        var number: Int { count.withLock { $0 } }
        func next() { count.withLock { $0 += 1 } }
    }

    private let call: Call
    private let desk: SwitchboardDesk
    private let speaker: Speaker
    private let logger: Logger
    private var menu: TelephoneMenu
    private var turn: UInt64 = 0
    private var waits: Task<Void, any Error>?
    private var outcome = Outcome.over
    private let prompt = Prompt()

    static func serve(
        _ call: Call, claim: CallerClaim?, desk: SwitchboardDesk, speaker: Speaker, logger: Logger
    ) async -> (outcome: Outcome, wrongTries: Int) {
        var attendant = Attendant(call: call, menu: TelephoneMenu(caller: claim), desk: desk, speaker: speaker, logger: logger)
        return await attendant.lead()
    }

    private init(call: Call, menu: TelephoneMenu, desk: SwitchboardDesk, speaker: Speaker, logger: Logger) {
        self.call = call
        self.menu = menu
        self.desk = desk
        self.speaker = speaker
        self.logger = logger
    }

    private mutating func lead() async -> (outcome: Outcome, wrongTries: Int) {
        let (happenings, mouth) = AsyncStream.makeStream(of: Happening.self)
        let events = call.events, prompt = prompt
        let listener = Task {
            for await event in events { mouth.yield(.call(event, prompt: prompt.number)) }
        }
        let guardian = Task {
            try await Task.sleep(for: Self.longest)
            mouth.yield(.tooLong)
        }
        defer {
            listener.cancel()
            guardian.cancel()
            waits?.cancel()
        }
        for await happening in happenings {
            let actions: [TelephoneMenu.Action]
            switch happening {
            case .tooLong: actions = [.hangUp]
            case .waited(let turn): actions = turn == self.turn ? menu.waited() : []
            case .call(.answered, _): actions = menu.answered()
            case .call(.key(let key, _), let heard): actions = menu.pressed(key, isFresh: heard == prompt.number)
            case .call(.played(let tag), _): actions = tag == turn ? menu.said() : []
            case .call(.kept(let sound), _): actions = menu.recorded(SpokenRecording(sound: sound))
            case .call(.progress, _), .call(.heard, _): actions = []
            case .call(.ended, _): return (outcome, menu.tries)
            }
            await act(actions, mouth)
        }
        return (outcome, menu.tries)
    }

    private mutating func act(_ actions: [TelephoneMenu.Action], _ mouth: AsyncStream<Happening>.Continuation) async {
        var rest = actions
        while !rest.isEmpty {
            let action = rest.removeFirst()
            waits?.cancel()
            turn += 1
            switch action {
            case .say(let words): await say(words)
            case .fallSilent: call.play([], tag: turn)
            case .wait(let duration):
                waits = Task { [turn] in
                    try await Task.sleep(for: duration)
                    mouth.yield(.waited(turn: turn))
                }
            case .record:
                call.play([Self.tone], tag: turn)
                call.keep(true)
            case .endRecording: call.keep(false)
            case .playBack(let recording, let words): await say(words, after: CallAudio(aLaw: recording.sound))
            case .ask(let question): rest += menu.told(await answer(question))
            case .callBack(let number):
                outcome = .callBack(number)
                call.hangUp()
            case .hangUp: call.hangUp()
            }
        }
    }

    /// - Parameter sound: what is played before.
    private func say(_ words: String, after sound: CallAudio? = nil) async {
        do {
            let spoken = try await speaker.aLaw(of: words, language: Self.language)
            guard let audio = CallAudio(aLaw: spoken) else { throw SpeechError(code: .silent, program: "") }
            prompt.next()
            call.play([sound, audio].compactMap(\.self), tag: turn)
        } catch {
            logger.error("the switchboard cannot speak, and hangs up", metadata: ["error": "\(error)"])
            call.hangUp()
        }
    }

    private func answer(_ question: TelephoneMenu.Question) async -> TelephoneMenu.Reply {
        do {
            return try await desk.answer(question, for: menu.person)
        } catch {
            logger.error("the switchboard could not do what was asked", metadata: ["error": "\(error)"])
            return .refused(.failed)
        }
    }
}
