import Testing

@testable import AlertModel

@Suite struct EmailAddressTests {
    @Test(arguments: [
        ("name@example.org", "name@example.org"), ("M.Curie+alerte@Example.ORG", "M.Curie+alerte@example.org"),
        ("a@b.fr", "a@b.fr"), ("o'neil@example.org", "o'neil@example.org"),
        ("x@mairie-amiens.example.fr", "x@mairie-amiens.example.fr"),
        ("1@2.fr", "1@2.fr"),
    ])
    func `what people write is taken, the domain in lower case`(text: String, expected: String) {
        #expect(EmailAddress(text)?.text == expected)
    }

    @Test(arguments: [
        "", "élise@exemple.fr", "x@été.fr", "name", "@example.org", "name@", "a@b@c.fr", "a b@example.org", "a@exam ple.org", ".a@example.org",
        "a.@example.org", "a..b@example.org", "a@-b.fr", "a@b-.fr", "a@b..fr", "a@.fr", "a@fr.", "\"a b\"@example.org",
        "a@[127.0.0.1]", "a@example.org\nBcc: x@example.org", "a\r@example.org", "<a@example.org>", "a,b@example.org",
        "a@b_c.fr", "a;b@example.org", "A <a@example.org>",
    ])
    func `anything else is refused`(text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test(arguments: [
        ("a@example.org", true), ("a@xn--p1ai.xn--p1ai", true), ("a@localhost", false), ("a@b", false),
        ("a@10.0.0.1", false), ("a@example.c", false),
    ])
    func `a domain that mail is sent to has two labels and ends in no number`(text: String, isPublic: Bool) {
        #expect(EmailAddress(text)?.hasPublicDomain == isPublic)
    }

    @Test func `lengths end where RFC 5321 says`() {
        let local = String(repeating: "l", count: 64)
        #expect(EmailAddress(local + "@example.org") != nil)
        #expect(EmailAddress(local + "l@example.org") == nil)
        let label = String(repeating: "d", count: 63)
        #expect(EmailAddress("a@\(label).fr") != nil)
        #expect(EmailAddress("a@\(label)d.fr") == nil)
        let domain = Array(repeating: label, count: 3).joined(separator: ".")
        #expect(EmailAddress(local.dropLast(5) + "@" + domain + ".fr")?.text.utf8.count == 254)
        #expect(EmailAddress(local.dropLast(4) + "@" + domain + ".fr") == nil)
    }
}
