import Testing

@testable import AlertModel

@Suite struct SMSStandInsTests {
    @Test func `a French text with stand-ins fits the alphabet`() {
        let text = "L’Œuvre « été » brûlée… 20 € ; façade n° 3 — où ?\u{202F}Noël, maïs, forêt."
        let plain = SMSStandIns.plain(text)
        #expect(plain == "L'OEuvre \"été\" brulée... 20 € ; facade no 3 - où ? Noel, mais, foret.")
        #expect(SMSText(plain).encoding == .gsm7)
    }

    @Test func `a plainer text is offered where it takes fewer segments`() {
        let long = "L’évacuation commence. Rejoignez à pied le gymnase, sans passer par le pont de l’Île."
        #expect(SMSText.plainer(long, mode: .real)?.segments == 1)
        #expect(SMSText.plainer("Forêt en feu", mode: .real) == nil, "one segment either way")
        #expect(SMSText.plainer(long.replacing("’", with: "'").replacing("Î", with: "I"), mode: .real) == nil)
        // In the larger alphabet because of what has no stand-in: nothing is gained.
        #expect(SMSText.plainer(long + " 🌊", mode: .real) == nil)
    }

    @Test func `what the alphabet holds is left alone`() {
        let text = "Évacuez à pied : ÄÖÜ ñ Ç [x] {y} ~ | ^ \\ €\r\n\n"
        #expect(SMSStandIns.plain(text) == text)
    }

    @Test(arguments: ["🌊", "Ж", "水", "ş"])
    func `nothing stands for another alphabet's letters`(letter: String) {
        #expect(SMSStandIns.plain(letter) == letter)
        #expect(letter.first.map { SMSStandIns.standIn(for: $0) == nil } == true)
    }

    @Test func `every stand-in is in the alphabet itself`() {
        for scalar in (0x20...0x2FFF).compactMap(Unicode.Scalar.init) {
            guard let standIn = SMSStandIns.standIn(for: Character(scalar)) else { continue }
            #expect(standIn.allSatisfy { GSM7.septets(of: $0) != nil }, "\(scalar)")
            #expect(GSM7.septets(of: Character(scalar)) == nil, "\(scalar) needs none")
        }
    }
}
