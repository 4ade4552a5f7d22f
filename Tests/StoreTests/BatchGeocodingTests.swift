import AlertModel
import Foundation
import GRDB
import GeoModel
import Geocoding
import Testing

@testable import Store

@Suite struct BatchGeocodingTests {
    private func queries(_ count: Int) -> [AddressQuery] {
        (0..<count).map { index in
            AddressQuery(
                text: "\(index % 12 + 1) rue des \(index % 3 == 0 ? "Tilleuls" : "Inconnus")", postcode: nil,
                communeName: nil, communeCode: CommuneCode("8000\(index % 2 + 1)"))
        }
    }

    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.addresses(
            street("Rue des Tilleuls", commune: "80001", town: "Ville 80001", from: StoreTests.place(2.05, 50.05)))
        return bench
    }

    @Test(arguments: [0, 1, 127, 128, 129, 1_000])
    func `several readers answer like one, in the order asked`(count: Int) throws {
        let bench = try bench()
        let queries = queries(count)
        let found = try bench.database.geocode(queries)
        let expected = try queries.map { query in try bench.database.geocode([query])[0] }
        #expect(found == expected)
        if count == 1_000 { #expect(found.contains { $0?.precision == .houseNumber }) }
    }

    @Test func `recipients are placed in batches as one by one`() throws {
        let bench = try bench()
        let people = (0..<300).map { person("p\($0)", commune: "8000\($0 % 3 + 1)", address: "\($0 % 13) rue des Tilleuls") }
        let batch = try bench.database.placements(of: people)
        let single = try bench.database.readRegister(ofOrganisationNamed: "A") { register in
            try people.map { try register.place(of: $0) }
        }
        #expect(batch.map(\.location) == single.map(\.location))
        #expect(batch.map(\.communeCode) == single.map(\.communeCode))
        #expect(batch.map(\.precision) == single.map(\.precision))
    }

    @Test func `what one reader fails at fails the batch`() throws {
        struct Fault: Error {}
        let bench = try bench()
        #expect(throws: Fault.self) {
            try bench.database.concurrently(Array(0..<1_000)) { _, index in
                if index == 700 { throw Fault() }
                return index
            }
        }
        #expect(try bench.database.concurrently(Array(0..<1_000)) { _, index in index } == Array(0..<1_000))
    }

    @Test func `what is remembered is forgotten when addresses or communes change`() throws {
        let bench = try bench()
        func label() throws -> String? {
            try bench.database.geocode([AddressQuery(text: "7 rue Neuve", communeCode: CommuneCode("80001"))])[0]?.label
        }
        #expect(try label()?.hasPrefix("7 ") == false)
        try bench.addresses(
            street("Rue Neuve", commune: "80001", town: "Ville 80001", from: StoreTests.place(2.06, 50.05)))
        #expect(try label()?.hasPrefix("7 Rue Neuve") == true)
        func named() throws -> Bool { try !bench.database.geocode("Ancienneville", limit: 1).isEmpty }
        #expect(try !named())
        try bench.database.pool.write { database in
            try AddressIndex(database).addOtherNames(
                ["Ancienneville"], of: try #require(CommuneCode("80001")), kind: .former)
        }
        #expect(try named())
    }

    @Test func `the directory in memory finds what the tables hold`() throws {
        let bench = try bench()
        try bench.database.pool.write { database in
            let index = AddressIndex(database)
            try index.addOtherNames(["Le Hameau", "Ville Morte"], of: try #require(CommuneCode("80002")), kind: .postal)
            try index.addOtherPostcodes(["80999"], of: try #require(CommuneCode("80002")))
            // As another process reads it.
            let directory = try #require(CommuneDirectory(content: CommuneDirectory(index.allCommunes()).content))
            let keys = try String.fetchAll(database, sql: "SELECT name_key FROM commune_names ORDER BY 1") + ["hameau", "x"]
            #expect(try directory.communes(.keys(keys)) == index.communes(.keys(keys)))
            for key in keys {
                #expect(try directory.communes(.keys([key])) == index.communes(.keys([key])))
                #expect(
                    try directory.communes(.beginning(with: key, limit: 9)) == index.communes(.beginning(with: key, limit: 9)))
                let isUnlike = try index.communes(.similar(key: key, limit: 5)).isEmpty
                #expect(directory.communes(.similar(key: key, limit: 5)).isEmpty == isUnlike)
            }
            for postcode in ["80999", "80000", "99999"] {
                #expect(try directory.communes(.postcode(postcode)) == index.communes(.postcode(postcode)))
            }
            for code in codes("80001", "80002", "80555") {
                #expect(try directory.communes(.code(code)) == index.communes(.code(code)))
            }
        }
    }

    @Test func `a prepared directory is gone with any change of what it was made from`() throws {
        let bench = try bench()
        try bench.database.pool.write { database in
            let index = AddressIndex(database)
            let code = try #require(CommuneCode("80002"))
            let changes: [() throws -> Void] = [
                { try database.execute(sql: "UPDATE place_communes SET name = 'Ailleurs' WHERE code = '80001'") },
                { try index.addOtherNames(["Le Hameau"], of: code, kind: .postal) },
                { try index.addOtherPostcodes(["80999"], of: code) },
                { try database.execute(sql: "DELETE FROM commune_postcodes") },
                { try database.execute(sql: "DELETE FROM commune_names WHERE name_key > 'b'") },
            ]
            for change in changes {
                try database.execute(
                    sql: "INSERT INTO commune_directory (id, content) VALUES (1, ?)",
                    arguments: [Data(index.makeDirectory().content)])
                #expect(try index.preparedDirectory() != nil)
                try change()
                #expect(try index.preparedDirectory() == nil)
            }
        }
    }

    @Test func `a block of another version or a damaged one is none`() throws {
        let whole = CommuneDirectory([]).content
        #expect(CommuneDirectory(content: whole) != nil)
        #expect(CommuneDirectory(content: []) == nil)
        #expect(CommuneDirectory(content: Array(whole.dropLast())) == nil)
        #expect(CommuneDirectory(content: [0] + whole.dropFirst()) == nil)
    }
}
