import AlertModel
import Dispatching
import Mail

/// Each campaign's template, made at its first message: with the zone's map, and once however many ask for it.
actor EmailTemplates {
    private struct Key: Hashable {
        let campaign: CampaignID
        let message: Message
    }

    private let settings: EmailSettings
    private let extras: EmailExtras?
    /// The last one used first.
    private var templates: [(key: Key, template: Task<MailTemplate, any Error>)] = []
    private var pictures: [(campaign: CampaignID, picture: Task<MailPicture?, Never>)] = []
    /// A template with its map is half a megabyte; more campaigns at once than this are made anew in turn.
    private static let capacity = 16

    init(settings: EmailSettings, extras: EmailExtras?) {
        self.settings = settings
        self.extras = extras
    }

    func template(for submission: Submission) async throws -> MailTemplate {
        if submission.isPersonal {
            return try Self.template(for: submission, settings, extras, picture: await picture(submission.campaign))
        }
        let key = Key(campaign: submission.campaign, message: submission.message)
        if let index = templates.firstIndex(where: { $0.key == key }) {
            if index > 0 { templates.swapAt(0, index) }
            return try await templates[0].template.value
        }
        let task = Task { [settings, extras] in
            try Self.template(
                for: submission, settings, extras, picture: await extras?.picture(submission.campaign))
        }
        templates.insert((key, task), at: 0)
        if templates.count > Self.capacity { templates.removeLast() }
        return try await task.value
    }

    /// A campaign's map, where its texts are each recipient's own: drawn once.
    private func picture(_ campaign: CampaignID) async -> MailPicture? {
        if let known = pictures.first(where: { $0.campaign == campaign }) { return await known.picture.value }
        let task = Task { [extras] in await extras?.picture(campaign) }
        pictures.append((campaign, task))
        if pictures.count > Self.capacity { pictures.removeFirst() }
        return await task.value
    }

    static func template(
        for submission: Submission, _ settings: EmailSettings, _ extras: EmailExtras?, picture: MailPicture?
    ) throws(MailError) -> MailTemplate {
        // Whoever is informed may ask for no more of it; whoever is alerted is asked to answer.
        let isInformation = submission.kind == .information
        let hasLinks = extras?.publicAddress != nil
        return try MailTemplate(
            from: settings.sender, subject: submission.message.subject, text: submission.message.text, picture: picture,
            asksAcknowledgement: hasLinks && !isInformation, isInformation: isInformation,
            offersUnsubscription: hasLinks && isInformation,
            headers: [
                ("X-Tocsin-Campaign", "\(submission.campaign)"), ("X-Tocsin-Mode", submission.mode.rawValue),
            ], signer: settings.signer)
    }
}
