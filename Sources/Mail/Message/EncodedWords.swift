import Foundation

/// RFC 2047 encoded words: how a header says what is not ASCII.
enum EncodedWords {
    /// UTF-8 bytes in one word: with `=?UTF-8?B?…?=` around its base64 and the longest header name before it, a
    /// line stays within the 76 characters of RFC 2047 §2.
    private static let bytesPerWord = 39
    /// A line that needs no encoding, nor folding (RFC 5322 §2.1.1, less the name of the header).
    private static let plainLimit = 60

    /// Unstructured text, such as a subject.
    static func encode(_ text: String) -> String { isPlain(text) ? text : words(text) }

    /// A display name, which would need quotes where it holds more than letters and spaces.
    static func encode(phrase text: String) -> String {
        isPlain(text) && text.utf8.allSatisfy(isPhraseByte) ? text : words(text)
    }

    private static func isPhraseByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x20
            || byte == 0x2D
    }

    /// Text that starts like an encoded word is encoded, lest a reader decodes it.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.count <= plainLimit && text.utf8.allSatisfy { (32...126).contains($0) }
            && !zip(text.utf8, text.utf8.dropFirst()).contains { $0 == UInt8(ascii: "=") && $1 == UInt8(ascii: "?") }
    }

    /// Words never split a character (§5): a reader decodes each by itself.
    private static func words(_ text: String) -> String {
        var words: [String] = []
        var current: [UInt8] = []
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if current.count + bytes.count > bytesPerWord {
                words.append(word(current))
                current = []
            }
            current += bytes
        }
        if !current.isEmpty { words.append(word(current)) }
        return words.joined(separator: "\r\n ")
    }

    private static func word(_ bytes: [UInt8]) -> String { "=?UTF-8?B?\(Data(bytes).base64EncodedString())?=" }
}
