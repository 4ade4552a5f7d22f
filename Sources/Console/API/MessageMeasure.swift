/// How a text leaves as SMS: `POST /api/message/measure`.
package struct MessageMeasure: Codable, Hashable, Sendable {
    package enum Encoding: String, Codable, Hashable, Sendable {
        case gsm7 = "GSM-7"
        case ucs2 = "UCS-2"
    }

    /// The text as sent, with EXERCICE in an exercise.
    package let text: String
    package let encoding: Encoding
    /// Units of the encoding: septets for GSM-7 (extended characters count twice), UTF-16 units for UCS-2.
    package let characters: Int
    package let segments: Int
    /// Most segments a message may have.
    package let segmentLimit: Int
    /// The characters that forced UCS-2, each once, in order of appearance.
    package let offending: [String]
    /// The text as written with plain characters in the place of those, where that makes fewer segments.
    package let plainer: Plainer?

    package struct Plainer: Codable, Hashable, Sendable {
        package let text: String
        package let segments: Int

        package init(text: String, segments: Int) {
            self.text = text
            self.segments = segments
        }
    }

    package init(
        text: String, encoding: Encoding, characters: Int, segments: Int, segmentLimit: Int, offending: [String],
        plainer: Plainer? = nil
    ) {
        self.text = text
        self.encoding = encoding
        self.characters = characters
        self.segments = segments
        self.segmentLimit = segmentLimit
        self.offending = offending
        self.plainer = plainer
    }
}
