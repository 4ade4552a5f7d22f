import AlertModel
import Speech

/// What is said to whoever launches by telephone and what their keys mean, as a value: it is told what happens, and answers what
/// to do.
///
/// Keys may be typed ahead, but for what launches or stops: there, only keys count that were pressed while the reading was heard.
package struct TelephoneMenu: Sendable {
    package enum Question: Equatable, Sendable {
        case identify(CallerClaim, pin: Redacted<String>)
        case scenarios
        case reading(of: Int)
        case launch(LaunchReading)
        case undo(LiveCampaign)
        case campaigns
        case standing(LiveCampaign)
        case pauseOrResume(LiveCampaign)
        case stop(LiveCampaign)
        /// Keep what was spoken.
        case keep(SpokenRecording)
    }

    package enum Reply: Equatable, Sendable {
        /// Nil for a wrong code or PIN, whichever it was.
        case person(PhoneOperator?)
        case scenarios([NumberedScenario])
        case reading(LaunchReading)
        case launched(LiveCampaign)
        case undone
        case campaigns([LiveCampaign])
        case standing(CampaignStanding)
        case kept(name: String)
        case refused(SwitchboardRefusal)
    }

    package enum Action: Equatable, Sendable {
        /// Instead of what is being said.
        case say(String)
        /// Ends what is being said; `said` comes at once.
        case fallSilent
        case wait(Duration)
        case ask(Question)
        /// Gives a short tone, and keeps what is said after it: `recorded` comes with it, once `endRecording` was done.
        case record
        case endRecording
        /// What was recorded, and then words.
        case playBack(SpokenRecording, String)
        /// Hangs up, and calls back.
        case callBack(String)
        case hangUp
    }

    private enum Stage: Sendable {
        case before
        case code
        case pin(CallerClaim)
        case menu
        case number
        case confirmation(LaunchReading)
        case undoing(LiveCampaign)
        case choice([LiveCampaign])
        case following(LiveCampaign)
        case stopping(LiveCampaign)
        /// Before the tone.
        case preparing
        case recording
        case recorded(SpokenRecording)
        case closing(callsBack: String?)
        case over

        /// The one that is followed.
        var campaign: LiveCampaign? {
            switch self {
            case .undoing(let campaign), .following(let campaign), .stopping(let campaign): campaign
            default: nil
            }
        }
    }

    /// Wrong codes in one call.
    package static let mostTries = 3
    /// How long a key is waited for, and how often what can be pressed is said again to nobody.
    package static let patience = Duration.seconds(8)
    static let mostSilences = 2
    /// Between two words on how a campaign goes.
    static let period = Duration.seconds(5)
    private static let mostDigits = 12
    /// What is spoken to others.
    static let longestRecording = Duration.seconds(SoundFile.mostSeconds)

    private let caller: CallerClaim?
    private var stage = Stage.before
    private var digits = ""
    /// Wrong codes so far.
    package private(set) var tries = 0
    private var silences = 0
    /// What was last said: said again to whoever pressed nothing.
    private var prompt = ""
    private var isAsking = false
    private var hasSaidKeys = false
    package private(set) var person: PhoneOperator?

    /// - Parameter caller: who calls, by their number; nil where it is nobody's.
    package init(caller: CallerClaim? = nil) { self.caller = caller }

    package mutating func answered() -> [Action] {
        guard case .before = stage else { return [] }
        return caller.map { askPIN($0, after: MenuWords.welcome) } ?? askCode(after: MenuWords.welcome)
    }

    /// What was last to be said has been.
    package mutating func said() -> [Action] {
        switch stage {
        case .closing(let number):
            stage = .over
            return [number.map { .callBack($0) } ?? .hangUp]
        case .before, .over: return []
        case .following, .undoing: return [.wait(Self.period)]
        case .preparing:
            stage = .recording
            return [.record]
        // The tone.
        case .recording: return [.wait(Self.longestRecording)]
        default: return [.wait(Self.patience)]
        }
    }

    /// The while is over.
    package mutating func waited() -> [Action] {
        guard !isAsking else { return [] }
        switch stage {
        case .before, .closing, .over: return []
        case .following(let campaign), .undoing(let campaign):
            stage = .following(campaign)
            return ask(.standing(campaign))
        case .recording: return [.endRecording]
        case .recorded(let recording):
            silences += 1
            return silences > Self.mostSilences ? close(MenuWords.goodbye) : [.playBack(recording, MenuWords.recordedKeys)]
        default:
            silences += 1
            digits = ""
            return silences > Self.mostSilences ? close(MenuWords.goodbye) : [.say(prompt)]
        }
    }

    /// - Parameter isFresh: whether it was pressed once what is now being said had begun.
    package mutating func pressed(_ key: Character, isFresh: Bool) -> [Action] {
        guard !isAsking else { return [] }
        silences = 0
        switch stage {
        case .before, .closing, .over: return []
        case .code: return typed(key, isSecret: true) { $0.isEmpty ? [] : $1.askPIN(.code($0)) }
        case .pin(let claim):
            // Somebody else on a telephone that is known.
            if key == "*", digits.isEmpty { return askCode() }
            return typed(key, isSecret: true) { $1.ask(.identify(claim, pin: Redacted($0))) }
        case .menu: return chosen(key)
        case .number:
            if key == "*", digits.isEmpty { return openMenu() }
            return typed(key) { number, menu in Int(number).map { menu.ask(.reading(of: $0)) } ?? menu.ask(.scenarios) }
        case .confirmation(let reading):
            guard isFresh || !digits.isEmpty else { return [] }
            if key == "*", digits.isEmpty { return openMenu(after: MenuWords.nothingLeft) }
            return typed(key) { number, menu in
                if Int(number) == reading.scenario.number { return menu.ask(.launch(reading)) }
                return menu.say(number.isEmpty ? MenuWords.reading(reading) : MenuWords.wrongConfirmation(reading))
            }
        case .preparing: return key == "*" ? openMenu() : []
        case .recording: return [.endRecording]
        case .recorded(let recording):
            switch key {
            case "1": return isFresh ? ask(.keep(recording)) : []
            case "2": return prepareRecording()
            case "*": return openMenu(after: MenuWords.notKept)
            default: return []
            }
        case .undoing(let campaign): return key == "0" ? ask(.undo(campaign)) : []
        case .choice(let campaigns):
            if key == "*" { return openMenu() }
            guard let rank = key.wholeNumberValue, campaigns.indices.contains(rank - 1) else { return say(prompt) }
            return follow(campaigns[rank - 1])
        case .following(let campaign):
            switch key {
            case "1": return ask(.standing(campaign))
            case "2": return ask(.pauseOrResume(campaign))
            case "3":
                stage = .stopping(campaign)
                return say(MenuWords.confirmStop)
            case "*": return openMenu()
            default: return []
            }
        case .stopping(let campaign):
            guard isFresh else { return [] }
            return key == "#" ? ask(.stop(campaign)) : follow(campaign)
        }
    }

    /// What was said after the tone.
    package mutating func recorded(_ recording: SpokenRecording) -> [Action] {
        guard case .recording = stage else { return [] }
        guard recording.seconds >= SpokenRecording.shortest else { return openMenu(after: MenuWords.nothingHeard) }
        stage = .recorded(recording)
        return [.playBack(recording, MenuWords.recordedKeys)]
    }

    /// The answer to what was last asked.
    package mutating func told(_ reply: Reply) -> [Action] {
        guard isAsking else { return [] }
        isAsking = false
        switch reply {
        case .person(let person?):
            self.person = person
            return openMenu(after: MenuWords.hello)
        case .person(nil):
            tries += 1
            if tries >= Self.mostTries { return close(MenuWords.refusedForGood) }
            return caller.map { askPIN($0, after: MenuWords.refused) } ?? askCode(after: MenuWords.refused)
        case .scenarios(let scenarios):
            stage = .number
            return say(MenuWords.list(scenarios))
        case .reading(let reading):
            stage = .confirmation(reading)
            return say(MenuWords.reading(reading))
        case .launched(let campaign):
            stage = .undoing(campaign)
            hasSaidKeys = false
            return say(MenuWords.launched(campaign))
        case .kept(let name): return openMenu(after: MenuWords.kept(name))
        case .undone: return openMenu(after: MenuWords.undone)
        case .campaigns(let campaigns):
            if campaigns.isEmpty { return openMenu(after: MenuWords.noCampaign) }
            if campaigns.count == 1 { return follow(campaigns[0]) }
            stage = .choice(Array(campaigns.prefix(9)))
            return say(MenuWords.choice(campaigns.prefix(9)))
        case .standing(let standing):
            guard let campaign = stage.campaign else { return [] }
            stage = .following(campaign)
            let keys = hasSaidKeys ? "" : MenuWords.followKeys
            hasSaidKeys = true
            let words = MenuWords.standing(standing, of: campaign)
            return standing.state.isFinal ? openMenu(after: words) : say(words + keys)
        case .refused(let refusal):
            let words = MenuWords.refusal(refusal)
            // What can't be done to a campaign leaves it followed; what can't be read of it ends that.
            guard let campaign = stage.campaign, refusal == .tooLateToUndo || refusal == .notPossible else { return openMenu(after: words) }
            stage = .following(campaign)
            return say(words)
        }
    }

    // MARK: - Steps

    private mutating func chosen(_ key: Character) -> [Action] {
        switch key {
        case "1":
            stage = .number
            return say(MenuWords.askNumber)
        case "2": return ask(.campaigns)
        case "3": return prepareRecording()
        case "9":
            guard let number = person?.callback else { return say(prompt) }
            stage = .closing(callsBack: number)
            return say(MenuWords.callingBack)
        case "0": return close(MenuWords.goodbye)
        default: return say(prompt)
        }
    }

    private mutating func askCode(after words: String = "") -> [Action] {
        stage = .code
        return say(words + MenuWords.askCode)
    }

    private mutating func askPIN(_ claim: CallerClaim, after words: String = "") -> [Action] {
        stage = .pin(claim)
        return say(words + MenuWords.askPIN)
    }

    private mutating func openMenu(after words: String = "") -> [Action] {
        stage = .menu
        let actions = say(words + MenuWords.menu(callsBack: person?.callback != nil))
        // What happened is not said again to whoever presses nothing.
        prompt = MenuWords.menu(callsBack: person?.callback != nil)
        return actions
    }

    private mutating func prepareRecording() -> [Action] {
        stage = .preparing
        return say(MenuWords.prepareRecording)
    }

    private mutating func follow(_ campaign: LiveCampaign) -> [Action] {
        stage = .following(campaign)
        hasSaidKeys = false
        return ask(.standing(campaign))
    }

    private mutating func close(_ words: String) -> [Action] {
        stage = .closing(callsBack: nil)
        return say(words)
    }

    private mutating func say(_ words: String) -> [Action] {
        digits = ""
        prompt = words
        return [.say(words)]
    }

    private mutating func ask(_ question: Question) -> [Action] {
        digits = ""
        isAsking = true
        return [.ask(question)]
    }

    /// Collects digits until the hash key; the first ends what is being said, and a star begins anew.
    private mutating func typed(
        _ key: Character, isSecret: Bool = false, _ done: (String, inout TelephoneMenu) -> [Action]
    ) -> [Action] {
        switch key {
        case "#":
            let typed = digits
            digits = ""
            if isSecret, typed.isEmpty { return [] }
            return done(typed, &self)
        case "*":
            digits = ""
            return [.fallSilent]
        case "0"..."9":
            if digits.count < Self.mostDigits { digits.append(key) }
            return [.fallSilent]
        default: return []
        }
    }
}
