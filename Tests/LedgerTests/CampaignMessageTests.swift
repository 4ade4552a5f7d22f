import AlertModel
import Campaigns
import DispatchSupport
import Dispatching
import GRDB
import Testing

@testable import Store

@Suite struct CampaignMessageTests {
    private static let english = MessageVariant(MessageVariant.Use(language: "en", channel: nil)!, text: "Leave on foot")

    /// What simulated gateways were given to carry.
    private final class Carried: @unchecked Sendable {
        var texts: [String] = []
    }

    @Test(arguments: [("en-GB", "EXERCICE - Leave on foot"), ("fr", "EXERCICE - Évacuez à pied"), ("", "EXERCICE - Évacuez à pied")])
    func `each person is told in their language`(language: String, text: String) async throws {
        let bench = try LedgerBench()
        try bench.launch(Town(recipients: 5, language: language, variants: [Self.english]))
        let carried = Carried()
        let course = Peers.steady(SubmissionResult(.known(.delivered)))
        let simulation = DispatchSimulation(
            gateways: try Peers.exercise([.sms: 10]), ledger: bench.ledger.port, from: Peers.start
        ) { submission in
            carried.texts.append(submission.message.text)
            return course(submission)
        }
        try await simulation.run(untilCompleted: 1)
        #expect(carried.texts == Array(repeating: text, count: 5))
    }

    @Test func `a campaign keeps its wordings, and the same key with another is refused`() throws {
        let bench = try LedgerBench()
        let launch = try bench.launch(Town(recipients: 3, variants: [Self.english]))
        let kept = try bench.ledger.campaign(launch.campaign).message
        #expect(kept.variants.map(\.text) == ["EXERCICE - Leave on foot"])
        #expect(try !bench.launch(Town(recipients: 3, variants: [Self.english])).isNew)
        #expect(throws: LedgerError.requestKeyReused) { try bench.launch(Town(recipients: 3)) }
    }
}
