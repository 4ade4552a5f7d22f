import AlertModel
import Campaigns

/// A template as the console offers it: `GET /api/templates`.
package struct TemplateCard: Hashable, Sendable {
    package let name: String
    package let version: Int
    package let template: MessageTemplate

    package init(name: String, version: Int, template: MessageTemplate) {
        self.name = name
        self.version = version
        self.template = template
    }
}

/// A message's place to fill, and what fills it.
package struct PlaceDocument: Codable, Hashable, Sendable {
    /// As values name it.
    package let name: String
    /// As the text writes it.
    package let written: String
    @Nullable package var fallback: String?
    /// What it is filled with unasked, such as the date.
    @Nullable package var standard: String?

    package init(name: String, written: String, fallback: String?, standard: String?) {
        self.name = name
        self.written = written
        self.fallback = fallback
        self.standard = standard
    }
}

/// A message with its places filled as far as they are known: `POST /api/message/fill`.
package struct FilledMessage: Hashable, Sendable {
    /// Nil while a place has neither a value nor a fallback.
    package let message: Message?
    package let places: [PlaceDocument]
    /// Names of the places that have none.
    package let missing: [String]

    package init(message: Message?, places: [PlaceDocument], missing: [String]) {
        self.message = message
        self.places = places
        self.missing = missing
    }
}

/// One wording as one channel would carry it: `POST /api/message/texts`.
package struct ChannelText: Codable, Hashable, Sendable {
    package let channel: Channel
    /// The language it is for; nil for everybody else.
    @Nullable package var language: String?
    package let subject: String
    package let text: String
    /// The hash of what a telephone plays in place of the text; nil where it is spoken.
    @Nullable package var recording: String?
    /// What it takes as SMS; nil on the other channels.
    @Nullable package var sms: MessageMeasure?

    package init(channel: Channel, language: String?, subject: String, text: String, recording: SoundHash? = nil, sms: MessageMeasure?) {
        self.recording = recording?.hexadecimal
        self.channel = channel
        self.language = language
        self.subject = subject
        self.text = text
        self.sms = sms
    }
}

/// A test address without the address: `GET /api/message/test`.
package struct TestPlace: Codable, Hashable, Sendable {
    package let label: String
    package let channel: Channel

    package init(label: String, channel: Channel) {
        self.label = label
        self.channel = channel
    }
}

/// What became of one test message.
package struct TestAnswer: Codable, Hashable, Sendable {
    package let label: String
    package let channel: Channel
    package let gateway: String
    /// `accepted`, `delivered`, `failed: network`…
    package let answer: String
    @Nullable package var detail: String?
    package let failed: Bool

    package init(label: String, channel: Channel, gateway: String, answer: String, detail: String?, failed: Bool) {
        self.label = label
        self.channel = channel
        self.gateway = gateway
        self.answer = answer
        self.detail = detail
        self.failed = failed
    }
}
