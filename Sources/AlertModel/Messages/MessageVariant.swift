/// A message's wording for a language, a channel, or both.
package struct MessageVariant: Hashable, Sendable {
    /// Who a wording is for.
    package struct Use: Hashable, Comparable, Sendable {
        /// A BCP 47 tag in lower case, such as `en` or `pt-br`; nil for every language.
        package let language: String?
        /// Nil for every channel.
        package let channel: Channel?

        /// - Returns: nil for no language and no channel, which is the message itself, and for what is not a tag.
        package init?(language: String?, channel: Channel?) {
            let language = language?.lowercased()
            guard language != nil || channel != nil, language.map(Self.isTag) ?? true else { return nil }
            self.language = language
            self.channel = channel
        }

        private static func isTag(_ text: String) -> Bool {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            return (2...8).contains(parts[0].utf8.count) && text.utf8.count <= 35
                && parts.allSatisfy { part in
                    (1...8).contains(part.utf8.count)
                        && part.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
                }
        }

        /// Whether it is meant for a person of this language on this channel; `pt` serves `pt-BR`.
        func serves(_ channel: Channel, _ spoken: String) -> Bool {
            if let own = self.channel, own != channel { return false }
            guard let language else { return true }
            let spoken = spoken.lowercased()
            return spoken == language || spoken.hasPrefix(language + "-")
        }

        /// Greater is nearer: the longer a language, then a channel of its own.
        var nearness: Int { (language?.utf8.count ?? 0) * 2 + (channel == nil ? 0 : 1) }

        package static func < (left: Self, right: Self) -> Bool {
            (left.language ?? "", left.channel?.rawValue ?? "") < (right.language ?? "", right.channel?.rawValue ?? "")
        }
    }

    package let use: Use
    /// Nil: the message's own.
    package let subject: String?
    /// With a recording: what it says, for whoever reads, and where the recording is not to be had.
    package let text: String
    /// What is played on the telephone in place of the text; of a wording for voice alone.
    package let recording: SoundHash?

    /// - Precondition: a recording goes with a use for voice.
    package init(_ use: Use, subject: String? = nil, text: String, recording: SoundHash? = nil) {
        precondition(recording == nil || use.channel == .voice, "a recording is heard, not read")
        self.use = use
        self.subject = subject
        self.text = text
        self.recording = recording
    }

    func mapped<Failure: Error>(_ change: (String) throws(Failure) -> String) throws(Failure) -> MessageVariant {
        var subject: String?
        if let own = self.subject { subject = try change(own) }
        return MessageVariant(use, subject: subject, text: try change(text), recording: recording)
    }
}
