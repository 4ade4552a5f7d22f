import AlertModel
import Campaigns
import GeoModel
import Targeting
import Testing

@testable import Store

@Suite struct TerritoryCutTests {
    private let now = UTCTime(millisecondsSince1970: 1_700_000_000_000)
    private let ours = Zone.communes(codes("80001"))
    private let organisation = OrganisationID(rawValue: 1)

    /// The territory is 80001, from 2.0° to 2.1° E; 80002 lies east of it.
    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.register([
            person("in", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+33639980001"]),
            person("border", commune: "80001", at: place(2.1, 50.05), within: 50, contacts: ["sms:+33639980002"]),
            person("out", commune: "80002", at: place(2.15, 50.05), contacts: ["sms:+33639980003"]),
            person("listed", commune: "80002", at: place(2.19, 50.09), contacts: ["sms:+33639980004"], lists: ["Riverains"]),
        ])
        try bench.database.set(
            .territory, to: String(decoding: ZoneDocument.encode(ours), as: UTF8.self), ofOrganisationNamed: "Préfecture",
            actor: "test")
        return bench
    }

    private func cut(_ zone: Zone, _ bench: StoreBench) throws -> TerritoryCut? {
        try bench.database.territoryCut(of: zone, for: organisation, scope: .all)
    }

    @Test func `a zone over the border is cut, and it is told what is left out`() throws {
        let bench = try bench()
        let zone = perimeter(2.0, 50.0, 2.18, 50.08)
        let cut = try #require(try cut(zone, bench))
        #expect(cut.recipients == 1 && cut.communes == ["Ville 80002"])
        // 0.08° of longitude by 0.08° of latitude at 50° N, by pyproj's geodesic: 51.0 km².
        #expect(abs(try #require(cut.outsideSquareMetres) / 51.0e6 - 1) < 0.01)
        #expect(try bench.select(cut.zone) == ["border certain", "in certain"], "nobody of our side of the border is lost")
        #expect(try self.cut(cut.zone, bench) == nil, "what is cut is within")
    }

    @Test func `a zone within is left as it is, and one without anything within is refused`() throws {
        let bench = try bench()
        #expect(try cut(perimeter(2.01, 50.01, 2.09, 50.09), bench) == nil)
        #expect(try cut(ours, bench) == nil)
        #expect(try cut(.list("Riverains"), bench) == nil, "people are named by the register, wherever they live")
        #expect(throws: LaunchError.outsideTerritory(wholly: true)) { try cut(perimeter(2.12, 50.0, 2.18, 50.08), bench) }
        let mixed = try #require(try cut(.union([.list("Riverains"), perimeter(2.0, 50.0, 2.18, 50.08)]), bench))
        #expect(try bench.select(mixed.zone).map { $0.split(separator: " ")[0] } == ["border", "in", "listed"])
    }

    @Test func `an organisation without a territory is not limited`() throws {
        let bench = try bench()
        try bench.database.set(.territory, to: nil, ofOrganisationNamed: "Préfecture", actor: "test")
        #expect(try cut(perimeter(2.0, 50.0, 2.18, 50.08), bench) == nil)
    }

    @Test(arguments: [CampaignMode.real, .exercise])
    func `the launching transaction refuses ground beyond the territory, whoever launches`(mode: CampaignMode) throws {
        let bench = try bench()
        let zone = perimeter(2.0, 50.0, 2.18, 50.08)
        func launch(_ zone: Zone) throws -> Launch {
            try bench.database.launch(
                CampaignPlan(
                    organisation: organisation, requestKey: "k \(mode)", mode: mode,
                    zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self),
                    message: Message(subject: "S", text: "T"), policy: PolicyRules.standard(channels: [.sms], mode: mode),
                    notLocated: 0, approvedHash: nil, createdBy: "agent"), zone: zone, scope: .all, now: now)
        }
        #expect(throws: LaunchError.outsideTerritory(wholly: false)) { try launch(zone) }
        #expect(try launch(try #require(try cut(zone, bench)).zone).recipients == 2)
    }
}
