import AlertModel
import Foundation
import GRDB
import GeoModel
import TestSupport
import Testing

@testable import Import
@testable import Store

@Suite struct CodeTableImportTests {
    private static let communes = """
        TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT
        COM,80021,32,80,80D,801,1,AMIENS,Amiens,Amiens,8099,
        COMD,80022,,,,,5,ANCIENNE,Ancienne,L'Ancienne,,80021

        """
    private static let movements = """
        MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,NCC_AV,NCCENR_AV,LIBELLE_AV,TYPECOM_AP,COM_AP,TNCC_AP,NCC_AP,NCCENR_AP,LIBELLE_AP
        32,2019-01-01,COM,80022,5,ANCIENNE,Ancienne,L'Ancienne,COMD,80022,5,ANCIENNE,Ancienne,L'Ancienne
        32,2019-01-01,COM,80022,5,ANCIENNE,Ancienne,L'Ancienne,COM,80021,1,AMIENS,Amiens,Amiens
        20,1947-09-17,,,,,,,COM,06163,0,TENDE,Tende,Tende

        """

    private func run(_ bench: ImportBench, _ name: String, _ text: String, vintage: Int? = nil) throws
        -> CodeTableImportReport
    {
        try CodeTableImport(database: bench.database, actor: "test").run(
            file: try bench.file(name, text), vintage: vintage)
    }

    @Test func `a file's columns say which table it is, the file or its name of which year`() throws {
        let bench = try ImportBench()
        func said(_ name: String, _ text: String) throws -> String {
            let report = try run(bench, name, text)
            return "\(report.table) \(report.vintage) \(report.vintageSource) \(report.rows)"
        }
        #expect(try said("v_commune_2024.csv", Self.communes) == "communes 2024 fileName 2")
        #expect(try said("mouvements.csv", Self.movements) == "movements 2019 rows 3")
        #expect(
            try said("v_departement_2024.csv", "DEP,REG,CHEFLIEU,TNCC,NCC,NCCENR,LIBELLE\n80,32,80021,3,SOMME,Somme,Somme\n")
                == "departments 2024 fileName 1")
        #expect(
            try said("v_region_2024.csv", "REG,CHEFLIEU,TNCC,NCC,NCCENR,LIBELLE\n32,59350,4,HDF,Hauts-de-France,Hauts-de-France\n")
                == "regions 2024 fileName 1")
        #expect(
            try said("population2016-geographie2018.csv", "reg,dep,code,nom,pmun\n32,80,80021,Amiens,133448\n")
                == "populations 2018 fileName 1")
        #expect(
            try said("epci.csv", "dept;siren;raison_sociale;insee;pmun_2024\n80;248000531;CA Amiens;80021;1\n")
                == "epci 2024 columns 1")
        #expect(try bench.fetch("SELECT year FROM code_populations", as: Int.self) == [2016])
        try FileManager.default.createDirectory(
            at: bench.folder.appending(path: "2023"), withIntermediateDirectories: true)
        #expect(
            try said("2023/donnees_communes.csv", "REG;DEP;COM;Commune;PMUN\n32;80;80021;Amiens;134 706\n")
                == "populations 2023 folderName 1")
        #expect(try bench.fetch("SELECT population FROM code_populations WHERE vintage = 2023 AND year = 2020", as: Int.self) == [134_706])
    }

    @Test func `a file that says no year needs one, and the caller's wins`() throws {
        let bench = try ImportBench()
        #expect(throws: ImportError.noVintage(file: "communes.csv")) { try run(bench, "communes.csv", Self.communes) }
        #expect(try run(bench, "v_commune_2024.csv", Self.communes, vintage: 2023).vintage == 2023)
    }

    @Test(arguments: [
        ("TYPECOM,COM,TNCC,NCCENR,LIBELLE,COMPARENT\nCOM,8002X,1,A,A,\n", "line 2, column com"),
        ("TYPECOM,COM,TNCC,NCCENR,LIBELLE,COMPARENT\nCOM,80021,1,A,A,\nCOM,80021,1,A,A,\n", "line 3, column com"),
        ("TYPECOM,COM,TNCC,NCCENR,LIBELLE,COMPARENT\nCOMD,80021,1,A,A,\n", "line 2, column comparent"),
        ("TYPECOM,COM,TNCC,NCCENR,LIBELLE,COMPARENT\nCANTON,80021,1,A,A,\n", "line 2, column typecom"),
        ("COM;PMUN\n80021;beaucoup\n", "line 2, column pmun"),
        ("MOD,DATE_EFF,TYPECOM_AV,COM_AV,TYPECOM_AP,COM_AP\n99,2019-01-01,COM,80021,COM,80022\n", "line 2, column mod"),
        ("MOD,DATE_EFF,TYPECOM_AV,COM_AV,TYPECOM_AP,COM_AP\n31,01/01/2019,COM,80021,COM,80022\n", "column date_eff"),
        ("a;b\n1;2\n", "none of the code tables"), ("COM;PMUN\n", "is empty"),
    ])
    func `a row that is wrong refuses the file, by line and column`(text: String, words: String) throws {
        let bench = try ImportBench()
        let error = #expect(throws: ImportError.self) { try run(bench, "t_2024.csv", text) }
        #expect("\(try #require(error))".contains(words), "\(String(describing: error))")
        for table in ["code_communes", "code_movements", "code_populations"] { #expect(try bench.count(table) == 0) }
    }

    @Test func `the same file again changes nothing, and each import is in the journal`() throws {
        let bench = try ImportBench()
        #expect(try run(bench, "v_commune_2024.csv", Self.communes).counts.added == 2)
        let again = try run(bench, "v_commune_2024.csv", Self.communes)
        #expect((again.counts.added, again.counts.removed, again.counts.unchanged) == (0, 0, 2))
        #expect(try bench.fetch("SELECT count(*) FROM audit_entries WHERE action = 'import.codes'", as: Int.self) == [2])
        #expect(try bench.fetch("SELECT count(*) FROM datasets WHERE kind = 'codes'", as: Int.self) == [2])
        #expect(try bench.database.firstBrokenAuditEntry() == nil)
    }

    @Test(.enabled(if: TestGeodata.isExpected, TestGeodata.skipReason))
    func `INSEE's and the DGCL's own files go in`() throws {
        let bench = try ImportBench()
        let importer = CodeTableImport(database: bench.database, actor: "test")
        var said: [String] = []
        for name in ["communes.csv.gz", "mouvements-communes.csv.gz", "departements.csv", "regions.csv", "donnees_communes.csv.gz"] {
            let report = try importer.run(file: try TestGeodata.file("cog/2024/\(name)").path, vintage: nil)
            said.append("\(report.table) \(report.vintage) \(report.rows)")
        }
        #expect(said == [
            "communes 2024 37544", "movements 2024 13284", "departments 2024 101", "regions 2024 18", "populations 2024 34960",
        ])
        #expect(try bench.database.communesSummary().count == 34_935)
        // Every code of the tables means something today, and only on communes of today.
        #expect(try bench.database.territorySummary().unexplainedCodes == 0)
        #expect(try bench.fetch(
            "SELECT count(*) FROM commune_places WHERE commune_code NOT IN (SELECT code FROM current_communes)", as: Int.self) == [0])
        #expect(try bench.fetch(
            "SELECT count(DISTINCT code_before) FROM code_movements WHERE code_before NOT IN (SELECT code FROM commune_places)",
            as: Int.self) == [0])
        let paris = try #require(try bench.database.communes(codes: [CommuneCode("75056")!]).found.first)
        #expect(try #require(paris.population) > 2_000_000)
        // Figures of 2018's geography do not replace those of 2024's, nor reach a commune by its code alone.
        let older = try importer.run(
            file: try TestGeodata.file("cog/2018/population2016-geographie2018-communes.csv.gz").path, vintage: nil)
        #expect((older.vintage, older.rows) == (2018, 35_382))
        let merged = try #require(try bench.database.communes(codes: [CommuneCode("80505")!]).found.first)
        #expect(merged.populationYear == 2021)
    }
}
