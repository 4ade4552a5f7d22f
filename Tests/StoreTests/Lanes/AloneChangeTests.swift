import AlertModel
import Campaigns
import Foundation
import GRDB
import GeoModel
import Testing

@testable import Store

/// A campaign under way is no way round the second person.
@Suite struct AloneChangeTests {
    private let zone = perimeter(2.0, 50.0, 2.1, 50.1)
    private let now = UTCTime(millisecondsSince1970: 1_700_000_000_000)
    private let town = OrganisationID(rawValue: 1)
    private static let reason = "Le gymnase est inondé"
    private let text = Message(subject: "Crue", text: "Rejoignez l’école.")

    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.register((1...3).map { inside("\($0)") })
        return bench
    }

    private func inside(_ id: String) -> Recipient {
        person(id, commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+3363998000\(id)"])
    }

    private func launched(_ bench: StoreBench, _ mode: CampaignMode = .real, undoSeconds: Int = 0) throws -> CampaignID {
        try bench.database.launch(
            CampaignPlan(
                organisation: town, requestKey: "k", mode: mode,
                zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self),
                message: Message(subject: "Crue", text: "Montez à l’étage."),
                policy: PolicyRules.standard(channels: [.sms], mode: mode), notLocated: 0, approvedHash: nil,
                createdBy: "cli:root", circumstances: LaunchCircumstances(undoSeconds: undoSeconds)),
            zone: zone, scope: .all, now: now
        ).campaign
    }

    private func amend(
        _ bench: StoreBench, _ id: CampaignID, _ author: LaunchAuthor = .account, reason: String? = nil, after seconds: Int = 9
    ) throws -> Int {
        try bench.database.amend(
            id, with: text, author: author, reason: reason, actor: "anne", now: now.advanced(bySeconds: seconds))
    }

    private func isReasonNeeded(_ error: any Error) -> Bool { (error as? LedgerError)?.code == "reason_needed" }

    @Test func `an account changes a real text for a reason alone, which is critical and told`() throws {
        let bench = try bench()
        let id = try launched(bench)
        for reason in [nil, "", "vite"] as [String?] {
            #expect { try amend(bench, id, reason: reason) } throws: { isReasonNeeded($0) }
        }
        #expect(try bench.database.brokenGlass(of: town, since: now).isEmpty)
        #expect(try amend(bench, id, reason: Self.reason) == 2)
        let entry = try #require(try bench.database.auditEntries(limit: 1).first)
        #expect(entry.action == "launch.break_glass" && entry.detail["severity"] == "critical")
        #expect(entry.detail["reason"] == Self.reason && entry.detail["change"] == "amend")
        let told = try bench.database.brokenGlass(of: town, since: now)
        #expect(told.map(\.campaign) == [id] && told.map(\.user) == ["anne"] && told.map(\.reason) == [Self.reason])
        #expect(told.first?.change == .amend)
        #expect(try bench.database.brokenGlass(of: OrganisationID(rawValue: 2), since: now).isEmpty)
        // Stopping asks for nothing.
        _ = try bench.database.stopCampaign(id, actor: "anne")
    }

    @Test func `the machine's administrator and an exercise are asked for nothing`() throws {
        let real = try bench()
        #expect(try amend(real, try launched(real), .machine) == 2)
        let exercise = try bench()
        #expect(try amend(exercise, try launched(exercise, .exercise)) == 2)
    }

    @Test func `while it can be taken back it says what was approved`() throws {
        let bench = try bench()
        let id = try launched(bench, undoSeconds: 5)
        #expect(throws: LedgerError.stillHeld(id, seconds: 1)) {
            try amend(bench, id, reason: Self.reason, after: 4)
        }
        #expect(try amend(bench, id, reason: Self.reason, after: 5) == 2)
    }

    @Test func `more people than one person alerts are not joined by hand without a reason, in several goes either`() throws {
        let bench = try bench()
        let id = try launched(bench)
        let name = try bench.database.name(of: town)
        try bench.database.set(.guards, to: "large_audience_limit=2", ofOrganisationNamed: name, actor: "test")
        func join(_ reason: String? = nil, _ author: LaunchAuthor = .account) throws -> Joining {
            try bench.database.join(
                id, actor: "anne", isAutomatic: false, author: author, reason: reason, carried: Set(Channel.allCases),
                now: now.advanced(bySeconds: 9))
        }
        try bench.register((1...5).map { inside("\($0)") })
        #expect(try join().recipients == 2)
        try bench.register((1...6).map { inside("\($0)") })
        #expect { try join() } throws: { isReasonNeeded($0) }
        #expect(try bench.count("SELECT count(*) FROM campaign_addenda") == 1)
        #expect(try join(Self.reason).recipients == 1)
        #expect(try bench.database.brokenGlass(of: town, since: now).map(\.change) == [.join])
        try bench.register((1...9).map { inside("\($0)") })
        #expect(try join(nil, .machine).recipients == 3)
    }

    @Test func `who takes the second person away has somebody to ask for an hour`() throws {
        let bench = try bench()
        try bench.insert("anne", role: "administrator", in: town)
        let paul = try bench.insert("paul", role: "manager", in: town)
        let eve = try bench.insert("eve", role: "manager", in: town)
        let others = { try bench.database.approvers(of: town, besides: "anne") }
        #expect(try others() == ["eve", "paul"])
        let minute = Date.now.addingTimeInterval(-60).milliseconds, long = Date.now.addingTimeInterval(-3_660).milliseconds
        func take(_ at: Int64) throws {
            try bench.database.pool.write { database in
                try database.execute(
                    sql: "UPDATE grants SET state = 'withdrawn', decided_by = 'anne', decided_at = ? WHERE user_id = ?",
                    arguments: [at, paul.rawValue])
                try database.execute(sql: "UPDATE users SET closed_at = ? WHERE id = ?", arguments: [at, eve.rawValue])
            }
        }
        try take(minute)
        #expect(try others() == ["eve", "paul"])
        try take(long)
        #expect(try others().isEmpty)
    }
}
