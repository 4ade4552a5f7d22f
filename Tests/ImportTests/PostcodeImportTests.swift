import Foundation
import GeoModel
import Geocoding
import TestSupport
import Testing

@testable import Import
@testable import Store

/// La Poste's table of postcodes.
@Suite struct PostcodeImportTests {
    private static let header =
        "\"code_commune_insee\",\"nom_de_la_commune\",\"code_postal\",\"libelle_d_acheminement\",\"ligne_5\",\"_geopoint\"\n"

    private func locate(_ query: AddressQuery, _ bench: ImportBench) throws -> GeocodedPlace? {
        try bench.database.geocode([query])[0]
    }

    @Test func `postcodes and delivery names are added, and again change nothing`() throws {
        let bench = try ImportBench()
        let table = Self.header + "80021,AMIENS,80090,AMIENS,,\n80021,AMIENS,80000,AMIENS,MONTIERES,\n"
            + "80489,LONGUEAU,80330,LONGUEAU,,\n80999,NEUVILLE,80990,NEUVILLE,,\"49.9,2.3\"\n"
        let report = try bench.addresses(table)
        #expect(report.kind == .postal)
        // 80090 and Montières for Amiens; postcode of Neuville, which nobody knew. Its name is its own, not another.
        #expect((report.rows, report.counts.added) == (4, 3))
        #expect(try bench.addresses(table).counts.added == 0)
        #expect(try locate(AddressQuery(text: "", postcode: "80090", communeName: "Amiens"), bench)?.score == 1)
        #expect(try locate(AddressQuery(text: "80330 Montières"), bench)?.communeCode.rawValue != "80021")
        #expect(try locate(AddressQuery(text: "80000 Montières"), bench)?.communeCode.rawValue == "80021")
        #expect(try locate(AddressQuery(text: "80990 Neuville"), bench)?.communeCode.rawValue == "80999")
        // A hamlet's name alone is no town's: never an answer.
        #expect(try locate(AddressQuery(text: "Montières"), bench) == nil)
        #expect(try locate(AddressQuery(text: "", communeName: "Montières"), bench) == nil)
    }

    @Test func `a delivery name that is the neighbour's name decides nothing`() throws {
        let bench = try ImportBench()
        _ = try bench.addresses(Self.header + "80489,LONGUEAU,80000,AMIENS,,\n")
        #expect(try locate(AddressQuery(text: "80000 Amiens"), bench)?.communeCode.rawValue == "80021")
    }

    @Test func `a new list of communes leaves the post's postcodes`() throws {
        let bench = try ImportBench()
        _ = try bench.addresses(Self.header + "80021,AMIENS,80090,AMIENS,,\n")
        try bench.communes(ImportBench.communes([
            #"{"code":"80021","nom":"Amiens","population":1,"codes_postaux":["80000"]}"#: (2.2, 2.4)
        ]))
        #expect(try locate(AddressQuery(text: "", postcode: "80090", communeName: "Amiens"), bench)?.score == 1)
    }

    @Test(arguments: [
        ("x,AMIENS,80000,AMIENS,,", "code_commune_insee"), ("80021,AMIENS,8000A,AMIENS,,", "code_postal"),
        ("80021,AMIENS,80000,,,", "libelle_d_acheminement"),
    ])
    func `a bad row is told with its line and column, and undoes the file`(row: String, column: String) throws {
        let bench = try ImportBench()
        let error = #expect(throws: ImportError.self) { try bench.addresses(Self.header + "80021,AMIENS,80090,AMIENS,,\n" + row) }
        #expect(error?.description.hasPrefix("addresses.csv, line 3, column \(column): ") == true)
        #expect(try bench.count("commune_other_postcodes") == 0)
    }

    @Test(.enabled(if: TestGeodata.isExpected, TestGeodata.skipReason))
    func `the real table goes in whole, and names resolve with their postcodes`() throws {
        let bench = try ImportBench()
        let file = try TestGeodata.file("addresses/laposte-hexasmal-2025-06.csv.gz").path
        let report = try AddressImport(database: bench.database, actor: "test").run(file: file)
        #expect(report.rows == 39_201)
        #expect(try locate(AddressQuery(text: "", postcode: "01300", communeName: "Arbignieu"), bench)?.communeCode.rawValue == "01015")
        #expect(try locate(AddressQuery(text: "01300 ST BOIS"), bench)?.communeCode.rawValue == "01015")
        #expect(try locate(AddressQuery(text: "75012 Paris 12"), bench)?.communeCode.rawValue == "75112")
        #expect(try locate(AddressQuery(text: "Arbignieu"), bench) == nil)
    }
}
