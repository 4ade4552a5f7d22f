import Foundation
import GRDB
import GeoModel
import Geocoding
import Testing

@testable import Store

@Suite struct AddressStagingTests {
    private func row(
        _ id: String, street: String = "Rue Haute", number: Int? = 1, at longitude: Double, kind: AddressPointKind = .unknown,
        other: [String] = [], key: String? = nil
    ) throws -> BANAddress {
        BANAddress(
            id: id, number: number, street: street, postcode: key == nil ? "80000" : "",
            communeCode: try #require(CommuneCode("80001")), communeName: "Ville 80001",
            position: Position(longitude: longitude, latitude: 50.05), pointKind: kind, otherNames: other, streetKey: key)
    }

    @Test func `the write lock is free while a file is read`() throws {
        let bench = try StoreBench()
        let outcome = try bench.database.importAddresses(from: StoreBench.file("a"), actor: "test") { writer in
            try writer.write([row("80001_0001_1", at: 2.05)])
            // A campaign is launched meanwhile, by this process or another.
            try bench.database.pool.write { try $0.execute(sql: "UPDATE organisations SET name = name") }
            try bench.addresses([row("80001_0001_2", number: 2, at: 2.051)])
        }
        #expect(outcome.counts.added == 1)
        #expect(try bench.count("SELECT count(*) FROM house_numbers") == 2)
        #expect(try bench.count("SELECT count(*) FROM streets") == 1)
    }

    @Test func `what goes wrong in a file leaves nothing of it`() throws {
        struct Fault: Error {}
        let bench = try StoreBench()
        #expect(throws: Fault.self) {
            try bench.database.importAddresses(from: StoreBench.file("a"), actor: "test") { writer in
                try writer.write([row("80001_0001_1", at: 2.05)])
                throw Fault()
            }
        }
        #expect(try bench.count("SELECT count(*) FROM streets") == 0)
        #expect(try bench.count("SELECT count(*) FROM datasets WHERE kind = 'addresses'") == 0)
    }

    @Test func `of several points of a number the entrance is taken, and its disc holds the building`() throws {
        let bench = try StoreBench()
        try bench.addresses([
            row("80001_0001_1", at: 2.0510, kind: .parcel), row("80001_0001_1", at: 2.0505, kind: .building),
            row("80001_0001_1", at: 2.0500, kind: .entrance),
        ])
        let points = try bench.database.pool.read {
            try Row.fetchAll($0, sql: "SELECT lon, radius_metres FROM house_numbers ORDER BY lon")
        }
        #expect(points.count == 1)
        #expect(points[0]["lon"] == 2.0500)
        // 36 m to the building's point, and its own 15; the parcel's middle, farther away, tells nothing more.
        let radius: Double = points[0]["radius_metres"]
        #expect((45...60).contains(radius))
        let place = try bench.database.geocode([AddressQuery(text: "1 rue Haute", communeCode: CommuneCode("80001"))])[0]
        #expect(place?.uncertaintyMetres == radius)
    }

    @Test func `a parcel's or a road's point has a wider disc`() throws {
        let bench = try StoreBench()
        try bench.addresses([
            row("80001_0001_1", at: 2.05, kind: .parcel), row("80001_0001_2", number: 2, at: 2.051, kind: .segment),
            row("80001_0001_3", number: 3, at: 2.052, kind: .entrance),
        ])
        #expect(try bench.fetch("SELECT radius_metres FROM house_numbers ORDER BY number", as: Double.self) == [30, 50, 15])
    }

    @Test func `a local base's street is the national base's of that name, whichever comes first`() throws {
        let national = try row("80001_0001_1", at: 2.05)
        let local = try row("x", number: 2, at: 2.051, other: ["Straed Uhel"], key: "bal:80001::rue haute")
        for order in [[national, local], [local, national]] {
            let bench = try StoreBench()
            for row in order { try bench.addresses([row]) }
            #expect(try bench.fetch("SELECT source_key FROM streets", as: String.self) == ["80001_0001"])
            #expect(try bench.fetch("SELECT postcode FROM streets", as: String.self) == ["80000"])
            #expect(try bench.count("SELECT count(*) FROM house_numbers") == 2)
            for text in ["2 rue Haute", "2 straed uhel"] {
                let place = try bench.database.geocode([AddressQuery(text: text, communeCode: CommuneCode("80001"))])[0]
                #expect(place?.houseNumber == HouseNumber(2), "\(text)")
            }
            for row in order { #expect(try bench.addresses([row]).counts.unchanged == 1) }
        }
    }

    @Test func `two streets of one name are not merged with a third`() throws {
        let bench = try StoreBench()
        try bench.addresses([row("80001_0001_1", at: 2.05), row("80001_0002_1", at: 2.09)])
        try bench.addresses([row("x", number: 2, at: 2.051, key: "bal:80001::rue haute")])
        #expect(try bench.count("SELECT count(*) FROM streets") == 3)
    }

    @Test func `other names of a commune outlive a new list of communes`() throws {
        let bench = try StoreBench()
        let code = try #require(CommuneCode("80001"))
        try bench.database.pool.write { database in
            let index = AddressIndex(database)
            try index.addOtherNames(["Vieuxville"], of: code, kind: .former)
            try index.addOtherPostcodes(["80123"], of: code)
            try index.upsert(communes: [
                CommuneEntry(code: code, name: "Villeneuve", postcodes: ["80000"], position: StoreTests.place(2.05, 50.05))
            ])
            try index.addOtherNames(["Vieuxville"], of: code, kind: .former)
            try database.execute(sql: "INSERT INTO commune_terms (commune_terms) VALUES ('integrity-check')")
            let commune = try #require(try index.communes(.code(code)).first)
            #expect(commune.otherNames == ["Vieuxville"])
            #expect(commune.postcodes == ["80000", "80123"])
            // Before its commune is known, too.
            let unknown = try #require(CommuneCode("80555"))
            try index.addOtherNames(["Avant"], of: unknown, kind: .delegated)
            try index.upsert(communes: [
                CommuneEntry(code: unknown, name: "Après", postcodes: [], position: StoreTests.place(2.05, 50.05))
            ])
            #expect(try index.communes(.keys(["avant"])).map(\.code) == [unknown])
            #expect(try index.communes(.similar(key: "avent", limit: 3)).map(\.code).contains(unknown))
        }
    }

    @Test func `a new list renames a commune for misspelt names too, and writes nothing that stays`() throws {
        let bench = try StoreBench()
        let code = try #require(CommuneCode("80777"))
        func list(_ name: String, others: [String] = [], postcodes: [String]) -> [CommuneEntry] {
            [CommuneEntry(
                code: code, name: name, otherNames: others, postcodes: postcodes, position: StoreTests.place(2.05, 50.05))]
        }
        try bench.database.pool.write { database in
            let index = AddressIndex(database)
            func alike(_ key: String) throws -> Bool {
                try index.communes(.similar(key: key, limit: 5)).contains { $0.code == code }
            }
            try index.upsert(communes: list("Quenouville", others: ["Zwartburg"], postcodes: ["80123"]))
            #expect(try alike("quenouvile") && alike("zwartbrug"))
            let changes = database.totalChangesCount
            try index.upsert(communes: list("Quenouville", others: ["Zwartburg"], postcodes: ["80123"]))
            // The row itself, and the revision.
            #expect(database.totalChangesCount - changes == 2)
            try index.upsert(communes: list("Xylophage", postcodes: ["80124", "80125"]))
            #expect(try alike("xylofage") && !alike("zwartbrug") && !alike("quenouvile"))
            try database.execute(sql: "INSERT INTO commune_terms (commune_terms) VALUES ('integrity-check')")
            let commune = try #require(try index.communes(.code(code)).first)
            #expect(commune.name == "Xylophage" && commune.otherNames.isEmpty && commune.postcodes == ["80124", "80125"])
        }
    }

    @Test func `keys of an older version are made anew by the migration`() throws {
        let folder = try StoreBench.newFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try AlertDatabase.create(at: folder.appending(path: "old.sqlite").path)
        try database.pool.erase()
        try Schema.migrator.migrate(database.pool, upTo: "0007 journal")
        try database.pool.write { database in
            try database.execute(sql: """
                INSERT INTO streets (source_key, commune_code, commune_name, name, name_key, postcode, kind, lon, lat)
                VALUES ('80001_0001', '80001', 'Ville', 'ZA des Peupliers', 'za des peupliers', '80000', 'locality', 2, 50);
                INSERT INTO street_terms (rowid, terms) VALUES (1, '=za =des =peupliers _za za_ _peu peu eup #80001');
                INSERT INTO place_communes (id, code, name, lon, lat, is_provisional) VALUES (1, '80001', 'Ville', 2, 50, 0);
                INSERT INTO commune_names (name_key, commune_id, name, kind) VALUES ('ville', 1, 'Ville', 'own');
                INSERT INTO commune_terms (rowid, terms) VALUES (1, '_vi vil ill lle le_');
                INSERT INTO house_numbers (street_id, number, suffix, lon, lat) VALUES (1, 1, '', 2, 50);
                """)
        }
        try Schema.migrator.migrate(database.pool)
        let place = try database.geocode([AddressQuery(text: "1 zone artisanale des peupliers", communeCode: CommuneCode("80001"))])[0]
        #expect(place?.label == "1 ZA des Peupliers 80000 Ville")
        try database.pool.close()
    }
}
