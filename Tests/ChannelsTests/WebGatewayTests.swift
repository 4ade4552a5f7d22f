import AlertModel
import DispatchSupport
import Dispatching
import Foundation
import GeoModel
import Testing

@testable import Channels

/// Gateways of HTTP providers, against a peer that speaks as each and does what it is asked.
@Suite(.timeLimit(.minutes(15))) struct WebGatewayTests {
    static let dialects = ["plain", "twilio", "ovh"]

    private func gateway(_ dialect: String, port: Int, window: Int = 4, answerSeconds: Int = 1) throws -> Gateway {
        let at = "http://127.0.0.1:\(port)"
        let own =
            switch dialect {
            case "twilio": #""url": "\#(at)", "account": "AC0123456789", "tokenVariable": "SECRET""#
            case "ovh":
                #""url": "\#(at)/1.0", "service": "sms-1", "applicationKey": "application", "applicationSecretVariable": "SECRET", "consumerKeyVariable": "CONSUMER""#
            default:
                #""url": "\#(at)/send", "secretVariable": "SECRET", "headers": {"Authorization": "Bearer {secret}"}, "json": {"to": "{to}", "body": "{text}", "from": "{sender}"}, "id": "messages.0.id", "probe": "\#(at)/account", "answers": [{"status": 400, "means": "invalid_address"}]"#
            }
        let kind = dialect == "plain" ? "http" : dialect
        let file = try GatewayFile.decode(Array("""
            {"version": 1, "gateways": [{"name": "g", "channel": "sms", "kind": "\(kind)", "window": \(window),
              "settings": {"sender": "MAIRIE", "answerSeconds": \(answerSeconds), \(own)}}]}
            """.utf8))
        return try #require(file.gateways.first).gateway(
            secrets: GatewaySecrets(environment: ["SECRET": "motdepasse", "CONSUMER": "consommateur"], folder: "."))
    }

    @Test(arguments: dialects, [[], ["--slow", "0.05"], ["--slow", "3"], ["--outage", "1,1000"], ["--secret", "autre"]])
    func `every provider's gateway keeps a gateway's promises`(dialect: String, options: [String]) async throws {
        let peer = try SMSCPeer(provider: dialect, options)
        await GatewayConformance.check(try gateway(dialect, port: peer.port), mode: .real) { "+3363998\(10_000 + $0 * 100)".prefix(12).description }
    }

    @Test(arguments: dialects)
    func `what a provider answers is what is known`(dialect: String) async throws {
        let peer = try SMSCPeer(provider: dialect)
        let gateway = try gateway(dialect, port: peer.port, window: 20)
        var expected: [Int: SubmissionResult.Verdict] = [
            0: .known(.accepted), 92: .known(.failed(.throttled)), 93: .inDoubt, 98: .known(.failed(.network)),
            99: .known(.failed(.network)), 94: .inDoubt, 95: .inDoubt, 96: .inDoubt, 97: .inDoubt,
        ]
        if dialect != "ovh" { expected[90] = .known(.failed(.invalidAddress)) }
        for (ending, verdict) in expected.sorted(by: { $0.key < $1.key }) {
            let result = await gateway.submit(SMPPRun.submission(SMPPRun.number(1, ending: ending)))
            #expect(result.verdict == verdict, "\(ending): \(result.detail ?? "")")
            #expect(result.isGatewayFailure == [93, 94, 95, 96, 97, 98, 99].contains(ending), "\(ending)")
        }
        await gateway.close()
    }

    @Test(arguments: dialects)
    func `a refusal without a reason is the message's, and a run of them in two campaigns the gateway's`(dialect: String) async throws {
        let peer = try SMSCPeer(provider: dialect)
        let gateway = try gateway(dialect, port: peer.port)
        func ask(_ index: Int, ending: Int, of campaign: Int64 = 1) async -> SubmissionResult {
            await gateway.submit(SMPPRun.submission(SMPPRun.number(index, ending: ending), campaign: campaign))
        }
        for index in 1..<RefusalRun.longest {
            let result = await ask(index, ending: 89)
            #expect(result.verdict == .known(.failed(.network)) && !result.isGatewayFailure, "it is tried again, at a try's cost")
        }
        // One that is taken shows that the others were refused for what they are.
        #expect(await ask(20, ending: 0).verdict == .known(.accepted))
        // However many there are: a text that the provider refuses is one campaign's, and stops no other's messages.
        for index in 1...2 * RefusalRun.longest { #expect(await !ask(index, ending: 89).isGatewayFailure) }
        for index in 1..<RefusalRun.longest { #expect(await !ask(index, ending: 89, of: 2).isGatewayFailure) }
        for (index, campaign) in zip(30..<34, [2, 1, 2, 1] as [Int64]) {
            let result = await ask(index, ending: 89, of: campaign)
            #expect(result.verdict == .known(.failed(.network)) && result.isGatewayFailure)
        }
        #expect(await ask(40, ending: 0).verdict == .known(.accepted))
        #expect(await !ask(41, ending: 89).isGatewayFailure)
        await gateway.close()
    }

    @Test func `nothing of a person, and no password, is in the address Kannel is asked at`() throws {
        let provider = KannelProvider(url: "http://k/cgi-bin/sendsms", user: "u", password: Redacted("motdepasse"), smsc: "c")
        let message = WebMessage(
            to: "+33639980001", text: "Ça brûle", sender: try #require(SMSSender("MAIRIE")), reference: "t7", validitySeconds: 90,
            isFlash: true, callback: "https://a/appel")
        for request in [provider.request(for: message), try #require(provider.probe)] {
            #expect(request.url == "http://k/cgi-bin/sendsms" && request.method == "POST")
        }
        let request = provider.request(for: message)
        #expect(String(decoding: request.body, as: UTF8.self) == "Ça brûle")
        let headers = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
        #expect(headers["X-Kannel-To"] == "+33639980001" && headers["X-Kannel-Coding"] == "2" && headers["X-Kannel-Validity"] == "2")
        #expect(headers["X-Kannel-DLR-Url"] == "https://a/appel?ref=t7&etat=%d" && headers["X-Kannel-MClass"] == "0")
    }

    @Test(arguments: [("text/plain; charset=\"UTF-8\"", String.Encoding.utf8), ("text/plain; charset=\"UTF-16BE\"", .utf16BigEndian)])
    func `what Kannel brings by POST is read from its headers and body`(type: String, encoding: String.Encoding) throws {
        let provider = KannelProvider(url: "", user: "", password: Redacted(""), smsc: nil)
        let callback = Callback(
            url: "", query: "id=9", headers: ["content-type": type, "x-kannel-from": "+33639980001", "x-kannel-to": "36180"],
            body: Array(try #require("Où aller ?".data(using: encoding))))
        let message = try #require(try provider.read(callback).messages.first)
        #expect(message.id == "9" && message.sender.value == "+33639980001" && message.recipient == "36180")
        #expect(message.text.value == "Où aller ?")
    }

    @Test(arguments: dialects)
    func `a provider that asks for peace has it`(dialect: String) async throws {
        let peer = try SMSCPeer(provider: dialect)
        let gateway = try gateway(dialect, port: peer.port)
        for ending in [91, 0, 0] {
            let result = await gateway.submit(SMPPRun.submission(SMPPRun.number(1, ending: ending)))
            #expect(result.verdict == .known(.failed(.throttled)))
        }
        await gateway.close()
        #expect(try peer.submissions().count == 1, "nothing was sent meanwhile")
    }

    @Test(arguments: dialects)
    func `a provider that is not there, or is another, leaves nothing in doubt`(dialect: String) async throws {
        let gone = try gateway(dialect, port: 1)
        #expect(await gone.submit(SMPPRun.submission(SMPPRun.number(1))).verdict == .known(.failed(.network)))
        await gone.close()
        let peer = try SMSCPeer(provider: dialect)
        let (certificate, key) = try SMTPPeer.certificate()
        let proxy = try SMSCPeer(before: peer, ["--certificate", certificate, "--key", key])
        let file = try GatewayFile.decode(Array("""
            {"version": 1, "gateways": [{"name": "g", "channel": "sms", "kind": "kannel",
              "settings": {"sender": "MAIRIE", "url": "https://localhost:\(proxy.port)", "user": "u", "passwordVariable": "P"}}]}
            """.utf8))
        let wary = try #require(file.gateways.first).gateway(secrets: GatewaySecrets(environment: ["P": "p"], folder: "."))
        let result = await wary.submit(SMPPRun.submission(SMPPRun.number(1)))
        #expect(result.verdict == .known(.failed(.network)), "nobody vouches for the certificate: \(result.detail ?? "")")
        await wary.close()
        #expect(try peer.submissions().isEmpty)
    }

    @Test func `a signature is checked as Twilio makes it`() throws {
        // Of a library of others, for its documentation's example.
        let provider = TwilioProvider(url: "", authorization: Redacted(""), token: Redacted("12345"), service: nil)
        let form = "CallSid=CA1234567890ABCDE&From=%2B12349013030&To=%2B18005551212&Caller=%2B12349013030&Digits=1234"
        func callback(_ url: String, _ form: String, _ signature: String?) -> Callback {
            Callback(
                url: url, query: "foo=1&bar=2",
                headers: ["content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature].compactMapValues { $0 },
                body: Array(form.utf8))
        }
        let (url, good) = ("https://mycompany.com/myapp.php?foo=1&bar=2", "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")
        #expect(throws: CallbackRefusal.unreadable, "signed, and about no message") { try provider.read(callback(url, form, good)) }
        for (url, form, signature) in [
            (url, form, nil), (url, form, "AAAA"), (url + "1", form, good), (url, form + "1", good), (url, "", good),
        ] {
            #expect(throws: CallbackRefusal.forged) { try provider.read(callback(url, form, signature)) }
        }
    }

    @Test(arguments: [("DELIVERED", true), ("Not delivered", false), ("waiting for delivery", false)])
    func `only the very word says that a message arrived`(word: String, isDelivered: Bool) throws {
        let provider = OVHProvider(url: "", application: "", secret: Redacted(""), consumer: Redacted(""))
        let callback = Callback(url: "", query: WebForm.encode([("id", "7"), ("state", word)]), headers: [:], body: [])
        #expect(try provider.read(callback).receipts.contains { $0.outcome == .delivered } == isDelivered)
    }

    @Test func `an id that lost its last digits is none`() throws {
        func id(_ text: String) throws -> String? { try JSONNode.read(Array(#"{"id":\#(text)}"#.utf8), limits: JSONNode.Limits(maxDepth: 4, maxValues: 10)).leaf("id") }
        #expect(try id("1234567890123") == "1234567890123" && id(#""1234567890123456789""#) == "1234567890123456789")
        #expect(try id("9007199254740992") == "9007199254740992")
        #expect(try id("1234567890123456789") == nil)
    }

    @Test func `this machine's addresses are numbers, and a scheme is part of an origin`() {
        #expect(WebAddress.isLoopback("http://127.0.0.1:1/") && WebAddress.isLoopback("http://localhost"))
        #expect(!WebAddress.isLoopback("http://127.evil.org") && !WebAddress.isLoopback("http://127.0.0.1.evil.org"))
        #expect(WebAddress.origin("http://a.org/x") != WebAddress.origin("https://a.org/x"))
    }

    @Test(arguments: ["", "{", "{}", "[1]", "a=b", String(repeating: "[", count: 10_000), "\u{0}", "ref=1", "etat=1", "etat=x&ref=1"])
    func `a callback that says nothing is refused`(body: String) throws {
        let provider = KannelProvider(url: "", user: "", password: Redacted(""), smsc: nil)
        for type in ["application/json", "application/x-www-form-urlencoded"] {
            let callback = Callback(url: "", query: "", headers: ["content-type": type], body: Array(body.utf8))
            #expect(throws: CallbackRefusal.unreadable) { try provider.read(callback) }
        }
    }

    @Test(arguments: ["a b+c", "é€😀", "%&=?/#", "", "\n\t\u{0}", "a%20b"])
    func `a form reads back what it writes`(text: String) {
        let fields = [(name: "n\(text)", value: text), (name: "x", value: "y")]
        let read = WebForm.decode(WebForm.encode(fields))
        #expect(read.map(\.name) == fields.map(\.name) && read.map(\.value) == fields.map(\.value))
        let items = URLComponents(string: "?" + WebForm.encode(fields))?.queryItems
        #expect(items?.map(\.value) == fields.map(\.value))
    }

    @Test func `a callback's key is its gateway's alone`() throws {
        let key = try #require(LinkKey(bytes: Array(repeating: 7, count: 32)))
        let other = try #require(LinkKey(bytes: Array(repeating: 8, count: 32)))
        let word = String(try #require(CallbackKey.path(gateway: "a", key: key).split(separator: "/").last))
        #expect(CallbackKey.isWord(word, gateway: "a", key: key) && word.count == CallbackKey.length)
        #expect(!CallbackKey.isWord(word, gateway: "b", key: key) && !CallbackKey.isWord(word, gateway: "a", key: other))
        #expect(!CallbackKey.isWord("", gateway: "a", key: key) && !CallbackKey.isWord(word + "0", gateway: "a", key: key))
    }
}
