import Testing

@testable import AlertModel

@Suite struct SMSTextTests {
    @Test(arguments: [
        ("Forêt", SMSText.Encoding.ucs2), ("Évacuez à pied", .gsm7), ("Ça monte", .gsm7), ("ça monte", .ucs2),
        ("L’eau monte", .ucs2), ("L'eau monte", .gsm7), ("cœur", .ucs2), ("40 €", .gsm7), ("a\u{0300} pied", .gsm7),
    ])
    func `the alphabet is that of the networks`(text: String, encoding: SMSText.Encoding) {
        #expect(SMSText(text).encoding == encoding)
    }

    @Test func `offending letters are named once, in order`() {
        #expect(SMSText("Forêt brûlée, forêt à l’est").offending == ["ê", "û", "’"])
        #expect(SMSText("[40 €]").countingTwo == ["[", "€", "]"])
    }

    @Test(arguments: [(0, 0), (1, 1), (160, 1), (161, 2), (306, 2), (307, 3)])
    func `plain text: 160 alone, 153 a part`(count: Int, segments: Int) {
        #expect(SMSText(String(repeating: "a", count: count)).segments == segments)
    }

    @Test(arguments: [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
    func `other text: 70 alone, 67 a part`(count: Int, segments: Int) {
        #expect(SMSText(String(repeating: "ê", count: count)).segments == segments)
    }

    @Test func `an extension character counts two and is not split between parts`() {
        #expect(SMSText(String(repeating: "€", count: 80)).segments == 1)
        #expect(SMSText(String(repeating: "€", count: 81)).units == 162)
        // 153 is odd: each part holds 76 of them, so that the 153rd needs a third part.
        #expect(SMSText(String(repeating: "€", count: 152)).segments == 2)
        #expect(SMSText(String(repeating: "€", count: 153)).segments == 3)
    }

    @Test func `a surrogate pair is not split between parts`() {
        #expect(SMSText(String(repeating: "🌊", count: 35)).segments == 1)
        #expect(SMSText(String(repeating: "🌊", count: 66)).segments == 2)
        #expect(SMSText(String(repeating: "🌊", count: 67)).segments == 3)
    }

    @Test func `a line end of two characters counts one`() {
        #expect(SMSText("a\r\nb").units == 3)
    }
}

@Suite struct GSM7CodeTests {
    @Test func `every character has a code of its own, and comes back from it`() throws {
        let table = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
            + "abcdefghijklmnopqrstuvwxyzäöñüà\u{0C}^{}\\[~]|€"
        let octets = try #require(GSM7.encode(table))
        #expect(GSM7.decode(octets) == table)
        #expect(octets.count == 127 + 2 * 10)
        #expect(GSM7.encode("é") == [0x05])
        #expect(GSM7.encode("à") == [0x7F])
        #expect(GSM7.encode("€") == [0x1B, 0x65])
        #expect(GSM7.encode("e\u{0301}") == [0x05], "a letter and its accent apart are the same letter")
        #expect(GSM7.encode("ê") == nil)
    }

    @Test func `octets that are no characters are shown as such`() {
        #expect(GSM7.decode([0x80, 0x41, 0x1B, 0x41, 0x1B]) == "\u{FFFD}AA")
    }

    @Test(arguments: ["", "Évacuez à pied", "Forêt", String(repeating: "€", count: 80), String(repeating: "😀é", count: 90), "a\r\nb"])
    func `the parts are as many as the meter says, and hold the whole text`(text: String) {
        let parts = SMSText.parts(of: text)
        #expect(parts.count == SMSText(text).segments)
        #expect(parts.joined() == text.replacing("\r\n", with: "\n"))
    }
}
