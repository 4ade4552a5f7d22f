import AlertModel
import Campaigns
import DispatchSupport
import Dispatching
import GRDB
import Testing

@testable import Store

/// Messages that name the person, from the launch to the gateway.
@Suite struct PersonalCampaignTests {
    private final class Carried: @unchecked Sendable {
        var texts: [String: [String]] = [:]
    }

    private func carry(_ bench: LedgerBench) async throws -> [String: [String]] {
        let carried = Carried()
        let course = Peers.steady(SubmissionResult(.known(.delivered)))
        let simulation = DispatchSimulation(
            gateways: try Peers.exercise([.sms: 10]), ledger: bench.ledger.port, from: Peers.start
        ) { submission in
            carried.texts[submission.address.value, default: []].append(submission.message.text)
            #expect(submission.isPersonal && !submission.message.isPersonal)
            return course(submission)
        }
        try await simulation.run(untilCompleted: 1)
        return carried.texts
    }

    private func town(_ recipients: Int = 6, sharing: Int = 0, text: String = "Bonjour {nom|à vous}", key: String = "key") -> Town {
        Town(recipients: recipients, sharing: sharing, key: key, text: text, values: { PersonalValues([.name: $0 == 3 ? nil : "Nom\($0)"]) })
    }

    @Test func `each person is called by the name that was frozen, and who has none by what stands for it`() async throws {
        let bench = try LedgerBench()
        let town = town()
        try bench.launch(town)
        let texts = try await carry(bench)
        #expect(texts.count == 6)
        for (index, entry) in town.entries.enumerated() {
            let name = index == 3 ? "à vous" : "Nom\(index)"
            #expect(texts[entry.contactPoints[0].address.value] == ["EXERCICE - Bonjour \(name)"])
        }
    }

    @Test func `a household's phone names neither of two`() async throws {
        let bench = try LedgerBench()
        try bench.launch(town(4, sharing: 4))
        let texts = try await carry(bench)
        #expect(texts.values.flatMap { $0 }.sorted() == ["EXERCICE - Bonjour Nom2", "EXERCICE - Bonjour à vous", "EXERCICE - Bonjour à vous"])
    }

    @Test func `a launch that would leave a place empty is refused, and writes nothing`() throws {
        let bench = try LedgerBench()
        #expect(throws: LaunchError.placeWithoutValue(.name, recipients: 1, sharing: 0)) { try bench.launch(town(text: "Bonjour {nom}")) }
        #expect(try bench.count("SELECT (SELECT count(*) FROM campaigns) + (SELECT count(*) FROM leg_values)") == 0)
    }

    @Test func `a campaign with one text for everybody keeps nobody's values`() throws {
        let bench = try LedgerBench()
        try bench.launch(Town(recipients: 4))
        #expect(try bench.count("SELECT count(*) FROM leg_values") == 0)
    }

    @Test func `values are found by the leg's own key`() throws {
        let bench = try LedgerBench()
        try bench.launch(town())
        let plan = try bench.pool.read {
            try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN SELECT document FROM leg_values WHERE leg_id = ?", arguments: [1]).map { $0["detail"] as String }
        }
        #expect(plan == ["SEARCH leg_values USING INTEGER PRIMARY KEY (rowid=?)"])
    }
}
