import AlertModel
import Campaigns
import Dispatching
import GRDB
import GeoModel
import Testing

@testable import Store

@Suite struct LateJoinersTests {
    private let zone = perimeter(2.0, 50.0, 2.1, 50.1)
    private let start = UTCTime(millisecondsSince1970: 1_700_000_000_000)
    private var later: UTCTime { start.advanced(bySeconds: 60) }

    private func inside(_ id: String, _ contacts: [String] = [], commune code: String? = nil) -> Recipient {
        person(id, commune: code, at: place(2.05, 50.05), contacts: contacts)
    }

    private func outside(_ id: String, _ contacts: [String] = []) -> Recipient {
        person(id, at: place(2.15, 50.05), contacts: contacts)
    }

    /// A campaign over three people inside: one with a number, two of a household, one without an address.
    private func bench(_ policy: (Policy) -> Policy = { $0 }) throws -> (bench: StoreBench, campaign: CampaignID) {
        let bench = try StoreBench()
        try bench.register([
            inside("a", ["sms:+33639980001"]), inside("b", ["sms:+33639980002"]), inside("c"),
            outside("x", ["sms:+33639980009"]),
        ])
        return (bench, try launch(bench, policy).campaign)
    }

    private func launch(_ bench: StoreBench, _ policy: (Policy) -> Policy = { $0 }, key: String = "key", kind: CampaignKind = .alert) throws -> Launch {
        let plain = plan(zone: zone, key: key)
        let plan = CampaignPlan(
            organisation: plain.organisation, requestKey: key, mode: .exercise, zoneDocument: plain.zoneDocument,
            message: plain.message, policy: policy(plain.policy), notLocated: 0, approvedHash: nil, createdBy: "agent", kind: kind)
        return try bench.database.launch(plan, zone: zone, scope: .all, now: start)
    }

    private func join(_ bench: StoreBench, _ campaign: CampaignID, isAutomatic: Bool = true, carried: Set<Channel> = Set(Channel.allCases)) throws -> Joining {
        try bench.database.join(campaign, actor: "server", isAutomatic: isAutomatic, carried: carried, now: later)
    }

    private func claim(_ bench: StoreBench) async throws -> (addresses: [String], claim: Claim) {
        let claim = try await bench.database.ledger.port.claim(
            ClaimRequest(
                mode: .exercise, slots: [Channel.sms, .email].map { .init(gateway: "g-\($0)", channel: $0, count: 100) }, now: later))
        return (claim.legs.map(\.address.value).sorted(), claim)
    }

    private func end(_ bench: StoreBench, _ claim: Claim, _ outcome: Outcome = .delivered) async throws {
        let records = claim.legs.map { leg in
            AttemptRecord(
                leg, SubmissionResult(.known(outcome)), endedAt: later,
                next: LegStep(state: outcome == .delivered ? .delivered : .failed, cause: outcome == .delivered ? nil : .refused, countedAttempts: 1))
        }
        _ = try await bench.database.ledger.port.record(RecordBatch(attempts: records, receipts: [], now: later))
    }

    private func settle(_ bench: StoreBench) async throws -> [CampaignID] {
        try await bench.database.ledger.port.settle(SettleRequest(mode: .exercise, channels: [.sms, .email], now: later)).completed
    }

    @Test func `a number that nothing carried is tried again for whoever joins with it`() async throws {
        let bench = try StoreBench()
        try bench.register([inside("a", ["sms:+33639980001", "voice:+33199000001"])])
        let (voice, cascade) = ("voice:+33199000001", Cascade(steps: [.init(channels: [.sms]), .init(channels: [.voice], waitSeconds: 600)]))
        let id = try launch(bench, {
            Policy(
                channels: [.sms, .voice], maximumRetries: $0.maximumRetries, retryPeriodSeconds: $0.retryPeriodSeconds,
                validitySeconds: $0.validitySeconds, cascade: cascade)
        }).campaign
        // Nothing carries voice: the leg that was held fails without having been tried.
        _ = try await settle(bench)
        #expect(try bench.fetch("SELECT state || ' ' || cause FROM legs WHERE channel = 'voice'", as: String.self) == ["failed unavailable"])
        try bench.register([inside("b", [voice]), inside("c", ["sms:+33639980003", voice])])
        #expect(try join(bench, id).recipients == 2)
        #expect(
            try bench.count("SELECT count(*) FROM legs WHERE channel = 'voice' AND state = 'queued' AND due_at <= \(later.millisecondsSince1970)")
                == 1, "one number, at the first of its people's turns")
        func counted() throws -> [String] {
            try bench.fetch(
                "SELECT scope || ' ' || state || ' ' || count FROM campaign_counters WHERE scope IN ('sms', 'voice') AND count > 0 ORDER BY 1",
                as: String.self)
        }
        func found() throws -> [String] {
            try bench.fetch("SELECT channel || ' ' || state || ' ' || count(*) FROM legs GROUP BY channel, state ORDER BY 1", as: String.self)
        }
        #expect(try counted() == found())
        _ = try await settle(bench)
        #expect(try counted() == found())
        #expect(try bench.count("SELECT count FROM campaign_counters WHERE scope = 'held' UNION ALL SELECT 0 LIMIT 1") == 0)
    }

    @Test func `who enters the zone gets it once, who stays outside does not, and a completed campaign goes on for it`() async throws {
        let (bench, id) = try bench()
        try await end(bench, try await claim(bench).claim)
        #expect(try await settle(bench) == [id])
        #expect(try join(bench, id).outcome == .nobody)

        let before = try bench.database.joiningMark()
        try bench.register([
            inside("d", ["sms:+33639980004"]), outside("y", ["sms:+33639980008"]),
            // Moved in; and reachable at last.
            inside("x", ["sms:+33639980009"]), inside("c", ["email:c@example.org"]),
        ])
        #expect(try bench.database.joiningMark() != before)
        #expect(try bench.database.lateJoiners(of: id, carried: Set(Channel.allCases), now: later).recipients == 3)
        let joining = try join(bench, id)
        #expect(joining.recipients == 3 && joining.known == 1)
        guard case .joined(1, let hash) = joining.outcome else { return #expect(Bool(false), "\(joining)") }
        #expect(try join(bench, id).outcome == .nobody)

        var record = try bench.database.ledger.campaign(id)
        #expect(record.state == .running && record.addenda == 1 && record.recipients == 5 && record.audience != hash)
        let (addresses, claimed) = try await claim(bench)
        #expect(addresses == ["+33639980004", "+33639980009", "c@example.org"])
        let campaign = try #require(claimed.campaigns[id])
        for leg in claimed.legs {
            let gateway = Gateway(name: leg.gateway, channel: leg.channel, isSimulator: true, window: 1) { _ in .failed(.unavailable) }
            #expect(leg.addendum == 1)
            #expect(try VerdictCheck.check(leg, of: campaign, through: gateway, mode: .exercise) == hash)
            let unsealed = DispatchedCampaign(
                id: id, mode: .exercise, audience: campaign.audience, message: campaign.message, policy: campaign.policy,
                expiresAt: campaign.expiresAt, addenda: [1: try #require(campaign.audience)])
            #expect(throws: VerdictCheck.Refusal.sealBroken) {
                try VerdictCheck.check(leg, of: unsealed, through: gateway, mode: .exercise)
            }
        }
        try await end(bench, claimed)
        #expect(try await settle(bench) == [id])
        record = try bench.database.ledger.campaign(id)
        #expect(record.progress.count(DeliveryState.passed) == 5 && record.progress.deliveries.values.reduce(0, +) == 5)
        let entry = try #require(bench.database.auditEntries(limit: 1).first)
        #expect(entry.action == "campaign.join" && entry.detail["hash"] == hash.hexadecimal)
    }

    @Test func `an address that the campaign has is shared, also while it is in flight, and not sent to again`() async throws {
        let (bench, id) = try bench()
        let (_, flying) = try await claim(bench)
        try bench.register([inside("d", ["sms:+33639980001"])])
        guard case .joined = try join(bench, id).outcome else { return #expect(Bool(false)) }
        #expect(try await claim(bench).addresses.isEmpty)
        try await end(bench, flying)
        #expect(try bench.database.ledger.progress(of: id).count(DeliveryState.passed) == 3, "a, b, and d by a's number")
        try bench.register([inside("e", ["sms:+33639980002"])])
        guard case .joined = try join(bench, id).outcome else { return #expect(Bool(false)) }
        #expect(try await claim(bench).addresses.isEmpty)
        #expect(try bench.database.ledger.progress(of: id).count(DeliveryState.passed) == 4)
    }

    @Test func `deleted and registered again is once; with another number it is somebody to reach`() async throws {
        let (bench, id) = try bench()
        try await end(bench, try await claim(bench).claim)
        try bench.database.delete(recipient: "a", scope: .all, actor: "agent")
        try bench.register([inside("a", ["sms:+33639980001"])])
        #expect(try join(bench, id).outcome == .nobody)
        try bench.database.delete(recipient: "a", scope: .all, actor: "agent")
        try bench.register([inside("a", ["sms:+33639980007"])])
        #expect(try join(bench, id).recipients == 1)
        #expect(try await claim(bench).addresses == ["+33639980007"])
        try bench.database.delete(recipient: "a", scope: .all, actor: "agent")
        try bench.register([inside("a", ["sms:+33639980007"])])
        #expect(try join(bench, id).outcome == .nobody)
    }

    @Test func `an import in pieces that brings many is proposed, and a person's word sends it`() async throws {
        let (bench, id) = try bench()
        let crowd = { (numbers: Range<Int>) in numbers.map { inside("n\($0)", ["sms:+336399811\($0)"]) } }
        try bench.register(crowd(10..<25))
        guard case .joined = try join(bench, id).outcome else { return #expect(Bool(false)) }
        try bench.register(crowd(25..<35))
        let proposed = try join(bench, id)
        #expect(proposed.outcome == .proposed && proposed.recipients == 10)
        #expect(try bench.database.ledger.campaign(id).recipients == 18)
        guard case .joined(2, _) = try join(bench, id, isAutomatic: false).outcome else { return #expect(Bool(false)) }
        #expect(try await claim(bench).addresses.count == 27)
    }

    @Test func `nobody joins what is stopped, expired, closed, information, or was approved without`() async throws {
        let (bench, stopped) = try bench()
        let closed = try launch(bench, key: "closed").campaign
        let information = try launch(bench, key: "information", kind: .information).campaign
        let without = try launch(
            bench,
            {
                Policy(
                    channels: $0.channels, maximumRetries: 1, retryPeriodSeconds: 60, validitySeconds: 3_600,
                    admitsLateJoiners: false)
            }, key: "without"
        ).campaign
        let open = try launch(bench, key: "open").campaign
        try bench.database.ledger.stop(stopped, now: start)
        let clear = Zone.members(.campaign(closed, .reached))
        try bench.pool("UPDATE deliveries SET state = 'passed' WHERE campaign_id = \(closed)")
        _ = try bench.database.launch(plan(zone: clear, key: "clear"), zone: clear, scope: .all, isAllClear: true, now: start)
        try bench.register([inside("d", ["sms:+33639980004"])])
        for id in [stopped, closed, information, without] {
            #expect(throws: LedgerError.closedToJoiners(id)) { try join(bench, id) }
        }
        #expect(try bench.database.joinableCampaigns([.exercise], now: later).map(\.id) == [open])
        #expect(try bench.database.joinableCampaigns([.real], now: later).isEmpty)
        #expect(throws: LedgerError.closedToJoiners(open)) {
            try bench.database.join(open, actor: "server", isAutomatic: true, carried: Set(Channel.allCases), now: start.advanced(bySeconds: 3_600))
        }
        try bench.database.closeToJoiners(open, actor: "agent", now: later)
        #expect(throws: LedgerError.closedToJoiners(open)) { try join(bench, open) }
    }

    @Test func `a household's member who needs no more is followed by one who does`() async throws {
        let (bench, id) = try bench { policy in
            Policy(
                channels: [.sms, .email], maximumRetries: 1, retryPeriodSeconds: 60, validitySeconds: 3_600,
                cascade: Cascade(
                    steps: [.init(channels: [.sms]), .init(channels: [.email], waitSeconds: 600)], until: .delivered))
        }
        try bench.register([inside("d", ["sms:+33639980004", "email:home@example.org"])])
        guard case .joined = try join(bench, id).outcome else { return #expect(Bool(false)) }
        #expect(try bench.database.ledger.progress(of: id).heldLegs == 1)
        try await end(bench, try await claim(bench).claim)
        #expect(try bench.database.ledger.progress(of: id).legs[.email] == [.cancelled: 1])
        try bench.register([inside("e", ["email:home@example.org"])])
        guard case .joined = try join(bench, id).outcome else { return #expect(Bool(false)) }
        #expect(try await claim(bench).addresses == ["home@example.org"])
    }

    @Test func `an alert that has ended is not reopened for a channel that nothing carries any more, and says so`() async throws {
        let bench = try StoreBench()
        try bench.register([inside("a", ["sms:+33639980001"]), inside("b", ["email:b@example.org"])])
        let plain = plan(zone: zone, key: "key")
        let plan = CampaignPlan(
            organisation: plain.organisation, requestKey: "key", mode: .real, zoneDocument: plain.zoneDocument,
            message: Message(subject: "Crue", text: "Montez"),
            policy: Policy(channels: [.sms, .email], maximumRetries: 0, retryPeriodSeconds: 60, validitySeconds: 7_200), notLocated: 0,
            approvedHash: nil, createdBy: "agent", kind: .alert)
        let campaign = try bench.database.launch(plan, zone: zone, scope: .all, now: start).campaign
        try bench.register([
            inside("a", ["sms:+33639980001"]), inside("b", ["email:b@example.org"]),
            inside("d", ["sms:+33639980004", "email:d@example.org"]), inside("e", ["email:e@example.org"]),
        ])
        // While it runs it waits for a process that carries all of it.
        let running = try bench.database.lateJoiners(of: campaign, carried: [.sms], now: later)
        #expect(running.missing.isEmpty && running.leftOut == 0 && running.recipients == 2)
        try await bench.database.pool.write {
            try $0.execute(sql: "UPDATE campaigns SET state = 'completed', ended_at = 1 WHERE id = ?", arguments: [campaign.rawValue])
        }
        let proposal = try bench.database.lateJoiners(of: campaign, carried: [.sms], now: later)
        #expect(proposal.missing == [.email] && proposal.leftOut == 1 && proposal.recipients == 1)
        let joining = try join(bench, campaign, carried: [.sms])
        #expect(joining.recipients == 1 && joining.leftOut == 1 && joining.missing == [.email])
        func legs(_ id: String) throws -> [String] {
            try bench.database.pool.read {
                try String.fetchAll(
                    $0, sql: "SELECT channel FROM legs JOIN deliveries ON deliveries.id = delivery_id WHERE external_id = ? ORDER BY 1",
                    arguments: [id])
            }
        }
        #expect(try legs("d") == ["sms"])
        #expect(try legs("e").isEmpty)
        // Who was left out joins once there is a gateway again.
        try await bench.database.pool.write {
            try $0.execute(sql: "UPDATE campaigns SET state = 'completed', ended_at = 1 WHERE id = ?", arguments: [campaign.rawValue])
        }
        #expect(try join(bench, campaign).recipients == 1)
        #expect(try legs("e") == ["email"])
    }
}

extension StoreBench {
    fileprivate func pool(_ sql: String) throws { try database.pool.write { try $0.execute(sql: sql) } }
}
