import AlertModel
import Campaigns
import DispatchSupport
import Dispatching
import GRDB
import Testing

@testable import Store

/// Several organisations on the same gateways, in virtual time over the real ledger.
@Suite struct OrganisationShareTests {
    private func gateway(_ name: String, perSecond: Double? = nil, window: Int = 50, segments: Int? = nil) -> Gateway {
        Gateway(
            GatewayTraits(
                name: name, channel: .sms, window: window,
                rate: perSecond.flatMap { GatewayRate(perSecond: $0, unit: .segments) }),
            isSimulator: false, segments: { segments ?? SMSText($0.text).segments }
        ) { _ in .failed(.unavailable) }
    }

    private func simulate(_ bench: LedgerBench, _ gateways: [Gateway], answer: Int64 = 100) throws -> DispatchSimulation {
        DispatchSimulation(
            gateways: try .real(gateways), ledger: bench.ledger.port, from: Peers.start,
            course: Peers.steady(SubmissionResult(.known(.delivered)), milliseconds: answer))
    }

    /// Organisations 2, 3, … below 1.
    private func organise(_ bench: LedgerBench, _ count: Int, _ assignments: [GatewayAssignment] = []) throws {
        try bench.pool.write { database in
            for id in 2..<(count + 1) {
                try database.execute(
                    sql: "INSERT INTO organisations (id, name, parent_id) VALUES (?, ?, 1)", arguments: [id, "town \(id)"])
            }
        }
        try assign(bench, assignments)
    }

    private func assign(_ bench: LedgerBench, _ assignments: [GatewayAssignment]) throws {
        try bench.pool.write { database in
            try database.execute(sql: "DELETE FROM gateway_assignments")
            for given in assignments {
                try database.execute(
                    sql: "INSERT INTO gateway_assignments VALUES (?, ?, ?, ?, ?, ?, 0, 'test')",
                    arguments: [
                        given.organisation.rawValue, given.gateway, given.channel.rawValue, given.isReserved, given.share,
                        given.ceiling,
                    ])
            }
        }
    }

    private func given(_ id: Int64, _ gateway: String, reserved: Bool = false, share: Int = 1, ceiling: Int? = nil) -> GatewayAssignment {
        GatewayAssignment(
            organisation: OrganisationID(rawValue: id), gateway: gateway, channel: .sms, isReserved: reserved, share: share,
            ceiling: ceiling)
    }

    private func town(
        _ organisation: Int64, _ recipients: Int, _ key: String, first: Int, kind: CampaignKind = .alert, weight: Int = 1,
        text: String = "Evacuez"
    ) -> Town {
        Town(
            recipients: recipients, mode: .real, validitySeconds: 86_400, key: key, firstRecipient: first, kind: kind,
            weight: weight, text: text, organisation: organisation)
    }

    private func counts(_ simulation: DispatchSimulation, _ campaigns: [CampaignID]) -> Int {
        simulation.sent.count { campaigns.contains($0.campaign) }
    }

    @Test func `segments are shared by the organisations' shares first, by the campaigns' weights within each`() async throws {
        let bench = try LedgerBench()
        try organise(bench, 3, [given(2, "g", share: 3)])
        // Long messages of one town, short ones of the other; and the town with the greater share has one campaign, the
        // other three.
        let long = String(repeating: "Evacuez le bord de la riviere. ", count: 6)
        let two = try bench.launch(town(2, 3_000, "a", first: 0, text: long)).campaign
        let light = try bench.launch(town(3, 3_000, "b", first: 10_000)).campaign
        let heavy = try bench.launch(town(3, 3_000, "c", first: 20_000, weight: 4)).campaign
        let third = try bench.launch(town(3, 3_000, "d", first: 30_000)).campaign
        let simulation = try simulate(bench, [gateway("g", perSecond: 100)])
        try await simulation.run { simulation.sent.count >= 1_500 }

        let segments = 2 * counts(simulation, [two])
        let others = counts(simulation, [light, heavy, third])
        let part = Double(segments) / Double(segments + others)
        #expect((0.74...0.76).contains(part), "three quarters of the segments: \(part)")
        let inner = Double(counts(simulation, [heavy])) / Double(others)
        #expect((0.64...0.69).contains(inner), "four sixths of its own: \(inner)")
    }

    @Test func `what one does not need goes to the others, and who comes back has saved nothing up`() async throws {
        let bench = try LedgerBench()
        try organise(bench, 3)
        let small = try bench.launch(town(2, 100, "a", first: 0)).campaign
        let large = try bench.launch(town(3, 6_000, "b", first: 10_000)).campaign
        let simulation = try simulate(bench, [gateway("g", perSecond: 100)])
        try await simulation.run { simulation.sent.count >= 2_000 }
        #expect(simulation.completed == [small])
        let later = try bench.launch(town(2, 3_000, "c", first: 20_000), now: simulation.now).campaign
        simulation.signal()
        let before = simulation.sent.count
        try await simulation.run { simulation.sent.count >= before + 1_000 }
        let since = simulation.sent.suffix(from: before)
        let part = Double(since.count { $0.campaign == later }) / Double(since.count)
        #expect((0.48...0.53).contains(part), "half of it, and nothing for the time it was silent: \(part)")
        #expect(since.prefix(100).contains { $0.campaign == large })
    }

    @Test func `a small alert waits for nobody, and alerts come before information whoever's they are`() async throws {
        let bench = try LedgerBench()
        try organise(bench, 6, [given(2, "g", share: 100)])
        let news = try bench.launch(town(2, 5_000, "news", first: 0, kind: .information)).campaign
        for id in 3...5 { try bench.launch(town(Int64(id), 5_000, "alert \(id)", first: id * 10_000)) }
        let simulation = try simulate(bench, [gateway("g", perSecond: 100)])
        try await simulation.run { simulation.sent.count >= 500 }
        #expect(counts(simulation, [news]) == 0)
        let small = try bench.launch(town(6, 20, "small", first: 90_000), now: simulation.now).campaign
        simulation.signal()
        let before = simulation.sent.count
        try await simulation.run { simulation.completed.contains(small) }
        // Its turn comes as often as that of each of the three: 80 messages, and what was claimed before.
        #expect(simulation.sent.count - before < 120)
    }

    @Test func `a message leaves through its own organisation's gateway, or its parent's, never another's`() async throws {
        let bench = try LedgerBench()
        try organise(
            bench, 4, [given(1, "county", reserved: true), given(2, "town", reserved: true)])
        let two = try bench.launch(town(2, 300, "a", first: 0)).campaign
        let three = try bench.launch(town(3, 300, "b", first: 10_000)).campaign
        try await bench.pool.write {
            try $0.execute(sql: "UPDATE organisations SET parent_id = NULL WHERE id = 4")
        }
        let alone = try bench.launch(town(4, 300, "c", first: 20_000)).campaign
        let simulation = try simulate(bench, [gateway("county"), gateway("town"), gateway("open")])
        try await simulation.run(untilCompleted: 3)
        let ways = Set(simulation.sent.map { "\($0.campaign) \($0.gateway)" })
        #expect(ways == ["\(two) town", "\(three) county", "\(alone) open"])
        #expect(simulation.withheld.isEmpty)
    }

    @Test func `whose gateway is down waits for it, and the others go on`() async throws {
        let bench = try LedgerBench()
        try organise(bench, 3, [given(2, "town", reserved: true)])
        let two = try bench.launch(town(2, 50, "a", first: 0)).campaign
        try bench.launch(town(3, 200, "b", first: 10_000))
        let gateways = [gateway("town"), gateway("open")]
        let back = Peers.start.advanced(bySeconds: 40)
        let simulation = DispatchSimulation(
            gateways: try .real(gateways), ledger: bench.ledger.port, from: Peers.start
        ) { submission, gateway in
            .init(
                answerMilliseconds: 20,
                result: gateway.name == "town" && submission.claimedAt < back
                    ? .failed(.network) : SubmissionResult(.known(.delivered)))
        }
        try await simulation.run(untilCompleted: 2)
        let sent = simulation.sent
        #expect(sent.filter { $0.campaign == two }.allSatisfy { $0.gateway == "town" })
        #expect(Set(sent.filter { $0.campaign == two }.map(\.address)).count == 50)
        #expect(simulation.completed.first != two)
    }

    @Test(arguments: [nil, 300.0])
    func `a ceiling is kept in any second, and used up`(rate: Double?) async throws {
        let bench = try LedgerBench()
        try organise(bench, 3, [given(2, "g", ceiling: 40)])
        let two = try bench.launch(town(2, 1_200, "a", first: 0, text: String(repeating: "Evacuez le quai. ", count: 11))).campaign
        let three = try bench.launch(town(3, 9_000, "b", first: 10_000)).campaign
        let simulation = try simulate(bench, [gateway("g", perSecond: rate, window: 30)])
        try await simulation.run { self.counts(simulation, [two]) >= 600 }
        _ = try await simulation.killAndRestart()
        try await simulation.run { self.counts(simulation, [two]) >= 1_200 }
        let times = simulation.sent.filter { $0.campaign == two }.map(\.uptime.microseconds)
        for (index, time) in times.enumerated() where index >= 20 {
            #expect(time - times[index - 20] >= 1_000_000, "20 messages of 2 segments in a second")
        }
        let steady = times.prefix(600).suffix(500)
        let sustained = Double(499 * 2) / (Double((steady.last ?? 0) - (steady.first ?? 0)) / 1e6)
        #expect(sustained >= 0.95 * 40, "\(sustained) segments a second")
        #expect(counts(simulation, [three]) > 2_000)
    }

    @Test func `a ceiling that is lifted or lowered in mid-run slows nobody else down`() async throws {
        let bench = try LedgerBench()
        try organise(bench, 3, [given(2, "g", ceiling: 1)])
        let two = try bench.launch(town(2, 6_000, "a", first: 0)).campaign
        let three = try bench.launch(town(3, 20_000, "b", first: 10_000)).campaign
        let simulation = try simulate(bench, [gateway("g", perSecond: 100)])
        try await simulation.run { self.counts(simulation, [three]) >= 500 }
        #expect(counts(simulation, [two]) < 20)
        /// How many of each left of the next thousand, and in how many seconds.
        func next() async throws -> (two: Int, three: Int, seconds: Double) {
            let (before, start) = (simulation.sent.count, simulation.sent.last?.uptime.microseconds ?? 0)
            try await simulation.run { simulation.sent.count >= before + 1_000 }
            let since = simulation.sent.suffix(from: before)
            let end = simulation.sent.last?.uptime.microseconds ?? 0
            return (since.count { $0.campaign == two }, since.count { $0.campaign == three }, Double(end - start) / 1e6)
        }
        try assign(bench, [])
        let lifted = try await next()
        #expect((400...600).contains(lifted.two), "half of it: \(lifted)")
        #expect(lifted.seconds < 12, "all that the gateway can: \(lifted)")
        try assign(bench, [given(2, "g", ceiling: 1)])
        let lowered = try await next()
        #expect(lowered.two < 60, "\(lowered)")
        #expect(lowered.seconds < 12, "all that the gateway can: \(lowered)")
    }

    @Test func `whoever has several gateways, each shared with another, is served like those who have one`() async throws {
        let bench = try LedgerBench()
        try organise(
            bench, 4,
            [
                given(2, "g", reserved: true), given(2, "h", reserved: true), given(3, "g", reserved: true),
                given(4, "h", reserved: true),
            ])
        let one = try bench.launch(town(3, 6_000, "b", first: 10_000)).campaign
        let other = try bench.launch(town(4, 6_000, "c", first: 20_000)).campaign
        let simulation = try simulate(bench, [gateway("g", perSecond: 50), gateway("h", perSecond: 50)])
        // It comes late, when the others have had several hundred each.
        try await simulation.run { simulation.sent.count >= 800 }
        let both = try bench.launch(town(2, 6_000, "a", first: 0), now: simulation.now).campaign
        simulation.signal()
        let before = simulation.sent.count
        try await simulation.run { simulation.sent.count >= before + 1_500 }
        let since = simulation.sent.suffix(from: before)
        for campaign in [both, one, other] {
            let count = since.count { $0.campaign == campaign }
            #expect((425...575).contains(count), "a third each, two thirds of a gateway: \(count)")
        }
    }

    @Test func `a long message that waits for its own ceiling lets short ones pass, and the run goes on`() async throws {
        let bench = try LedgerBench()
        try organise(bench, 3, [given(2, "g", ceiling: 2)])
        let long = String(repeating: "Evacuez le bord de la riviere. ", count: 12)
        try bench.launch(town(2, 20, "a", first: 0, text: long))
        let short = try bench.launch(town(3, 30, "b", first: 10_000)).campaign
        let simulation = try simulate(bench, [gateway("g", perSecond: 4)])
        try await simulation.run(untilCompleted: 2)
        #expect(simulation.completed.first == short)
        #expect(simulation.sent.count == 50)
    }

    @Test func `another's gateway is no other one to try at once`() async throws {
        let bench = try LedgerBench()
        try organise(bench, 3, [given(2, "town", reserved: true)])
        let two = try bench.launch(town(2, 1, "a", first: 0)).campaign
        let simulation = DispatchSimulation(
            gateways: try .real([gateway("town"), gateway("open"), gateway("more")]), ledger: bench.ledger.port, from: Peers.start
        ) { _, _ in .init(answerMilliseconds: 20, result: .failed(.network)) }
        try await simulation.run { self.counts(simulation, [two]) >= 2 }
        let times = simulation.sent.filter { $0.campaign == two }.map(\.uptime.microseconds)
        #expect(times[1] - times[0] >= 1_000_000, "the policy's own waiting, not at once")
    }

    @Test func `a ceiling is kept by all below whoever has it together`() async throws {
        let bench = try LedgerBench()
        try organise(bench, 5, [given(2, "g", ceiling: 20)])
        try await bench.pool.write { try $0.execute(sql: "UPDATE organisations SET parent_id = 2 WHERE id IN (4, 5)") }
        let members: [Int64] = [2, 4, 5]
        let below = try members.map { try bench.launch(town($0, 1_000, "k\($0)", first: Int($0) * 10_000)).campaign }
        try bench.launch(town(3, 9_000, "other", first: 90_000))
        let simulation = try simulate(bench, [gateway("g", perSecond: 100)])
        try await simulation.run { simulation.sent.count >= 1_500 }
        let times = simulation.sent.filter { below.contains($0.campaign) }.map(\.uptime.microseconds)
        #expect(times.count > 200)
        for (index, time) in times.enumerated() where index >= 20 { #expect(time - times[index - 20] >= 1_000_000) }
        let each = below.map { counts(simulation, [$0]) }
        #expect(each.allSatisfy { $0 > 50 }, "\(each)")
    }

    @Test func `twenty organisations with a trickle of places each get their turn`() async throws {
        let bench = try LedgerBench()
        try organise(bench, 21, (2...21).map { given($0, "g", share: $0 == 2 ? 20 : 1) })
        var campaigns: [CampaignID] = []
        for id in 2...21 { campaigns.append(try bench.launch(town(Int64(id), 400, "k\(id)", first: id * 1_000)).campaign) }
        let simulation = try simulate(bench, [gateway("g", perSecond: 10, window: 2)])
        try await simulation.run { simulation.sent.count >= 390 }
        let sent = campaigns.map { counts(simulation, [$0]) }
        #expect((195...205).contains(sent[0]))
        #expect(sent.dropFirst().allSatisfy { (9...11).contains($0) }, "\(sent)")
    }

    @Test func `the same start gives the same run`() async throws {
        var reports: [String] = []
        for _ in 0..<2 {
            let bench = try LedgerBench()
            try organise(bench, 5, [given(2, "g", share: 7), given(3, "g", ceiling: 11), given(4, "h", reserved: true)])
            for id in 2...5 { try bench.launch(town(Int64(id), 300, "k\(id)", first: id * 1_000)) }
            let simulation = try simulate(bench, [gateway("g", perSecond: 60), gateway("h"), gateway("i", perSecond: 20)])
            try await simulation.run(untilCompleted: 4)
            reports.append(simulation.report)
        }
        #expect(reports[0] == reports[1])
    }
}
