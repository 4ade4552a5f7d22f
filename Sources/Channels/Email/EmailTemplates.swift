import AlertModel
import Dispatching
import Mail

/// What each campaign's messages have in common, made at the first of them: with the zone's map, and once however many ask
/// for it.
actor EmailTemplates {
    private struct FrameKey: Hashable {
        let campaign: CampaignID
        let mode: CampaignMode
        let kind: CampaignKind
    }

    private struct Key: Hashable {
        let frame: FrameKey
        let message: Message
    }

    private let settings: EmailSettings
    private let extras: EmailExtras?
    /// The last ones used first.
    private var frames: [(key: FrameKey, frame: Task<MailFrame, any Error>)] = []
    private var templates: [(key: Key, template: Task<MailTemplate, any Error>)] = []
    /// One with its map is half a megabyte; more campaigns at once than this are made anew in turn.
    private static let capacity = 16

    init(settings: EmailSettings, extras: EmailExtras?) {
        self.settings = settings
        self.extras = extras
    }

    /// What writes a submission's message. Where its words are one recipient's they are encoded when this is called, on the
    /// connection's own thread and not in this actor's turn.
    func template(for submission: Submission) async throws -> @Sendable () throws(MailError) -> MailTemplate {
        let frame = frame(for: submission)
        let message = submission.message
        if submission.isPersonal {
            let ready = try await frame.value
            return { () throws(MailError) in
                try MailTemplate(ready, subject: message.subject, text: message.text, isForOne: true)
            }
        }
        let key = Key(frame: Self.key(of: submission), message: message)
        let task: Task<MailTemplate, any Error>
        if let index = templates.firstIndex(where: { $0.key == key }) {
            if index > 0 { templates.swapAt(0, index) }
            task = templates[0].template
        } else {
            task = Task { try MailTemplate(try await frame.value, subject: message.subject, text: message.text) }
            templates.insert((key, task), at: 0)
            if templates.count > Self.capacity { templates.removeLast() }
        }
        let template = try await task.value
        return { () throws(MailError) in template }
    }

    private static func key(of submission: Submission) -> FrameKey {
        FrameKey(campaign: submission.campaign, mode: submission.mode, kind: submission.kind)
    }

    private func frame(for submission: Submission) -> Task<MailFrame, any Error> {
        let key = Self.key(of: submission)
        if let index = frames.firstIndex(where: { $0.key == key }) {
            if index > 0 { frames.swapAt(0, index) }
            return frames[0].frame
        }
        let task = Task { [settings, extras] in
            try Self.frame(for: key, settings, extras, picture: await extras?.picture(key.campaign))
        }
        frames.insert((key, task), at: 0)
        if frames.count > Self.capacity { frames.removeLast() }
        return task
    }

    private static func frame(
        for key: FrameKey, _ settings: EmailSettings, _ extras: EmailExtras?, picture: MailPicture?
    ) throws(MailError) -> MailFrame {
        // Whoever is informed may ask for no more of it; whoever is alerted is asked to answer.
        let isInformation = key.kind == .information
        let hasLinks = extras?.publicAddress != nil
        return try MailFrame(
            from: settings.sender, picture: picture, asksAcknowledgement: hasLinks && !isInformation,
            isInformation: isInformation, offersUnsubscription: hasLinks && isInformation,
            headers: [("X-Tocsin-Campaign", "\(key.campaign)"), ("X-Tocsin-Mode", key.mode.rawValue)],
            signer: settings.signer)
    }
}
