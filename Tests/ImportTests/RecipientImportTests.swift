import AlertModel
import GRDB
import GeoModel
import Testing

@testable import Import
@testable import Store

@Suite struct RecipientImportTests {
    private let good = """
        identifiant;nom;adresse;commune;code_insee;longitude;latitude;portable;courriel;listes
        hab-1;Curie;;Amiens;80021;2.3;49.9;06 39 98 00 01;marie@example.org;rive
        hab-2;Verne;;Amiens;80021;;;01 99 00 00 01;;
        hab-3;Sand;;;;;;;;

        """

    @Test func `a good file goes in, and again changes nothing`() throws {
        let bench = try ImportBench()
        let report = try bench.recipients(good)
        #expect((report.rows, report.counts.added, report.refused.count) == (3, 3, 0))
        #expect(report.precisions == [.given: 1, .commune: 1, .notLocated: 1])
        #expect(
            report.warnings.map(\.description) == [
                "line 4, column adresse: not located: no usable address, coordinates or commune",
                "line 4, column portable: cannot be reached: no usable number or mailbox",
            ])
        #expect(report.columns.count == 10 && report.unrecognisedColumns.isEmpty)
        let again = try bench.recipients(good)
        #expect((again.counts.added, again.counts.updated, again.counts.unchanged) == (0, 0, 3))
        #expect(
            try bench.fetch("SELECT channel || ' ' || address FROM contact_points ORDER BY 1", as: String.self)
                == ["email marie@example.org", "sms +33639980001", "voice +33199000001", "voice +33639980001"])
    }

    @Test func `one refused row keeps the whole file out`() throws {
        let bench = try ImportBench()
        let entries = try bench.count("audit_entries")
        let report = try bench.recipients(good + "hab-4;X;;;;2.3;;;pas une adresse;\nhab-5;Y;;;;;;;;\n")
        #expect(report.refused.map { "\($0.line) \($0.column ?? "-")" } == ["5 latitude", "5 courriel"])
        #expect(report.leftOut.isEmpty)
        #expect((report.rows, report.refusedRows, report.counts.added) == (5, 1, 0))
        for table in ["recipients", "contact_points", "lists", "organisations"] { #expect(try bench.count(table) == 0) }
        #expect(try bench.count("audit_entries") == entries)
    }

    @Test func `with skip-invalid the others go in`() throws {
        let bench = try ImportBench()
        let report = try bench.recipients(good + "hab-4;X;;;;2.3;;;;\nhab-5;Y;;;;;;;;\n", skipInvalid: true)
        #expect((report.refusedRows, report.counts.added) == (1, 4))
        #expect(
            try bench.fetch("SELECT external_id FROM recipients ORDER BY 1", as: String.self)
                == ["hab-1", "hab-2", "hab-3", "hab-5"])
    }

    @Test(arguments: [false, true])
    func `a dry run reports and writes nothing`(skipInvalid: Bool) throws {
        let bench = try ImportBench()
        let report = try bench.recipients(good + "hab-4;X;;;;2.3;;;;\n", dryRun: true, skipInvalid: skipInvalid)
        #expect((report.rows, report.counts.added, report.refusedRows) == (4, 3, 1))
        for table in ["recipients", "contact_points", "lists", "organisations"] { #expect(try bench.count(table) == 0) }
    }

    @Test func `an identifier given twice in a file is refused the second time`() throws {
        let bench = try ImportBench()
        let report = try bench.recipients(good + "hab-1;Curie;;;;;;;;\n", skipInvalid: true)
        #expect(report.refused.map(\.description) == ["line 5, column identifiant: the same identifier as line 2"])
        #expect(report.counts.added == 3)
        #expect(
            try bench.fetch("SELECT name FROM recipients WHERE external_id = 'hab-1'", as: String.self) == ["Curie"])
        #expect(
            try bench.fetch("SELECT precision FROM recipients WHERE external_id = 'hab-1'", as: String.self) == [
                "given"
            ])
    }

    @Test func `coordinates win over the commune named, with a warning and the distance`() throws {
        let bench = try ImportBench()
        let report = try bench.recipients(
            """
            id;insee;lon;lat
            inside;80021;2.3;49.9
            border;80021;2.4;49.9
            outside;80021;2.41;49.9

            """)
        #expect(
            report.warnings.map(\.description) == [
                "line 4, column lon: the point lies 719 m outside commune 80021: kept as given"
            ])
        #expect(
            try bench.fetch("SELECT X(location) FROM recipients WHERE external_id = 'outside'", as: Double.self) == [
                2.41
            ])
        #expect(
            try bench.fetch("SELECT commune_code FROM recipients WHERE external_id = 'outside'", as: String.self) == [
                "80021"
            ])
    }

    @Test func `a commune by name is found, an unknown code is kept and told`() throws {
        let bench = try ImportBench()
        let report = try bench.recipients(
            "id;ville;insee;adresse\na;Longueau;;\nb;;80999;\nc;Amiens;80021;3 rue Perdue\n")
        #expect(
            try bench.fetch("SELECT commune_code FROM recipients ORDER BY external_id", as: String.self)
                == ["80489", "80999", "80021"])
        #expect(report.precisions == [.commune: 2, .notLocated: 1])
        #expect(
            report.warnings.map(\.description) == [
                "line 3, column adresse: not located: no usable address, coordinates or commune",
                "line 3, column insee: commune 80999 is not among the imported communes",
                "line 4, column adresse: address not found: only the commune is known",
            ])
    }

    @Test func `Windows-1252, commas and a mapping are read as meant`() throws {
        let bench = try ImportBench()
        let bytes =
            Array("matricule,Nom,Portable astreinte\n1,".utf8) + [0xC9, 0x6C, 0x69, 0x73, 0x65]
            + Array(",0639980001\n".utf8)
        let report = try RecipientImport(database: bench.database, actor: "test").run(
            file: try bench.file("a.csv", bytes),
            options: RecipientImport.Options(organisation: "Mairie", map: ["Portable astreinte": "sms"]))
        #expect(report.counts.added == 1)
        #expect(try bench.fetch("SELECT name FROM recipients", as: String.self) == ["Élise"])
        #expect(try bench.fetch("SELECT channel FROM contact_points", as: String.self) == ["sms"])
    }

    @Test func `a file that cannot be taken as a whole throws, and nothing is written`() throws {
        let bench = try ImportBench()
        #expect(throws: ImportError.empty(file: "recipients.csv")) { try bench.recipients("") }
        #expect(throws: ImportError.noHeader(file: "recipients.csv")) { try bench.recipients("\n\n") }
        #expect(throws: ImportError.missingColumns(file: "recipients.csv", fields: ["id"], found: ["a", "b"])) {
            try bench.recipients("a;b\n1;2\n")
        }
        #expect(throws: ImportError.unterminatedQuote(file: "recipients.csv", line: 3)) {
            try bench.recipients("id;nom\n1;x\n2;\"y\n3;z\n")
        }
        #expect(try bench.count("recipients") == 0)
        #expect(try bench.count("organisations") == 0)
    }

    @Test func `no refusal or warning repeats what the file says`() throws {
        let bench = try ImportBench()
        let report = try bench.recipients(
            "id;nom;tel;email;adresse;insee;lon;lat\n1;Secret;0secret1;secret@;secret street;80021;2.3;\n"
                + "2;Secret;;;1 rue Secret;80999;;\n3;Secret;;;rue Secret;;;\n", dryRun: true)
        #expect(report.refused.count == 3 && report.warnings.count == 5)
        #expect(!(report.refused + report.warnings).contains { $0.description.lowercased().contains("secret") })
    }
}
