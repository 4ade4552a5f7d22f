import AlertModel
import GRDB
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

    @Test func `the register can be written while a file of communes is read`() throws {
        let bench = try StoreBench()
        let far = commune("80009", name: "Nouvelleville", boundary: rectangle(3, 50, 3.1, 50.1))
        _ = try bench.database.importCommunes(vintage: 2024, from: StoreBench.file("f"), actor: "test") { writer in
            try writer.write(far)
            // The one write lock is free, and whoever comes in meanwhile is placed like everybody else.
            let other = try AlertDatabase.openExisting(at: bench.database.path)
            _ = try other.writeRecipients(
                [person("a", town: "Nouvelleville"), person("b", commune: "80001")], unchanged: 0,
                organisationNamed: "Préfecture", from: StoreBench.file("recipients"), actor: "test")
            try other.pool.close()
        }
        #expect(try bench.select(perimeter(3, 50, 3.1, 50.1)) == ["a certain"])
    }

    @Test func `two imports of the same commune leave one: that of the last to be written`() throws {
        let bench = try StoreBench()
        let first = commune("80009", name: "Un", boundary: rectangle(3, 50, 3.1, 50.1))
        let second = commune("80009", name: "Deux", boundary: rectangle(3, 50, 3.2, 50.1))
        _ = try bench.database.importCommunes(vintage: 2024, from: StoreBench.file("f"), actor: "test") { writer in
            try writer.write(first)
            let other = try AlertDatabase.openExisting(at: bench.database.path)
            _ = try other.importCommunes(vintage: 2024, from: StoreBench.file("g"), actor: "test") { writer in
                try writer.write(second)
            }
            try other.pool.close()
        }
        #expect(try bench.fetch("SELECT name FROM communes WHERE code = '80009'", as: String.self) == ["Un"])
        #expect(try bench.count("SELECT count(*) FROM idx_communes_boundary WHERE xmin > 2.99") == 1)
    }

    @Test func `departments are named whose communes changed`() throws {
        let bench = try StoreBench()
        var departments: Set<String> = []
        _ = try bench.database.importCommunes(vintage: 2024, from: StoreBench.file("f"), actor: "test") { writer in
            for town in StoreBench.towns { try writer.write(town) }
            #expect(writer.changedDepartments.isEmpty)
            try writer.write(commune("62001", boundary: rectangle(2, 50.5, 2.1, 50.6)))
            departments = writer.changedDepartments
        }
        #expect(departments == ["62"])
    }

    @Test func `whom nobody could place is placed however many there are`() throws {
        let bench = try StoreBench()
        try bench.register((0..<1201).map { person("p\($0)", town: $0.isMultiple(of: 2) ? "Nouvelleville" : "Ailleurs") })
        try bench.territory([commune("80009", name: "Nouvelleville", boundary: rectangle(3, 50, 3.1, 50.1))])
        #expect(try bench.count("SELECT count(*) FROM recipients WHERE commune_code = '80009'") == 601)
    }

    @Test func `a recipient written meanwhile is not moved to where the old address was`() throws {
        let bench = try StoreBench()
        try bench.register([person("a", town: "Nouvelleville")])
        try bench.territory([commune("80009", name: "Nouvelleville", boundary: rectangle(3, 50, 3.1, 50.1))])
        let move = try bench.database.pool.write { database in
            try database.execute(sql: "UPDATE recipients SET commune_code = NULL, is_commune_found = 0")
            let id = try #require(try Int64.fetchOne(database, sql: "SELECT id FROM recipients"))
            return try #require(try Placer(database: database, cache: nil).relocation(of: id))
        }
        try bench.database.pool.write { database in
            try database.execute(sql: "UPDATE recipients SET updated_at = updated_at + 1")
            #expect(try !database.apply(move))
        }
        #expect(try bench.count("SELECT count(*) FROM recipients WHERE commune_code IS NULL") == 1)
    }
}
