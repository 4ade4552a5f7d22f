/// What a campaign says: a subject (the e-mail's and the fax's), a text, and other wordings for some languages or
/// channels.
package struct Message: Hashable, Sendable {
    package let subject: String
    package let text: String
    /// Each pair of language and channel once, in a fixed order.
    package let variants: [MessageVariant]
    /// Its texts hold places that are filled for each recipient at the last step, and double the braces that are meant as
    /// such: see `PlaceholderText`.
    package let isPersonal: Bool
    /// What is played in place of the text: of a message as it leaves by telephone (`worded`). The recordings of a message that is
    /// still to be worded are its variants'.
    package let recording: SoundHash?

    /// - Parameter variants: in any order; of two for the same language and channel the first counts.
    package init(subject: String, text: String, variants: [MessageVariant] = [], isPersonal: Bool = false, recording: SoundHash? = nil) {
        self.recording = recording
        self.isPersonal = isPersonal
        self.subject = subject
        self.text = text
        var seen: Set<MessageVariant.Use> = []
        self.variants = variants.filter { seen.insert($0.use).inserted }.sorted { $0.use < $1.use }
    }

    /// The word every text of an exercise starts with.
    package static let exercisePrefix = "EXERCICE"

    /// The message as it leaves: in an exercise every text and subject starts with EXERCICE, once.
    package func marked(for mode: CampaignMode) -> Message {
        guard mode == .exercise else { return self }
        return mapped(Self.mark)
    }

    private static func mark(_ text: String) -> String {
        text.hasPrefix(exercisePrefix) ? text : "\(exercisePrefix) - \(text)"
    }

    /// Whether every text and subject starts with EXERCICE.
    package var isMarkedAsExercise: Bool { marked(for: .exercise) == self }

    /// The message as it leaves to those who try it out: every text and subject starts with TEST.
    package var markedAsTest: Message { mapped { "\(Self.testPrefix) - \($0)" } }

    /// The word every text of a test to oneself starts with.
    package static let testPrefix = "TEST"

    /// The word that its text starts with because it is no alert, for whoever plays a recording in place of the text; nil for none.
    package var mark: String? { [Self.exercisePrefix, Self.testPrefix].first { text.hasPrefix("\($0) - ") } }

    /// The recordings of its wordings, each once.
    package var recordings: Set<SoundHash> { Set(variants.compactMap(\.recording)) }

    /// Every subject and text, changed by the same rule.
    package func mapped<Failure: Error>(_ change: (String) throws(Failure) -> String) throws(Failure) -> Message {
        var variants: [MessageVariant] = []
        for variant in self.variants { variants.append(try variant.mapped(change)) }
        return Message(
            subject: try change(subject), text: try change(text), variants: variants, isPersonal: isPersonal, recording: recording)
    }

    /// What leaves for one person through one channel: the wording nearest to them, without variants.
    ///
    /// A person's language goes before a channel's form: somebody who reads German is better served by the German text
    /// than by the French one cut for SMS. A language that nothing is worded in gets the message itself.
    package func worded(for channel: Channel, language: String) -> Message {
        let best = variant(for: channel, language: language)
        return Message(
            subject: best?.subject ?? subject, text: best?.text ?? text, isPersonal: isPersonal, recording: best?.recording)
    }

    /// What the wording that leaves for one person is written in; empty for the message's own language.
    package func language(for channel: Channel, spoken language: String) -> String {
        variant(for: channel, language: language)?.use.language ?? ""
    }

    private func variant(for channel: Channel, language: String) -> MessageVariant? {
        variants.filter { $0.use.serves(channel, language) }.max { $0.use.nearness < $1.use.nearness }
    }

    /// The message and its variants as they may leave through a channel, each once.
    package func wordings(on channel: Channel) -> [Message] {
        let languages = [""] + variants.compactMap { $0.use.language }
        var wordings: [Message] = []
        for wording in languages.map({ worded(for: channel, language: $0) }) where !wordings.contains(wording) {
            wordings.append(wording)
        }
        return wordings
    }
}
