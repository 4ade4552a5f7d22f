import GRDB
import GeoModel
import Geocoding
import Testing

@testable import Store

@Suite struct AddressSearchTests {
    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        let communes = try [("80001", "Abbeville", 2.05), ("80002", "Abancourt", 2.15)].map { code, name, longitude in
            CommuneEntry(
                code: try #require(CommuneCode(code)), name: name, postcodes: [code == "80001" ? "80100" : "80200"],
                position: Position(longitude: longitude, latitude: 50.05))
        }
        try bench.database.pool.write { db in try AddressIndex(db).upsert(communes: communes) }
        func door(_ number: Int?, _ street: String, _ longitude: Double, _ code: String, _ name: String) throws -> BANAddress {
            let key = "\(code)_\(street.filter { $0 != " " })"
            return BANAddress(
                id: number.map { "\(key)_\($0)" } ?? key, number: number, street: street,
                postcode: code == "80001" ? "80100" : "80200", communeCode: try #require(CommuneCode(code)),
                communeName: name, position: Position(longitude: longitude, latitude: 50.05))
        }
        try bench.addresses([
            door(1, "Rue de la Paix", 2.01, "80001", "Abbeville"), door(3, "Rue de la Paix", 2.02, "80001", "Abbeville"),
            door(1, "Rue de la Paix", 2.11, "80002", "Abancourt"), door(1, "Avenue Galliéni", 2.12, "80002", "Abancourt"),
        ])
        return bench
    }

    private func search(
        _ bench: StoreBench, _ text: String, limit: Int = 5, completes: Bool = false, centre: Double? = nil,
        _ change: (inout AddressSearch.Filters) -> Void = { _ in }
    ) throws -> [String] {
        var filters = AddressSearch.Filters()
        change(&filters)
        let search = AddressSearch(
            text: text, limit: limit, completes: completes,
            centre: centre.map { Position(longitude: $0, latitude: 50.05) }, filters: filters)
        return try bench.database.search([search])[0].map { $0.record.identifier }
    }

    @Test func `an answer carries the base's identifier of its door, street or commune`() throws {
        let bench = try bench()
        #expect(try search(bench, "1 rue de la paix 80100 Abbeville").first == "80001_RuedelaPaix_00001")
        #expect(try search(bench, "rue de la paix 80200 Abancourt").first == "80002_RuedelaPaix")
        #expect(try search(bench, "Abbeville").first == "80001")
    }

    @Test func `a filter by commune or postcode finds what the text leaves open, and nothing else`() throws {
        let bench = try bench()
        #expect(try search(bench, "1 rue de la paix", { $0.communeCodes = ["80002"] }).first == "80002_RuedelaPaix_00001")
        #expect(try search(bench, "1 rue de la paix", { $0.postcodes = ["80100"] }).first == "80001_RuedelaPaix_00001")
        #expect(try search(bench, "rue de la paix", { $0.communeNames = ["ABBEVILLE"] }).first == "80001_RuedelaPaix")
        #expect(try search(bench, "rue de la paix 80100 Abbeville", { $0.communeCodes = ["80003"] }).isEmpty)
        #expect(try search(bench, "rue de la paix", { $0.communeCodes = ["80001", "80002"]; $0.kinds = [.street] })
            == ["80001_RuedelaPaix", "80002_RuedelaPaix"])
    }

    @Test func `a filter by kind or street leaves out the others`() throws {
        let bench = try bench()
        #expect(try search(bench, "1 rue de la paix 80100 Abbeville", { $0.kinds = [.commune] }) == ["80001"])
        #expect(try search(bench, "1 rue de la paix 80100 Abbeville", { $0.streets = ["rue de la PAIX"] })
            == ["80001_RuedelaPaix_00001"])
        #expect(try search(bench, "1 rue de la paix 80100 Abbeville", { $0.streets = ["Rue Haute"] }).isEmpty)
    }

    @Test(arguments: [
        ("avenue gall", "80002_AvenueGalliéni"), ("gall", "80002_AvenueGalliéni"), ("1 avenue gal", "80002_AvenueGalliéni_00001"),
        ("paix", "80001_RuedelaPaix"), ("rue de la paix aban", "80002_RuedelaPaix"), ("abbev", "80001"),
        ("1 rue de la paix aban", "80002_RuedelaPaix_00001"),
    ])
    func `what is typed so far is completed`(text: String, identifier: String) throws {
        #expect(try search(bench(), text, completes: true).first == identifier)
    }

    @Test(arguments: ["", " ", "a", "ru", "12", "zzz", "%", "~~~", "'; --", "é", "1 1 1 1", "🏠"])
    func `what means nothing is nothing`(text: String) throws {
        #expect(try search(bench(), text, limit: 100, completes: true).isEmpty)
    }

    @Test func `places near the centre come first, with their distance`() throws {
        let bench = try bench()
        for (longitude, code) in [(2.02, "80001"), (2.11, "80002")] {
            #expect(try search(bench, "rue de la paix", centre: longitude).first == "\(code)_RuedelaPaix")
        }
        let search = AddressSearch(
            text: "rue de la paix 80100 Abbeville", limit: 1, centre: Position(longitude: 2.015, latitude: 50.05))
        let found = try #require(try bench.database.search([search])[0].first)
        #expect(found.metres.map { $0 < 1 } == true && found.score <= 1)
    }

    @Test func `an answer's department and region have INSEE's newest names, where its tables are loaded`() throws {
        let bench = try StoreBench()
        let code = try #require(CommuneCode("80001"))
        try bench.database.pool.write { database in
            try database.execute(sql: """
                INSERT INTO communes (vintage, kind, code, name, folded_name, department, postcodes, population, content_hash)
                VALUES (2024, 'COM', '80001', 'Abbeville', 'abbeville', '80', '80100', 22000, x'')
                """)
        }
        var figures = try #require(try bench.database.communeContexts([code])[code])
        #expect(figures == CommuneContext(department: "80", population: 22_000, departmentName: nil, regionName: nil))
        try bench.database.pool.write { database in
            try database.execute(sql: """
                INSERT INTO code_areas (kind, vintage, code, name, region) VALUES
                    ('department', 2015, '80', 'Somme', '22'), ('region', 2015, '22', 'Picardie', NULL),
                    ('department', 2024, '80', 'Somme', '32'), ('region', 2024, '32', 'Hauts-de-France', NULL)
                """)
        }
        figures = try #require(try bench.database.communeContexts([code])[code])
        #expect(figures.departmentName == "Somme" && figures.regionName == "Hauts-de-France")
    }
}
