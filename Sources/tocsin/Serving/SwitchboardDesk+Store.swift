import AlertModel
import Campaigns
import Console
import Dispatching
import Foundation
import Import
import Speech
import Store
import Switchboard
import Targeting

extension SwitchboardDesk {
    /// Launches by telephone, in the database: the same scenarios, limits, approvals and journal as the consoles'.
    ///
    /// - Parameter means: of each mode that is launched here.
    init(store: AlertDatabase, means: [any CampaignMeans], signal: @escaping @Sendable () -> Void) {
        let office = SwitchboardOffice(store: store, means: means, signal: signal)
        @Sendable func doing<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
            do { return try await Offload.run(work) } catch { throw SwitchboardOffice.refusal(error) ?? error }
        }
        self.init(
            isKnown: { caller in
                try await Offload.run {
                    try SwitchboardOffice.e164(caller).flatMap { try store.telephoneOperator(calling: $0) } != nil
                }
            },
            identify: { claim, pin in try await Offload.run { try office.identify(claim, pin.value) } },
            scenarios: { person in try await doing { try office.scenarios(person) } },
            read: { person, number in try await doing { try office.read(number, by: person) } },
            launch: { person, reading in try await doing { try office.launch(reading, by: person) } },
            undo: { person, campaign in
                try await doing {
                    _ = try office.control(campaign, by: person) { _, store in _ = try store.undoCampaign(campaign.id, actor: person.user) }
                }
            },
            campaigns: { person in try await doing { try office.campaigns(person) } },
            standing: { person, campaign in try await doing { try office.standing(of: campaign, for: person) } },
            pauseOrResume: { person, campaign in
                try await doing {
                    try office.control(campaign, by: person) { before, store in
                        if before.state == .paused { try store.resumeCampaign(campaign.id, actor: person.user) }
                        else { try store.pauseCampaign(campaign.id, actor: person.user) }
                    }
                }
            },
            stop: { person, campaign in
                try await doing {
                    try office.control(campaign, by: person) { _, store in _ = try store.stopCampaign(campaign.id, actor: person.user) }
                }
            },
            keep: { person, recording in try await doing { try office.keep(recording, by: person) } })
    }
}

/// The telephone's verbs over scenarios and the ledger. Blocking: called off the cooperative threads.
private struct SwitchboardOffice: Sendable {
    let store: AlertDatabase
    let means: [any CampaignMeans]
    let signal: @Sendable () -> Void

    /// A number as a trunk writes it; nil for one that is none.
    static func e164(_ caller: String) -> String? { try? PhoneNumber(caller, department: nil).e164 }

    func identify(_ claim: CallerClaim, _ pin: String) throws -> PhoneOperator? {
        let found = switch claim {
        case .code(let code): try store.identifyByTelephone(code: code, number: nil, pin: pin)
        case .number(let number): try store.identifyByTelephone(code: nil, number: Self.e164(number), pin: pin)
        }
        return found.map {
            PhoneOperator(user: $0.account.name, organisation: $0.account.organisation, callback: $0.telephone.number)
        }
    }

    /// Whoever was identified, with the rights of this moment.
    ///
    /// - Throws: `SwitchboardRefusal.notPermitted`.
    private func acting(_ person: PhoneOperator) throws -> Operator {
        let acting = try store.actingOperator(named: person.user)
        guard acting.organisation == person.organisation, acting.capabilities.contains(.launch) else {
            throw SwitchboardRefusal.notPermitted
        }
        return acting
    }

    func scenarios(_ person: PhoneOperator) throws -> [NumberedScenario] {
        _ = try acting(person)
        return try store.numberedScenarios(of: person.organisation).map {
            NumberedScenario(number: $0.number, name: $0.scenario.name, mode: $0.mode)
        }
    }

    func read(_ number: Int, by person: PhoneOperator) throws -> LaunchReading {
        let numbered = try numbered(number, of: person)
        let openedAt = UTCTime.now, key = UUID()
        let draft = try draft(numbered, by: person, openedAt: openedAt, key: key)
        // As the launch will: said before it is confirmed, not after.
        if let refusal = draft.shown.guards.refusal(acceptance: draft.plan.agreement) { throw refusal }
        let voice = draft.plan.policy.channels.contains(.voice) ? Channel.voice : .sms
        return LaunchReading(
            scenario: NumberedScenario(number: number, name: numbered.scenario.name, mode: numbered.mode),
            zone: draft.zone.spoken(communes: draft.shown.communes.map(\.name)),
            recipients: draft.shown.counts.recipients, legs: draft.shown.legs,
            text: draft.plan.message.worded(for: voice, language: "").marked(for: numbered.mode).sample.text,
            notices: notices(draft), audienceHash: draft.shown.hash.hexadecimal, openedAt: Date(openedAt), requestKey: key)
    }

    private func notices(_ draft: ScenarioOffice.Draft) -> [String] {
        (draft.cut.map { ["Hors de votre territoire, \($0.recipients) personnes sont laissées de côté."] } ?? [])
            + draft.shown.guards.map { GuardNotice($0).message }
    }

    func launch(_ reading: LaunchReading, by person: PhoneOperator) throws -> LiveCampaign {
        let numbered = try numbered(reading.scenario.number, of: person)
        // Another scenario, or an exercise that was made real meanwhile, is not what was read.
        guard numbered.mode == reading.scenario.mode, numbered.scenario.name == reading.scenario.name else {
            throw SwitchboardRefusal.audienceChanged
        }
        let opened = UTCTime(millisecondsSince1970: reading.openedAt.milliseconds)
        let draft = try draft(numbered, by: person, openedAt: opened, key: reading.requestKey)
        guard draft.shown.hash.hexadecimal == reading.audienceHash else { throw SwitchboardRefusal.audienceChanged }
        let launched = try office(of: numbered.mode).launch(draft)
        try store.audit(
            actor: person.user, action: "telephone.launch", subject: launched.campaign.description,
            detail: ["scenario": numbered.scenario.name, "mode": numbered.mode.rawValue], organisation: person.organisation)
        signal()
        return LiveCampaign(id: launched.campaign, subject: draft.plan.message.subject, mode: numbered.mode)
    }

    private func numbered(_ number: Int, of person: PhoneOperator) throws -> ScenarioNumber {
        _ = try acting(person)
        guard let found = try store.numberedScenarios(of: person.organisation).first(where: { $0.number == number }) else {
            throw SwitchboardRefusal.noSuchScenario
        }
        return found
    }

    private func draft(_ numbered: ScenarioNumber, by person: PhoneOperator, openedAt: UTCTime, key: UUID) throws -> ScenarioOffice.Draft {
        try office(of: numbered.mode).draft(
            numbered.scenario.name, of: person.organisation, values: [:], by: try acting(person), openedAt: openedAt,
            requestKey: key.uuidString)
    }

    private func office(of mode: CampaignMode) throws -> ScenarioOffice {
        guard let found = means.first(where: { $0.mode == mode }) else { throw SwitchboardRefusal.channelUnavailable }
        return ScenarioOffice(store: store.confined(to: mode), means: found)
    }

    func campaigns(_ person: PhoneOperator) throws -> [LiveCampaign] {
        _ = try acting(person)
        return try CampaignMode.allCases.flatMap { mode in
            try store.ledger.liveCampaigns(of: person.organisation, mode: mode).map {
                LiveCampaign(id: $0.id, subject: $0.message.subject, mode: mode)
            }
        }.sorted { $0.id > $1.id }
    }

    /// - Returns: the name, which says when and that it came by telephone.
    func keep(_ recording: SpokenRecording, by person: PhoneOperator) throws -> String {
        try acting(person).require(.prepare)
        // As loud as other recordings; the key that ended it is heard on some telephones.
        let said = recording.sound.dropLast(Self.keySamples)
        let sound = try SoundFile.aLaw(WaveSound.file(aLaw: Array(said)))
        let moment = Date.now.formatted(.verbatim(
            "\(day: .twoDigits)-\(month: .twoDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)) h \(minute: .twoDigits) \(second: .twoDigits)",
            locale: Locale(identifier: "fr_FR"), timeZone: .current, calendar: Calendar(identifier: .gregorian)))
        return try store.addRecording(named: "Téléphone \(moment)", sound, of: person.organisation, by: person.user, now: .now).name
    }

    /// A fifth of a second.
    private static let keySamples = 1_600

    func standing(of campaign: LiveCampaign, for person: PhoneOperator) throws -> CampaignStanding {
        _ = try acting(person)
        let record = try store.ledger.campaign(campaign.id)
        guard record.organisation == person.organisation, record.mode == campaign.mode else { throw SwitchboardRefusal.notPossible }
        return CampaignStanding(state: record.state, progress: record.progress)
    }

    /// - Parameter act: given where the campaign stands, and the database of its mode alone.
    /// - Returns: where it stands then.
    func control(
        _ campaign: LiveCampaign, by person: PhoneOperator, _ act: (CampaignStanding, AlertDatabase) throws -> Void
    ) throws -> CampaignStanding {
        try act(standing(of: campaign, for: person), store.confined(to: campaign.mode))
        signal()
        return try standing(of: campaign, for: person)
    }

    /// What is said of an error; nil for what only the log can tell.
    static func refusal(_ error: any Error) -> SwitchboardRefusal? {
        switch error {
        case let refusal as SwitchboardRefusal: refusal
        case LaunchError.emptyAudience, LaunchError.emptyZone: .nobodyInside
        case LaunchError.channelUnavailable, LaunchError.noChannel: .channelUnavailable
        case LaunchError.audienceChanged: .audienceChanged
        case LaunchError.guarded(let finding): finding.consequence == .secondPerson ? .secondPersonNeeded : finding.rail == .empty ? .nobodyInside : .stopped
        case is LaunchError: .stopped
        case ScenarioError.unknown: .noSuchScenario
        case is ScenarioError: .hasBlanks
        case let error as SpeechError where error.code == .silentSound: .nothingHeard
        case is RightsError: .notPermitted
        case LedgerError.tooLateToUndo: .tooLateToUndo
        case is LedgerError: .notPossible
        default: nil
        }
    }
}
