import Testing

@testable import WebAuthn

@Suite struct RelyingPartyTests {
    @Test(arguments: ["alerte.example", "localhost", "ALERTE.example", "a-b.c1.example", "xn--caf-dma.example"])
    func `a domain name is one`(name: String) throws {
        #expect(try #require(RelyingParty(id: name)).id == name.lowercased())
    }

    @Test(arguments: [
        "", "127.0.0.1", "[::1]", "::1", "192.168.1.20", "example", "alerte.example:8443", "https://alerte.example", "-a.example",
        "a-.example", "a..example", ".example", "example.", "é.example", "a b.example", "1.2.3.4",
        String(repeating: "a", count: 64) + ".example", String(repeating: "a.", count: 130) + "example",
    ])
    func `what browsers sign for nobody is none`(name: String) {
        #expect(RelyingParty(id: name) == nil)
    }

    @Test func `pages of the name and below it ask, others do not`() throws {
        let party = try #require(RelyingParty(id: "alerte.example"))
        for host in ["alerte.example", "ALERTE.EXAMPLE", "www.alerte.example"] { #expect(party.covers(host: host), "\(host)") }
        for host in ["example", "notalerte.example", "alerte.example.evil", "127.0.0.1", ""] { #expect(!party.covers(host: host), "\(host)") }
        #expect(try !#require(RelyingParty(id: "localhost")).covers(host: "a.localhost"))
    }

    @Test(arguments: [
        (["alerte.example", "mairie.example"], [:], "alerte.example"),
        (["10.0.0.1", "alerte.example"], [:], "alerte.example"),
        (["mairie.example", "alerte.example"], ["alerte.example": 1], "alerte.example"),
        (["mairie.example", "alerte.example"], ["alerte.example": 1, "mairie.example": 3], "mairie.example"),
        (["mairie.example", "alerte.example"], ["alerte.example": 2, "mairie.example": 2], "mairie.example"),
        (["mairie.example", "alerte.ville.example"], ["ville.example": 1], "ville.example"),
        (["mairie.example"], ["alerte.example": 5, "localhost": 5], "mairie.example"),
        (["10.0.0.1"], ["alerte.example": 5], nil), ([], ["alerte.example": 5], nil),
    ] as [([String], [String: Int], String?)])
    func `names told in another order keep the keys there are`(names: [String], holders: [String: Int], expected: String?) {
        #expect(RelyingParty.chosen(among: names, holders: holders)?.id == expected)
    }

    @Test func `base64url has one form`() {
        for bytes: [UInt8] in [[], [0], [255, 254], [1, 2, 3], Array(0...255)] {
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
        for text in ["AA==", "a+b/", "A", "AB", "AAAA\n", " AAA", "é"] { #expect(Base64URL.decode(text) == nil, "\(text)") }
    }
}
