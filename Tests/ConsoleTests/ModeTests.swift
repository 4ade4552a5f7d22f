import AlertModel
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import Console

/// Two consoles that share nothing but their code: what exists at each address, and whose cookie opens it.
@Suite struct ModeTests {
    private func console(_ mode: CampaignMode) -> TestConsole {
        var console = TestConsole()
        console.configuration.mode = mode
        console.services = .deaf
        return console
    }

    @Test(arguments: Route.allCases, CampaignMode.allCases)
    func `a route is answered at its addresses, and at the other one as what is not there`(
        route: Route, mode: CampaignMode
    ) async throws {
        #expect(!route.modes.isEmpty)
        try await console(mode).run { browser async throws in
            let response = try await browser.send(route.method, RouteTableTests.path(of: route))
            if route.modes.contains(mode) {
                let code = try? response.json(ErrorEnvelope.self).error.code
                #expect(code != .otherAddress)
            } else {
                #expect(try response.failure().code == .otherAddress)
            }
        }
    }

    @Test func `where exercises are held nothing is managed, approved or written of anybody`() {
        let there = Route.allCases.filter { $0.modes.contains(.exercise) }
        for route in there {
            #expect(!Set([.administer, .approve, .editRegister, .seePersonalData]).contains(route.access.capability))
            if case .person = route.access { Issue.record("\(route) manages people") }
            if case .oneself = route.access { Issue.record("\(route) is about one's real account") }
        }
        // All that is signed for is within what an exercise's account may do.
        #expect(Set(there.compactMap(\.access.capability)).isSubset(of: Capability.exercise))
        let changes = there.filter { $0.isUnsafe && $0.access.capability == .prepare }
        #expect(changes == [.testMessage, .saveDraft, .removeDraft], "perimeters, reports and templates are kept at the real address; a draft is its own mode’s")
    }

    @Test(arguments: CampaignMode.allCases)
    func `the other console's cookie is no cookie`(mode: CampaignMode) async throws {
        var console = console(mode)
        console.services = .unforeseen
        try await console.run { browser async throws in
            #expect(try await browser.get("/api/session").status == .ok)
            var other = browser
            other.mode = mode == .real ? .exercise : .real
            #expect(try await other.get("/api/session").failure().code == .sessionRequired)
        }
    }

    private static let plan = """
        "zone":{"type":"communes","codes":["80001"]},"message":{"subject":"S","text":"T"},"channels":["sms"]
        """
    private static let proof = """
        "audienceHash":"00","confirmation":1,"requestKey":"0e0f7a52-6c46-4c51-8c4c-5a0c7f0a7a11"
        """

    @Test(arguments: CampaignMode.allCases, [
        ("/api/campaigns/preview", plan), ("/api/campaigns", plan + "," + proof),
        ("/api/message/measure", #""subject":"S","text":"T""#),
        ("/api/message/texts", #""message":{"subject":"S","text":"T"},"channels":["sms"]"#),
        ("/api/message/speech", #""message":{"subject":"S","text":"T"},"kind":"alert""#),
        ("/api/message/test", #""message":{"subject":"S","text":"T"},"channels":["sms"]"#),
        ("/api/scenarios/1/preview", ""),
        ("/api/scenarios/1/launch", #""audienceHash":"00","requestKey":"0e0f7a52-6c46-4c51-8c4c-5a0c7f0a7a11""#),
    ])
    func `a body that says the other mode is refused before anything is looked at`(
        mode: CampaignMode, request: (path: String, body: String)
    ) async throws {
        var console = console(mode)
        console.services = .unforeseen
        let other: CampaignMode = mode == .real ? .exercise : .real
        try await console.run { browser async throws in
            let body = "{" + [request.body, #""mode":"\#(other.rawValue)""#].filter { !$0.isEmpty }.joined(separator: ",") + "}"
            let failure = try await browser.post(request.path, body).failure()
            #expect(failure.code == .otherMode)
        }
    }

    @Test func `a page says which console it is, without a script`() {
        let page = """
            <!doctype html>
            <html lang="fr"><head><title>Tocsin</title><link rel="icon" href="/static/images/tocsin.svg"></head>
            <body><header>x</header></body></html>
            """
        var configuration = ConsoleConfiguration(publicFolder: "/")
        #expect(PageMode(configuration).marked(page) == page.replacing("lang=\"fr\">", with: "lang=\"fr\" data-mode=\"real\">"))
        configuration.mode = .exercise
        configuration.other = { .url(#"https://a.example/"><script>"#) }
        let marked = PageMode(configuration).marked(page)
        for words in [
            "<title>EXERCICE – Tocsin</title>", "exercice.svg", "<strong>EXERCICE</strong> — rien ne part", #"data-mode="exercise""#,
            #"data-other="https://a.example/&quot;>&lt;script>""#,
        ] { #expect(marked.contains(words), "\(words)") }
        #expect(!marked.contains("tocsin.svg") && !marked.contains("<script>"))
    }
}
