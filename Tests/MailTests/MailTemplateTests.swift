import AlertModel
import Foundation
import Testing

@testable import Mail

@Suite struct MailTemplateTests {
    private func written(
        subject: String = "Crue", text: String = "Montez.", from: String = "alerte@mairie.example",
        headers: [(String, String)] = [], id: String = "1.2.3@mairie.example"
    ) throws -> String {
        let template = try MailTemplate(
            from: try MailSender(from), subject: subject, text: text, headers: headers.map { (name: $0.0, value: $0.1) })
        let to = try #require(EmailAddress("a@example.org"))
        return String(
            decoding: try template.message(to: to, dateMilliseconds: 1_709_208_000_000, messageID: id), as: UTF8.self)
    }

    @Test func `a message is written as RFC 5322 and MIME ask`() throws {
        let message = try written(subject: "Crue à Abbeville", text: "Évacuez\nà pied", headers: [("X-Tocsin-Mode", "real")])
        #expect(message.hasPrefix([
            "From: <alerte@mairie.example>", "Subject: =?UTF-8?B?Q3J1ZSDDoCBBYmJldmlsbGU=?=", "To: <a@example.org>",
            "Date: Thu, 29 Feb 2024 12:00:00 +0000", "Message-ID: <1.2.3@mairie.example>", "MIME-Version: 1.0",
            "Content-Type: multipart/alternative;", " boundary=\"=_tocsin_alternative\"", "Content-Language: fr",
            "Auto-Submitted: auto-generated", "Importance: high", "X-Tocsin-Mode: real", "", "--=_tocsin_alternative",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "", "=C3=89vacuez",
            "=C3=A0 pied", "", "--=_tocsin_alternative", "Content-Type: text/html; charset=utf-8", "",
        ].joined(separator: "\r\n")))
        #expect(message.hasSuffix("\r\n--=_tocsin_alternative--\r\n"))
    }

    @Test(arguments: ["Crue\r\nBcc: b@example.org", "Crue\nx", "Crue\0", "Crue\u{85}"])
    func `a header cannot be injected`(subject: String) {
        #expect(throws: MailError.self) { try written(subject: subject) }
        #expect(throws: MailError.self) { try written(headers: [("X-A", subject)]) }
        #expect(throws: MailError.self) { try written(headers: [("X: a", "b")]) }
        #expect(throws: MailError.self) { try written(id: subject) }
    }

    @Test func `no line is too long, whatever the text`() throws {
        let long = String(repeating: "Crue exceptionnelle de la Somme, évacuez. 🌊", count: 40)
        for text in [long, String(repeating: "é", count: 3_000), String(repeating: "a", count: 3_000), "日本" + long] {
            let lines = try written(subject: long, text: text, from: "\(long.prefix(90)) <a@example.org>")
                .components(separatedBy: "\r\n")
            #expect(lines.allSatisfy { $0.utf8.count <= 78 }, "longest: \(lines.map(\.utf8.count).max() ?? 0)")
        }
    }

    @Test func `a link is asked for or not at all, and must be a web address`() throws {
        let to = try #require(EmailAddress("a@example.org"))
        func message(asks: Bool, _ link: String?) throws -> String {
            let template = try MailTemplate(
                from: try MailSender("a@b.fr"), subject: "Crue", text: "Montez.", asksAcknowledgement: asks)
            return String(
                decoding: try template.message(
                    to: to, dateMilliseconds: 0, messageID: "1@b.fr", links: MailLinks(acknowledge: link)), as: UTF8.self)
        }
        #expect(try message(asks: true, "https://alerte.example/recu/abc").contains("https://alerte.example/recu/abc"))
        #expect(throws: MailError.self) { try message(asks: true, nil) }
        #expect(throws: MailError.self) { try message(asks: false, "https://alerte.example/recu/abc") }
        for bad in ["javascript:alert(1)", "https://a\"b", "https://a b", "https://a\r\nb", "https://a<b>", "https://é"] {
            #expect(throws: MailError.self, "\(bad)") { try message(asks: true, bad) }
        }
    }

    @Test func `only information offers to be the last, in its headers too, and with one click over https`() throws {
        let to = try #require(EmailAddress("a@example.org"))
        func message(_ link: String) throws -> String {
            let template = try MailTemplate(
                from: try MailSender("a@b.fr"), subject: "Concerts", text: "Samedi.", isInformation: true,
                offersUnsubscription: true)
            return String(
                decoding: try template.message(
                    to: to, dateMilliseconds: 0, messageID: "1@b.fr", links: MailLinks(unsubscribe: link)), as: UTF8.self)
        }
        let safe = try message("https://alerte.example/desinscription/abc")
        #expect(safe.contains("\r\nList-Unsubscribe:\r\n <https://alerte.example/desinscription/abc>\r\n"))
        #expect(safe.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"))
        #expect(safe.contains("\r\nPrecedence: bulk\r\n") && !safe.contains("Importance"))
        let open = try message("http://alerte.example/desinscription/abc")
        #expect(open.contains("List-Unsubscribe:") && !open.contains("List-Unsubscribe-Post"))
        let alert = try written()
        #expect(!alert.contains("Unsubscribe") && !alert.contains("Precedence"))
    }

    @Test func `the page escapes what is not its own, and asks for nothing from elsewhere`() throws {
        let page = MailPage(subject: "A & B <script>", text: "1 < 2\n\"oui\"\n\n\nfin\u{1B}")
        #expect(page.words.contains("<h1 style=") && page.words.contains("A &amp; B &lt;script&gt;</h1>"))
        #expect(page.words.contains("1 &lt; 2<br>\n&quot;oui&quot;</p>"))
        #expect(page.words.contains(">fin\u{FFFD}</p>"))
        #expect(page.title == "<title>A &amp; B &lt;script&gt;</title>")
        let picture = MailPage.picture("Carte \"x\"")
        #expect(picture.contains("alt=\"Carte &quot;x&quot;\""))
        let whole = MailPage.opening + page.title + MailPage.beginning + page.words + picture
        #expect(!whole.contains("http") && !whole.contains("<table") && !whole.contains("<script"))
    }

    @Test func `any line end ends a line, and a line of any blanks parts paragraphs`() {
        let page = MailPage(subject: "S", text: "a\r\nb\rc\n\u{A0}\u{3000}\t\nd\r\n\r\ne\n\u{A0}f\r\n")
        let paragraphs = page.words.split(separator: "<p style=\"margin:0 0 16px\">").dropFirst()
        #expect(paragraphs == ["a<br>\nb<br>\nc</p>\n", "d</p>\n", "e<br>\n\u{A0}f</p>"])
    }

    @Test func `the controls of a header's text are those that Unicode names so`() {
        for value in 0..<UInt32(0x3000) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            #expect("a\(scalar)b".containsControl == (scalar.properties.generalCategory == .control), "U+\(String(value, radix: 16))")
        }
        #expect(!"Ânes à l’étable 😀".containsControl)
    }

    @Test func `a picture is a PNG of a size that relays take`() {
        let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        #expect(MailPicture(png: png, text: "") != nil)
        #expect(MailPicture(png: Array("GIF89a".utf8), text: "") == nil)
        #expect(MailPicture(png: png + Array(repeating: 0, count: MailPicture.byteLimit), text: "") == nil)
    }

    @Test func `encoded words give the text back`() throws {
        for text in ["Crue", "Alerte à Saint-Valéry-sur-Somme : évacuez immédiatement les quais 🌊🌊🌊🌊🌊🌊", "=?UTF-8?Q?piège?="] {
            let words = EncodedWords.encode(text).components(separatedBy: "\r\n ")
            let decoded = words.map { word -> String in
                guard word.hasPrefix("=?UTF-8?B?") else { return word }
                return String(decoding: Data(base64Encoded: String(word.dropFirst(10).dropLast(2))) ?? Data(), as: UTF8.self)
            }.joined()
            #expect(decoded == text)
        }
    }

    @Test func `a body keeps fragile places safe`() {
        let encoded = QuotedPrintable.encode(".point\nFrom moi \na=b\n--=_tocsin_alternative--")
        #expect(String(decoding: encoded, as: UTF8.self)
            == "=2Epoint\r\n=46rom moi=20\r\na=3Db\r\n=2D-=3D_tocsin_alternative--\r\n")
    }

    @Test(arguments: [
        "a@example.org", "prenom.nom+maire@sous.domaine.example", "o'brien@example.org", "a@localhost",
    ])
    func `addresses that can be written to`(text: String) { #expect(EmailAddress(text)?.text == text) }

    @Test(arguments: [
        "", "a", "a@", "@b", "a@b@c", "a b@c", "a@b c", "a@b\r\nRCPT TO:<x@y>", "<a@b>", "\"a b\"@c", ".a@b", "a@b..c",
        "é@b.fr", "a@é.fr", "a@-b.fr", "a,b@c.fr", String(repeating: "a", count: 65) + "@b.fr",
    ])
    func `addresses that cannot`(text: String) { #expect(EmailAddress(text) == nil) }

    @Test func `a sender may have a name`() throws {
        #expect(try MailSender("Mairie d'Amiens <a@b.fr>").name == "Mairie d'Amiens")
        #expect(try MailSender(" \"Mairie, Amiens\" <a@b.fr> ").name == "Mairie, Amiens")
        #expect(try MailSender("a@b.fr").name == nil)
        #expect(throws: MailError.self) { try MailSender("Mairie\r\nBcc: x <a@b.fr>") }
        #expect(throws: MailError.self) { try MailSender("") }
    }

    @Test(arguments: [
        (0, "Thu, 1 Jan 1970 00:00:00 +0000"), (951_782_400_000, "Tue, 29 Feb 2000 00:00:00 +0000"),
        (1_798_761_599_999, "Thu, 31 Dec 2026 23:59:59 +0000"), (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
    ])
    func `dates are in English and UTC`(milliseconds: Int64, text: String) {
        #expect(MailDate.format(milliseconds: milliseconds) == text)
    }

    @Test func `a message written for one is, byte for byte, what it is for many`() throws {
        let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + (0..<900).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let to = try #require(EmailAddress("a@example.org"))
        for number in 0..<8 {
            let frame = try MailFrame(
                from: try MailSender("Mairie <a@b.fr>"), picture: number & 1 == 1 ? MailPicture(png: png, text: "Carte \"x\"") : nil,
                asksAcknowledgement: number & 2 == 2, offersUnsubscription: number & 4 == 4)
            for words in [("Crue", "Montez."), ("Crue à <Eu>", ".\nFrom vous\r\n\r\n--x \n\rÀ l'étage\n"), ("", "")] {
                func message(_ isForOne: Bool) throws -> [UInt8] {
                    try MailTemplate(frame, subject: words.0, text: words.1, isForOne: isForOne).message(
                        to: to, dateMilliseconds: 0, messageID: "1@b.fr",
                        links: MailLinks(
                            acknowledge: number & 2 == 2 ? "https://x.example/r" : nil,
                            unsubscribe: number & 4 == 4 ? "https://x.example/d" : nil))
                }
                #expect(try message(true) == message(false))
            }
        }
    }
}
