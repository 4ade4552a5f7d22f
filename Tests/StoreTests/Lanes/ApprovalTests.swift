import AlertModel
import Campaigns
import GRDB
import GeoModel
import Targeting
import Testing

@testable import Store

@Suite struct ApprovalTests {
    private let zone = perimeter(2.0, 50.0, 2.1, 50.1)
    private let now = UTCTime(millisecondsSince1970: 1_700_000_000_000)
    private static let reason = "La rivière monte vite"

    /// Three people in the zone, and accounts that may approve or not.
    private func bench(_ users: [(name: String, role: String)]) throws -> StoreBench {
        let bench = try StoreBench()
        try bench.register((1...3).map { person("\($0)", commune: "80001", contacts: ["sms:+3363998000\($0)"]) })
        for user in users { try bench.insert(user.name, role: user.role, in: OrganisationID(rawValue: 1)) }
        return bench
    }

    private func plan(
        _ bench: StoreBench, by user: String = "anne", consent: LaunchConsent = .none, zone: Zone? = nil
    ) throws -> CampaignPlan {
        let zone = zone ?? self.zone
        func plan(_ approved: AudienceHash?) -> CampaignPlan {
            CampaignPlan(
                organisation: OrganisationID(rawValue: 1), requestKey: "k", mode: .real,
                zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self),
                message: Message(subject: "Crue", text: "Montez à l’étage."),
                policy: PolicyRules.standard(channels: [.sms], mode: .real), notLocated: 0, approvedHash: approved,
                createdBy: user, circumstances: LaunchCircumstances(author: .account, consent: consent, openedAt: now))
        }
        return plan(try bench.database.previewAudience(of: plan(nil), zone: zone, scope: .all, now: now).hash)
    }

    private func ask(_ bench: StoreBench) throws -> ApprovalID {
        let draft = ApprovalDraft(
            plan: try plan(bench), recipients: 3, certain: 3, communes: ["Ville 80001"], communesTotal: 1,
            guards: [.freeText], isAllClear: false)
        let first = try bench.database.askApproval(draft, now: now)
        #expect(try bench.database.askApproval(draft, now: now).id == first.id, "asked again, it is the same request")
        return first.id
    }

    private func campaigns(_ bench: StoreBench) throws -> Int { try bench.count("SELECT count(*) FROM campaigns") }
    private func state(_ bench: StoreBench, _ id: ApprovalID) throws -> ApprovalState {
        try bench.database.approval(id, of: nil).facts.state
    }

    @Test func `free text of an account leaves only through a second person`() throws {
        let bench = try bench([("anne", "administrator"), ("paul", "manager")])
        #expect(throws: LaunchError.self) {
            try bench.database.launch(try plan(bench), zone: zone, scope: .all, now: now)
        }
        // A reason of one's own is no way round a person who could be asked.
        #expect(throws: LaunchError.self) {
            try bench.database.launch(
                try plan(bench, consent: .brokenGlass(reason: Self.reason, request: nil)), zone: zone, scope: .all, now: now)
        }
        #expect(try campaigns(bench) == 0)
        let id = try ask(bench)
        #expect(throws: ApprovalRefusal.ownRequest) {
            try bench.database.approve(id, of: nil, by: "anne", scope: .all, now: now)
        }
        let launch = try bench.database.approve(id, of: nil, by: "paul", scope: .all, now: now.advanced(bySeconds: 9))
        #expect(launch.recipients == 3)
        let record = try bench.database.ledger.campaign(launch.campaign)
        #expect(record.lane == .secondPerson && record.approvedBy == "paul" && record.createdBy == "anne")
        #expect(record.openedAt == now && record.aloneReason == nil)
        #expect(throws: ApprovalRefusal.alreadyDecided(.approved)) {
            try bench.database.approve(id, of: nil, by: "paul", scope: .all, now: now)
        }
        #expect(try campaigns(bench) == 1)
        let entries = try bench.database.auditEntries(limit: 3)
        #expect(entries.map(\.action) == ["approval.approved", "campaign.launch", "approval.ask"])
        #expect(entries[1].detail["accepted"] == "paul" && entries[1].detail["lane"] == "second_person")
    }

    @Test func `who asks is not their own second person by the approver's new password`() throws {
        let bench = try bench([("anne", "administrator"), ("paul", "manager"), ("luc", "manager")])
        let id = try ask(bench)
        let anne = try bench.database.actingOperator(named: "anne")
        _ = try bench.database.resetPassword(of: try bench.database.person(named: "paul", within: anne).id, by: anne)
        #expect(throws: ApprovalRefusal.accountOfAsker) {
            try bench.database.approve(id, of: nil, by: "paul", scope: .all, now: now)
        }
        #expect(try campaigns(bench) == 0 && state(bench, id) == .pending)
        #expect(try bench.database.approve(id, of: nil, by: "luc", scope: .all, now: now).recipients == 3)
    }

    @Test func `nor for a scenario of their own`() throws {
        let bench = try bench([("anne", "administrator"), ("paul", "manager"), ("luc", "manager")])
        let draft = try plan(bench), organisation = OrganisationID(rawValue: 1)
        let scenario = Scenario(
            zoneDocument: draft.zoneDocument, message: draft.message, policy: draft.policy, kind: draft.kind,
            weight: draft.weight, blanks: [:])
        try bench.database.save(scenario, named: "Crue", of: organisation, standardBlanks: [], actor: "anne", now: now)
        let anne = try bench.database.actingOperator(named: "anne")
        _ = try bench.database.resetPassword(of: try bench.database.person(named: "paul", within: anne).id, by: anne)
        #expect(throws: ScenarioError.accountOfSaver) {
            try bench.database.approveScenario(named: "Crue", of: organisation, by: "paul", now: now)
        }
        try bench.database.approveScenario(named: "Crue", of: organisation, by: "luc", now: now)
        #expect(try bench.database.scenario(named: "Crue", of: organisation).approvedBy == "luc")
    }

    @Test func `a register that changed in between voids the request, and nothing leaves`() throws {
        let bench = try bench([("anne", "operator"), ("paul", "manager")])
        let id = try ask(bench)
        try bench.register((1...4).map { person("\($0)", commune: "80001", contacts: ["sms:+3363998000\($0)"]) })
        #expect(throws: LaunchError.audienceChanged(recipients: 4)) {
            try bench.database.approve(id, of: nil, by: "paul", scope: .all, now: now)
        }
        #expect(try campaigns(bench) == 0 && state(bench, id) == .void)
        #expect(try bench.database.approval(id, of: nil).reason == "audience_changed")
        #expect(throws: ApprovalRefusal.alreadyDecided(.void)) {
            try bench.database.breakGlass(
                id, of: nil, by: "anne", reason: Self.reason, scope: .all, now: now.advanced(bySeconds: 200))
        }
    }

    @Test func `the glass is broken after the delay alone, and stands in the journal as critical`() throws {
        let bench = try bench([("anne", "operator"), ("paul", "manager")])
        let id = try ask(bench)
        #expect(throws: ApprovalRefusal.tooEarly(seconds: 1)) {
            try bench.database.breakGlass(
                id, of: nil, by: "anne", reason: Self.reason, scope: .all, now: now.advanced(bySeconds: 179))
        }
        let later = now.advanced(bySeconds: 180)
        let launch = try bench.database.breakGlass(id, of: nil, by: "anne", reason: Self.reason, scope: .all, now: later)
        #expect(try state(bench, id) == .broken)
        let entry = try #require(try bench.database.auditEntries(limit: 1).first)
        #expect(entry.action == "launch.break_glass" && entry.detail["severity"] == "critical")
        #expect(entry.detail["reason"] == Self.reason && entry.detail["campaign"] == launch.campaign.description)
        let told = try bench.database.brokenGlass(of: OrganisationID(rawValue: 1), since: now)
        #expect(told.map(\.campaign) == [launch.campaign] && told.map(\.user) == ["anne"])
        #expect(try bench.database.brokenGlass(of: OrganisationID(rawValue: 2), since: now).isEmpty)
    }

    @Test func `where nobody else may approve, one person launches at once, for a reason`() throws {
        let bench = try bench([("anne", "administrator"), ("eve", "observer"), ("luc", "operator")])
        #expect(try bench.database.approvers(of: OrganisationID(rawValue: 1), besides: "anne").isEmpty)
        #expect(throws: LaunchError.self) {
            try bench.database.launch(try plan(bench), zone: zone, scope: .all, now: now)
        }
        let launch = try bench.database.launch(
            try plan(bench, consent: .brokenGlass(reason: Self.reason, request: nil)), zone: zone, scope: .all, now: now)
        #expect(try bench.database.ledger.campaign(launch.campaign).aloneReason == Self.reason)
        #expect(try bench.database.auditEntries(limit: 1).first?.action == "launch.break_glass")
    }

    @Test func `a request is void once its asker may not launch any more`() throws {
        for change in [
            "UPDATE users SET closed_at = 1 WHERE name = 'anne'",
            "UPDATE grants SET role = 'observer' WHERE user_id = (SELECT id FROM users WHERE name = 'anne')",
        ] {
            let bench = try bench([("anne", "operator"), ("paul", "manager")])
            let id = try ask(bench)
            try bench.database.pool.write { try $0.execute(sql: change) }
            #expect(throws: ApprovalRefusal.askerGone) {
                try bench.database.approve(id, of: nil, by: "paul", scope: .all, now: now)
            }
            #expect(try campaigns(bench) == 0 && state(bench, id) == .void)
            #expect(try bench.database.approval(id, of: nil).reason == "approval_asker_gone")
        }
    }

    @Test func `a request that only names a scenario is not launched as one`() throws {
        let bench = try bench([("anne", "operator"), ("paul", "manager")])
        let id = try ask(bench)
        try bench.database.pool.write { try $0.execute(sql: "UPDATE approvals SET scenario = 'Crue'") }
        let saved = try bench.database.approval(id, of: nil)
        #expect(saved.plan(.none).circumstances.author == .account)
        try bench.database.pool.write { try $0.execute(sql: "UPDATE approvals SET guards = 'large_audience'") }
        #expect(try bench.database.approval(id, of: nil).plan(.none).circumstances.author == .scenario)
    }

    @Test func `a refusal is told to who asked, and another organisation sees no request`() throws {
        let bench = try bench([("anne", "operator"), ("paul", "manager")])
        let id = try ask(bench)
        #expect(throws: ApprovalRefusal.unknown(id)) {
            try bench.database.approve(id, of: OrganisationID(rawValue: 2), by: "paul", scope: .all, now: now)
        }
        #expect(throws: ApprovalRefusal.reasonNeeded) {
            try bench.database.refuseApproval(id, of: nil, by: "paul", reason: "non", now: now)
        }
        let refused = try bench.database.refuseApproval(id, of: nil, by: "paul", reason: "Mauvais quartier", now: now)
        #expect(refused.facts.state == .refused && refused.reason == "Mauvais quartier" && refused.decidedBy == "paul")
        #expect(try bench.database.approvals(of: OrganisationID(rawValue: 2)).isEmpty)
        #expect(try bench.database.approvals(of: nil).map(\.id) == [id])
    }
}
