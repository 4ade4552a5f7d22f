import AlertModel
import Foundation
import GRDB
import GeoModel
import Geocoding
import TestSupport
import Testing

@testable import Import
@testable import Store

@Suite struct AddressImportTests {
    static let header =
        "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;code_insee_ancienne_commune;"
        + "nom_ancienne_commune;x;y;lon;lat;nom_ld\n"

    private func row(
        _ number: Int, street: String = "Rue des Tilleuls", lon: String = "2.30", lat: String = "49.90",
        code: String = "80021"
    ) -> String {
        "\(code)_0001_0000\(number);;\(number);;\(street);80000;\(code);Amiens;;;;;\(lon)\(number);\(lat);\n"
    }

    private func columns(_ names: String...) throws -> BANColumns { BANColumns(names) }

    @Test func `columns are found by name, in any order`() throws {
        let columns = try columns(
            "lat", "lon", "nom_commune", "code_insee", "code_postal", "nom_voie", "rep", "numero", "id", "nom_ld")
        let address = try columns.address(
            CSVRecord(
                line: 2,
                fields: ["49.9", "2.3", "Amiens", "80021", "80000", "Rue X", "bis", "12", "80021_1_12_bis", "Le Bois"]),
            file: "f.csv")
        #expect((address.number, address.suffix, address.street) == (12, "bis", "Rue X"))
        #expect((address.postcode, address.communeCode.rawValue, address.communeName) == ("80000", "80021", "Amiens"))
        #expect(address.position == Position(longitude: 2.3, latitude: 49.9))
        #expect((address.locality, address.formerCommuneCode) == ("Le Bois", nil))
    }

    @Test func `a file of something else is refused, naming the columns it lacks`() {
        #expect(throws: ImportError.notAddresses(file: "f.csv", missing: ["code_postal"])) {
            try AddressSourceKind(header: ["Code_commune_INSEE", "nom", "Libellé d'acheminement"], file: "f.csv")
        }
        #expect(throws: ImportError.self) { try AddressSourceKind(header: ["gml_id", "cli"], file: "f.csv") }
    }

    /// Fields of id, numero, nom_voie, code_postal, code_insee, nom_commune, lon, lat; the column and reason.
    @Test(arguments: [
        (["", "1", "Rue", "80000", "80021", "Amiens", "2.3", "49.9"], "id", "empty"),
        (["a", "1", "Rue", "80000", "8OO21", "Amiens", "2.3", "49.9"], "code_insee", "not a commune code"),
        (["a", "1", "Rue", "80000", "80021", "Amiens", "", "49.9"], "lon", "not degrees"),
        (["a", "1", "Rue", "80000", "80021", "Amiens", "2.3", "nord"], "lon", "not degrees"),
        (
            ["a", "1", "Rue", "80000", "80021", "Amiens", "652301", "6861302"], "lon",
            "not a place of a French territory in longitude and latitude"
        ),
        (
            ["a", "1", "Rue", "80000", "80021", "Amiens", "49.9", "2.3"], "lon",
            "not a place of a French territory in longitude and latitude"
        ),
        (["a", "1", "", "80000", "80021", "Amiens", "2.3", "49.9"], "nom_voie", "empty"),
        (["a", "1"], "code_insee", "not a commune code"),
    ])
    func `a bad row is told with its line and column`(fields: [String], column: String, reason: String) throws {
        let columns = try columns("id", "numero", "nom_voie", "code_postal", "code_insee", "nom_commune", "lon", "lat")
        #expect(throws: ImportError.badAddress(file: "f.csv", line: 9, column: column, reason: reason)) {
            try columns.address(CSVRecord(line: 9, fields: fields), file: "f.csv")
        }
    }

    @Test func `an import adds, changes and leaves, by the base's own identifiers`() throws {
        let bench = try ImportBench()
        let first = try bench.addresses(Self.header + row(1) + row(2) + row(3))
        #expect((first.rows, first.counts.added) == (3, 3))
        let again = try bench.addresses(Self.header + row(1) + row(2) + row(3))
        #expect((again.counts.added, again.counts.updated, again.counts.unchanged) == (0, 0, 3))
        let moved = try bench.addresses(Self.header + row(1, lat: "49.91"))
        #expect((moved.counts.updated, moved.counts.added) == (1, 0))
    }

    @Test func `one bad row undoes the file`() throws {
        let bench = try ImportBench()
        let error = #expect(throws: ImportError.self) { try bench.addresses(Self.header + row(1) + row(2, lat: "x")) }
        #expect(error?.description == "addresses.csv, line 3, column lon: not degrees")
        #expect(try bench.count("house_numbers") == 0)
        #expect(throws: ImportError.noHeader(file: "addresses.csv")) { try bench.addresses("\n\n") }
    }

    @Test func `recipients who were geocoded are placed again, the others stay`() throws {
        let bench = try ImportBench()
        _ = try bench.recipients(
            """
            id;adresse;code_postal;commune;insee;lon;lat
            waiting;7 rue des Tilleuls;80000;Amiens;80021;;
            no code;7 rue des Tilleuls;80000;Amiens;;;
            given;7 rue des Tilleuls;80000;Amiens;80021;2.25;49.85
            other;1 rue Inconnue;80000;Amiens;80021;;
            """)
        let report = try bench.addresses(Self.header + (1...9).map { row($0) }.joined())
        #expect(report.relocated == 2)
        #expect(
            try bench.fetch(
                "SELECT external_id || ' ' || ifnull(precision, '-') FROM recipients ORDER BY external_id",
                as: String.self)
                == ["given given", "no code house_number", "other -", "waiting house_number"])
        #expect(
            try bench.fetch("SELECT X(location) FROM recipients WHERE external_id = 'waiting'", as: Double.self) == [
                2.307
            ])
        #expect(try bench.addresses(Self.header + row(1)).relocated == 0)
    }

    @Test func `the shipped addresses are read to the last`() throws {
        let bench = try ImportBench()
        let report = try AddressImport(database: bench.database, actor: "test").run(
            file: ShippedGeodata.file("demo/adresses-80.csv.gz").path)
        #expect(report.rows == 26_803)
        #expect(report.counts.added + report.counts.unchanged + report.counts.updated == report.rows)
    }
}
