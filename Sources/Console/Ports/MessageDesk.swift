import AlertModel
import Campaigns

/// Messages before they leave, as the console needs them: templates, wordings, tests to oneself, and the change of one
/// that is leaving. Every function may throw `ConsoleProblem`.
package struct MessageDesk: Sendable {
    /// The organisation's, by name.
    package var templates: @Sendable (Account) async throws -> [TemplateCard]
    /// Fills a message's places; values by the places' names.
    package var fill: @Sendable (Account, Message, _ values: [String: String]) async throws -> FilledMessage
    /// What each channel would carry, wording by wording.
    package var texts: @Sendable (Message, CampaignMode, [Channel]) async throws -> [ChannelText]
    /// What a call of this wording would say, as a WAV file.
    package var speech: @Sendable (Account, Message, CampaignMode, CampaignKind, _ language: String) async throws -> [UInt8]
    /// Where the organisation may send tests.
    package var testPlaces: @Sendable (Account) async throws -> [TestPlace]
    /// Sends a test to the organisation's own addresses of these channels.
    package var test: @Sendable (Account, Message, CampaignMode, [Channel]) async throws -> [TestAnswer]
    /// Changes what a campaign says from now on, from the version that was read; nil for a campaign that the account must
    /// not see. A real one takes a reason, since nobody else agrees to the text.
    package var amend:
        @Sendable (Account, CampaignID, Message, _ read: Int?, _ acceptance: String?) async throws -> CampaignDossier?

    package init(
        templates: @escaping @Sendable (Account) async throws -> [TemplateCard],
        fill: @escaping @Sendable (Account, Message, [String: String]) async throws -> FilledMessage,
        texts: @escaping @Sendable (Message, CampaignMode, [Channel]) async throws -> [ChannelText],
        speech: @escaping @Sendable (Account, Message, CampaignMode, CampaignKind, String) async throws -> [UInt8],
        testPlaces: @escaping @Sendable (Account) async throws -> [TestPlace],
        test: @escaping @Sendable (Account, Message, CampaignMode, [Channel]) async throws -> [TestAnswer],
        amend: @escaping @Sendable (Account, CampaignID, Message, Int?, String?) async throws -> CampaignDossier?
    ) {
        self.templates = templates
        self.fill = fill
        self.texts = texts
        self.speech = speech
        self.testPlaces = testPlaces
        self.test = test
        self.amend = amend
    }
}
