import Foundation
import GeoModel
import Geocoding
import TestSupport
import Testing

@testable import Import
@testable import Store

/// Bases Adresses Locales, versions 1.3 to 1.5.
@Suite struct LocalAddressImportTests {
    private static let header = """
        id_ban_commune;id_ban_toponyme;id_ban_adresse;cle_interop;commune_insee;commune_nom;commune_deleguee_insee;\
        commune_deleguee_nom;voie_nom;lieudit_complement_nom;numero;suffixe;position;x;y;long;lat;voie_nom_bre;\
        commune_nom_bre;certification_commune

        """

    private func row(
        _ number: String, street: String = "Rue Haute", key: String = "", suffix: String = "", kind: String = "entrée",
        x: String = "", y: String = "", long: String = "2.30", lat: String = "49.90", code: String = "80021",
        former: String = "", locality: String = "", other: String = "", town: String = ""
    ) -> String {
        ";;;\(key);\(code);Amiens;\(former.isEmpty ? "" : "80999");\(former);\(street);\(locality);\(number);\(suffix);"
            + "\(kind);\(x);\(y);\(long);\(lat);\(other);\(town);1\n"
    }

    private func locate(_ text: String, _ bench: ImportBench, code: String = "80021") throws -> GeocodedPlace? {
        try bench.database.geocode([AddressQuery(text: text, communeCode: CommuneCode(code))])[0]
    }

    @Test func `numbers, localities, other languages and delegated communes go in`() throws {
        let bench = try ImportBench()
        let report = try bench.addresses(
            Self.header + row("12", suffix: "bis", other: "Straed Uhel", town: "Ambianed") + row("99999", street: "Le Bout du Monde")
                + row("3", street: "Rue Basse", long: "2.31", former: "Vieille-Amiens", locality: "Le Hamel"))
        #expect(report.kind == .local)
        #expect((report.rows, report.counts.added) == (3, 3))
        #expect(try locate("12 bis rue haute", bench)?.houseNumber == HouseNumber(12, suffix: "bis"))
        #expect(try locate("12 bis straed uhel", bench)?.houseNumber == HouseNumber(12, suffix: "bis"))
        #expect(try locate("12 bis rue haute", bench)?.label == "12bis Rue Haute 80000 Amiens")
        let place = try #require(try locate("le bout du monde", bench))
        #expect(place.precision == .locality)
        #expect(place.houseNumber == nil)
        #expect(try locate("le hamel", bench)?.precision == .locality)
        let named = try bench.database.geocode([
            AddressQuery(text: "3 rue basse", communeName: "Vieille Amiens"), AddressQuery(text: "3 rue basse", communeName: "Ambianed"),
        ])
        #expect(named.map { $0?.communeCode.rawValue } == ["80021", "80021"])
    }

    @Test func `versions of one file change nothing, whatever their keys`() throws {
        let files = ["1.3", "1.4", "1.5"].map { "addresses/bal/aitf_bal_simple_v\($0).csv" }
        guard TestGeodata.folder != nil else { return }
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let bench = try ImportBench()
            for (position, index) in order.enumerated() {
                let report = try AddressImport(database: bench.database, actor: "test").run(
                    file: TestGeodata.file(files[index]).path)
                #expect(report.rows == 25)
                #expect(report.kind == .local)
                if position == 0 {
                    // Number 10 of the Rue de Chanteloup has two points.
                    #expect(report.counts.added == 24)
                } else {
                    #expect((report.counts.added, report.counts.updated) == (0, 0), "\(order) \(files[index])")
                }
            }
            #expect(try bench.count("house_numbers") == 24)
            #expect(try locate("10 rue de Chanteloup", bench, code: "35088")?.precision == .houseNumber)
            #expect(try locate("Le Chene Herve", bench, code: "35088")?.precision == .locality)
        }
    }

    @Test(.enabled(if: TestGeodata.isExpected, TestGeodata.skipReason))
    func `the building's point wins over the parcel's`() throws {
        let bench = try ImportBench()
        _ = try AddressImport(database: bench.database, actor: "test").run(
            file: TestGeodata.file("addresses/bal/aitf_bal_multilingue_v1.3.csv").path)
        #expect(
            try bench.fetch("SELECT radius_metres FROM house_numbers WHERE number = 10 ORDER BY lat DESC", as: Double.self)[0] == 15)
        #expect(try locate("10 rue de Chanteloup", bench, code: "35088")?.position.latitude ?? 0 > 47.977)
        let place = try bench.database.geocode([AddressQuery(text: "2 rue de Chanteloup", communeName: "Kornuz")])[0]
        #expect(place?.communeCode.rawValue == "35088")
    }

    /// Oracle: the file's own long and lat beside x and y, and pyproj for the overseas projections.
    @Test(arguments: [
        ("35088", "357853.00", "6774067.50", -1.5883112, 47.9775042),
        ("97411", "340000", "7690000", 55.4618158, -20.8833187),
        ("97105", "642000", "1770000", -61.6728575, 16.0055247),
    ])
    func `metres of the legal projection are degrees`(code: String, x: String, y: String, longitude: Double, latitude: Double) throws {
        let columns = BALColumns(["commune_insee", "voie_nom", "numero", "x", "y"])
        let address = try columns.address(CSVRecord(line: 2, fields: [code, "Rue", "1", x, y]), file: "f.csv")
        #expect(abs(address.position.longitude - longitude) < 2e-6)
        #expect(abs(address.position.latitude - latitude) < 2e-6)
    }

    @Test(arguments: [
        (["X1", "Rue", "1", "2.3", "49.9"], "commune_insee", "not a commune code"),
        (["80021", "", "1", "2.3", "49.9"], "toponyme", "empty"),
        (["80021", "Rue", "1A", "2.3", "49.9"], "numero", "not a house number"),
        (["80021", "Rue", "-1", "2.3", "49.9"], "numero", "not a house number"),
        (["80021", "Rue", "1", "x", "49.9"], "long", "not degrees"),
        (["80021", "Rue", "1", "357853", "6774067"], "long", "not a place of a French territory in longitude and latitude"),
    ])
    func `a bad row is told with its line and column`(fields: [String], column: String, reason: String) throws {
        let columns = BALColumns(["commune_insee", "toponyme", "numero", "long", "lat"])
        #expect(throws: ImportError.badAddress(file: "f.csv", line: 7, column: column, reason: reason)) {
            try columns.address(CSVRecord(line: 7, fields: fields), file: "f.csv")
        }
    }

    @Test func `metres that are none, and one bad row, undo the file`() throws {
        let columns = BALColumns(["commune_insee", "toponyme", "numero", "x", "y"])
        for fields in [["80021", "Rue", "1", "1e300", "0"], ["80021", "Rue", "1", "nan", "1"], ["80021", "Rue", "1", "", "1"]] {
            #expect(throws: ImportError.self) { try columns.address(CSVRecord(line: 2, fields: fields), file: "f.csv") }
        }
        let bench = try ImportBench()
        #expect(throws: ImportError.self) { try bench.addresses(Self.header + row("1") + row("x")) }
        #expect(try bench.count("house_numbers") == 0)
    }
}
