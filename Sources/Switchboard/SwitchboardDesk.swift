import AlertModel

/// What the switchboard needs of the house. Everything but `isKnown` and `identify` acts in the name of who was identified, under
/// the rights they have at that moment, and may throw `SwitchboardRefusal`.
package struct SwitchboardDesk: Sendable {
    /// Whether a number, as the trunk writes it, is an account's.
    package var isKnown: @Sendable (_ caller: String) async throws -> Bool
    /// Nil for an unknown code and for a wrong PIN, after the same time. Traced either way.
    package var identify: @Sendable (CallerClaim, _ pin: Redacted<String>) async throws -> PhoneOperator?
    /// By their numbers.
    package var scenarios: @Sendable (PhoneOperator) async throws -> [NumberedScenario]
    package var read: @Sendable (PhoneOperator, _ number: Int) async throws -> LaunchReading
    /// What was read, or nothing.
    package var launch: @Sendable (PhoneOperator, LaunchReading) async throws -> LiveCampaign
    package var undo: @Sendable (PhoneOperator, LiveCampaign) async throws -> Void
    /// Newest first.
    package var campaigns: @Sendable (PhoneOperator) async throws -> [LiveCampaign]
    package var standing: @Sendable (PhoneOperator, LiveCampaign) async throws -> CampaignStanding
    package var pauseOrResume: @Sendable (PhoneOperator, LiveCampaign) async throws -> CampaignStanding
    package var stop: @Sendable (PhoneOperator, LiveCampaign) async throws -> CampaignStanding

    /// - Returns: the name under which it is kept.
    package var keep: @Sendable (PhoneOperator, SpokenRecording) async throws -> String

    package init(
        isKnown: @escaping @Sendable (String) async throws -> Bool,
        identify: @escaping @Sendable (CallerClaim, Redacted<String>) async throws -> PhoneOperator?,
        scenarios: @escaping @Sendable (PhoneOperator) async throws -> [NumberedScenario],
        read: @escaping @Sendable (PhoneOperator, Int) async throws -> LaunchReading,
        launch: @escaping @Sendable (PhoneOperator, LaunchReading) async throws -> LiveCampaign,
        undo: @escaping @Sendable (PhoneOperator, LiveCampaign) async throws -> Void,
        campaigns: @escaping @Sendable (PhoneOperator) async throws -> [LiveCampaign],
        standing: @escaping @Sendable (PhoneOperator, LiveCampaign) async throws -> CampaignStanding,
        pauseOrResume: @escaping @Sendable (PhoneOperator, LiveCampaign) async throws -> CampaignStanding,
        stop: @escaping @Sendable (PhoneOperator, LiveCampaign) async throws -> CampaignStanding,
        keep: @escaping @Sendable (PhoneOperator, SpokenRecording) async throws -> String
    ) {
        self.keep = keep
        self.isKnown = isKnown
        self.identify = identify
        self.scenarios = scenarios
        self.read = read
        self.launch = launch
        self.undo = undo
        self.campaigns = campaigns
        self.standing = standing
        self.pauseOrResume = pauseOrResume
        self.stop = stop
    }
}

extension SwitchboardDesk {
    /// What the menu asked, answered.
    func answer(_ question: TelephoneMenu.Question, for person: PhoneOperator?) async throws -> TelephoneMenu.Reply {
        if case .identify(let claim, let pin) = question { return .person(try await identify(claim, pin)) }
        guard let person else { return .refused(.notPermitted) }
        do {
            switch question {
            case .identify: return .refused(.notPermitted)
            case .scenarios: return .scenarios(try await scenarios(person))
            case .reading(let number): return .reading(try await read(person, number))
            case .launch(let reading): return .launched(try await launch(person, reading))
            case .undo(let campaign):
                try await undo(person, campaign)
                return .undone
            case .campaigns: return .campaigns(try await campaigns(person))
            case .standing(let campaign): return .standing(try await standing(person, campaign))
            case .pauseOrResume(let campaign): return .standing(try await pauseOrResume(person, campaign))
            case .keep(let recording): return .kept(name: try await keep(person, recording))
            case .stop(let campaign): return .standing(try await stop(person, campaign))
            }
        } catch let refusal as SwitchboardRefusal {
            return .refused(refusal)
        }
    }
}
