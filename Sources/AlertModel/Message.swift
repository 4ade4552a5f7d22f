/// What a campaign says. One text for all channels; the subject is the e-mail's and the fax's.
package struct Message: Codable, Hashable, Sendable {
    package let subject: String
    package let text: String

    package init(subject: String, text: String) {
        self.subject = subject
        self.text = text
    }

    /// The word every text of an exercise starts with.
    package static let exercisePrefix = "EXERCICE"

    /// The message as it leaves: in an exercise both texts start with EXERCICE, once.
    package func marked(for mode: CampaignMode) -> Message {
        guard mode == .exercise else { return self }
        return Message(subject: Self.mark(subject), text: Self.mark(text))
    }

    private static func mark(_ text: String) -> String {
        text.hasPrefix(exercisePrefix) ? text : "\(exercisePrefix) - \(text)"
    }
}
