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

    @Test(arguments: [
        #"UPDATE leg_values SET document = '{"nom":"Nom5"}' WHERE leg_id = 2"#, "UPDATE leg_values SET seal = seal + 1 WHERE leg_id = 2",
        "DELETE FROM leg_values WHERE leg_id = 2", "UPDATE leg_values SET document = '{\"nom\":' WHERE leg_id = 2",
        "UPDATE leg_values SET document = (SELECT document FROM leg_values WHERE leg_id = 1), seal = (SELECT seal FROM leg_values WHERE leg_id = 1) WHERE leg_id = 2",
    ])
    func `nobody is called by a name that was not frozen for them`(alteration: String) async throws {
        let bench = try LedgerBench()
        let town = town()
        try bench.launch(town)
        try await bench.pool.write { try $0.execute(sql: alteration) }
        let texts = try await carry(bench)
        #expect(texts.count == 5 && texts[town.entries[1].contactPoints[0].address.value] == nil)
        #expect(try bench.count("SELECT count(*) FROM legs WHERE id = 2 AND state = 'failed' AND cause = 'withheld'") == 1)
        #expect(try bench.count("SELECT count(*) FROM attempts WHERE leg_id = 2 AND detail = 'values_broken'") == 1)
    }

    @Test func `values that cannot be read hold back neither their campaign nor another of its mode`() async throws {
        let bench = try LedgerBench()
        try bench.launch(town())
        try bench.launch(Town(recipients: 4, key: "other", firstRecipient: 100))
        try await bench.pool.write { try $0.execute(sql: "UPDATE leg_values SET document = 'damaged' WHERE leg_id = 2") }
        let simulation = DispatchSimulation(
            gateways: try Peers.exercise([.sms: 10]), ledger: bench.ledger.port, from: Peers.start,
            course: Peers.steady(SubmissionResult(.known(.delivered))))
        try await simulation.run(untilCompleted: 2)
        #expect(simulation.sent.count == 9)
        #expect(try bench.count("SELECT count(*) FROM attempts WHERE leg_id = 2 AND detail = 'values_broken'") == 1)
    }

    @Test func `campaigns that were under way before values were sealed go on`() async throws {
        let bench = try LedgerBench()
        try bench.launch(town(4, sharing: 4))
        let before = try bench.count("SELECT seal FROM leg_values ORDER BY leg_id LIMIT 1")
        try await bench.pool.write { database in
            try database.execute(sql: "ALTER TABLE leg_values DROP COLUMN seal; DELETE FROM leg_values WHERE leg_id = 2")
            try LedgerSchema.sealByPages(database, pageLength: 2)
        }
        #expect(try bench.count("SELECT seal FROM leg_values ORDER BY leg_id LIMIT 1") == before)
        let texts = try await carry(bench)
        // Of the shared phone and of nobody there is no name; the third's was lost, and stays so.
        #expect(texts.values.flatMap { $0 } == Array(repeating: "EXERCICE - Bonjour à vous", count: 3))
    }
}
