import AlertModel
import Foundation
import GeoModel
import Testing

@testable import Reports

@Suite struct ExerciseCertificateTests {
    /// 22 November 2026, 18:04:05.000 in Paris.
    private let launch = UTCTime(millisecondsSince1970: 1_795_367_045_000)

    private func facts(
        openedAt: UTCTime?, scenario: String? = "Crue", guided: [ExerciseFacts.GuidedStep] = []
    ) -> ExerciseFacts {
        ExerciseFacts(
            reference: "12", organisation: "Mairie d'Épreuve", launchedBy: "anne", scenario: scenario,
            zone: .department("80"), message: Message(subject: "EXERCICE - Crue <1>", text: "EXERCICE - Montez à l'étage."),
            state: .completed,
            times: DecisionTimes(
                openedAt: openedAt, askedAt: nil, launchedAt: launch, firstMessageAt: launch.advanced(byMilliseconds: 5_250)),
            halfAt: launch.advanced(bySeconds: 20), allAt: launch.advanced(bySeconds: 75), endedAt: launch.advanced(bySeconds: 90),
            recipients: 4_812, certain: 4_000, notLocated: 7, totals: [.passed: 4_812],
            channels: [.sms: [.delivered: 4_000, .acknowledged: 12, .failed: 300]],
            audienceHash: String(repeating: "ab", count: 32), clock: .paris, guided: guided)
    }

    @Test func `it says who, over whom, when each step came and how long after the decision`() throws {
        let html = ExerciseCertificate(facts(openedAt: launch.advanced(byMilliseconds: -3_100))).page.html()
        for words in [
            "Attestation d&#39;exercice", "Mairie d&#39;Épreuve", "22 novembre 2026", "anne", "Crue", "département 80",
            "18:04:01", "18:04:05", "18:04:10", "8,3 s", "3,1 s", "23,1 s", "4\u{202F}812", "4\u{202F}012", "300", "abababababab",
            "EXERCICE - Crue &lt;1&gt;", "Europe/Paris",
        ] { #expect(html.contains(words), "\(words)") }
        #expect(html.contains("ont été simulés") && html.contains("Ils ne disent rien"))
    }

    @Test func `a guided exercise's steps are told with who measured them, and of any other there are none`() throws {
        let steps = [
            ExerciseFacts.GuidedStep(name: "Choisir la commune", word: "commune", seconds: 12),
            .init(name: "Dessiner la zone", word: "zone", seconds: nil),
        ]
        let guided = ExerciseCertificate(facts(openedAt: launch, guided: steps))
        let html = guided.page.html()
        #expect(html.contains("Choisir la commune") && html.contains("12,0 s") && html.contains("non vérifié par le serveur"))
        #expect(guided.json.contains(#""guided_step_seconds":{"commune":12,"zone":null}"#))
        let plain = ExerciseCertificate(facts(openedAt: launch))
        #expect(!plain.page.html().contains("exercice guidé") && !plain.json.contains("guided_step_seconds"))
    }

    @Test func `what was not written down is said not to be known, and reckoned from nothing`() throws {
        let certificate = ExerciseCertificate(facts(openedAt: nil, scenario: nil))
        let html = certificate.page.html()
        #expect(html.contains("non connu") && html.contains("sans scénario") && html.contains("n&#39;a pas été relevé"))
        #expect(!html.contains("8,3 s"))
        let json = try #require(try JSONSerialization.jsonObject(with: Data(certificate.json.utf8)) as? [String: Any])
        #expect(json["opened_at"] is NSNull && json["decision_to_first_message_seconds"] is NSNull)
        #expect(json["first_message_at"] as? String == "2026-11-22T17:04:10.250Z")
    }

    @Test func `times to the first message are measured from what the operator was first shown`() {
        let times = DecisionTimes(
            openedAt: launch, askedAt: launch.advanced(bySeconds: 1), launchedAt: launch.advanced(bySeconds: 9),
            firstMessageAt: launch.advanced(byMilliseconds: 12_399))
        #expect(times.decisionToLaunch == 9 && times.decisionToFirstMessage == 12.3)
        let unknown = DecisionTimes(openedAt: launch, askedAt: nil, launchedAt: launch, firstMessageAt: nil)
        #expect(unknown.decisionToFirstMessage == nil && unknown.decisionToLaunch == 0)
    }
}
