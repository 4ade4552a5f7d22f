import GeoModel
import Testing

@testable import AlertModel

@Suite struct MessageRecordingTests {
    private static let hash = SoundHash(hexadecimal: String(repeating: "0a", count: 32))!
    private static let voice = MessageVariant.Use(language: nil, channel: .voice)!
    private static let message = Message(
        subject: "Crue", text: "Montez.", variants: [
            MessageVariant(voice, text: "Montez tous.", recording: hash),
            MessageVariant(MessageVariant.Use(language: "en", channel: nil)!, text: "Go up."),
        ])

    @Test func `a recording leaves by telephone alone, and for those without a language of their own`() {
        #expect(Self.message.worded(for: .voice, language: "").recording == Self.hash)
        #expect(Self.message.worded(for: .voice, language: "de").recording == Self.hash)
        #expect(Self.message.worded(for: .voice, language: "en").recording == nil)
        #expect(Self.message.worded(for: .sms, language: "").recording == nil)
    }

    @Test func `marked, filled, written and read again, a message keeps its recording`() throws {
        let marked = Self.message.marked(for: .exercise)
        #expect(marked.recordings == [Self.hash])
        #expect(marked.worded(for: .voice, language: "").mark == "EXERCICE" && Self.message.worded(for: .voice, language: "").mark == nil)
        #expect(Self.message.markedAsTest.worded(for: .voice, language: "").mark == "TEST")
        #expect(try Self.message.filled { _ in nil }.recordings == [Self.hash])
        #expect(try Self.message.worded(for: .voice, language: "").personal(PersonalValues()).recording == Self.hash)
        #expect(try MessageDocument.decode(Array(MessageDocument.encode(Self.message).utf8)) == Self.message)
    }

    @Test(arguments: [
        #"{"channel": "voice", "text": "a", "recording": "0A"}"#, #"{"channel": "sms", "text": "a", "recording": "HASH"}"#,
        #"{"language": "en", "text": "a", "recording": "HASH"}"#, #"{"channel": "voice", "text": "a", "recording": 7}"#,
    ])
    func `what names no sound, or is not for the telephone, is refused`(variant: String) {
        let document = #"{"text": "a", "variants": [\#(variant.replacing("HASH", with: Self.hash.hexadecimal))]}"#
        let error = #expect(throws: JSONMemberError.self) { try MessageDocument.decode(Array(document.utf8)) }
        #expect(error?.path.hasSuffix("recording") == true)
    }
}
