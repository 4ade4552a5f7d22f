import AlertModel
import GRDB
import GeoModel
import Testing

@testable import Import
@testable import Store

@Suite struct DuplicateTests {
    /// b is a again, by name and number; c lives with a; d is a again, by name and address; e is f's namesake elsewhere.
    private let file = """
        id;prenom;nom;adresse;insee;tel;email;listes
        a;Jean;Martin;1 rue Haute;80021;06 12 34 56 01;;rive
        b;MARTIN;Jean;;;0612345601;jean@example.org;école
        c;Léa;Martin;1 rue Haute;80021;06 12 34 56 01;;
        d;Jean;Martin;1, rue haute;80021;06 12 34 56 09;;
        e;Paul;Petit;2 rue Basse;80021;06 12 34 56 05;;
        f;Paul;Petit;9 rue Longue;80021;06 12 34 56 06;;

        """

    private func run(
        _ bench: ImportBench, _ text: String, _ choice: DuplicateChoice, skip: Bool = false, dry: Bool = false
    ) throws -> RecipientImportReport {
        var options = RecipientImport.Options(organisation: "Mairie", dryRun: dry, skipInvalid: skip)
        options.duplicates = choice
        return try RecipientImport(database: bench.database, actor: "test").run(
            file: try bench.file("f.csv", text), options: options)
    }

    private func register(_ bench: ImportBench) throws -> [String] {
        try bench.fetch(
            """
            SELECT external_id || ' ' || (SELECT group_concat(x, ' ') FROM
                (SELECT channel || address AS x FROM contact_points WHERE recipient_id = r.id ORDER BY 1))
                || ' ' || ifnull((SELECT group_concat(name) FROM (SELECT name FROM lists JOIN list_members
                    ON list_id = lists.id WHERE recipient_id = r.id ORDER BY 1)), '')
            FROM recipients AS r ORDER BY 1
            """, as: String.self)
    }

    @Test func `they are reported, and both are kept`() throws {
        let bench = try ImportBench()
        let report = try run(bench, file, .report)
        #expect(report.duplicates.map(\.line) == [3, 4, 5])
        #expect(report.duplicates[0].reason == "the same person as line 2, by name and contact or address: kept")
        #expect(report.duplicates[1].reason.contains("one household?"))
        #expect((report.duplicatePersons, report.sharedContacts, report.counts.added) == (2, 1, 6))
        #expect(!report.duplicates.contains { $0.description.contains("Martin") || $0.description.contains("34 56") })
        #expect(try run(bench, file, .keep).duplicates.isEmpty)
    }

    @Test func `merging keeps one recipient with all numbers and lists, and never a household`() throws {
        let bench = try ImportBench()
        #expect(try run(bench, file, .merge, dry: true).counts.merged == 2)
        let report = try run(bench, file, .merge)
        #expect((report.counts.added, report.counts.merged) == (4, 2))
        let expected = [
            "a emailjean@example.org sms+33612345601 sms+33612345609 voice+33612345601 voice+33612345609 rive,école",
            "c sms+33612345601 voice+33612345601 ", "e sms+33612345605 voice+33612345605 ",
            "f sms+33612345606 voice+33612345606 ",
        ]
        #expect(try register(bench).map { $0.replacing("école,rive", with: "rive,école") } == expected)
        #expect(try bench.fetch("SELECT channels FROM recipients WHERE external_id = 'a'", as: Int.self) == [7])
        #expect(
            try bench.fetch("SELECT external_id FROM recipient_aliases ORDER BY 1", as: String.self) == ["b", "d"])
        // The same file again knows them, whatever is chosen then.
        let again = try run(bench, file, .report)
        #expect((again.counts.added, again.counts.updated, again.counts.unchanged) == (0, 0, 6))
        #expect(again.importID == nil && again.goneCount == 0)
        #expect(try register(bench).map { $0.replacing("école,rive", with: "rive,école") } == expected)
        // What a's own row changes does not take from it what b and d brought.
        let changed = try run(bench, file.replacing("a;Jean;Martin;1 rue Haute", with: "a;Jean;Martin;1 rue Neuve"), .report)
        #expect(changed.counts.updated >= 1)
        #expect(try register(bench).map { $0.replacing("école,rive", with: "rive,école") } == expected)
        _ = try bench.database.undoImport(nil, organisationNamed: "Mairie", actor: "test")
        _ = try bench.database.undoImport(nil, organisationNamed: "Mairie", actor: "test")
        #expect(try bench.count("recipients") == 0)
        #expect(try bench.count("recipient_aliases") == 0)
    }

    @Test func `a new row that repeats somebody of the register is merged into them`() throws {
        let bench = try ImportBench()
        _ = try run(bench, "id;nom;tel\na;Jean Martin;0612345601\n", .report)
        let report = try run(bench, "id;nom;tel\nz;Martin Jean;0612345601 / 0612345602\n", .merge)
        #expect((report.counts.added, report.counts.merged) == (0, 1))
        #expect(
            try register(bench)
                == ["a sms+33612345601 sms+33612345602 voice+33612345601 voice+33612345602 "])
        _ = try bench.database.undoImport(nil, organisationNamed: "Mairie", actor: "test")
        #expect(try register(bench) == ["a sms+33612345601 voice+33612345601 "])
        #expect(try bench.count("recipient_aliases") == 0)
    }

    @Test func `refusing keeps the file out, or the rows`() throws {
        let bench = try ImportBench()
        let refused = try run(bench, file, .refuse)
        #expect((refused.refused.map(\.line), refused.counts.added) == ([3, 5], 0))
        #expect(try bench.count("recipients") == 0)
        #expect(try run(bench, file, .refuse, skip: true).counts.added == 4)
        #expect(try bench.fetch("SELECT external_id FROM recipients ORDER BY 1", as: String.self) == ["a", "c", "e", "f"])
    }

    @Test func `an identifier given twice is one recipient when merging`() throws {
        let bench = try ImportBench()
        let text = "id;nom;tel\na;Martin;0612345601\na;Martin;0612345602\n"
        #expect(try run(bench, text, .report).refused.count == 1)
        #expect(try run(bench, text, .merge).counts.merged == 1)
        #expect(
            try register(bench) == ["a sms+33612345601 sms+33612345602 voice+33612345601 voice+33612345602 "])
    }

    @Test func `two rows without a name that share a number are never one person`() throws {
        let bench = try ImportBench()
        let report = try run(bench, "id;tel\na;0612345601\nb;0612345601\n", .merge)
        #expect((report.counts.added, report.counts.merged, report.sharedContacts) == (2, 0, 1))
    }

    @Test func `names are the same whatever the order, the case and the accents of their words`() {
        func key(_ name: String) -> UInt64? { IdentityKeys(name: name, address: nil, commune: nil, contacts: []).name }
        #expect(key("Zoé d'Été-Nuage") == key("NUAGE D ETE zoe"))
        #expect(key("Anne Marie") == key("marie-anne"))
        #expect(key("Anne") != key("Anna"))
        #expect(key("Anne Anne") != key("Anne"))
        #expect(key(" - ") == nil)
        // Every letter of Latin-1 and some beyond, against the folding that searches use.
        for scalar in (0xC0...0x17F).compactMap({ Unicode.Scalar($0 as Int) }) {
            let name = "a\(Character(scalar))b"
            #expect(key(name) == key(FoldedName(name).text), "\(name)")
        }
    }
}
