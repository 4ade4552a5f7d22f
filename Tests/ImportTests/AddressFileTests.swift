import GeoModel
import Geocoding
import Testing

@testable import Import

@Suite struct AddressFileTests {
    private func read(_ text: String) throws -> (header: [String], rows: [AddressFile.Row]) {
        let bench = try ImportBench()
        var header: [String] = []
        var rows: [AddressFile.Row] = []
        try AddressFile(path: try bench.file("a.csv", text)).read(header: { header = $0 }, row: { rows.append($0) })
        return (header, rows)
    }

    @Test func `address columns are recognised, the others kept as they were`() throws {
        let file = try read(
            "n;numero;voie;cp;ville;code insee\nx;12;rue des Tilleuls;80000;Amiens;80021\ny;;;;Longueau;\n")
        #expect(file.header == ["n", "numero", "voie", "cp", "ville", "code insee"])
        #expect(file.rows.map(\.fields.first) == ["x", "y"])
        let query = try #require(file.rows.first).query
        #expect((query.text, query.postcode, query.communeName) == ("12 rue des Tilleuls", "80000", "Amiens"))
        #expect(query.communeCode?.rawValue == "80021")
        #expect((file.rows[1].query.text, file.rows[1].query.communeName) == ("", "Longueau"))
    }

    @Test(arguments: ["query\n", "q\n", "Où\n", "n;label\n1;"])
    func `one column, or one called query, holds whole addresses`(start: String) throws {
        #expect(
            try read(start + "12 rue des Tilleuls 80000 Amiens\n").rows.map(\.query.text) == [
                "12 rue des Tilleuls 80000 Amiens"
            ])
    }

    @Test func `a file without an address is refused`() {
        #expect(throws: ImportError.missingColumns(file: "a.csv", fields: ["address"], found: ["nom", "téléphone"])) {
            try read("nom;téléphone\na;b\n")
        }
        #expect(throws: ImportError.noHeader(file: "a.csv")) { try read("\n\n") }
    }
}
