import AlertModel
import Campaigns
import GRDB
import GeoModel
import Testing

@testable import Store

/// Another text of a campaign under way takes what a launch with it would.
@Suite struct AmendmentTests {
    private let zone = perimeter(2.0, 50.0, 2.1, 50.1)
    private let now = UTCTime(millisecondsSince1970: 1_700_000_000_000)
    private let town = OrganisationID(rawValue: 1)
    private let text = Message(subject: "Crue", text: "Allez au gymnase.")
    private static let reason = "Le gymnase est inondé"

    private func bench() throws -> (StoreBench, CampaignID) {
        let bench = try StoreBench()
        try bench.register((1...3).map { person("\($0)", commune: "80001", contacts: ["sms:+3363998000\($0)"]) })
        for (name, role) in [("anne", "operator"), ("paul", "manager"), ("luc", "manager"), ("eve", "observer")] {
            try bench.insert(name, role: role, in: town)
        }
        let launch = try bench.database.launch(
            CampaignPlan(
                organisation: town, requestKey: "k", mode: .real,
                zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self),
                message: Message(subject: "Crue", text: "Montez à l’étage."),
                policy: PolicyRules.standard(channels: [.sms], mode: .real), notLocated: 0, approvedHash: nil,
                createdBy: "cli:root"), zone: zone, scope: .all, now: now)
        return (bench, launch.campaign)
    }

    private func ask(_ bench: StoreBench, _ campaign: CampaignID, read: Int = 1, key: String = "a") throws -> SavedAmendment {
        try bench.database.askAmendment(of: campaign, with: text, read: read, requestKey: key, by: "anne", now: now)
    }

    private func says(_ bench: StoreBench, _ campaign: CampaignID) throws -> String {
        try bench.database.ledger.campaign(campaign).message.text
    }

    @Test func `where somebody may be asked, a reason of one's own changes nothing`() throws {
        let (bench, campaign) = try bench()
        for reason in [nil, Self.reason] {
            #expect {
                try bench.database.amend(campaign, with: text, author: .account, reason: reason, actor: "anne", now: now)
            } throws: { ($0 as? LedgerError)?.code == "second_person_needed" }
        }
        #expect(try says(bench, campaign) == "Montez à l’étage.")
    }

    @Test func `a second person approves it, once, and not who asked`() throws {
        let (bench, campaign) = try bench()
        let asked = try ask(bench, campaign)
        #expect(try ask(bench, campaign).id == asked.id)
        #expect(asked.before?.text == "Montez à l’étage." && asked.message == text)
        #expect(throws: ApprovalRefusal.ownRequest) {
            try bench.database.approveAmendment(asked.id, of: town, by: "anne", now: now)
        }
        #expect(throws: ApprovalRefusal.self) {
            try bench.database.approveAmendment(asked.id, of: OrganisationID(rawValue: 9), by: "paul", now: now)
        }
        #expect(try bench.database.dueNotices(now: now).contains { $0.occasion == .amendment })
        let approved = try bench.database.approveAmendment(asked.id, of: town, by: "paul", now: now)
        #expect(try bench.database.dueNotices(now: now).allSatisfy { $0.occasion != .amendment }, "nobody is written to any more")
        #expect(approved.version == 2 && approved.facts.state == .approved)
        #expect(try says(bench, campaign) == "Allez au gymnase.")
        #expect(throws: ApprovalRefusal.alreadyDecided(.approved)) {
            try bench.database.approveAmendment(asked.id, of: town, by: "luc", now: now)
        }
        #expect(try bench.database.brokenGlass(of: town, since: now).isEmpty)
    }

    @Test func `after the delay who asked changes it alone, and that is critical and told`() throws {
        let (bench, campaign) = try bench()
        let asked = try ask(bench, campaign)
        func breakGlass(_ user: String, _ seconds: Int, _ reason: String = AmendmentTests.reason) throws -> SavedAmendment {
            try bench.database.breakGlassOnAmendment(
                asked.id, of: town, by: user, reason: reason, now: now.advanced(bySeconds: seconds))
        }
        #expect(throws: ApprovalRefusal.tooEarly(seconds: 1)) { try breakGlass("anne", 179) }
        #expect(throws: ApprovalRefusal.notAsker) { try breakGlass("paul", 181) }
        #expect(throws: ApprovalRefusal.reasonNeeded) { try breakGlass("anne", 181, "vite") }
        #expect(try breakGlass("anne", 181).version == 2)
        let told = try bench.database.brokenGlass(of: town, since: now)
        #expect(told.map(\.change) == [.amend] && told.map(\.user) == ["anne"])
        try bench.database.setNoticeAddress(of: "paul", within: town, to: EmailAddress("paul@example.org"), actor: "test", now: now)
        let due = try bench.database.dueNotices(now: .init(millisecondsSince1970: told[0].at.millisecondsSince1970))
        #expect(due.contains { $0.occasion == .breakGlass && $0.addresses.map(\.text) == ["paul@example.org"] })
    }

    @Test func `a text that was changed meanwhile, or a campaign that is over, voids the request`() throws {
        let (bench, campaign) = try bench()
        let first = try ask(bench, campaign)
        _ = try bench.database.amend(campaign, with: Message(subject: "Crue", text: "Attendez."), author: .machine, actor: "cli:root", now: now)
        #expect(throws: LedgerError.amendedMeanwhile(campaign)) {
            try bench.database.approveAmendment(first.id, of: town, by: "paul", now: now)
        }
        #expect(try bench.database.amendment(first.id, of: town).facts.state == .void)
        #expect(try says(bench, campaign) == "Attendez.")
        #expect(throws: LedgerError.amendedMeanwhile(campaign)) { try ask(bench, campaign, read: 1, key: "b") }
        let second = try ask(bench, campaign, read: 2, key: "c")
        _ = try bench.database.stopCampaign(campaign, actor: "anne")
        #expect { try bench.database.approveAmendment(second.id, of: town, by: "paul", now: now) } throws: {
            ($0 as? LedgerError)?.code == "not_allowed"
        }
        #expect(try bench.database.amendment(second.id, of: town).facts.state == .void)
    }

    @Test func `it is refused with a reason, withdrawn by who asked, and too old after its time`() throws {
        let (bench, campaign) = try bench()
        let asked = try ask(bench, campaign)
        #expect(throws: ApprovalRefusal.reasonNeeded) {
            try bench.database.refuseAmendment(asked.id, of: town, by: "paul", reason: "non", now: now)
        }
        #expect(try bench.database.refuseAmendment(asked.id, of: town, by: "paul", reason: "Mauvais lieu", now: now).reason == "Mauvais lieu")
        let second = try ask(bench, campaign, key: "b")
        #expect(throws: ApprovalRefusal.notAsker) { try bench.database.withdrawAmendment(second.id, of: town, by: "paul", now: now) }
        _ = try bench.database.withdrawAmendment(second.id, of: town, by: "anne", now: now)
        let third = try ask(bench, campaign, key: "c")
        #expect(throws: ApprovalRefusal.alreadyDecided(.expired)) {
            try bench.database.approveAmendment(third.id, of: town, by: "paul", now: now.advanced(bySeconds: 7 * 86_400))
        }
        #expect(try says(bench, campaign) == "Montez à l’étage.")
    }

    @Test func `a scenario is asked about, refused with a reason, changed, and approved with what changed told`() throws {
        let (bench, campaign) = try bench()
        let store = bench.database
        let policy = try store.ledger.campaign(campaign).policy
        func save(_ text: String, by user: String) throws {
            try store.save(
                Scenario(
                    zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self),
                    message: Message(subject: "Crue", text: text), policy: policy, kind: .alert, weight: 1, blanks: [:]),
                named: "Crue", of: town, standardBlanks: [], actor: user, now: now)
        }
        try save("Montez.", by: "anne")
        let id = try store.scenario(named: "Crue", of: town).id
        func state() throws -> ScenarioRequestState? {
            let requests = try store.scenarioRequests(of: town)
            return requests[id]?.state
        }
        #expect(throws: ScenarioError.notAsked("Crue")) {
            try store.refuseScenario(named: "Crue", of: town, by: "paul", reason: Self.reason, now: now)
        }
        try store.askForScenario(named: "Crue", of: town, by: "anne", now: now)
        try store.askForScenario(named: "Crue", of: town, by: "anne", now: now)
        #expect(try bench.count("SELECT count(*) FROM scenario_requests") == 1)
        try store.refuseScenario(named: "Crue", of: town, by: "paul", reason: "Sans adresse", now: now)
        #expect(try state() == .refused)
        try store.askForScenario(named: "Crue", of: town, by: "anne", now: now)
        try save("Montez à l’étage.", by: "anne")
        #expect(try state() == .withdrawn, "what was asked about is no longer there")
        try store.askForScenario(named: "Crue", of: town, by: "anne", now: now)
        let hash = try store.scenario(named: "Crue", of: town).scenario.digest
        #expect(throws: ScenarioError.changedMeanwhile) {
            try store.approveScenario(named: "Crue", of: town, hash: String(repeating: "0", count: 64), by: "paul", now: now)
        }
        try store.approveScenario(named: "Crue", of: town, hash: hash, by: "paul", now: now)
        #expect(try state() == .approved)
        #expect(throws: ScenarioError.alreadyApproved("Crue")) {
            try store.askForScenario(named: "Crue", of: town, by: "anne", now: now)
        }
        try save("Sortez.", by: "anne")
        let last = try #require(try store.lastApproved(id))
        let changes = try store.scenario(named: "Crue", of: town).scenario.changes(since: last.scenario) { $0 }
        #expect(changes == [ScenarioChange(field: .text, before: "Montez à l’étage.", after: "Sortez.")])
        try store.removeScenario(named: "Crue", of: town, actor: "anne")
        #expect(try bench.count("SELECT count(*) FROM scenario_requests") + bench.count("SELECT count(*) FROM approved_scenarios") == 0)
    }
}
