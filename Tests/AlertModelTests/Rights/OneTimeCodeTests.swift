import Foundation
import Testing

@testable import AlertModel

@Suite struct OneTimeCodeTests {
    private let secret = Array("12345678901234567890".utf8)

    /// RFC 6238, appendix B, the rows of SHA-1.
    @Test(arguments: [
        (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ])
    func `the RFC's own vectors`(seconds: Int, expected: String) {
        let step = OneTimeCode.step(at: Date(timeIntervalSince1970: Double(seconds)))
        #expect(OneTimeCode.code(secret: secret, step: step, digits: 8) == expected)
    }

    /// RFC 4226, appendix D.
    @Test func `the counter's own vectors`() {
        let expected = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
        #expect((0..<10).map { OneTimeCode.code(secret: secret, step: $0) } == expected)
    }

    @Test func `a code serves within a step of its own, and never twice`() {
        let now = Date(timeIntervalSince1970: 1_000_000), step = OneTimeCode.step(at: now)
        for offset in -2...2 as ClosedRange<Int64> {
            let code = OneTimeCode.code(secret: secret, step: step + offset)
            #expect(OneTimeCode.step(of: code, secret: secret, at: now, after: nil) == (abs(offset) <= 1 ? step + offset : nil))
            #expect(OneTimeCode.step(of: code, secret: secret, at: now, after: step + offset) == nil)
        }
        for wrong in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
            #expect(OneTimeCode.step(of: wrong, secret: secret, at: now, after: nil) == nil)
        }
    }

    /// RFC 4648, section 10, without the padding.
    @Test(arguments: [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI")])
    func `base 32 as the RFC writes it`(plain: String, encoded: String) {
        #expect(Base32.encode(Array(plain.utf8)) == encoded)
    }

    @Test func `the address escapes what applications would read otherwise`() {
        let address = OneTimeCode.address(secret: secret, user: "zoé&b:c", issuer: "Tocsin Mairie d’Albert")
        #expect(address == "otpauth://totp/Tocsin%20Mairie%20d%E2%80%99Albert:zo%C3%A9%26b%3Ac?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Tocsin%20Mairie%20d%E2%80%99Albert&algorithm=SHA1&digits=6&period=30")
    }
}

@Suite struct PasswordRuleTests {
    @Test(arguments: [
        "motdepasse2024", "Motdepasse123!", "azertyuiop123", "M0tdep@sse2026", "123456789012", "abcdefghijkl", "aaaaaaaaaaaa",
        "prefecture2026", "Mairie-Mairie-2026", "BonjourBonjour1", "passwordpassword", "qwertyuiop12", "soleil soleil", "tocsintocsin",
        "amelie.durand1", "Juillet2026!!!", "court", "111111222222", "098765432109",
    ])
    func `what thieves try first is refused`(password: String) {
        #expect(PasswordRule.isWeak(password, user: "amelie.durand"))
    }

    @Test(arguments: ["crue de la Somme 2001", "la-cloche-du-village-sonne", "correct horse battery", "another long enough", "K7m2-pQ9x-Lw4v", "une phrase de passe", "vélo bleu sous la pluie"])
    func `a sentence of one's own is accepted`(password: String) {
        #expect(!PasswordRule.isWeak(password, user: "admin"))
    }
}
