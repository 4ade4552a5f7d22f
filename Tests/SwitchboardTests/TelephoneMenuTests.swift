import AlertModel
import Campaigns
import Foundation
import Testing

@testable import Switchboard

/// The menu alone, without a telephone.
@Suite struct TelephoneMenuTests {
    private static let person = PhoneOperator(user: "marie", organisation: OrganisationID(rawValue: 1), callback: "+33199001010")
    private static let crue = NumberedScenario(number: 12, name: "Crue", mode: .real)
    private static let reading = LaunchReading(
        scenario: crue, zone: "périmètre Bresle", recipients: 41, legs: [.sms: 40, .voice: 1], text: "Évacuez.", notices: [],
        audienceHash: String(repeating: "a", count: 64), openedAt: Date(timeIntervalSince1970: 0), requestKey: UUID())
    private static let campaign = LiveCampaign(id: CampaignID(rawValue: 7), subject: "Crue", mode: .real)

    private func press(_ keys: String, _ menu: inout TelephoneMenu, isFresh: Bool = true) -> [TelephoneMenu.Action] {
        keys.reduce([]) { _, key in menu.pressed(key, isFresh: isFresh) }
    }

    /// Somebody who is in the menu.
    private func known(_ caller: CallerClaim? = nil) -> TelephoneMenu {
        var menu = TelephoneMenu(caller: caller)
        _ = menu.answered()
        if caller == nil { _ = press("123456#", &menu) }
        _ = press("987654#", &menu)
        _ = menu.told(.person(Self.person))
        return menu
    }

    /// Somebody who has heard what would be launched.
    private func reading() -> TelephoneMenu {
        var menu = known()
        _ = press("112#", &menu)
        _ = menu.told(.reading(Self.reading))
        return menu
    }

    private func standing(_ state: CampaignState) -> TelephoneMenu.Reply {
        .standing(CampaignStanding(state: state, progress: CampaignProgress(recipients: 41, deliveries: [.passed: 30, .acknowledged: 5, .pending: 6], legs: [:], possibleDuplicates: 0)))
    }

    private func words(_ actions: [TelephoneMenu.Action]) -> String {
        actions.reduce("") { words, action in if case .say(let more) = action { words + more } else { words } }
    }

    @Test func `a message is spoken after a tone, heard again, and kept by a key that was pressed then`() {
        var menu = known()
        #expect(words(press("3", &menu)).contains("après le signal"))
        #expect(menu.said() == [.record])
        #expect(menu.said() == [.wait(TelephoneMenu.longestRecording)], "after the tone")
        #expect(press("#", &menu) == [.endRecording])
        let spoken = SpokenRecording(sound: [UInt8](repeating: 1, count: 16_000))
        #expect(menu.recorded(spoken) == [.playBack(spoken, MenuWords.recordedKeys)])
        #expect(press("1", &menu, isFresh: false).isEmpty, "typed ahead")
        #expect(words(press("2", &menu)).contains("après le signal"), "once more")
        _ = menu.said()
        _ = menu.said()
        #expect(menu.waited() == [.endRecording], "nobody speaks for ever")
        _ = menu.recorded(spoken)
        #expect(press("1", &menu) == [.ask(.keep(spoken))])
        #expect(words(menu.told(.kept(name: "Téléphone 1"))).contains("Téléphone 1"))
    }

    @Test func `what is too short, or given up, is not kept`() {
        var menu = known()
        _ = press("3", &menu)
        _ = menu.said()
        _ = press("#", &menu)
        #expect(words(menu.recorded(SpokenRecording(sound: [1, 2, 3]))).contains("Rien n'a été entendu"))
        #expect(menu.recorded(SpokenRecording(sound: [UInt8](repeating: 1, count: 16_000))).isEmpty, "nothing was asked for")
        _ = press("3", &menu)
        _ = menu.said()
        _ = press("#", &menu)
        _ = menu.recorded(SpokenRecording(sound: [UInt8](repeating: 1, count: 16_000)))
        #expect(words(press("*", &menu)).contains("Rien n'est gardé"))
        _ = press("3", &menu)
        #expect(words(press("*", &menu)).contains("tapez 1"))
    }

    @Test func `a code and a PIN are asked for, and proved together`() {
        var menu = TelephoneMenu()
        #expect(words(menu.answered()).contains("code d'appel"))
        #expect(words(press("123456#", &menu)).contains("code secret"))
        #expect(press("987654#", &menu) == [.ask(.identify(.code("123456"), pin: Redacted("987654")))])
        #expect(menu.pressed("1", isFresh: true).isEmpty, "nothing is heard while it is asked")
        #expect(words(menu.told(.person(Self.person))).contains("tapez 1"))
    }

    @Test func `a telephone that is known types its PIN alone, or somebody else's code`() {
        var menu = TelephoneMenu(caller: .number("+33199001010"))
        #expect(words(menu.answered()).contains("code secret"))
        #expect(press("987654#", &menu) == [.ask(.identify(.number("+33199001010"), pin: Redacted("987654")))])
        _ = menu.told(.person(nil))
        #expect(words(press("*", &menu)).contains("code d'appel"))
    }

    @Test func `after three wrong codes nobody is listened to`() {
        var menu = TelephoneMenu()
        _ = menu.answered()
        for _ in 1...3 {
            _ = press("1234#", &menu)
            _ = press("0000#", &menu)
            #expect(words(menu.told(.person(nil))).contains("refusé"))
        }
        #expect(press("1234#", &menu).isEmpty)
        #expect(menu.said() == [.hangUp] && menu.tries == 3 && menu.person == nil)
    }

    @Test func `a scenario is read out, and launched by its own number once more`() {
        var menu = known()
        _ = press("1", &menu)
        #expect(press("12#", &menu) == [.ask(.reading(of: 12))])
        let read = words(menu.told(.reading(Self.reading)))
        for part in ["Alerte réelle", "Crue", "périmètre Bresle", "41 personnes", "40 S M S", "1 appel", "Évacuez."] { #expect(read.contains(part)) }
        #expect(press("12#", &menu) == [.ask(.launch(Self.reading))])
        #expect(words(menu.told(.launched(Self.campaign))).contains("zéro"))
        #expect(menu.pressed("0", isFresh: true) == [.ask(.undo(Self.campaign))])
        #expect(words(menu.told(.undone)).contains("rien n'est parti"))
    }

    @Test(arguments: ["13#", "1#", "#", "*", "99999999999999#"])
    func `any other keys launch nothing`(keys: String) {
        var menu = reading()
        let actions = press(keys, &menu)
        #expect(!actions.contains { if case .ask(.launch) = $0 { true } else { false } } && !words(actions).isEmpty)
    }

    @Test func `what was typed before the reading was heard confirms nothing`() {
        var menu = reading()
        #expect(press("12#", &menu, isFresh: false).isEmpty)
        #expect(press("12#", &menu) == [.ask(.launch(Self.reading))])
    }

    @Test func `what cannot be launched is said, and the menu comes again`() {
        for refusal in [SwitchboardRefusal.notPermitted, .noSuchScenario, .hasBlanks, .nobodyInside, .secondPersonNeeded, .stopped, .channelUnavailable, .audienceChanged, .failed] {
            var menu = known()
            _ = press("112#", &menu)
            let said = words(menu.told(.refused(refusal)))
            #expect(said.hasPrefix(MenuWords.refusal(refusal)) && said.contains("tapez 1"))
            #expect(press("2", &menu) == [.ask(.campaigns)])
        }
    }

    @Test func `a campaign is followed, held up, and stopped for good by two keys`() {
        var menu = known()
        _ = press("2", &menu)
        #expect(menu.told(.campaigns([Self.campaign])) == [.ask(.standing(Self.campaign))])
        let said = words(menu.told(standing(.running)))
        #expect(said.contains("35 jointes") && said.contains("5 ont confirmé") && said.contains("6 en attente") && said.contains("tapez 3"))
        #expect(menu.said() == [.wait(TelephoneMenu.period)])
        #expect(menu.waited() == [.ask(.standing(Self.campaign))])
        #expect(!words(menu.told(standing(.running))).contains("tapez 3"), "the keys are said once")
        #expect(press("2", &menu) == [.ask(.pauseOrResume(Self.campaign))])
        #expect(words(menu.told(standing(.paused))).contains("suspendue"))
        _ = press("3", &menu)
        #expect(press("#", &menu, isFresh: false).isEmpty)
        #expect(press("#", &menu) == [.ask(.stop(Self.campaign))])
        #expect(words(menu.told(standing(.stopped))).contains("arrêtée"))
        #expect(press("2", &menu) == [.ask(.campaigns)], "what has ended is not followed")
    }

    @Test func `among several campaigns one is chosen by its rank`() {
        let other = LiveCampaign(id: CampaignID(rawValue: 8), subject: "Canicule", mode: .exercise)
        var menu = known()
        _ = press("2", &menu)
        #expect(words(menu.told(.campaigns([other, Self.campaign]))).contains("1 : Exercice Canicule. 2 : Alerte Crue."))
        #expect(!words(press("5", &menu)).isEmpty)
        #expect(press("2", &menu) == [.ask(.standing(Self.campaign))])
    }

    @Test func `whoever presses nothing hears it three times`() {
        var menu = known()
        for _ in 1...2 {
            #expect(menu.said() == [.wait(TelephoneMenu.patience)])
            #expect(words(menu.waited()).contains("tapez 1"))
        }
        _ = menu.said()
        #expect(words(menu.waited()) == MenuWords.goodbye && menu.said() == [.hangUp])
    }

    @Test func `whoever asks is called back, where a number is written down`() {
        var menu = known()
        _ = press("9", &menu)
        #expect(menu.said() == [.callBack("+33199001010")])
        var without = TelephoneMenu()
        _ = without.answered()
        _ = press("123456#987654#", &without)
        let menuWords = words(without.told(.person(PhoneOperator(user: "paul", organisation: OrganisationID(rawValue: 1), callback: nil))))
        #expect(!menuWords.contains("rappelé") && words(press("9", &without)) == String(menuWords.dropFirst(MenuWords.hello.count)))
    }

    @Test func `no key in any order makes it fall over, or launch unread`() {
        var generator = SystemRandomNumberGenerator()
        let replies: [TelephoneMenu.Reply] = [
            .person(Self.person), .person(nil), .scenarios([Self.crue]), .reading(Self.reading), .launched(Self.campaign), .undone,
            .campaigns([]), .campaigns([Self.campaign]), standing(.running), standing(.completed), .refused(.notPossible), .refused(.failed),
        ]
        for _ in 0..<2_000 {
            var menu = TelephoneMenu()
            var wasRead = false
            var last = menu.answered()
            for _ in 0..<60 {
                if case .ask(let question)? = last.last {
                    if case .launch = question { #expect(wasRead) }
                    let reply = replies.randomElement(using: &generator)!
                    if case .reading = reply { wasRead = true }
                    last = menu.told(reply)
                } else {
                    switch Int.random(in: 0..<4, using: &generator) {
                    case 0: last = menu.said()
                    case 1: last = menu.waited()
                    default: last = menu.pressed("0123456789*#A".randomElement(using: &generator)!, isFresh: .random(using: &generator))
                    }
                }
            }
        }
    }
}

@Suite struct CallerGateTests {
    @Test func `after too many wrong codes strangers wait an hour, and known telephones never`() {
        var gate = CallerGate()
        let start = Date(timeIntervalSince1970: 0)
        for _ in 0..<4 {
            #expect(gate.isOpen(toKnown: false, at: start))
            gate.note(wrongTries: 3, at: start)
        }
        #expect(!gate.isOpen(toKnown: false, at: start + 10) && gate.isOpen(toKnown: true, at: start + 10))
        #expect(!gate.isOpen(toKnown: false, at: start + CallerGate.period - 1))
        #expect(gate.isOpen(toKnown: false, at: start + CallerGate.period))
    }
}
