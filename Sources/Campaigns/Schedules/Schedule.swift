import AlertModel

/// An information campaign that is launched by the clock: everything of it but its recipients, who are selected each time.
package struct ScheduleDraft: Sendable {
    package let organisation: OrganisationID
    package let name: String
    package let mode: CampaignMode
    /// The zone's canonical document.
    package let zoneDocument: String
    /// Only this organisation's recipients; nil for the whole register.
    package let onlyOrganisation: OrganisationID?
    package let message: ScheduledMessage
    package let policy: Policy
    package let weight: Int
    package let timing: ScheduleTiming
    /// Over what its organisation sees at each occurrence: its own register and those delegated to it.
    package var asOrganisation = false

    package init(
        organisation: OrganisationID, name: String, mode: CampaignMode, zoneDocument: String,
        onlyOrganisation: OrganisationID?, message: ScheduledMessage, policy: Policy, weight: Int, timing: ScheduleTiming
    ) {
        self.organisation = organisation
        self.name = name
        self.mode = mode
        self.zoneDocument = zoneDocument
        self.onlyOrganisation = onlyOrganisation
        self.message = message
        self.policy = policy
        self.weight = weight
        self.timing = timing
    }
}

/// What a schedule says: a text of its own, or a template's as it was when the schedule was made. What changes in the template
/// since is not sent: nobody saw it in this schedule.
package struct ScheduledMessage: Hashable, Sendable, Codable {
    package var subject: String?
    package var text: String?
    package var template: String?
    package var part: String?
    /// The template's message as it was seen (`MessageDocument`), and its version; nil for a schedule of before that whose
    /// text of then is not known, and before it is saved.
    package var document: String?
    package var version: Int?
    /// What fills the places of the text, by their folded names.
    package var values: [String: String]

    package init(
        subject: String? = nil, text: String? = nil, template: String? = nil, part: String? = nil, values: [String: String] = [:]
    ) {
        self.subject = subject
        self.text = text
        self.template = template
        self.part = part
        self.values = values
    }
}

package enum ScheduleState: String, CaseIterable, Sendable {
    case active, paused
    /// Nothing is to come.
    case ended
    case removed
}

/// What became of one occurrence.
package enum OccurrenceOutcome: String, CaseIterable, Sendable {
    case launched
    /// A launch rule or guard rail stopped it.
    case refused
    /// It was too late, or a later one was due as well.
    case skipped
}

/// What to do with an occurrence that is due.
package enum OccurrenceVerdict: Hashable, Sendable {
    /// With what is left of the validity, counted from the occurrence: a message about Friday evening is not sent on Sunday
    /// because the machine was off.
    case launch(validitySeconds: Int)
    case skip(reason: String)

    /// - Parameter following: the occurrence after it.
    package static func judge(
        _ occurrence: UTCTime, following: UTCTime?, validitySeconds: Int, now: UTCTime
    ) -> OccurrenceVerdict {
        if let following, following <= now { return .skip(reason: "a later occurrence was due as well") }
        let late = Int(max(0, now.milliseconds(since: occurrence)) / 1000)
        // Nothing ran for a moment: no launch is to the second.
        let left = late < graceSeconds ? validitySeconds : validitySeconds - late
        guard left >= PolicyRules.validitySeconds.lowerBound else {
            return .skip(reason: "nothing ran for \(late / 60) minutes, longer than the message is valid")
        }
        return .launch(validitySeconds: left)
    }

    private static let graceSeconds = 60
}
