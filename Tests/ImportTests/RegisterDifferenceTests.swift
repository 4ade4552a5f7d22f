import AlertModel
import GRDB
import GeoModel
import Testing

@testable import Import
@testable import Store

/// A newer file of a source against what the source gave before, and the way back.
@Suite struct RegisterDifferenceTests {
    private let january = """
        id;nom;prenom;insee;lon;lat;tel;email;listes;etiquettes;vulnerabilite;foyer
        a;Curie;Marie;80021;2.30;49.9;06 12 34 56 01;marie@example.org;rive;sourde;malentendante;F1
        b;Verne;Jules;80021;2.31;49.9;06 12 34 56 02;;rive;;;F2
        c;Sand;George;80021;2.32;49.9;;george@example.org;;;;
        d;Hugo;Victor;80021;2.33;49.9;03 22 12 34 56;;;;;

        """
    /// a has moved and lost her number, b is gone, e is new.
    private let february = """
        id;nom;prenom;insee;lon;lat;tel;email;listes;etiquettes;vulnerabilite;foyer
        a;Curie;Marie;80021;2.35;49.9;;marie@example.org;rive;sourde;malentendante;F1
        c;Sand;George;80021;2.32;49.9;;george@example.org;;;;
        d;Hugo;Victor;80021;2.33;49.9;03 22 12 34 56;;;;;
        e;Zola;Émile;80021;2.34;49.9;06 12 34 56 05;;;;;

        """

    private func run(_ bench: ImportBench, _ text: String, _ change: (inout RecipientImport.Options) -> Void = { _ in })
        throws -> RecipientImportReport
    {
        var options = RecipientImport.Options(organisation: "Mairie")
        options.source = "liste"
        change(&options)
        return try RecipientImport(database: bench.database, actor: "test").run(
            file: try bench.file("f.csv", text), options: options)
    }

    /// Everything the register holds, row numbers of contact points aside.
    private func picture(_ bench: ImportBench) throws -> [String] {
        try bench.fetch(
            """
            SELECT json_array(r.id, external_id, name, kind, address, postcode, commune_code, is_commune_found,
                    commune_name, language, precision, score, uncertainty_metres, AsText(location), channels,
                    hex(content_hash), r.updated_at, household, building, r.confirmed_on, source, import_id,
                    (SELECT group_concat(x, '/') FROM (SELECT c.channel || c.address || c.rank || c.is_emergency
                        || ifnull(c.check_flag, '-') || ifnull(c.consent, '-') AS x FROM contact_points AS c
                        WHERE c.recipient_id = r.id ORDER BY 1)),
                    (SELECT group_concat(list_id, '/') FROM list_members WHERE recipient_id = r.id),
                    (SELECT group_concat(tag, '/') FROM recipient_tags WHERE recipient_id = r.id),
                    (SELECT kind || ifnull(detail, '-') FROM vulnerabilities WHERE recipient_id = r.id),
                    (SELECT group_concat(external_id) FROM recipient_aliases WHERE recipient_id = r.id))
            FROM recipients AS r ORDER BY r.id
            """, as: String.self)
    }

    @Test func `the same file again changes nothing, not even a row's time`() throws {
        let bench = try ImportBench()
        #expect(try run(bench, january).counts.added == 4)
        let before = try picture(bench)
        let again = try run(bench, january)
        #expect((again.counts.added, again.counts.updated, again.counts.unchanged) == (0, 0, 4))
        #expect(again.importID == nil && again.goneCount == 0)
        #expect(try picture(bench) == before)
    }

    @Test func `a newer file shows what is added, changed and gone, and a dry run writes none of it`() throws {
        let bench = try ImportBench()
        _ = try run(bench, january)
        let before = try picture(bench)
        for isDry in [true, false] {
            let report = try run(bench, february) { $0.dryRun = isDry }
            #expect((report.counts.added, report.counts.updated, report.counts.unchanged) == (1, 1, 2))
            #expect(report.changedFields == ["contact_points": 1, "location": 1])
            #expect((report.gone, report.goneCount) == (["b"], 1))
            if isDry { #expect(try picture(bench) == before) }
        }
        // Shown, and kept: nobody leaves the register by omission.
        #expect(try bench.fetch("SELECT external_id FROM recipients ORDER BY 1", as: String.self) == ["a", "b", "c", "d", "e"])
    }

    @Test func `who is gone is removed when asked for, and not when they are many`() throws {
        let bench = try ImportBench()
        _ = try run(bench, january)
        #expect(throws: RegisterImportError.tooManyGone(source: "liste", gone: 1, of: 4)) {
            try run(bench, february) { $0.removesGone = true }
        }
        #expect(try bench.count("recipients") == 4)
        let report = try run(bench, february) { ($0.removesGone, $0.isSure) = (true, true) }
        #expect(report.counts.removed == 1)
        #expect(try bench.fetch("SELECT external_id FROM recipients ORDER BY 1", as: String.self) == ["a", "c", "d", "e"])
        #expect(try bench.fetch("SELECT count(*) FROM contact_points WHERE recipient_id NOT IN (SELECT id FROM recipients)", as: Int.self) == [0])
    }

    @Test func `another source's people are not gone, and a row that is refused is not either`() throws {
        let bench = try ImportBench()
        _ = try run(bench, january)
        _ = try run(bench, "id;nom\nx;Sue\n") { $0.source = "autre" }
        let report = try run(bench, january.replacing("2.31;49.9", with: "2.31;")) {
            ($0.removesGone, $0.skipInvalid) = (true, true)
        }
        #expect((report.refusedRows, report.goneCount, report.counts.removed) == (1, 0, 0))
        #expect(try bench.count("recipients") == 5)
        // A row nobody can name: whether its person is gone is not known.
        #expect(throws: RegisterImportError.goneUnknown(rows: 1)) {
            try run(bench, january.replacing("b;Verne", with: ";Verne")) {
                ($0.removesGone, $0.skipInvalid, $0.isSure) = (true, true, true)
            }
        }
    }

    @Test func `undo gives the register back as it was, protected facts included`() throws {
        let bench = try ImportBench()
        let empty = try picture(bench)
        let first = try #require(try run(bench, january).importID)
        let before = try picture(bench)
        let report = try run(bench, february.replacing("malentendante", with: "sourde")) {
            ($0.removesGone, $0.isSure) = (true, true)
        }
        #expect(report.changedFields["vulnerability"] == 1)
        let second = try #require(report.importID)
        #expect(try picture(bench) != before)
        #expect(throws: RegisterError.self) {
            try bench.database.undoImport(first, organisationNamed: "Mairie", actor: "test")
        }
        let undone = try bench.database.undoImport(nil, organisationNamed: "Mairie", actor: "test")
        #expect((undone.id, undone.removed, undone.restored, undone.returned) == (second, 1, 1, 1))
        #expect(try picture(bench) == before)
        let entry = try #require(try bench.database.auditEntries(limit: 1).first)
        #expect((entry.action, entry.subject) == ("register.undo", String(second)))
        #expect(throws: RegisterError.alreadyUndone(id: second)) {
            try bench.database.undoImport(second, organisationNamed: "Mairie", actor: "test")
        }
        let last = try bench.database.undoImport(nil, organisationNamed: "Mairie", actor: "test")
        #expect((last.id, last.removed) == (first, 4))
        #expect(try picture(bench) == empty)
        #expect(throws: RegisterError.noImport) {
            try bench.database.undoImport(nil, organisationNamed: "Mairie", actor: "test")
        }
        #expect(try bench.count("register_import_images") == 0)
        let sound = try bench.database.pool.write {
            try Int.fetchOne($0, sql: "SELECT CheckSpatialIndex('recipients', 'location')")
        }
        #expect(sound == 1)
    }

    @Test func `an import that something touched since is not undone, and who is named`() throws {
        let bench = try ImportBench()
        let id = try #require(try run(bench, january).importID)
        try bench.database.pool.write {
            try $0.execute(sql: "UPDATE recipients SET name = 'corrigé', import_id = NULL WHERE external_id = 'c'")
        }
        #expect(throws: RegisterError.touchedSince(id: id, externalIDs: ["c"], count: 1)) {
            try bench.database.undoImport(id, organisationNamed: "Mairie", actor: "test")
        }
        #expect(try bench.count("recipients") == 4)
        #expect(throws: RegisterError.unknownImport(id: 99)) {
            try bench.database.undoImport(99, organisationNamed: "Mairie", actor: "test")
        }
    }

    @Test func `what can be undone is kept for the newest imports only`() throws {
        let bench = try ImportBench()
        for round in 0...AlertDatabase.keptImports {
            _ = try run(bench, january.replacing("Curie", with: "Curie \(round)"))
        }
        let imports = try bench.database.registerImports(ofOrganisationNamed: "Mairie", limit: 100)
        #expect(imports.count(where: \.canBeUndone) == AlertDatabase.keptImports)
        #expect(throws: RegisterError.tooOld(id: 1, kept: AlertDatabase.keptImports)) {
            try bench.database.undoImport(1, organisationNamed: "Mairie", actor: "test")
        }
    }

    @Test func `a removed recipient's ledger entries stay, and name it again once it is back`() throws {
        let bench = try ImportBench()
        _ = try run(bench, january)
        try bench.database.pool.write { database in
            try database.execute(sql: """
                INSERT INTO campaigns (id, organisation_id, request_key, mode, state, subject, text, channels,
                    maximum_retries, retry_period_seconds, validity_seconds, zone, audience_hash, recipients, certain,
                    possible, not_located, created_at, created_by, started_at, expires_at, ended_at)
                VALUES (1, 1, 'k', 'exercise', 'completed', 's', 't', 'sms', 0, 1, 1, '{}', printf('%064d', 0), 1, 1, 0,
                    0, 0, 'x', 0, 1, 1)
                """)
            try database.execute(sql: """
                INSERT INTO deliveries (id, campaign_id, recipient_id, external_id, precision, certainty, why, state,
                    changed_at)
                SELECT 1, 1, id, external_id, 'given', 'certain', 'x', 'passed', 0 FROM recipients WHERE external_id = 'b'
                """)
        }
        let named = try bench.fetch("SELECT recipient_id FROM deliveries", as: Int.self)
        _ = try run(bench, february) { ($0.removesGone, $0.isSure) = (true, true) }
        #expect(try bench.fetch("SELECT recipient_id IS NULL AND external_id = 'b' FROM deliveries", as: Bool.self) == [true])
        _ = try bench.database.undoImport(nil, organisationNamed: "Mairie", actor: "test")
        #expect(try bench.fetch("SELECT recipient_id FROM deliveries", as: Int.self) == named)
    }

    @Test func `what a file does not speak of stays, and who loses the last number is listed first`() throws {
        let bench = try ImportBench()
        _ = try run(bench, january)
        let before = try picture(bench)
        // Names alone: numbers, places, lists, labels and protected facts are not its business.
        let names = try run(bench, "id;nom\na;Curie\nb;Verne\nc;Sand\nd;Hugo\n") { $0.dryRun = true }
        #expect(names.changedFields == ["name": 4])
        let codes = try run(bench, "id;insee\na;80021\nb;80021\nc;80021\nd;80021\n")
        #expect((codes.counts.unchanged, codes.importID) == (4, nil))
        #expect(try picture(bench) == before)
        let report = try run(bench, "id;tel\na;\nb;\nc;\nd;03 22 12 34 56\n") { $0.dryRun = true }
        #expect((report.losingLastContactCount, report.losingLastContact) == (1, [3]))
    }

    @Test func `a write that comes too late is refused`() throws {
        let bench = try ImportBench()
        _ = try run(bench, january)
        let spool = try bench.database.makeRegisterSpool()
        try bench.database.readRegister(ofOrganisationNamed: "Mairie") { register in
            var recipient = Recipient(
                externalID: "a", name: Redacted("X"), kind: .person, addressText: nil, postcode: nil, communeCode: nil,
                communeName: nil, language: "fr", location: nil, contactPoints: [], lists: nil)
            let comparison = try register.compare(&recipient, source: "liste") { _ in }
            try spool.append(try #require(RegisterOperation(comparison, line: 2, recipient: recipient)).encoded[...])
        }
        _ = try run(bench, january.replacing("Curie", with: "Skłodowska"))
        #expect(throws: RegisterError.changedMeanwhile) {
            try bench.database.apply(
                RegisterChanges(spool: spool, source: "liste", placedBy: bench.database.placesVersion()), organisationNamed: "Mairie",
                from: ImportedFile(name: "f", sha256: ""), actor: "test")
        }
    }

    @Test(arguments: [
        ("habitants-2026-03.csv", "habitants"), ("Registre 12.03.2026 v2.xlsx", "registre"),
        ("export_20260312.csv.gz", "export"), ("2026.csv", "2026"), ("50k.csv", "50k"), ("liste2026b.csv", "liste"), ("Personnes âgées (copie).ods", "personnes-âgées"),
    ])
    func `a file belongs to the source its name says, dates and numbers aside`(file: String, source: String) {
        #expect(SourceName.of(file: file) == source)
    }
}
