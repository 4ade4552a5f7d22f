import AlertModel

/// Everything of a campaign but its recipients, ready to be launched.
package struct CampaignPlan: Sendable {
    package let organisation: OrganisationID
    /// Chosen by the caller, once for each press of the button: the same key never launches twice.
    package let requestKey: String
    package let mode: CampaignMode
    /// The zone's canonical document, kept as it was approved.
    package let zoneDocument: String
    /// As it leaves: marked EXERCICE in an exercise.
    package let message: Message
    package let policy: Policy
    package let kind: CampaignKind
    /// Its share beside other campaigns of its kind.
    package let weight: Int
    /// Recipients the zone could not judge: counted, never sent to, never forgotten.
    package let notLocated: Int
    /// The hash the operator was shown; nil when nobody approved one (the launch then states its own).
    package let approvedHash: AudienceHash?
    /// The user's name, as the journal writes it.
    package let createdBy: String
    /// Why a second person agreed to what a guard rail asks about; nil when nobody did.
    package let acceptance: String?
    package let circumstances: LaunchCircumstances

    package init(
        organisation: OrganisationID, requestKey: String, mode: CampaignMode, zoneDocument: String,
        message: Message, policy: Policy, notLocated: Int, approvedHash: AudienceHash?, createdBy: String,
        acceptance: String? = nil, kind: CampaignKind = .alert, weight: Int = 1,
        circumstances: LaunchCircumstances = LaunchCircumstances()
    ) {
        self.circumstances = circumstances
        self.kind = kind
        self.weight = weight
        self.organisation = organisation
        self.requestKey = requestKey
        self.mode = mode
        self.zoneDocument = zoneDocument
        self.message = message.marked(for: mode)
        self.policy = kind == .alert ? policy.awake : policy
        self.notLocated = notLocated
        self.approvedHash = approvedHash
        self.createdBy = createdBy
        self.acceptance = acceptance
    }

    /// Why it may not be launched at a moment: its quiet hours would outlast it. Nil when they would not.
    package func quietRefusal(at now: UTCTime) -> LaunchError? {
        guard let quiet = policy.quiet, let end = quiet.end(at: now), end >= now.advanced(bySeconds: policy.validitySeconds)
        else { return nil }
        return .quietThroughout(quiet, until: end)
    }

    /// A digest over this plan, ready to take in its recipients.
    package func digest() -> AudienceDigest {
        AudienceDigest(zoneDocument: zoneDocument.utf8, message: message, policy: policy, mode: mode, kind: kind, weight: weight)
    }
}
