import AlertModel
import Foundation
import Testing

@testable import Mail

@Suite struct MailMessageTests {
    private func message(
        subject: String = "Crue", text: String = "Montez.", from: String = "alerte@mairie.example",
        headers: [(String, String)] = []
    ) throws -> MailMessage {
        MailMessage(
            from: try MailSender(from), to: try #require(EmailAddress("a@example.org")), subject: subject, text: text,
            dateMilliseconds: 1_709_208_000_000, messageID: "1.2.3@mairie.example",
            headers: headers.map { (name: $0.0, value: $0.1) })
    }

    private func written(_ message: MailMessage) throws -> String {
        String(decoding: try message.bytes(), as: UTF8.self)
    }

    @Test func `a message is written as RFC 5322 asks`() throws {
        #expect(
            try written(message(subject: "Crue à Abbeville", text: "Évacuez\nà pied", headers: [("X-Tocsin-Mode", "real")]))
                == [
                    "From: <alerte@mairie.example>", "To: <a@example.org>",
                    "Subject: =?UTF-8?B?Q3J1ZSDDoCBBYmJldmlsbGU=?=", "Date: Thu, 29 Feb 2024 12:00:00 +0000",
                    "Message-ID: <1.2.3@mairie.example>", "MIME-Version: 1.0",
                    "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable",
                    "Auto-Submitted: auto-generated", "X-Tocsin-Mode: real", "", "=C3=89vacuez", "=C3=A0 pied", "",
                ].joined(separator: "\r\n"))
    }

    @Test(arguments: ["Crue\r\nBcc: b@example.org", "Crue\nx", "Crue\0", "Crue\u{85}"])
    func `a header cannot be injected`(subject: String) {
        #expect(throws: MailError.self) { try message(subject: subject).bytes() }
        #expect(throws: MailError.self) { try message(headers: [("X-A", subject)]).bytes() }
        #expect(throws: MailError.self) { try message(headers: [("X: a", "b")]).bytes() }
    }

    @Test func `no line is too long, whatever the text`() throws {
        let long = String(repeating: "Crue exceptionnelle de la Somme, évacuez. 🌊", count: 40)
        for text in [long, String(repeating: "é", count: 3_000), String(repeating: "a", count: 3_000), "日本" + long] {
            let lines = try written(message(subject: long, text: text, from: "\(long.prefix(90)) <a@example.org>"))
                .components(separatedBy: "\r\n")
            #expect(lines.allSatisfy { $0.utf8.count <= 78 }, "longest: \(lines.map(\.utf8.count).max() ?? 0)")
        }
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

    @Test func `a body gives the text back and keeps fragile places safe`() throws {
        #expect(String(decoding: MailBody(".point\nFrom moi \na=b").bytes, as: UTF8.self)
            == "=2Epoint\r\n=46rom moi=20\r\na=3Db\r\n")
        #expect(MailBody("日本語").encoding == "base64")
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
}
