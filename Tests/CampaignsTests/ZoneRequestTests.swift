import AlertModel
import Campaigns
import Testing

@Suite struct ZoneRequestTests {
    private static let now = UTCTime(millisecondsSince1970: 1_700_000_000_000)

    private static func facts(_ state: ZoneRequestState) -> ZoneRequestFacts {
        ZoneRequestFacts(state: state, askedAt: now, expiresAt: now.advanced(bySeconds: ZoneRequestRules.validSeconds))
    }

    private static let cases: [(ZoneRequestState, Int, ZoneRequestRefusal?, ZoneRequestRefusal?)] = [
        (.pending, 0, nil, .notAccepted(.pending)),
        (.pending, ZoneRequestRules.validSeconds - 1, nil, .notAccepted(.pending)),
        (.pending, ZoneRequestRules.validSeconds, .alreadyDecided(.expired), .notAccepted(.expired)),
        (.accepted, 1, .alreadyDecided(.accepted), nil),
        // Taken up in time, it is launched when they are ready: the flood is theirs to judge.
        (.accepted, 2 * ZoneRequestRules.validSeconds, .alreadyDecided(.accepted), nil),
        (.refused, 1, .alreadyDecided(.refused), .notAccepted(.refused)),
        (.withdrawn, 1, .alreadyDecided(.withdrawn), .notAccepted(.withdrawn)),
    ]

    @Test(arguments: cases)
    func `what waits is answered once and in time, and only what was accepted is launched`(
        state: ZoneRequestState, after seconds: Int, answer: ZoneRequestRefusal?, launch: ZoneRequestRefusal?
    ) {
        let now = Self.now.advanced(bySeconds: seconds)
        #expect(ZoneRequestRules.answer(Self.facts(state), now: now) == answer)
        #expect(ZoneRequestRules.launch(Self.facts(state), now: now) == launch)
    }

    @Test func `a refusal says why`() {
        #expect(ZoneRequestRules.refusal(Self.facts(.pending), reason: "non", now: Self.now) == .reasonNeeded)
        #expect(ZoneRequestRules.refusal(Self.facts(.pending), reason: "Déjà alerté par nous", now: Self.now) == nil)
        #expect(ZoneRequestRules.refusal(Self.facts(.refused), reason: "non", now: Self.now) == .alreadyDecided(.refused))
    }
}

@Suite struct ScenarioChangesTests {
    private static let base = scenario()

    private static func scenario(
        zone: String = "a", subject: String = "Crue", text: String = "Montez.", variants: [MessageVariant] = [],
        channels: [Channel] = [.sms], retries: Int = 2, period: Int = 60, validity: Int = 3600,
        rules: [FailureCause: RetryRule] = [:], jitter: Int = 0, cascade: Cascade? = nil, joiners: Bool = true,
        quiet: QuietHours? = nil, kind: CampaignKind = .alert, weight: Int = 1, blanks: [String: BlankKind] = [:]
    ) -> Scenario {
        Scenario(
            zoneDocument: zone, message: Message(subject: subject, text: text, variants: variants),
            policy: Policy(
                channels: channels, maximumRetries: retries, retryPeriodSeconds: period, validitySeconds: validity,
                retries: rules, jitterPercent: jitter, cascade: cascade, admitsLateJoiners: joiners, quiet: quiet),
            kind: kind, weight: weight, blanks: blanks)
    }

    private static let cascade = Cascade(
        steps: [Cascade.Step(channels: [.sms], waitSeconds: 0), Cascade.Step(channels: [.voice], waitSeconds: 600)],
        until: .acknowledged)

    private static let changed: [(ScenarioChange.Field, Scenario)] = [
        (.zone, scenario(zone: "b")), (.subject, scenario(subject: "Feu")), (.text, scenario(text: "Sortez.")),
        (.wordings, scenario(variants: [MessageVariant(MessageVariant.Use(language: "en", channel: nil)!, subject: nil, text: "Go up.")])),
        (.channels, scenario(channels: [.sms, .email])), (.retries, scenario(retries: 3)), (.retries, scenario(period: 90)),
        (.retries, scenario(rules: [.busy: RetryRule(count: 1, periodSeconds: 60)])), (.retries, scenario(jitter: 10)),
        (.validity, scenario(validity: 7200)), (.cascade, scenario(cascade: cascade)), (.lateJoiners, scenario(joiners: false)),
        (.kind, scenario(kind: .information)), (.weight, scenario(weight: 2)), (.blanks, scenario(blanks: ["lieu": .place])),
    ]

    @Test(arguments: changed.indices)
    func `whatever voids an approval is told to who approves again`(index: Int) {
        let (field, other) = Self.changed[index]
        #expect(other.digest != Self.base.digest)
        #expect(other.changes(since: Self.base) { $0 }.map(\.field) == [field])
        #expect(Self.base.changes(since: other) { $0 }.map(\.field) == [field])
    }

    @Test func `nothing is told of a scenario that is the same`() {
        #expect(Self.base.changes(since: Self.scenario()) { $0 }.isEmpty)
        let change = Self.scenario(text: "Sortez.").changes(since: Self.base) { $0 }.first
        #expect(change?.before == "Montez." && change?.after == "Sortez.")
    }
}
