import Testing

@testable import Dispatching

@Suite struct ReplyMeaningTests {
    @Test(arguments: [
        "OUI", "oui", "Oui.", " Oui !!! ", "1", "1️⃣", "１", "O", "ok", "OK 👍", "ouiii", "OKKK", "D'accord", "Oui merci", "Bien reçu",
        "reçu", "Rec\u{327}u", "Vu, merci", "« OUI »", "oui\noui", "Bonjour, oui. Cordialement",
    ])
    func `a plain yes acknowledges`(text: String) {
        let meaning = ReplyMeaning(text)
        #expect(meaning.acknowledges && !meaning.refuses && !meaning.needsReading)
    }

    @Test(arguments: ["STOP", "stop", "Stop.", "S T O P".replacing(" ", with: ""), "STOP SMS".replacing(" ", with: ""), "STOP36180", "ARRÊT", "stop merci", "STOPPP", "ＳＴＯＰ"])
    func `a plain stop refuses`(text: String) {
        let meaning = ReplyMeaning(text)
        #expect(meaning.refuses && !meaning.acknowledges && !meaning.needsReading)
    }

    @Test(arguments: [
        "", " ", "👍", "?", "NON", "merci", "Qui êtes-vous ?", "oui mais je ne peux pas bouger", "ok pour moi, et mon voisin ?", "je suis 1",
        "11", "2", "ouille", "l'eau monte, venez", "pas ok", "il faut que ça s’arrête, stop aux sirènes",
        "Impossible de faire stop ici", "0",
    ])
    func `anything else is left to a person`(text: String) {
        #expect(ReplyMeaning(text) == ReplyMeaning("???"))
        #expect(ReplyMeaning(text).needsReading)
    }

    @Test(arguments: ["OUI STOP", "STOP OUI", "stop, ok", "STOP je ne veux plus rien recevoir", "STOP au secours"])
    func `a stop with more beside it is honoured and read`(text: String) {
        let meaning = ReplyMeaning(text)
        #expect(meaning.refuses && !meaning.acknowledges && meaning.needsReading)
    }

    @Test func `a long text costs no more than its beginning`() {
        #expect(ReplyMeaning(String(repeating: "oui ", count: 1_000_000)).acknowledges)
        #expect(ReplyMeaning(String(repeating: "é\u{301}", count: 100_000)).needsReading)
    }
}
