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

    private func words(_ changes: String...) throws -> ReplyWords {
        var words = ReplyWords.standard
        for change in changes { try words.set(change) }
        return words
    }

    @Test func `an organisation's words stand for the standard ones, but STOP always stops`() throws {
        let own = try words("yes=présent", "stop=Assez")
        #expect(ReplyMeaning("PRESENT", words: own).acknowledges && !ReplyMeaning("OUI", words: own).acknowledges)
        for text in ["assez", "STOP", "Stop merci", "stop36180", "STOPSMS"] { #expect(ReplyMeaning(text, words: own).refuses) }
        #expect(!ReplyMeaning("arret", words: own).refuses)
    }

    @Test func `a language's words are those of whoever speaks it, beside everybody's`() throws {
        let own = try words("yes:es=sí,vale", "stop:es=basta")
        for language in ["es", "es-MX", "ES"] {
            #expect(ReplyMeaning("Si", words: own, language: language).acknowledges)
            #expect(ReplyMeaning("oui", words: own, language: language).acknowledges)
            #expect(ReplyMeaning("basta", words: own, language: language).refuses)
        }
        for language in ["", "fr", "est"] { #expect(ReplyMeaning("si", words: own, language: language).needsReading) }
    }

    @Test(arguments: [
        "oui", "maybe=1", "yes=deux mots", "yes=", "yes=stop", "yes=arret", "yes:e=x", "yes:es=stop", "yes=" + String(repeating: "x", count: 31), "yes=…",
        "yes=" + (0...50).map { "w\($0)" }.joined(separator: ","),
    ])
    func `words that could not be told apart are refused`(change: String) {
        #expect(throws: ReplyWords.Fault.self) { try words(change) }
    }

    @Test func `words read back as they were written`() throws {
        let own = try words("yes=oui,1", "yes:pt-br=sim", "stop:de=halt")
        #expect(ReplyWords(text: own.text) == own)
        #expect(ReplyWords(text: "yes=a b") == nil)
        var back = own
        try back.set("yes:pt-br=")
        #expect(!back.text.contains("pt-br"))
    }
}
