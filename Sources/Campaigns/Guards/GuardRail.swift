import AlertModel

/// What makes an audience doubtful enough to be looked at twice.
package enum GuardRail: String, CaseIterable, Hashable, Sendable {
    /// Nobody is inside. Always stops.
    case empty
    /// The zone's ground is larger than the organisation's territory.
    case largerThanTerritory = "larger_than_territory"
    /// More of the zone than a share of it lies outside the organisation's territory.
    case outsideTerritory = "outside_territory"
    /// The audience is more than a share of the register.
    case registerShare = "register_share"
    /// The audience is many times the zone's population, or a small part of it.
    case farFromPopulation = "far_from_population"
    /// People of the audience are in another alert of these hours: two zones of one event, perhaps.
    case alreadyAlerted = "already_alerted"
    /// A real message whose text was written for the occasion, by a person with an account.
    case freeText = "free_text"
    /// A real audience of more people than one person launches alone, by a person with an account.
    case largeAudience = "large_audience"
    /// More than a quota of the organisation, or of one above it, has left; or nearly all of it. Information that goes
    /// beyond waits; an alert goes, and it is said.
    case quota
}

/// What a guard rail does when it is touched.
package enum GuardConsequence: String, CaseIterable, Hashable, Sendable, Comparable {
    /// It is not looked at.
    case none
    /// It is said, and nothing is asked.
    case warn
    /// Launched only once a second person has agreed, with a reason.
    case secondPerson = "second_person"
    /// Not launched.
    case stop

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .none: 0
        case .warn: 1
        case .secondPerson: 2
        case .stop: 3
        }
    }
}

/// An organisation's guard rails.
package struct GuardPolicy: Hashable, Sendable {
    /// `empty` is not in it: that one always stops.
    package var consequences: [GuardRail: GuardConsequence]
    /// From 0 to 1: a share of the zone's ground that may lie outside the territory.
    package var outsideShare: Double
    /// From 0 to 1: a larger share of the register is asked about.
    package var registerShare: Double
    /// A register of fewer recipients is alerted as a whole without asking: a village is.
    package var smallRegister: Int
    /// Recipients for each inhabitant: more is asked about.
    package var populationRatio: Double
    /// Recipients for each inhabitant: fewer is asked about; 0 for never, since registers may be small.
    package var leastPopulationRatio: Double
    /// Audiences and populations closer than this many people are never far from each other.
    package var populationSpare: Int
    /// Alerts launched in so many hours are looked through for the same people.
    package var alreadyAlertedHours: Int
    /// Recipients beyond which a scenario, too, takes a second person.
    package var largeAudience = 5_000
    /// Recipients beyond which the number, or the commune, is typed before a launch.
    package var typedAbove = 1_000
    /// How long approvers have to answer before whoever asked may launch alone.
    package var breakGlassSeconds = 180
    /// How long a request for approval stays true.
    package var approvalMinutes = 60

    /// What holds where nothing is settled: a second person for all but an empty audience, which stops, and for an
    /// alert that repeats another, which may well be meant.
    package static let standard = GuardPolicy(
        consequences: [
            .largerThanTerritory: .secondPerson, .outsideTerritory: .secondPerson, .registerShare: .secondPerson,
            .farFromPopulation: .secondPerson, .alreadyAlerted: .warn,
            .freeText: .secondPerson, .largeAudience: .secondPerson, .quota: .warn,
        ],
        outsideShare: 0.05, registerShare: 0.9, smallRegister: 1_000, populationRatio: 2, leastPopulationRatio: 0,
        populationSpare: 100, alreadyAlertedHours: 24)

    package func consequence(of rail: GuardRail) -> GuardConsequence {
        switch rail {
        case .empty: .stop
        // Never silent, and never what keeps an alert from leaving.
        case .quota: consequences[rail] == .secondPerson ? .secondPerson : .warn
        default: consequences[rail] ?? .none
        }
    }
}

/// What is known of an audience when it is judged.
package struct GuardFacts: Sendable {
    /// Certain and possible.
    package var recipients: Int
    /// Recipients of the register in the same scope.
    package var register: Int
    /// The zone's ground; nil when it is not only a place.
    package var squareMetres: Double?
    /// The organisation's territory; nil when it has not settled one.
    package var territorySquareMetres: Double?
    /// The zone's ground outside it.
    package var outsideSquareMetres: Double?
    /// Inhabitants of the zone; nil when not known.
    package var population: Double?
    /// Of the recipients, those whom other alerts reach or have reached, and these alerts, the latest first.
    package var alreadyAlerted: (people: Int, campaigns: [CampaignID])
    package var mode: CampaignMode
    package var author: LaunchAuthor
    package var kind: CampaignKind
    package var quotas: [QuotaFinding] = []
    /// Of the recipients, those who are of no register: they are no share of it.
    package var beside = 0

    package init(
        recipients: Int, register: Int, squareMetres: Double? = nil, territorySquareMetres: Double? = nil,
        outsideSquareMetres: Double? = nil, population: Double? = nil,
        alreadyAlerted: (people: Int, campaigns: [CampaignID]) = (0, []), mode: CampaignMode = .real,
        author: LaunchAuthor = .machine, kind: CampaignKind = .alert
    ) {
        self.kind = kind
        self.mode = mode
        self.author = author
        self.alreadyAlerted = alreadyAlerted
        self.recipients = recipients
        self.register = register
        self.squareMetres = squareMetres
        self.territorySquareMetres = territorySquareMetres
        self.outsideSquareMetres = outsideSquareMetres
        self.population = population
    }
}

/// A guard rail that an audience touches: a value with its reason.
package struct GuardFinding: Hashable, Sendable, CustomStringConvertible {
    package let rail: GuardRail
    package let consequence: GuardConsequence
    /// What was found and what is allowed, in the order the reason says them.
    package let found: Double
    package let limit: Double
    /// The alerts that a repetition repeats, the latest first.
    package let campaigns: [CampaignID]
    /// The quota that is touched.
    package let quota: QuotaFinding?

    package var description: String {
        switch rail {
        case .quota: quota?.description ?? "a quota is used up"
        case .empty: "nobody of the register is inside the zone"
        case .largerThanTerritory:
            "the zone has \(Self.squareKilometres(found)) km², the organisation's territory \(Self.squareKilometres(limit)) km²"
        case .outsideTerritory:
            "\(Self.percent(found)) % of the zone lies outside the organisation's territory, of which \(Self.percent(limit)) % "
                + "are allowed"
        case .registerShare:
            "\(Self.percent(found)) % of the register would be alerted: more than \(Self.percent(limit)) %"
        case .farFromPopulation:
            "there are \(Self.ratio(found)) recipients for each inhabitant of the zone: "
                + (found > limit ? "more than" : "fewer than") + " \(Self.ratio(limit))"
        case .freeText: "the text was written for the occasion"
        case .largeAudience: "\(Int(found)) recipients, of which one person alerts \(Int(limit)) alone"
        case .alreadyAlerted:
            "\(Int(found)) of them are in the alert of campaign \(names(" and ")): `--except "
                + "\(campaigns.map { "--campaign \($0):all" }.joined(separator: " "))` leaves them out"
        }
    }

    package func names(_ conjunction: String) -> String {
        let names = campaigns.map(\.description)
        guard let last = names.last, names.count > 1 else { return names.joined() }
        return names.dropLast().joined(separator: ", ") + conjunction + last
    }

    package static func percent(_ share: Double) -> String { ratio(share * 100) }
    package static func squareKilometres(_ squareMetres: Double) -> String { ratio(squareMetres / 1e6) }

    /// Two decimals at most.
    package static func ratio(_ number: Double) -> String {
        guard number.magnitude < 1e12 else { return "\(number)" }
        let hundredths = Int((number * 100).rounded())
        let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        guard rest != 0 else { return "\(whole)" }
        return "\(whole)." + (rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)")
    }
}

extension GuardPolicy {
    /// Judges an audience: the one place where guard rails are evaluated.
    ///
    /// - Returns: what it touches, the weightiest first. What is not known touches nothing.
    package func findings(_ facts: GuardFacts) -> [GuardFinding] {
        var findings: [GuardFinding] = []
        func touch(_ rail: GuardRail, _ found: Double, _ limit: Double, _ campaigns: [CampaignID] = []) {
            var consequence = consequence(of: rail)
            guard consequence != .none else { return }
            // An exercise reaches nobody: it is said, and one person is enough.
            if facts.mode == .exercise, consequence == .secondPerson { consequence = .warn }
            findings.append(
                GuardFinding(rail: rail, consequence: consequence, found: found, limit: limit, campaigns: campaigns, quota: nil))
        }
        if facts.recipients == 0 { touch(.empty, 0, 1) }
        if let zone = facts.squareMetres, let territory = facts.territorySquareMetres, zone > territory {
            touch(.largerThanTerritory, zone, territory)
        }
        if let zone = facts.squareMetres, zone > 0, let outside = facts.outsideSquareMetres, outside / zone > outsideShare {
            touch(.outsideTerritory, outside / zone, outsideShare)
        }
        if facts.register >= max(1, smallRegister) {
            let share = Double(facts.recipients - facts.beside) / Double(facts.register)
            if share > registerShare { touch(.registerShare, share, registerShare) }
        }
        if let population = facts.population, facts.recipients > 0,
            (Double(facts.recipients) - population).magnitude > Double(populationSpare)
        {
            let ratio = population > 0 ? Double(facts.recipients) / population : .infinity
            if ratio > populationRatio { touch(.farFromPopulation, ratio, populationRatio) }
            if ratio < leastPopulationRatio { touch(.farFromPopulation, ratio, leastPopulationRatio) }
        }
        if facts.mode == .real, facts.author != .machine {
            if facts.author == .account { touch(.freeText, 1, 0) }
            if facts.recipients > largeAudience { touch(.largeAudience, Double(facts.recipients), Double(largeAudience)) }
        }
        if facts.alreadyAlerted.people > 0 {
            touch(.alreadyAlerted, Double(facts.alreadyAlerted.people), 0, facts.alreadyAlerted.campaigns)
        }
        // Nothing of an exercise is counted.
        if facts.mode == .real { findings += facts.quotas.map { finding(of: $0, facts.kind) } }
        return findings.sorted { $0.consequence > $1.consequence }
    }
}

extension GuardPolicy {
    /// What is exceeded keeps information back; of an alert it is said, or asked about.
    private func finding(of quota: QuotaFinding, _ kind: CampaignKind) -> GuardFinding {
        let consequence: GuardConsequence =
            !quota.isExceeded ? .warn : kind == .information ? .stop : self.consequence(of: .quota)
        return GuardFinding(
            rail: .quota, consequence: consequence, found: Double(quota.need ?? 0), limit: Double(quota.level.left), campaigns: [],
            quota: quota)
    }
}

extension [GuardFinding] {
    /// Why a launch is refused, or nil.
    ///
    /// - Parameter acceptance: the reason why a second person agreed, or why nobody was asked; nil or blank for none.
    package func refusal(acceptance: String?) -> LaunchError? {
        if let stop = first(where: { $0.consequence == .stop }) { return stop.rail == .empty ? .emptyAudience : .guarded(stop) }
        guard acceptance?.isBlank ?? true else { return nil }
        return first { $0.consequence == .secondPerson }.map { .guarded($0) }
    }
}
