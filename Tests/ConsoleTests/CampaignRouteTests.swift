import AlertModel
import Campaigns
import Foundation
import GeoModel
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import Console

@Suite struct CampaignRouteTests {
    /// The plans below are exercises'.
    private static var exercises: TestConsole {
        var console = TestConsole()
        console.configuration.mode = .exercise
        return console
    }

    static let key = "2B1C6E0E-7C0B-4E7A-9C39-6B1F0F7B9C11"

    static func plan(
        zone: String = #"{"type":"department","code":"80"}"#, message: String = #"{"subject":"Crue","text":"Montez à l’étage."}"#,
        channels: String = #"["email","sms"]"#, mode: String = "exercise", more: String = ""
    ) -> String {
        #"{"zone":\#(zone),"message":\#(message),"channels":\#(channels),"mode":"\#(mode)"\#(more)}"#
    }

    static func launch(hash: String = "abc", confirmation: String = "960", key: String = Self.key) -> String {
        plan(more: #","audienceHash":"\#(hash)","confirmation":\#(confirmation),"requestKey":"\#(key)""#)
    }

    static let card = CampaignCard(
        id: CampaignID(rawValue: 42), reference: "2026-0042", subject: "EXERCICE - Crue", mode: .exercise, state: .running,
        createdAt: Date(timeIntervalSince1970: 1_700_000_000.5), startedAt: nil, endedAt: nil, createdBy: "amelie",
        progress: ProgressUpdate.sample(passed: 4).progress)

    static let dossier = CampaignDossier(
        card: card, message: Message(subject: "EXERCICE - Crue", text: "EXERCICE - Montez."), zone: .department("80"),
        policy: Policy(channels: [.sms], maximumRetries: 2, retryPeriodSeconds: 300, validitySeconds: 21_600),
        audienceHash: "abc", audience: AudienceFigures(certain: 900, possible: 60, notLocated: 12))

    @Test func `a preview says what will happen in figures and in words`() async throws {
        var console = Self.exercises
        console.services.campaigns.preview = { account, plan in
            #expect(account.user == "amelie")
            #expect(
                plan
                    == CampaignPlan(
                        zone: .department("80"), message: Message(subject: "Crue", text: "Montez à l’étage."),
                        policy: PolicyRules.standard(channels: [.sms, .email], mode: .exercise),
                        mode: .exercise))
            return CampaignPreview(
                audienceHash: "abc", counts: .sample, legs: [.sms: 1_234, .email: 1], communes: ["Abbeville", "Amiens"],
                communesTotal: 2, unavailable: [], segments: 1)
        }
        try await console.run { browser async throws in
            let preview = try await browser.post("/api/campaigns/preview", Self.plan()).json(CampaignPreviewDocument.self)
            #expect(preview.expectedNumber == 960)
            #expect(preview.legs == ByChannel(all: [.sms: 1_234, .email: 1]))
            #expect(
                preview.sentence
                    == "EXERCICE : 960 destinataires à Abbeville et 1 autre commune ; tout est simulé, personne ne recevra rien. Dont 34 dont la position n’est pas certaine. Envois : 1\u{202F}234 SMS, 1 courriel. 3 destinataires n’ont aucune coordonnée.")
        }
    }

    @Test(arguments: [
        (plan(channels: "[]"), ProblemCode.noChannel, "channels"),
        (plan(channels: #"["pigeon"]"#), .invalidParameter, "channels[0]"),
        (plan(channels: #""sms""#), .invalidParameter, "channels"),
        (plan(mode: "test"), .invalidParameter, "mode"),
        (plan(message: #"{"subject":"Crue","text":" \n "}"#), .invalidMessage, "message.text"),
        (plan(message: #"{"subject":" ","text":"x"}"#), .invalidMessage, "message.subject"),
        (plan(message: #"{"subject":"a\r\nBcc: x@example.org","text":"x"}"#), .invalidMessage, "message.subject"),
        (plan(message: #"{"text":"x"}"#), .invalidParameter, "message.subject"),
        (plan(message: "\"x\""), .invalidParameter, "message"),
        (plan(message: "{\"subject\":\"\(String(repeating: "a", count: 201))\",\"text\":\"x\"}"), .invalidParameter, "message.subject"),
        (plan(message: "{\"subject\":\"a\",\"text\":\"\(String(repeating: "a", count: 10_001))\"}"), .invalidParameter, "message.text"),
        (plan(more: #","retries":11"#), .invalidParameter, "retries"),
        (plan(more: #","retries":1.5"#), .invalidParameter, "retries"),
        (plan(more: #","retryPeriodSeconds":0"#), .invalidParameter, "retryPeriodSeconds"),
        (plan(more: #","retry":1"#), .invalidParameter, "retry"),
        (plan(zone: "null"), .emptyZone, "zone"),
    ])
    func `a plan out of bounds is refused with its path`(body: String, code: ProblemCode, path: String) async throws {
        try await Self.exercises.run { browser async throws in
            let failure = try await browser.post("/api/campaigns/preview", body).failure()
            #expect(failure.code == code)
            #expect(failure.detail?.path == path)
        }
    }

    @Test func `sms alone needs no subject`() async throws {
        var console = Self.exercises
        console.services.campaigns.preview = { _, _ in throw ConsoleProblem(.emptyAudience) }
        try await console.run { browser async throws in
            let body = Self.plan(message: #"{"subject":"","text":"x"}"#, channels: #"["sms","sms"]"#)
            let response = try await browser.post("/api/campaigns/preview", body)
            #expect(try response.failure().code == .emptyAudience)
        }
    }

    @Test func `a launch carries the hash, the number and the key`() async throws {
        var console = Self.exercises
        console.services.campaigns.launch = { account, launch in
            #expect(account.id == 7)
            #expect(launch.audienceHash == "abc" && launch.confirmation == 960)
            #expect(launch.requestKey == UUID(uuidString: Self.key))
            #expect(launch.plan.policy.channels == [.sms, .email])
            return CampaignID(rawValue: 42)
        }
        // What was prepared under the key is nobody's draft any more.
        console.services.drafts?.remove = { account, key in
            #expect(account.id == 7 && key == UUID(uuidString: Self.key))
            return true
        }
        try await console.run { browser async throws in
            let response = try await browser.post("/api/campaigns", Self.launch())
            #expect(response.status == .created && response.text == #"{"id":42}"#)
        }
    }

    @Test(arguments: [
        launch(hash: ""), launch(confirmation: "-1"), launch(confirmation: "\"960\""), launch(confirmation: "960.5"), launch(confirmation: "null"),
        launch(key: "x"), plan(), launch(hash: String(repeating: "a", count: 129)),
    ])
    func `a launch without its proofs is refused`(body: String) async throws {
        try await Self.exercises.run { browser async throws in
            let response = try await browser.post("/api/campaigns", body)
            #expect(try response.failure().code == .invalidParameter)
        }
    }

    @Test func `an audience that changed comes back with its new counts`() async throws {
        var console = Self.exercises
        console.services.campaigns.launch = { _, _ in throw ConsoleProblem(.audienceChanged, ProblemDetail(counts: .sample)) }
        try await console.run { browser async throws in
            let failure = try await browser.post("/api/campaigns", Self.launch()).failure()
            #expect(failure.code == .audienceChanged)
            #expect(failure.detail?.counts == .sample)
        }
    }

    @Test func `campaigns are listed and shown with what was frozen`() async throws {
        var console = Self.exercises
        console.services.campaigns.list = { _ in [Self.card] }
        console.services.campaigns.find = { _, id in id.rawValue == 42 ? Self.dossier : nil }
        try await console.run { browser async throws in
            let list = try await browser.get("/api/campaigns")
            #expect(try list.json(CampaignList.self).campaigns == [Self.card])
            #expect(list.text.contains(#""createdAt":"2023-11-14T22:13:20.500Z","createdBy":"amelie","endedAt":null,"id":42"#))
            #expect(list.text.contains(#""channels":{"sms":{"accepted":4,"acknowledged":0,"answered":0,"cancelled":0,"delivered":0,"failed":0,"inFlight":0,"queued":6}}"#))
            let one = try await browser.get("/api/campaigns/42")
            #expect(try one.json(CampaignCard.self) == Self.card)
            let object = try one.object()
            #expect(object["audienceHash"] as? String == "abc")
            #expect(object["channels"] as? [String] == ["sms"])
            #expect((object["zone"] as? [String: Any])?["code"] as? String == "80")
            #expect((object["policy"] as? [String: Any])?["retryPeriodSeconds"] as? Int == 300)
            #expect((object["audience"] as? [String: Any])?["recipients"] as? Int == 960)
            #expect((object["message"] as? [String: Any])?["text"] as? String == "EXERCICE - Montez.")
            #expect(try await browser.get("/api/campaigns/43").failure().code == .notFound)
        }
    }

    @Test(arguments: [("pause", CampaignAction.pause), ("resume", .resume), ("stop", .stop)])
    func `a campaign is steered, unless its state forbids it`(verb: String, action: CampaignAction) async throws {
        var console = Self.exercises
        console.services.campaigns.control = { _, id, given in
            #expect(given == action)
            if id.rawValue == 1 { throw ConsoleProblem(.notAllowed) }
            return id.rawValue == 42 ? Self.dossier : nil
        }
        try await console.run { browser async throws in
            #expect(try await browser.post("/api/campaigns/42/\(verb)", "{}").json(CampaignCard.self) == Self.card)
            #expect(try await browser.send(.post, "/api/campaigns/42/\(verb)").status == .ok)
            #expect(try await browser.post("/api/campaigns/1/\(verb)", "{}").failure().code == .notAllowed)
            #expect(try await browser.post("/api/campaigns/43/\(verb)", "{}").failure().code == .notFound)
        }
    }

    @Test(arguments: [
        ("csv", "text/csv; charset=utf-8", "attachment"), ("geojson", "application/geo+json", "attachment"),
        ("json", "application/json; charset=utf-8", "inline"), ("text", "text/plain; charset=utf-8", "inline"),
    ])
    func `a report comes in each format, with a file name that cannot break out of its header`(format: String, type: String, disposition: String) async throws {
        var console = Self.exercises
        console.services.campaigns.report = { _, _, format in
            ReportFile(bytes: Array(format.rawValue.utf8), fileName: "rapport\r\n\"é/..-2026-0042.x")
        }
        try await console.run { browser async throws in
            let response = try await browser.get("/api/campaigns/42/report?format=\(format)")
            #expect(response.text == format)
            #expect(response.headers[.contentType] == type)
            #expect(response.headers[.contentDisposition] == "\(disposition); filename=\"rapport..-2026-0042.x\"")
            #expect(try await browser.get("/api/campaigns/42/report?format=pdf").failure().code == .invalidParameter)
        }
    }

    @Test func `a text is measured as it is typed, empty too`() async throws {
        var console = Self.exercises
        console.services.campaigns.measure = { message, mode in
            MessageMeasure(text: message.marked(for: mode).text, encoding: .ucs2, characters: 12, segments: 1, segmentLimit: 6, offending: ["ê"])
        }
        try await console.run { browser async throws in
            let response = try await browser.post("/api/message/measure", #"{"subject":"","text":"","mode":"exercise"}"#)
            #expect(response.text == #"{"characters":12,"encoding":"UCS-2","offending":["ê"],"segmentLimit":6,"segments":1,"text":"EXERCICE - "}"#)
        }
    }

    @Test func `events are a stream that says the value and the end`() async throws {
        var console = Self.exercises
        console.services.campaigns.follow = { _, id in
            guard id.rawValue == 42 else { return nil }
            let (stream, feed) = AsyncStream.makeStream(of: ProgressUpdate.self)
            feed.yield(.sample(passed: 10, state: .completed))
            feed.finish()
            return stream
        }
        console.configuration.pacing.minimumInterval = .zero
        try await console.run { browser async throws in
            let response = try await browser.get("/api/campaigns/42/events")
            #expect(response.headers[.contentType] == "text/event-stream; charset=utf-8")
            #expect(response.headers[.cacheControl] == "no-store")
            #expect(response.text.hasPrefix(#"event: progress"#) && response.text.hasSuffix("event: end\ndata: {}\n\n"))
            #expect(response.text.contains(#""startedAt":"1970-01-01T00:00:00.000Z","state":"completed","waitsUntil":null}"#))
            #expect(try await browser.get("/api/campaigns/43/events").failure().code == .notFound)
        }
    }

    @Test(arguments: [(0, "0 x"), (1, "1 x"), (2, "2 xs"), (999, "999 xs"), (1_000, "1\u{202F}000 xs"), (20_772, "20\u{202F}772 xs"), (1_234_567, "1\u{202F}234\u{202F}567 xs")])
    func `counts are written the French way`(count: Int, text: String) {
        #expect(PreviewSentence.number(count, "x", "xs") == text)
    }

    @Test func `the real thing reads differently from an exercise`() {
        let preview = CampaignPreview(
            audienceHash: "", counts: .sample, legs: [:], communes: ["Amiens"], communesTotal: 1, unavailable: [.voice, .fax], segments: 0)
        let text = PreviewSentence.text(preview, mode: .real)
        #expect(text.hasPrefix("RÉEL : 960 destinataires seront alertés à Amiens."))
        #expect(text.contains("Sans passerelle, donc non utilisé : appel vocal, télécopie."))
        #expect(!text.contains("EXERCICE"))
    }
}
