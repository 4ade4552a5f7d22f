import AlertModel

/// The bounds and defaults of what an operator may ask of a campaign.
enum CampaignRules {
    static let longestSubject = 200
    /// Characters; the SMS limit in segments is the desk's to apply.
    static let longestText = 4_000
    static let retries = 0...10
    static let retryPeriodSeconds = 30...86_400
    static let defaultRetries = 2
    static let defaultRetryPeriodSeconds = 300
    /// Six hours: an alert that comes later misleads.
    static let validitySeconds = 21_600
}

extension CampaignPlan {
    /// The members of a plan in a body.
    static let keys: Set<String> = ["zone", "message", "channels", "mode", "retries", "retryPeriodSeconds"]

    /// Reads a plan; both a preview and a launch carry one, and the same members give the same audience hash.
    init(_ body: BodyObject) throws {
        let message = try Message(body.object("message"))
        let mode = try body.word("mode", CampaignMode.self)
        let channels = try body.words("channels", Channel.self)
        guard !channels.isEmpty else { throw ConsoleProblem(.noChannel, ProblemDetail(path: "channels")) }
        guard !message.text.allSatisfy(\.isWhitespace) else {
            throw ConsoleProblem(.invalidMessage, ProblemDetail(path: "message.text", reason: "the text is empty"))
        }
        let needsSubject = channels.contains(.email) || channels.contains(.fax)
        guard !needsSubject || !message.subject.allSatisfy(\.isWhitespace) else {
            throw ConsoleProblem(.invalidMessage, ProblemDetail(path: "message.subject", reason: "the subject is empty"))
        }
        let policy = Policy(
            channels: channels,
            maximumRetries: body.has("retries")
                ? try body.integer("retries", in: CampaignRules.retries) : CampaignRules.defaultRetries,
            retryPeriodSeconds: body.has("retryPeriodSeconds")
                ? try body.integer("retryPeriodSeconds", in: CampaignRules.retryPeriodSeconds)
                : CampaignRules.defaultRetryPeriodSeconds,
            validitySeconds: CampaignRules.validitySeconds)
        self.init(zone: try body.zone("zone"), message: message, policy: policy, mode: mode)
    }
}

extension Message {
    init(_ body: BodyObject) throws {
        let subject = try body.text("subject", maximumLength: CampaignRules.longestSubject)
        // An e-mail's subject is one line: a line break in it would start another header.
        guard !subject.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw ConsoleProblem(.invalidMessage, ProblemDetail(path: "message.subject", reason: "the subject must be one line"))
        }
        self.init(subject: subject, text: try body.text("text", maximumLength: CampaignRules.longestText))
    }
}
