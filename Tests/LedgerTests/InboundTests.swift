import AlertModel
import Campaigns
import DispatchSupport
import Dispatching
import GRDB
import Testing

@testable import Store

/// What people write back, and the receipts of messages in parts and of those not known yet.
@Suite struct InboundTests {
    private let bench: LedgerBench
    private let campaign: CampaignID

    init() throws {
        bench = try LedgerBench()
        campaign = try bench.launch(Town(recipients: 12, channels: [.sms])).campaign
    }

    private func claim(_ count: Int) async throws -> [ClaimedLeg] {
        try await bench.ledger.port.claim(
            ClaimRequest(
                mode: .exercise, slots: [.init(gateway: "g", channel: .sms, count: count)], now: Peers.start)
        ).legs
    }

    private func end(
        _ leg: ClaimedLeg, _ outcome: Outcome = .accepted, reference: String? = nil, parts: [String] = []
    ) async throws {
        let result = SubmissionResult(
            .known(outcome), reference: reference ?? parts.first, parts: parts, receiptWithin: .seconds(60))
        let step = LegStep.after(
            result, LegHistory(leg: leg.leg, countedAttempts: 0),
            policy: Policy(channels: [.sms], maximumRetries: 1, retryPeriodSeconds: 60, validitySeconds: 3600),
            expiresAt: .never, now: Peers.start)
        _ = try await bench.ledger.port.record(
            RecordBatch(
                attempts: [AttemptRecord(leg, result, endedAt: Peers.start, next: step)], receipts: [], now: Peers.start))
    }

    private func told(_ reference: String, _ outcome: Outcome) -> Receipt {
        Receipt(gateway: "g", reference: reference, outcome: outcome, receivedAt: Peers.start)
    }

    private func state(_ leg: ClaimedLeg) throws -> String? {
        try bench.pool.read { try String.fetchOne($0, sql: "SELECT state FROM legs WHERE id = ?", arguments: [leg.leg.rawValue]) }
    }

    private func settle() async throws {
        _ = try await bench.ledger.port.settle(SettleRequest(mode: .exercise, channels: [.sms], now: Peers.start))
    }

    private func queuedAddress() throws -> String {
        try #require(
            try bench.pool.read { try String.fetchOne($0, sql: "SELECT address FROM legs WHERE state = 'queued'") })
    }

    private func write(
        _ text: String, from sender: String, id: String? = nil, mode: CampaignMode = .exercise, after milliseconds: Int64 = 0,
        isIncomplete: Bool = false
    ) throws {
        let message = InboundMessage(
            gateway: "g", sender: Redacted(sender), recipient: "36180", text: Redacted(text),
            isIncomplete: isIncomplete, receivedAt: Peers.start.advanced(byMilliseconds: milliseconds), id: id)
        try bench.ledger.receive([message], mode: mode, now: Peers.start)
    }

    @Test func `a message in parts is delivered once every part is`() async throws {
        let legs = try await claim(2)
        try await end(legs[0], parts: ["a", "b", "c"])
        try await end(legs[1], reference: "single")
        for reference in ["c", "c", "a"] {
            #expect(try bench.ledger.receive([told(reference, .delivered)], now: Peers.start) == 1)
            #expect(try state(legs[0]) == "accepted")
        }
        #expect(try bench.ledger.receive([told("b", .delivered), told("single", .delivered)], now: Peers.start) == 2)
        #expect(try state(legs[0]) == "delivered")
        #expect(try state(legs[1]) == "delivered")
        try bench.requireTrueCounters(campaign)
    }

    @Test func `a message in parts fails as soon as one does, and the others change nothing`() async throws {
        let leg = try #require(try await claim(1).first)
        try await end(leg, parts: ["a", "b"])
        try bench.ledger.receive([told("b", .failed(.invalidAddress))], now: Peers.start)
        #expect(try state(leg) == "failed")
        try bench.ledger.receive([told("a", .delivered)], now: Peers.start)
        #expect(try state(leg) == "failed")
        try bench.requireTrueCounters(campaign)
    }

    @Test func `an id used again is the later message's`() async throws {
        let legs = try await claim(2)
        try await end(legs[0], parts: ["7", "8"])
        try await end(legs[1], reference: "7")
        try bench.ledger.receive([told("7", .delivered)], now: Peers.start)
        #expect(try state(legs[0]) == "accepted")
        #expect(try state(legs[1]) == "delivered")
    }

    @Test func `a receipt that overtakes its answer waits for it, through a restart`() async throws {
        let legs = try await claim(2)
        #expect(try bench.ledger.receive([told("x", .delivered), told("y", .failed(.noAnswer))], now: Peers.start) == 0)
        try bench.ledger.receive([told("x", .delivered)], now: Peers.start)
        try await settle()
        #expect(try bench.count("SELECT count(*) FROM early_receipts") == 2)
        try await end(legs[0], reference: "x")
        try await end(legs[1], reference: "y")
        try await settle()
        #expect(try state(legs[0]) == "delivered")
        #expect(try state(legs[1]) == "queued", "its retry")
        #expect(try bench.count("SELECT count(*) FROM early_receipts") == 0)
        try bench.requireTrueCounters(campaign)
    }

    @Test func `a yes acknowledges its message, once, and the rest waits for a person`() async throws {
        let legs = try await claim(3)
        for leg in legs.prefix(2) { try await end(leg) }
        try write("OUI", from: legs[0].address.value)
        try write("Où aller ?", from: legs[1].address.value)
        // In flight: it says so once that has ended.
        try write("1", from: legs[2].address.value)
        #expect(try state(legs[0]) == "acknowledged")
        #expect(try state(legs[1]) == "accepted")
        #expect(try state(legs[2]) == "in_flight")
        try await end(legs[2])
        try await settle()
        #expect(try state(legs[2]) == "acknowledged")
        #expect(try bench.count("SELECT count(*) FROM inbound_messages WHERE is_unread = 1") == 1)
        #expect(try bench.count("SELECT count(*) FROM inbound_messages WHERE campaign_id = \(campaign)") == 3)
        try bench.requireTrueCounters(campaign)
    }

    @Test func `an organisation's damaged words keep nobody's answer from being understood`() async throws {
        let leg = try #require(try await claim(1).first)
        try await end(leg)
        try await bench.pool.write { database in
            try database.execute(sql: """
                INSERT INTO organisation_settings (organisation_id, name, value)
                SELECT organisation_id, 'replies.words', 'yes=a b' FROM campaigns
                """)
            #expect(database.changesCount == 1)
        }
        try write("OUI", from: leg.address.value)
        try await settle()
        #expect(try state(leg) == "acknowledged")
    }

    @Test func `what is left of a message in parts is read by a person, whatever it seems to say`() async throws {
        let leg = try #require(try await claim(1).first)
        try await end(leg)
        try write("merci, ok", from: leg.address.value, isIncomplete: true)
        try write("OK", from: leg.address.value, isIncomplete: true)
        #expect(try state(leg) == "accepted")
        #expect(try bench.count("SELECT count(*) FROM inbound_messages WHERE is_unread = 1 AND acknowledged = 0") == 2)
    }

    @Test func `receipts of messages that never came do not stand in the way of others`() async throws {
        let leg = try #require(try await claim(1).first)
        try bench.ledger.receive((0..<600).map { told("stray-\($0)", .delivered) }, now: Peers.start)
        try bench.ledger.receive([told("late", .delivered)], now: Peers.start.advanced(bySeconds: 1))
        try await end(leg, reference: "late")
        try await settle()
        #expect(try state(leg) == "delivered")
        #expect(try bench.count("SELECT count(*) FROM early_receipts") == 600)
    }

    @Test func `information that waits for its receipt is not sent again after a refusal`() async throws {
        let bench = try LedgerBench()
        try bench.launch(Town(recipients: 1, channels: [.sms], kind: .information))
        let leg = try #require(
            try await bench.ledger.port.claim(
                ClaimRequest(mode: .exercise, slots: [.init(gateway: "g", channel: .sms, count: 1)], now: Peers.start)
            ).legs.first)
        let result = SubmissionResult(.known(.accepted), reference: "r", receiptWithin: .seconds(60))
        let policy = Policy(channels: [.sms], maximumRetries: 1, retryPeriodSeconds: 60, validitySeconds: 3600)
        let step = LegStep.after(
            result, LegHistory(leg: leg.leg, countedAttempts: 0), policy: policy, expiresAt: .never, now: Peers.start)
        _ = try await bench.ledger.port.record(
            RecordBatch(attempts: [AttemptRecord(leg, result, endedAt: Peers.start, next: step)], receipts: [], now: Peers.start))
        try await bench.pool.write {
            try $0.cancelInformation(of: 1, channel: .sms, address: leg.address.value, now: Peers.start)
        }
        #expect(try bench.count("SELECT count(*) FROM legs WHERE state = 'accepted'") == 1, "its receipt may still tell")
        _ = try await bench.ledger.port.record(
            RecordBatch(attempts: [], receipts: [told("r", .failed(.noAnswer))], now: Peers.start))
        #expect(try bench.count("SELECT count(*) FROM legs WHERE state = 'cancelled'") == 1)
        #expect(try bench.count("SELECT count(*) FROM refused_legs") == 0)
    }

    @Test func `what a gateway brings twice is one message`() async throws {
        let leg = try #require(try await claim(1).first)
        try await end(leg)
        try write("Au secours", from: leg.address.value)
        try write("Au secours", from: leg.address.value, after: 1_000)
        try write("Au secours", from: leg.address.value, after: 7_200_000)
        try write("Au secours", from: leg.address.value, id: "m-1")
        try write("Au secours", from: leg.address.value, id: "m-1", after: 90_000_000)
        try write("Au secours", from: leg.address.value, id: "m-2")
        #expect(try bench.count("SELECT count(*) FROM inbound_messages") == 4)
        #expect(try bench.count("SELECT sum(repeats) FROM inbound_messages") == 2)
    }

    @Test func `a word from somebody nobody wrote to is kept and answers nothing`() async throws {
        let legs = try await claim(1)
        try await end(legs[0])
        try write("OUI", from: "+33639989999")
        // Its message has not left: it can't answer it.
        try write("OUI", from: try queuedAddress())
        // The other mode's campaigns are nobody's business.
        try write("OUI", from: legs[0].address.value, mode: .real)
        #expect(try bench.count("SELECT count(*) FROM inbound_messages WHERE leg_id IS NULL AND is_unread = 1") == 3)
        #expect(try state(legs[0]) == "accepted")
    }

    @Test func `a live campaign is answered before a later one that has ended`() async throws {
        let first = try #require(try await claim(1).first)
        try await end(first)
        let second = try bench.launch(Town(recipients: 12, channels: [.sms], key: "second")).campaign
        for leg in try await claim(24) { try await end(leg) }
        _ = try bench.ledger.stop(second, now: Peers.start)
        try write("oui", from: first.address.value)
        #expect(try bench.count("SELECT campaign_id FROM inbound_messages") == Int(campaign.rawValue))
    }

    @Test func `the same word answers each campaign's message`() async throws {
        let first = try #require(try await claim(1).first)
        try await end(first)
        try write("oui", from: first.address.value)
        let second = try bench.launch(Town(recipients: 12, channels: [.sms], key: "second")).campaign
        try stopFirst()
        for leg in try await claim(24) { try await end(leg) }
        try write("oui", from: first.address.value, after: 60_000)
        #expect(try bench.ledger.progress(of: second).count(DeliveryState.acknowledged) == 1)
        #expect(try bench.count("SELECT sum(repeats) FROM inbound_messages") == 0)
    }

    private func stopFirst() throws { _ = try bench.ledger.stop(campaign, now: Peers.start) }

    @Test(arguments: [
        ("0639980001", "+33639980001"), ("0033639980001", "+33639980001"), ("33639980001", "+33639980001"),
        ("+33639980001", "+33639980001"), ("0692000001", "+262692000001"), ("0690000001", "+590690000001"),
    ])
    func `a sender's number is found as the register writes it`(given: String, written: String) {
        #expect(SenderNumber.candidates(given).contains(written))
        #expect(SenderNumber.candidates(given).count <= SenderNumber.mostCandidates)
    }

    @Test(arguments: ["MAIRIE", "", "12", "+", "1234567890123456789"])
    func `a sender that is no number is nobody`(given: String) {
        #expect(SenderNumber.candidates(given).isEmpty)
    }

    // MARK: Long messages

    private func part(
        _ number: Int, of total: Int, _ text: String, reference: Int = 7, sender: String = "+33639980001", after seconds: Int = 0
    ) -> InboundMessage {
        InboundMessage(
            gateway: "g", sender: Redacted(sender), recipient: "36180", text: Redacted(text),
            part: .init(reference: reference, total: total, number: number), receivedAt: Peers.start.advanced(bySeconds: seconds))
    }

    private func receive(_ messages: [InboundMessage], after seconds: Int = 0) throws {
        try bench.ledger.receive(messages, mode: .exercise, now: Peers.start.advanced(bySeconds: seconds))
    }

    private func texts() throws -> [String] {
        try bench.pool.read {
            try String.fetchAll($0, sql: "SELECT text || CASE is_incomplete WHEN 1 THEN ' …' ELSE '' END FROM inbound_messages ORDER BY id")
        }
    }

    @Test func `parts in any order, each kept before the next comes, make the text once`() throws {
        try receive([part(3, of: 3, "!")])
        try receive([part(1, of: 3, "OUI "), part(1, of: 2, "d'un autre", sender: "+33639980002")])
        // Its SMSC had no answer.
        try receive([part(1, of: 3, "OUI ")])
        #expect(try texts().isEmpty)
        try receive([part(2, of: 3, "merci")])
        #expect(try texts() == ["OUI merci!"])
        try receive([part(2, of: 3, "merci"), part(3, of: 3, "!")])
        #expect(try texts() == ["OUI merci!"], "a part that comes again after all of them is known")
    }

    @Test func `a long yes acknowledges once its last part is there`() async throws {
        let leg = try #require(try await claim(1).first)
        try await end(leg)
        try receive([part(1, of: 2, "OUI mer", sender: leg.address.value)])
        #expect(try state(leg) == "accepted")
        try receive([part(2, of: 2, "ci", sender: leg.address.value)])
        #expect(try state(leg) == "acknowledged")
    }

    @Test func `what never comes whole waits for a person after ten minutes, and a joined one is forgotten`() async throws {
        try receive([part(1, of: 3, "au se"), part(3, of: 3, "rs")])
        try receive([part(1, of: 2, "deux "), part(2, of: 2, "parts")].map { $0 }, after: 1)
        #expect(try texts() == ["au sers …", "deux parts"] || texts() == ["deux parts"])
        _ = try await bench.ledger.port.settle(
            SettleRequest(mode: .exercise, channels: [.sms], now: Peers.start.advanced(bySeconds: 601)))
        #expect(Set(try texts()) == ["au sers …", "deux parts"])
        #expect(try bench.count("SELECT count(*) FROM inbound_parts") == 0)
        #expect(try bench.count("SELECT count(*) FROM inbound_messages WHERE is_incomplete = 1 AND is_unread = 1") == 1)
    }

    @Test func `a reference used again is another message, and neither is lost`() throws {
        try receive([part(1, of: 2, "un"), part(1, of: 2, "autre")])
        try receive([part(2, of: 2, " message")])
        #expect(try texts() == ["un …", "autre message"])
        try receive([part(1, of: 2, "encore"), part(2, of: 2, " un")], after: 5)
        #expect(try texts() == ["un …", "autre message", "encore un"])
    }

    @Test func `a flood of parts is bounded, and what makes room is kept as it is`() throws {
        let count = InboundParts.most + 500
        for start in stride(from: 0, to: count, by: 500) {
            try receive((start..<start + 500).map { part(1, of: 2, "x\($0)", reference: $0 % 256, sender: "+3363998\(10_000 + $0)") })
            #expect(try bench.count("SELECT count(*) FROM inbound_parts") <= InboundParts.most)
        }
        #expect(try bench.count("SELECT (SELECT count(*) FROM inbound_parts) + (SELECT count(*) FROM inbound_messages)") == count)
    }
}
