import AlertModel

/// Campaigns, as the console needs them. Every function may throw `ConsoleProblem`; a campaign that the account
/// must not see is the same as none: nil.
package struct CampaignDesk: Sendable {
    package var measure: @Sendable (Message, CampaignMode) async throws -> MessageMeasure
    /// `empty_zone`, `empty_audience`, a geometry code, or `channel_unavailable` in real mode.
    package var preview: @Sendable (Account, CampaignPlan) async throws -> CampaignPreview
    /// Recomputes the audience inside one read transaction and stops with `audience_changed` if its hash differs,
    /// then with `confirmation_mismatch` if the number typed is not its size.
    package var launch: @Sendable (Account, CampaignLaunch) async throws -> CampaignID
    /// Newest first.
    package var list: @Sendable (Account) async throws -> [CampaignCard]
    /// Only those that run or are paused, newest first: asked every second by whoever watches several.
    package var live: @Sendable (Account) async throws -> [CampaignCard] = { _ in [] }
    package var find: @Sendable (Account, CampaignID) async throws -> CampaignDossier?
    /// The campaign after the action; `not_allowed` when its state forbids it.
    package var control: @Sendable (Account, CampaignID, CampaignAction) async throws -> CampaignDossier?
    /// Takes a launch back in its first seconds: all of it, or `too_late_to_undo`.
    package var undo: @Sendable (Account, CampaignID) async throws -> CampaignDossier?
    /// Where the campaign stands now, then whenever that changes; finishes with the campaign. Ending the iteration
    /// or cancelling its task must release whatever feeds the stream.
    package var follow: @Sendable (Account, CampaignID) async throws -> AsyncStream<ProgressUpdate>?
    package var report: @Sendable (Account, CampaignID, ReportFormat) async throws -> ReportFile?

    /// The certificate of an exercise that has ended; `not_allowed` while it is under way.
    /// - Parameter steps: of the guided exercise, in their order, with the seconds that each took; nil where it was not guided.
    package var certificate:
        @Sendable (Account, CampaignID, CertificateFileFormat, _ steps: [GuidedStepTime]?) async throws -> ReportFile? = { _, _, _, _ in nil }

    package init(
        measure: @escaping @Sendable (Message, CampaignMode) async throws -> MessageMeasure,
        preview: @escaping @Sendable (Account, CampaignPlan) async throws -> CampaignPreview,
        launch: @escaping @Sendable (Account, CampaignLaunch) async throws -> CampaignID,
        list: @escaping @Sendable (Account) async throws -> [CampaignCard],
        find: @escaping @Sendable (Account, CampaignID) async throws -> CampaignDossier?,
        control: @escaping @Sendable (Account, CampaignID, CampaignAction) async throws -> CampaignDossier?,
        undo: @escaping @Sendable (Account, CampaignID) async throws -> CampaignDossier?,
        follow: @escaping @Sendable (Account, CampaignID) async throws -> AsyncStream<ProgressUpdate>?,
        report: @escaping @Sendable (Account, CampaignID, ReportFormat) async throws -> ReportFile?
    ) {
        self.measure = measure
        self.preview = preview
        self.launch = launch
        self.list = list
        self.find = find
        self.control = control
        self.undo = undo
        self.follow = follow
        self.report = report
    }
}

/// A step of the guided first exercise, as the operator's browser measured it.
package struct GuidedStepTime: Hashable, Sendable {
    /// In the order of the guide.
    package enum Step: String, CaseIterable, Sendable {
        case commune, zone, count, message, channels, review, launch, follow, allClear, report
    }

    package let step: Step
    /// Nil where it was not seen.
    package let seconds: Int?

    package init(step: Step, seconds: Int?) {
        self.step = step
        self.seconds = seconds
    }
}

/// The forms a certificate comes in.
package enum CertificateFileFormat: String, CaseIterable, Sendable {
    case html, pdf, json

    var mediaType: String {
        switch self {
        case .html: MediaType.html
        case .pdf: MediaType.pdf
        case .json: MediaType.json
        }
    }
}
