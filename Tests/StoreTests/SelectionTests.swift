import AlertModel
import GeoModel
import Targeting
import TestSupport
import Testing

@testable import Store

@Suite struct SelectionTests {
    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.register([
            person(
                "b-2", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+33639980001", "email:b@example.org"]),
            person("B-1", commune: "80001", at: place(2.1, 50.05), within: 100, contacts: ["voice:+33199000001"]),
            person("é", commune: "80001"),
            person("a10", commune: "80002", at: place(2.15, 50.05), contacts: ["fax:+33199000002"]),
            person("a9", commune: "80002", at: place(2.11, 50.05)), person("x"),
        ])
        return bench
    }

    @Test func `counts and identifiers are of the same people`() throws {
        let bench = try bench()
        let zone = perimeter(2.0, 50.0, 2.12, 50.1)
        let counts = try bench.database.counts(of: zone, scope: .all)
        #expect((counts.recipients, counts.certain, counts.possible, counts.notLocated) == (4, 4, 0, 1))
        #expect(counts.channels == [.sms: 1, .email: 1, .voice: 1])
        #expect((counts.unreachable, counts.communes) == (2, 2))
        // The order of `LC_ALL=C sort`.
        #expect(try bench.select(zone) == ["B-1 certain", "a9 certain", "b-2 certain", "é certain"])
    }

    @Test func `filters narrow to a channel, or to who is certain`() throws {
        let bench = try bench()
        let zone = perimeter(2.0, 50.0, 2.1, 50.1)
        func ids(_ filter: SelectionFilter) throws -> [String] {
            try bench.database.selectedRecipients(in: zone, scope: .all, filter: filter).map(\.externalID)
        }
        #expect(try ids(SelectionFilter()) == ["B-1", "b-2", "é"])
        #expect(try ids(SelectionFilter(channel: .voice)) == ["B-1"])
        #expect(try ids(SelectionFilter(certainOnly: true)) == ["b-2", "é"])
        #expect(try ids(SelectionFilter(channel: .voice, certainOnly: true)).isEmpty)
        #expect(
            try bench.database.counts(of: zone, scope: .all, filter: SelectionFilter(channel: .sms)).recipients == 1)
    }

    @Test func `each recipient says where, how surely and why`() throws {
        let bench = try bench()
        let zone = Zone.union([perimeter(2.0, 50.0, 2.1, 50.1), .communes(codes("80001"))])
        let selected = try bench.database.selectedRecipients(in: zone, scope: .all)
        let b2 = try #require(selected.first { $0.externalID == "b-2" })
        #expect(b2.why == "perimeter “P”; commune 80001")
        #expect((b2.precision, b2.position, b2.channels) == (.given, place(2.05, 50.05), [.sms, .email]))
        let townOnly = try #require(selected.first { $0.externalID == "é" })
        #expect((townOnly.precision, townOnly.position, townOnly.communeCode?.rawValue) == (.commune, nil, "80001"))
    }

    @Test func `one identifier in two organisations is explained twice`() throws {
        let bench = try bench()
        try bench.register([person("a9", at: place(3, 50))], organisation: "Mairie")
        let zone = perimeter(2.0, 50.0, 2.12, 50.1)
        let explanations = try bench.database.explanations(ofExternalID: "a9", in: zone, scope: .all)
        #expect(explanations.map(\.verdict) == [.certain, .outside])
        #expect(throws: StoreError.unknownRecipient(externalID: "zz")) {
            try bench.database.explanations(ofExternalID: "zz", in: zone, scope: .all)
        }
    }

    @Test(arguments: [51, 52, 53] as [UInt64])
    func `an explanation says what the selection does, for everybody`(seed: UInt64) throws {
        let bench = try StoreBench()
        var generator = SeededGenerator(seed: seed)
        func position() -> Position<WGS84> {
            place(.random(in: 1.95...2.25, using: &generator), .random(in: 49.97...50.13, using: &generator))
        }
        let people = (0..<120).map { index in
            person(
                "r\(index)",
                commune: ["80001", "80002", "80003", "80102", "80999", nil].randomElement(using: &generator)!,
                at: index % 3 == 0 ? nil : position(), within: index % 3 == 1 ? 0 : 800,
                lists: index % 4 == 0 ? ["rive"] : [])
        }
        try bench.register(people)
        let corner = position()
        let zones: [Zone] = [
            .communes(codes("80001")), .communes(codes("80002", "80003")), .communes(codes("80102")),
            .communes(codes("80999")), .department("80"), .list("rive"),
            .circle(centre: position(), radiusMetres: 5000),
            perimeter(corner.longitude, corner.latitude, corner.longitude + 0.1, corner.latitude + 0.05),
        ]
        let combined: [Zone] = [
            .difference(zones[4], except: zones[7]), .intersection([zones[0], zones[6]]), .union([zones[5], zones[1]]),
        ]
        for zone in zones + combined {
            let selected = Dictionary(
                uniqueKeysWithValues: try bench.database.selectedRecipients(in: zone, scope: .all).map {
                    ($0.externalID, $0.certainty)
                })
            let notLocated = Set(try bench.database.notLocatedRecipients(in: zone, scope: .all))
            for person in people {
                let verdict = try bench.database.explanations(ofExternalID: person.externalID, in: zone, scope: .all)[0]
                    .verdict
                let name: Comment = "\(person.externalID), \(zone.label), seed \(seed)"
                #expect(verdict.certainty == selected[person.externalID], name)
                #expect((verdict == .notLocated) == notLocated.contains(person.externalID), name)
            }
        }
    }

    @Test func `a zone that cannot be judged is an error, never an empty answer`() throws {
        let bench = try bench()
        #expect(throws: TargetingError.emptyZone) { try bench.database.counts(of: .union([]), scope: .all) }
        #expect(throws: TargetingError.emptyZone) { try bench.select(.communes([])) }
        #expect(throws: StoreError.unknownList(name: "rive", known: [])) { try bench.select(.list("rive")) }
    }
}
