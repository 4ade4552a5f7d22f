import GeoModel

/// The JSON form of a message, read strictly and written canonically.
///
///     {"subject": "…", "text": "…", "variants": [{"language": "en", "channel": "sms", "subject": "…", "text": "…"}]}
///
/// A variant has a language, a channel or both; its subject may be absent. One for voice may have a `recording`: the SHA-256 of
/// what is played in its text's place. `"personal": true` says that its texts hold places
/// that are filled for each recipient.
package enum MessageDocument {
    /// Bytes of a document: three messages of a template, in ten languages, at their longest.
    package static let largest = 2 << 20
    /// Characters of a text or subject; what may leave is bound more tightly at launch.
    private static let longestText = 20_000
    /// Languages by channels: more than a town speaks.
    private static let mostVariants = 100
    private static let limits = JSONNode.Limits(maxDepth: 6, maxValues: 4_000)

    package static func decode(_ bytes: [UInt8]) throws(JSONMemberError) -> Message { try message(try read(bytes)) }

    /// A document's root object, for those that hold messages.
    package static func read(_ bytes: [UInt8]) throws(JSONMemberError) -> JSONMembers {
        guard bytes.count <= largest else {
            throw JSONMemberError(path: "", reason: "the document is larger than \(largest) bytes")
        }
        let node: JSONNode
        do {
            node = try JSONNode.read(bytes, limits: limits)
        } catch {
            throw JSONMemberError(path: "", reason: "\(error)")
        }
        return try JSONMembers(node, path: "")
    }

    package static func message(_ members: JSONMembers) throws(JSONMemberError) -> Message {
        var members = members
        let subject = try text("subject", &members) ?? ""
        guard let text = try text("text", &members) else { throw members.fault("text", "the text is missing") }
        var variants: [MessageVariant] = []
        for member in try members.list("variants", atMost: mostVariants) {
            let variant = try variant(member)
            guard !variants.contains(where: { $0.use == variant.use }) else {
                throw JSONMemberError(path: member.path, reason: "there is already a wording for this language and channel")
            }
            variants.append(variant)
        }
        let flag = members.has("personal") ? try members.node("personal") : .bool(false)
        guard case .bool(let isPersonal) = flag else { throw members.fault("personal", "true or false is due") }
        try members.finish()
        return Message(subject: subject, text: text, variants: variants, isPersonal: isPersonal)
    }

    private static func variant(_ members: JSONMembers) throws(JSONMemberError) -> MessageVariant {
        var members = members
        var channel: Channel?
        if let word = try text("channel", &members) {
            channel = Channel(rawValue: word)
            guard channel != nil else {
                throw members.fault("channel", "one of \(Channel.allCases.map(\.rawValue).joined(separator: ", ")) is due")
            }
        }
        guard let use = MessageVariant.Use(language: try text("language", &members), channel: channel) else {
            throw members.fault("language", "a language such as en or pt-br, a channel, or both are due")
        }
        let subject = try text("subject", &members)
        guard let text = try text("text", &members) else { throw members.fault("text", "the text is missing") }
        var recording: SoundHash?
        if let hash = try self.text("recording", &members) {
            recording = SoundHash(hexadecimal: hash)
            guard recording != nil, channel == .voice else {
                throw members.fault("recording", "64 hexadecimal digits are due, in a wording for voice")
            }
        }
        try members.finish()
        return MessageVariant(use, subject: subject, text: text, recording: recording)
    }

    private static func text(_ key: String, _ members: inout JSONMembers) throws(JSONMemberError) -> String? {
        guard members.has(key) else { return nil }
        guard case .string(let text) = try members.node(key), text.unicodeScalars.count <= longestText else {
            throw members.fault(key, "a text of at most \(longestText) characters is due")
        }
        return text
    }

    // MARK: Writing

    package static func encode(_ message: Message) -> String { text(of: value(message)) }

    package static func text(of value: JSONValue) -> String {
        var writer = JSONWriter()
        writer.value(value)
        return writer.text
    }

    package static func value(_ message: Message) -> JSONValue {
        var object = JSONObject()
        if message.isPersonal { object.append("personal", .bool(true)) }
        object.append("subject", .string(message.subject))
        object.append("text", .string(message.text))
        if !message.variants.isEmpty { object.append("variants", .array(message.variants.map(value))) }
        return .object(object)
    }

    private static func value(_ variant: MessageVariant) -> JSONValue {
        var object = JSONObject()
        if let language = variant.use.language { object.append("language", .string(language)) }
        if let channel = variant.use.channel { object.append("channel", .string(channel.rawValue)) }
        if let subject = variant.subject { object.append("subject", .string(subject)) }
        object.append("text", .string(variant.text))
        if let recording = variant.recording { object.append("recording", .string(recording.hexadecimal)) }
        return .object(object)
    }
}
