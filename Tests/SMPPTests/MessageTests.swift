import AlertModel
import TestSupport
import Testing

@testable import SMPP

@Suite struct MessageTests {
    private func text(_ messages: [ShortMessage]) throws -> String {
        try messages.map { message in
            var octets = message.payload
            if message.hasUserDataHeader { octets.removeFirst(try #require(UserDataHeader(octets)).length) }
            return try #require(DataCoding(rawValue: message.dataCoding).decode(octets))
        }.joined()
    }

    private static let texts = [
        "Montez à l'étage", "Ça monte ! {Évacuez} [vite] 40 € ~ | \\ ^", String(repeating: "Évacuez à pied. ", count: 40),
        "Forêt en feu", String(repeating: "La forêt brûle, évacuez. ", count: 20), String(repeating: "€", count: 200),
        String(repeating: "😀", count: 100), "a\r\nb",
    ]

    @Test(arguments: texts, LongMessages.allCases)
    func `a text arrives as it was written, whatever carries it`(text: String, long: LongMessages) throws {
        let messages = EncodedText(text, long: long).messages(ShortMessage(), reference: 9)
        #expect(try self.text(messages) == text.replacing("\r\n", with: "\n"))
        #expect(messages.count == (long == .payload ? 1 : SMSText(text).segments))
        for message in messages { #expect(message.octets.value.count <= 160) }
    }

    @Test func `parts bear the same reference and their numbers, and no part exceeds a message`() throws {
        let text = String(repeating: "La forêt brûle, évacuez. ", count: 20)
        let messages = EncodedText(text).messages(ShortMessage(), reference: 300)
        for (index, message) in messages.enumerated() {
            #expect(message.esmClass == 0x40)
            #expect(message.octets.value.count <= 140)
            let part = try #require(UserDataHeader(message.octets.value)?.concatenation)
            #expect(part == .init(reference: 300 & 0xFF, total: UInt8(messages.count), number: UInt8(index + 1)))
        }
        let sar = EncodedText(text, long: .sar).messages(ShortMessage(), reference: 300)
        #expect(sar.map { $0.parameters[.sarNumber]?.number } == (1...UInt64(sar.count)).map { $0 })
        #expect(sar.allSatisfy { $0.parameters[.sarReference]?.number == 300 && $0.esmClass == 0 })
    }

    @Test func `flash is message class 0 in either alphabet`() {
        #expect(EncodedText("Montez", isFlash: true).messages(ShortMessage(), reference: 0)[0].dataCoding == 0x10)
        #expect(EncodedText("Forêt", isFlash: true).messages(ShortMessage(), reference: 0)[0].dataCoding == 0x18)
        #expect(EncodedText("Montez").messages(ShortMessage(), reference: 0)[0].dataCoding == 0)
    }

    @Test func `references differ from one long message to the next to the same phone`() {
        var references = ConcatenationReferences()
        let mine = (0..<300).map { _ in references.next(for: "+331") { 250 } }
        #expect(Set(mine.prefix(256)).count == 256)
        #expect(mine[0] == 250 && mine[6] == 0)
        #expect(references.next(for: "+332") { 7 } == 7)
    }

    @Test func `a header that lies is not believed`() {
        for octets: [UInt8] in [[], [9, 0, 3], [5, 0, 3, 1, 0, 1], [5, 0, 3, 1, 2, 3], [3, 0, 9, 1], [1, 0]] {
            #expect(UserDataHeader(octets + [65])?.concatenation == nil)
        }
        #expect(UserDataHeader([6, 8, 4, 1, 2, 3, 1, 65])?.concatenation == .init(reference: 258, total: 3, number: 1))
        #expect(UserDataHeader([8, 4, 1, 9, 0, 3, 7, 2, 2, 65])?.concatenation == .init(reference: 7, total: 2, number: 2))
    }
}
