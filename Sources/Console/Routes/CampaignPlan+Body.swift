import AlertModel
import Campaigns
import Foundation

extension CampaignPlan {
    /// The members of a plan in a body.
    static let keys: Set<String> = [
        "zone", "message", "channels", "mode", "kind", "weight", "retries", "retryPeriodSeconds",
        "cascade", "until",
    ]

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
            throw ConsoleProblem(
                .invalidMessage, ProblemDetail(path: "message.subject", reason: "the subject is empty"))
        }
        let standard = PolicyRules.standard(channels: channels, mode: mode)
        let policy = Policy(
            channels: standard.channels,
            maximumRetries: body.has("retries")
                ? try body.integer("retries", in: PolicyRules.retries) : standard.maximumRetries,
            retryPeriodSeconds: body.has("retryPeriodSeconds")
                ? try body.integer("retryPeriodSeconds", in: PolicyRules.retryPeriodSeconds)
                : standard.retryPeriodSeconds,
            validitySeconds: standard.validitySeconds, cascade: try Self.cascade(body))
        if let problem = PolicyRules.problems(of: policy).first { throw body.fault("cascade", problem.description) }
        self.init(zone: try body.zone("zone"), message: message, policy: policy, mode: mode,
            kind: body.has("kind") ? try body.word("kind", CampaignKind.self) : .alert,
            weight: body.has("weight") ? try body.integer("weight", in: PolicyRules.weights) : 1)
    }

    /// Characters of a cascade: four channels and their waits.
    private static let longestCascade = 200

    /// Channels one after another, as `alert --cascade` takes them; nil for all at once.
    private static func cascade(_ body: BodyObject) throws -> Cascade? {
        guard body.has("cascade") else { return nil }
        let until = body.has("until") ? try body.word("until", StopWord.self) : .acknowledged
        let words = try body.text("cascade", maximumLength: longestCascade)
        do throws(PolicyDocumentError) {
            return try CascadeWords.read(words, until: until)
        } catch {
            throw body.fault("cascade", error.description)
        }
    }
}

extension CampaignLaunch {
    /// Reads a launch, or a request for its approval: the plan, and the proof that its preview was seen.
    init(_ body: BodyObject) throws {
        try body.allow(
            CampaignPlan.keys.union(["audienceHash", "confirmation", "requestKey", "acceptance", "allClear", "openedAt", "handed"]))
        let plan = try CampaignPlan(body)
        let hash = try body.text("audienceHash", maximumLength: 128)
        guard !hash.isEmpty else { throw body.fault("audienceHash", "the preview's hash is due") }
        self.init(
            plan: plan, audienceHash: hash, confirmation: try body.integer("confirmation", in: 0...100_000_000),
            requestKey: try body.uuid("requestKey"),
            acceptance: body.has("acceptance") ? try body.text("acceptance", maximumLength: 500) : nil,
            isAllClear: body.has("allClear") ? try body.flag("allClear") : false,
            openedAt: try Self.moment(body),
            handed: body.has("handed")
                ? ZoneRequestID(rawValue: Int64(try body.integer("handed", in: 1...Int(Int32.max)))) : nil)
    }

    /// The preview's own moment, sent back; nil when it is not.
    static func moment(_ body: BodyObject) throws -> Date? {
        guard body.has("openedAt") else { return nil }
        let text = try body.text("openedAt", maximumLength: 40)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        guard let date = try? Date(text, strategy: style) else { throw body.fault("openedAt", "the preview's openedAt is due") }
        return date
    }
}

extension Message {
    init(_ body: BodyObject) throws {
        let subject = try body.text("subject", maximumLength: LaunchRules.subjectLimit)
        // An e-mail's subject is one line: a line break in it would start another header.
        guard !subject.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw ConsoleProblem(
                .invalidMessage, ProblemDetail(path: "message.subject", reason: "the subject must be one line"))
        }
        let text = try body.text("text", maximumLength: LaunchRules.textLimit)
        let variants = try body.objects("variants", atMost: Self.mostVariants).map { try MessageVariant($0) }
        let uses = variants.map(\.use)
        guard Set(uses).count == uses.count else {
            throw body.fault("variants", "two wordings are for the same language and channel")
        }
        self.init(subject: subject, text: text, variants: variants)
    }

    /// More than a screen holds; a document on disk may have more.
    private static let mostVariants = 40
}

extension MessageVariant {
    fileprivate init(_ body: BodyObject) throws {
        try body.allow(["language", "channel", "subject", "text", "recording"])
        let language = body.has("language") ? try body.text("language", maximumLength: 35) : nil
        let channel = body.has("channel") ? try body.word("channel", Channel.self) : nil
        guard let use = Use(language: language, channel: channel) else {
            throw body.fault("language", "a language such as en or pt-br, a channel, or both are due")
        }
        let subject = body.has("subject") ? try body.text("subject", maximumLength: LaunchRules.subjectLimit) : nil
        if let subject, subject.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            throw body.fault("subject", "the subject must be one line")
        }
        let recording = body.has("recording") ? SoundHash(hexadecimal: try body.text("recording", maximumLength: 64)) : nil
        guard !body.has("recording") || recording != nil && channel == .voice else {
            throw body.fault("recording", "64 hexadecimal digits are due, in a wording for voice")
        }
        self.init(use, subject: subject, text: try body.text("text", maximumLength: LaunchRules.textLimit), recording: recording)
    }
}
