import GRDB
import GeoModel
import Geocoding
import Store
import Testing

@Suite struct AddressIndexTests {
    @Test func `the same rows again change nothing`() throws {
        let amiens = try commune("80021", "Amiens", ["80000"])
        let rows = street("Rue Fontaine", in: amiens, key: "0001", locality: "Le Lac")
        let town = try Town(communes: [amiens], addresses: rows)
        func dump() throws -> [Row] {
            try town.queue.read { db in
                try Row.fetchAll(db, sql: "SELECT * FROM streets ORDER BY id")
                    + Row.fetchAll(db, sql: "SELECT * FROM house_numbers ORDER BY 1, 2, 3")
                    + Row.fetchAll(db, sql: "SELECT id, block FROM street_terms_data ORDER BY id")
                    + Row.fetchAll(db, sql: "SELECT * FROM commune_names ORDER BY 1, 2")
            }
        }
        let before = try dump()
        let count = try town.queue.write { db in
            try AddressIndex(db).upsert(rows: rows)
        }
        #expect(count == AddressUpsertCount())
        #expect(try dump() == before)
    }

    @Test func `a renamed street is found by its new name only`() throws {
        let amiens = try commune("80021", "Amiens", ["80000"])
        let town = try Town(communes: [amiens], addresses: street("Rue Fontaine", in: amiens, key: "0001"))
        try town.queue.write { db in
            let count = try AddressIndex(db).upsert(rows: street("Rue Simone Veil", in: amiens, key: "0001"))
            #expect(count.streetsChanged == 1)
            try db.execute(sql: "INSERT INTO street_terms (street_terms) VALUES ('integrity-check')")
        }
        #expect(try town.locate("12 rue Simone Veil", commune: "Amiens")?.precision == .houseNumber)
        #expect(try town.locate("12 rue Fontaine", commune: "Amiens")?.precision == .commune)
    }

    @Test func `a moved number moves the street's middle and extent`() throws {
        let amiens = try commune("80021", "Amiens", ["80000"])
        let town = try Town(communes: [amiens], addresses: street("Rue Fontaine", in: amiens, key: "0001"))
        let before = try #require(try town.locate("rue Fontaine", commune: "Amiens"))
        try town.queue.write { db in
            let rows = street("Rue Fontaine", in: amiens, key: "0001", numbers: ["12"], longitude: 2.31)
            let count = try AddressIndex(db).upsert(rows: rows)
            #expect(count.numbersMoved == 1)
        }
        let after = try #require(try town.locate("rue Fontaine", commune: "Amiens"))
        #expect(after.position.longitude > before.position.longitude)
        #expect(try #require(after.uncertaintyMetres) > (try #require(before.uncertaintyMetres)))
    }

    @Test func `streets are found through the full-text index`() throws {
        let amiens = try commune("80021", "Amiens", ["80000"])
        let town = try Town(communes: [amiens], addresses: street("Rue Fontaine", in: amiens, key: "0001"))
        let plan = try town.queue.read { db in
            try Row.fetchAll(db, sql: """
                EXPLAIN QUERY PLAN SELECT s.name FROM street_terms t JOIN streets s ON s.id = t.rowid
                WHERE street_terms MATCH '"#80021" AND "=fontaine"'
                """).map { $0["detail"] as String }
        }
        #expect(plan.contains { $0.contains("VIRTUAL TABLE INDEX") })
        #expect(plan.contains { $0.contains("USING INTEGER PRIMARY KEY") })
    }

    @Test func `a row without a number is a point of its street`() throws {
        let amiens = try commune("80021", "Amiens", ["80000"])
        let row = BANAddress(
            id: "80021_0009", number: 99_999, street: "Chemin de Halage", postcode: "80000", communeCode: amiens.code,
            communeName: "Amiens", position: Position(longitude: 2.31, latitude: 49.91))
        let place = try #require(
            try Town(communes: [amiens], addresses: [row]).locate("chemin de halage", commune: "Amiens"))
        #expect(place.position.longitude == 2.31)
        #expect(place.uncertaintyMetres == 250)
    }

    @Test func `addresses alone make their commune known`() throws {
        let amiens = try commune("80021", "Amiens", ["80000"])
        let town = try Town(communes: [], addresses: street("Rue Fontaine", in: amiens, key: "0001"))
        #expect(try town.locate("12 rue Fontaine 80000 Amiens")?.precision == .houseNumber)
        #expect(try town.locate("80000 Amiens")?.precision == .commune)
    }

    @Test func `an arrondissement's address is found by the city's code and by its own`() throws {
        let paris = try commune("75056", "Paris", ["75001", "75012"])
        let twelfth = try commune("75112", "Paris 12e Arrondissement", ["75012"])
        let town = try Town(communes: [paris, twelfth], addresses: street("Rue de Reuilly", in: twelfth, key: "8000"))
        for code in ["75056", "75112"] {
            #expect(try town.locate("12 rue de Reuilly", code: code)?.communeCode.rawValue == "75112")
        }
        #expect(try town.locate("12 rue de Reuilly 75012 Paris")?.precision == .houseNumber)
        #expect(try town.locate("12 rue de Reuilly, Paris 12e")?.precision == .houseNumber)
    }
}
