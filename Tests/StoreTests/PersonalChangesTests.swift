import AlertModel
import Campaigns
import Dispatching
import Foundation
import GRDB
import GeoModel
import Testing

@testable import Store

/// A personal campaign changes while it runs: what leaves is measured person by person, as at the launch.
@Suite struct PersonalChangesTests {
    private let zone = perimeter(2.0, 50.0, 2.1, 50.1)
    private let start = UTCTime(millisecondsSince1970: 1_700_000_000_000)
    private var later: UTCTime { start.advanced(bySeconds: 60) }
    /// Each letter alone forces the whole text out of the SMS alphabet.
    private let longName = String(repeating: "ê", count: 78)

    private func inside(_ id: String, name: String) -> Recipient {
        person(id, commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+3363998000\(id)"], name: name)
    }

    /// As many segments as a message may have, for a name of a few plain letters.
    private func text(_ greeting: String) -> Message {
        let rest = SMSText.maximumSegments * 153 - 40
        return Message(subject: "Crue", text: "\(greeting) " + String(repeating: "a", count: rest), isPersonal: true)
    }

    private func launched(_ names: [String], _ message: Message) throws -> (StoreBench, CampaignID) {
        let bench = try StoreBench()
        try bench.register(names.enumerated().map { inside("\($0.offset + 1)", name: $0.element) })
        let plan = CampaignPlan(
            organisation: OrganisationID(rawValue: 1), requestKey: "k", mode: .exercise,
            zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self), message: message,
            policy: PolicyRules.standard(channels: [.sms], mode: .exercise), notLocated: 0, approvedHash: nil, createdBy: "cli:root")
        return (bench, try bench.database.launch(plan, zone: zone, scope: .all, now: start).campaign)
    }

    private func amend(_ bench: StoreBench, _ id: CampaignID, _ message: Message) throws -> Int {
        try bench.database.amend(id, with: message, author: .machine, actor: "anne", now: later)
    }

    private func claimed(_ bench: StoreBench) async throws -> [String: String] {
        let claim = try await bench.database.ledger.port.claim(
            ClaimRequest(mode: .exercise, slots: [.init(gateway: "g", channel: .sms, count: 100)], now: later))
        return try claim.legs.reduce(into: [:]) { texts, leg in
            let campaign = try #require(claim.campaigns[leg.campaign])
            _ = try VerdictCheck.check(
                leg, of: campaign, through: Gateway(name: "g", channel: .sms, isSimulator: true, window: 1) { _ in .failed(.network) },
                mode: .exercise)
            texts[leg.externalID] = try campaign.message.personal(try #require(leg.values).values).text
        }
    }

    @Test func `an amendment that is too long for one name is refused, and one that is not is sent`() throws {
        let (bench, id) = try launched(["Anne", longName], Message(subject: "Crue", text: "Bonjour {nom}", isPersonal: true))
        #expect {
            try amend(bench, id, text("Bonjour {nom}"))
        } throws: { if case .textTooLong(let segments, SMSText.maximumSegments)? = $0 as? LaunchError { segments > SMSText.maximumSegments } else { false } }
        #expect(try bench.count("SELECT count(*) FROM campaign_messages") == 1)
        #expect(try amend(bench, id, text("Bonjour {commune}")) == 2)
        // Whoever was reached does not get it any more.
        try bench.database.pool.write { try $0.execute(sql: "UPDATE legs SET state = 'delivered' WHERE address LIKE '%2'") }
        #expect(try amend(bench, id, text("Bonsoir {nom}")) == 3)
    }

    @Test func `an amendment that leaves a place empty for those still to be sent to is refused`() throws {
        let (bench, id) = try launched(["Anne", ""], Message(subject: "Crue", text: "Bonjour {nom|à vous}", isPersonal: true))
        #expect(throws: LaunchError.placeWithoutValue(.name, recipients: 1, sharing: 0)) {
            try amend(bench, id, Message(subject: "Crue", text: "Montez {nom}", isPersonal: true))
        }
        #expect(try amend(bench, id, Message(subject: "Crue", text: "Montez {nom|vous}", isPersonal: true)) == 2)
    }

    @Test func `who joins late with a name the text has no room for gets it without that name`() async throws {
        let (bench, id) = try launched(["Anne"], text("Bonjour {nom|à vous}, {commune}"))
        try bench.register([inside("2", name: longName), inside("3", name: "Paul")])
        let joining = try bench.database.join(id, actor: "server", isAutomatic: true, carried: [.sms], now: later)
        #expect(joining.recipients == 2)
        let texts = try await claimed(bench)
        #expect(texts["1"]?.contains("Bonjour Anne,") == true && texts["3"]?.contains("Bonjour Paul,") == true)
        let cut = try #require(texts["2"])
        #expect(cut.contains("Bonjour à vous,") && SMSText(cut).segments <= SMSText.maximumSegments)
        #expect(try bench.database.auditEntries(limit: 1).first?.detail["shortened"] == "1")
    }

    @Test func `who joins while the text is the same for everybody is named once it names people again`() async throws {
        let (bench, id) = try launched(["Anne"], Message(subject: "Crue", text: "Bonjour {nom}", isPersonal: true))
        #expect(try amend(bench, id, Message(subject: "Crue", text: "Montez")) == 2)
        try bench.register([inside("2", name: "Paul")])
        _ = try bench.database.join(id, actor: "server", isAutomatic: true, carried: [.sms], now: later)
        #expect(try amend(bench, id, Message(subject: "Crue", text: "Montez {nom}", isPersonal: true)) == 3)
        #expect(try await claimed(bench) == ["1": "EXERCICE - Montez Anne", "2": "EXERCICE - Montez Paul"])
    }
}
