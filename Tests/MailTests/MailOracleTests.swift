import AlertModel
import DispatchSupport
import Foundation
import Testing

@testable import Mail

/// What Python's e-mail parser (strict) and dkimpy make of our messages.
@Suite(.enabled(if: MailOracle.isExpected, MailOracle.reason), .timeLimit(.minutes(15))) struct MailOracleTests {
    private static let alphabet: [String] = [
        "a", "e", "Z", "0", " ", " ", "  ", ".", "=", "?", "_", "-", "\"", "<", ">", "&", ",", ";", ":", "\\", "(", ")", "@",
        "é", "œ", "’", "Ÿ", "ß", "ن", "日", "🌊", "e\u{301}", "\u{A0}", "From ", "--", "=?UTF-8?Q?x?=", "\t",
    ]

    private func random(_ count: Int, lines: Bool, _ generator: inout SystemRandomNumberGenerator) -> String {
        (0..<count).map { _ in
            if lines, Int.random(in: 0..<12, using: &generator) == 0 { return ["\n", "\n\n", "\n.\n"].randomElement()! }
            return Self.alphabet.randomElement(using: &generator)!
        }.joined()
    }

    @Test func `three hundred random messages are read as they were written`() throws {
        var generator = SystemRandomNumberGenerator()
        let oracle = try MailOracle()
        var expected: [(subject: String, name: String, text: String)] = []
        let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + (0..<500).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        for number in 0..<300 {
            // Blanks at the ends of a header, and tabs in it, are not part of what it says.
            let subject = "S" + random(.random(in: 0..<90), lines: false, &generator).replacing("\t", with: "t") + "."
            // Python 3.11 reads a name of several encoded words with blanks between them, and makes one of several blanks.
            var name = "N"
            for piece in random(9, lines: false, &generator).split(separator: " ") {
                let word = piece.filter { !"\"<>".contains($0) && !$0.isWhitespace }
                if !word.isEmpty, name.utf8.count + word.utf8.count < 38 { name += " " + word }
            }
            name += "."
            let text = random(.random(in: 1..<600), lines: true, &generator)
            expected.append((subject, name, text))
            let template = try MailTemplate(
                from: try MailSender("\(name) <a@b.example>"), subject: subject, text: text,
                picture: number % 3 == 0 ? MailPicture(png: png, text: "Carte \(subject)") : nil,
                asksAcknowledgement: number % 2 == 0)
            try oracle.add(
                try template.message(
                    to: try #require(EmailAddress("r\(number)@example.org")), dateMilliseconds: Int64(number) * 86_400_000,
                    messageID: "\(number)@b.example",
                    links: MailLinks(acknowledge: number % 2 == 0 ? "https://x.example/recu/=\(number)" : nil)),
                number)
        }
        for (number, reading) in try oracle.read().enumerated() {
            let (subject, name, text) = expected[number]
            #expect(reading.subject == subject)
            #expect(reading.from == name)
            #expect(reading.to == "r\(number)@example.org")
            let rest = number % 2 == 0
                ? "\n\nAvez-vous bien reçu ce message ? Dites-le sur cette page :\nhttps://x.example/recu/=\(number)\n" : "\n"
            #expect(reading.text == text + rest)
            #expect(reading.html.contains("<h1 style=\"font-size:22px;line-height:1.3;margin:0 0 16px\">\(HTMLText.escaped(subject))</h1>"))
            #expect(reading.html.contains("href=\"https://x.example/recu/=\(number)\"") == (number % 2 == 0))
            #expect(reading.pictures == (number % 3 == 0 ? [["<\(MailPage.pictureID)>", Data(png).base64EncodedString()]] : []))
            #expect(reading.html.contains("src=\"cid:\(MailPage.pictureID)\"") == (number % 3 == 0))
            #expect(reading.longest <= 78 && reading.bare == 0 && !reading.eight_bit)
        }
    }

    @Test(arguments: ["rsa", "ed25519"])
    func `a signature holds for dkimpy, and for nothing that was altered`(kind: String) throws {
        let key = try DKIMKey(path: try MailOracle.keyFile(kind))
        let signer = try DKIMSigner(domain: "alerte.example", selector: "s1", key: key)
        let oracle = try MailOracle(records: signer)
        var generator = SystemRandomNumberGenerator()
        var altered: Set<Int> = []
        for number in 0..<60 {
            let information = number % 4 == 0
            let frame = try MailFrame(
                from: try MailSender("Mairie d’Eu  <a@alerte.example>"), asksAcknowledgement: true, isInformation: information,
                offersUnsubscription: information, headers: [("X-Tocsin-Campaign", "1")], signer: signer)
            let template = try MailTemplate(
                frame, subject: "S" + random(50, lines: false, &generator).replacing("\t", with: "t"),
                text: random(400, lines: true, &generator), isForOne: number % 2 == 0)
            var message = try template.message(
                to: try #require(EmailAddress("r@example.org")), dateMilliseconds: 1_700_000_000_000, messageID: "1@alerte.example",
                links: MailLinks(
                    acknowledge: "https://x.example/recu/\(number)",
                    unsubscribe: information ? "https://x.example/desinscription/\(number)" : nil))
            // What a relay may do: blanks at line ends, a header of its own. What it may not: another letter, recipient or
            // subject, a second sender.
            switch number % 6 {
            case 1: message = Self.replace(message, "Content-Language: fr", "content-language:   fr  ")
            case 2: message = Array("Received: from relay\r\n".utf8) + message
            case 3: message = Self.replace(message, "</html>", "</htmL>")
            case 4: message = Self.replace(message, "To: <r@example.org>", "To: <s@example.org>")
            case 5: message = Array("From: Other <b@alerte.example>\r\n".utf8) + message
            default: break
            }
            if number % 6 >= 3 { altered.insert(number) }
            try oracle.add(message, number)
        }
        for (number, reading) in try oracle.read().enumerated() {
            #expect(reading.signed == !altered.contains(number), "message \(number)")
        }
    }

    private static func replace(_ message: [UInt8], _ old: String, _ new: String) -> [UInt8] {
        Array(String(decoding: message, as: UTF8.self).replacing(old, with: new).utf8)
    }
}

/// `Scripts/peers/mail-oracle.py` over a folder of messages.
final class MailOracle {
    struct Reading: Decodable {
        let subject: String
        let from: String
        let to: String
        let text: String
        let html: String
        let pictures: [[String]]
        let longest: Int
        let bare: Int
        let eight_bit: Bool
        let signed: Bool
    }

    static let isExpected =
        SMTPPeer.python != nil && (try? ChildProcess([SMTPPeer.python ?? "", "-c", "import dkim, nacl"]))?.wait() == 0
        || ProcessInfo.processInfo.environment["CI"] == "true"
    static let reason: Comment = "no dkimpy: Scripts/bootstrap --tests installs it"

    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Scripts/peers/mail-oracle.py")
    private let folder: URL
    private let records: DKIMSigner?

    init(records: DKIMSigner? = nil) throws {
        self.records = records
        folder = FileManager.default.temporaryDirectory.appending(path: "tocsin-mail-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func add(_ message: [UInt8], _ number: Int) throws {
        let name = String(repeating: "0", count: 6 - "\(number)".count) + "\(number).eml"
        try Data(message).write(to: folder.appending(path: name))
    }

    func read() throws -> [Reading] {
        var arguments = [try #require(SMTPPeer.python), Self.script.path, folder.path]
        if let records {
            let file = folder.appending(path: "records.json")
            let text = records.record.value.split(separator: "\" \"").joined().filter { $0 != "\"" }
            try JSONEncoder().encode([records.record.name: text]).write(to: file)
            arguments += ["--records", file.path]
        }
        let process = try ChildProcess(arguments)
        let output = process.readAll()
        #expect(process.wait() == 0, "the parser finds no defect")
        return try output.split(separator: "\n").map { try JSONDecoder().decode(Reading.self, from: Data($0.utf8)) }
    }

    static func keyFile(_ kind: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "tocsin-dkim-\(UUID().uuidString).pem").path
        let options = kind == "rsa" ? ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"] : ["-algorithm", "ed25519"]
        try #require(try ChildProcess(["openssl", "genpkey"] + options + ["-out", path]).wait() == 0)
        try #require(chmod(path, 0o600) == 0)
        return path
    }
}
