import AlertModel
import GeoModel
import Geocoding
import Testing

@testable import Store

@Suite struct CommuneWriterTests {
    @Test func `the same communes again change nothing`() throws {
        let bench = try StoreBench()
        let counts = try bench.territory(StoreBench.towns)
        #expect((counts.added, counts.updated, counts.unchanged) == (0, 0, 4))
        #expect(try bench.count("SELECT count(*) FROM communes") == 4)
    }

    @Test func `a change updates in place, another vintage adds`() throws {
        let bench = try StoreBench()
        let grown = commune("80001", boundary: rectangle(1.9, 50, 2.1, 50.1), population: 1234)
        #expect(try bench.territory([grown]).updated == 1)
        #expect(try bench.territory([grown]).unchanged == 1)
        #expect(try bench.territory([grown], vintage: 2025).added == 1)
        #expect(try bench.count("SELECT count(*) FROM communes WHERE code = '80001'") == 2)
        #expect(try bench.database.newestVintage() == 2025)
        try bench.register([person("a", commune: "80001")])
        #expect(try bench.select(perimeter(1.9, 50.01, 1.95, 50.02)) == ["a possible"])
    }

    @Test func `a boundary keeps its holes and its parts to the last bit`() throws {
        let bench = try StoreBench()
        let area = Area<WGS84>(
            [
                Polygon(
                    exterior: rectangle(2.3123456789, 50, 2.5, 50.2).polygons[0].exterior,
                    holes: [rectangle(2.4, 50.1, 2.41, 50.11).polygons[0].exterior])
            ] + rectangle(2.6, 50, 2.7, 50.1).polygons)
        try bench.territory([commune("80009", boundary: area)])
        let stored = try #require(try bench.database.communes(codes: codes("80009")).found.first?.boundary)
        #expect(stored == area)
    }

    @Test func `a file without geometry takes no boundary away`() throws {
        let bench = try StoreBench()
        try bench.register([person("a", commune: "80001")])
        #expect(try bench.territory([commune("80001", boundary: nil, population: 1500)]).updated == 1)
        let town = try #require(try bench.database.communes(codes: codes("80001")).found.first)
        #expect(town.population == 1500)
        #expect(town.boundary == rectangle(2.0, 50.0, 2.1, 50.1))
        #expect(try bench.select(perimeter(2.0, 50.0, 2.1, 50.1)) == ["a certain"])
    }

    @Test func `what an import throws undoes all of it`() throws {
        struct Interrupted: Error {}
        let bench = try StoreBench()
        let entries = try bench.count("SELECT count(*) FROM audit_entries")
        #expect(throws: Interrupted.self) {
            try bench.database.importCommunes(vintage: 2025, from: StoreBench.file("f"), actor: "test") { writer in
                try writer.write(commune("80009", boundary: rectangle(3, 50, 3.1, 50.1)))
                throw Interrupted()
            }
        }
        #expect(try bench.count("SELECT count(*) FROM communes") == 4)
        #expect(try bench.count("SELECT count(*) FROM idx_communes_boundary") == 3)
        #expect(try bench.count("SELECT count(*) FROM audit_entries") == entries)
        #expect(try bench.database.geocode("Ville 80009", limit: 3).allSatisfy { $0.communeCode.rawValue != "80009" })
    }

    @Test func `an import of communes places who was named by a town only`() throws {
        let bench = try StoreBench()
        try bench.register([person("a", town: "Nouvelleville")])
        #expect(try bench.database.registerSummary(scope: .all).notLocated == 1)
        try bench.territory([commune("80009", name: "Nouvelleville", boundary: rectangle(3, 50, 3.1, 50.1))])
        #expect(try bench.database.registerSummary(scope: .all).notLocated == 0)
        #expect(try bench.select(perimeter(3, 50, 3.1, 50.1)) == ["a certain"])
    }
}
