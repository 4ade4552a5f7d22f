import GeoModel
import Testing

@testable import Store

@Suite struct CommunesTests {
    @Test func `the newest vintage is the current one`() throws {
        let bench = try StoreBench()
        let summary = try bench.database.communesSummary()
        #expect((summary.count, summary.vintage) == (3, 2024))
        #expect(summary.bounds == BoundingBox(west: 2.0, south: 50.0, east: 2.2, north: 50.1))
        let version = try bench.database.communesVersion()
        try bench.territory([commune("80009", boundary: nil)], vintage: 2025)
        #expect(try bench.database.communesSummary().count == 1)
        #expect(try bench.database.communesSummary().bounds == nil)
        #expect(try bench.database.communesVersion() > version)
    }

    @Test func `communes are found by the start of a word or by code, the most populous first`() throws {
        let bench = try StoreBench()
        try bench.territory([
            commune("80010", name: "L’Étoile", boundary: nil, population: 100),
            commune("80011", name: "Saint-Étienne", boundary: nil, population: 900),
            commune("80012", name: "Œuilly_%", boundary: nil, population: 5),
        ])
        func search(_ text: String) throws -> [String] {
            try bench.database.searchCommunes(text, limit: 10).map(\.code.rawValue)
        }
        #expect(try search("etoile") == ["80010"])
        #expect(try search("l'ETO") == ["80010"])
        #expect(try search("ét") == ["80011", "80010"])
        #expect(try search("saint étienne") == ["80011"])
        #expect(try search("oeuil") == ["80012"])
        #expect(try search("80002") == ["80002"])
        #expect(try search("ville").first == "80002")
        #expect(try search("tienne").isEmpty)
        #expect(try search("%").isEmpty)
        #expect(try search(" -’ ").isEmpty)
    }

    @Test func `communes by code keep their order and name the unknown`() throws {
        let bench = try StoreBench()
        let answer = try bench.database.communes(codes: codes("80002", "62001", "80102", "80001"))
        #expect(answer.found.map(\.code.rawValue) == ["80002", "80102", "80001"])
        #expect(answer.found[1].kind == "COMD")
        #expect(answer.unknown.map(\.rawValue) == ["62001"])
    }

    @Test func `whole communes near a place, without delegated ones`() throws {
        let bench = try StoreBench()
        #expect(try bench.database.communes(near: place(2.17, 50.02)).map(\.code.rawValue) == ["80002"])
        #expect(try bench.database.communes(near: place(2.1, 50.02)).map(\.code.rawValue) == ["80001", "80002"])
        #expect(try bench.database.communes(near: place(3, 50.02)).isEmpty)
    }

    @Test(arguments: [
        ("Saint-Valery-sur-Somme", "saint valery sur somme"), ("L’Étoile", "l etoile"), ("ŒUILLY", "oeuilly"),
        ("  Bœuf  ", "boeuf"), ("A.B.C. 2", "a b c 2"), ("", ""), ("---", ""),
    ])
    func `names fold to what a search compares`(name: String, folded: String) {
        #expect(FoldedName(name).text == folded)
    }

    @Test func `the map opens on the territory with the most communes, all of them counted`() throws {
        let bench = try StoreBench()
        let metropolis = try bench.database.communesSummary()
        try bench.territory([commune("97411", boundary: rectangle(55.2, -21.1, 55.6, -20.8))])
        let summary = try bench.database.communesSummary()
        #expect(summary.count == metropolis.count + 1)
        #expect(summary.bounds == metropolis.bounds)
        #expect(summary.bounds == BoundingBox(west: 2.0, south: 50.0, east: 2.2, north: 50.1))
    }
}
