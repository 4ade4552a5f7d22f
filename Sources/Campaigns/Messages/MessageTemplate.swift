import AlertModel
import GeoModel

/// A message prepared ahead, with the two that may have to follow it: the correction, when it was wrong, and the
/// all-clear. Written together, because nobody writes them well while an alert is out.
package struct MessageTemplate: Hashable, Sendable {
    package static let version = 1
    /// Characters of a template's name; longer does not fit a list.
    package static let longestName = 80

    /// Whether a text can name a template: one line that is not blank.
    package static func isName(_ name: String) -> Bool {
        let isLine = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        return isLine && (1...longestName).contains(name.count) && name.contains { !$0.isWhitespace }
    }

    /// Which of the three a campaign sends.
    package enum Part: String, CaseIterable, Sendable {
        case message
        case correction
        case allClear
    }

    package let parts: [Part: Message]

    package subscript(part: Part) -> Message { parts[part]! }

    /// Reads the document `{"version": 1, "message": {…}, "correction": {…}, "allClear": {…}}`; see `MessageDocument`.
    ///
    /// - Throws: the first fault, a place to fill that is malformed included, with its path.
    package init(_ bytes: [UInt8]) throws(JSONMemberError) {
        var members = try MessageDocument.read(bytes)
        guard case .number(Double(Self.version)) = try members.node("version") else {
            throw members.fault("version", "this Tocsin reads version \(Self.version) of a template")
        }
        var parts: [Part: Message] = [:]
        for part in Part.allCases {
            let message = try MessageDocument.message(try members.members(part.rawValue))
            guard !message.text.isBlank else { throw members.fault("\(part.rawValue).text", "the text is empty") }
            do throws(PlaceholderError) {
                _ = try message.placeholders
            } catch {
                throw members.fault(part.rawValue, error.description)
            }
            parts[part] = message
        }
        try members.finish()
        self.parts = parts
    }

    /// The document, always the same for the same template.
    package var document: String {
        var object = JSONObject()
        object.append("version", .number(Double(Self.version)))
        for part in Part.allCases { object.append(part.rawValue, MessageDocument.value(self[part])) }
        return MessageDocument.text(of: .object(object))
    }
}
