import AlertModel
import GRDB
import GeoModel
import Testing

@testable import Import
@testable import Store

/// A card that several rows are, when one of their sources sends another file.
@Suite struct MergedCardTests {
    private let january = """
        id;nom;insee;adresse;tel;consentement;listes;etiquettes
        a;Ana Roy;80021;1 rue Haute;0639980001;oui;rive;sourde
        c;Luc Bon;80021;5 rue Haute;0639980005;oui;;

        """

    @discardableResult
    private func run(
        _ bench: ImportBench, _ text: String, source: String = "habitants", removing: Bool = false, dry: Bool = false
    ) throws -> RecipientImportReport {
        var options = RecipientImport.Options(organisation: "Mairie", dryRun: dry)
        options.source = source
        options.removesGone = removing
        options.isSure = true
        return try RecipientImport(database: bench.database, actor: "test").run(file: bench.file("f.csv", text), options: options)
    }

    private func id(_ bench: ImportBench, _ externalID: String) throws -> RecipientID {
        RecipientID(rawValue: try bench.fetch("SELECT id FROM recipients WHERE external_id = '\(externalID)'", as: Int64.self)[0])
    }

    private func read(_ bench: ImportBench, _ externalID: String) throws -> MergedPerson {
        let id = try id(bench, externalID)
        return MergedPerson(id: id, version: try bench.database.personCard(id, scope: .all).version)
    }

    @discardableResult
    private func merge(_ bench: ImportBench, _ absorbed: String, into kept: String, taking: Set<MergedValue> = []) throws -> Int64 {
        _ = try bench.database.merge(read(bench, absorbed), into: read(bench, kept), taking: taking, scope: .all, actor: "agent")
        return try bench.database.merges(scope: .all, most: 1)[0].id
    }

    private func numbers(_ bench: ImportBench, _ externalID: String = "a") throws -> [String] {
        try bench.fetch(
            """
            SELECT contact_points.address || ifnull(' ' || consent, '') FROM contact_points JOIN recipients ON recipients.id = recipient_id
            WHERE external_id = '\(externalID)' AND channel = 'sms' ORDER BY 1
            """, as: String.self)
    }

    private func value(_ bench: ImportBench, _ sql: String, of externalID: String = "a") throws -> String? {
        try bench.fetch("SELECT ifnull(\(sql), '') FROM recipients WHERE external_id = '\(externalID)'", as: String.self).first
    }

    /// a of the town's file and b of the school's are one.
    private func merged(taking: Set<MergedValue> = []) throws -> ImportBench {
        let bench = try ImportBench()
        try run(bench, january)
        try run(bench, "id;nom;insee;adresse;tel;consentement;listes;etiquettes\nb;Anna Roy;80489;9 rue Basse;0639980001 / 0639980002;non;pont;cantine\n", source: "école")
        try merge(bench, "b", into: "a", taking: taking)
        return bench
    }

    @Test func `a changed row takes from the card what it alone brought, and nothing of what others did`() throws {
        let bench = try merged()
        #expect(try numbers(bench) == ["+33639980001 refused", "+33639980002 refused"])
        try run(bench, january.replacing("0639980001;oui;rive;sourde", with: "0639980003;oui;;"))
        #expect(try numbers(bench) == ["+33639980001 refused", "+33639980002 refused", "+33639980003 given"])
        #expect(try bench.fetch("SELECT tag FROM recipient_tags ORDER BY 1", as: String.self) == ["cantine"])
        #expect(try bench.fetch("SELECT name FROM lists JOIN list_members ON list_id = lists.id", as: String.self) == ["pont"])
        // The school's row no longer has the first number either, and says that Ana agreed to the second.
        try run(bench, "id;nom;insee;tel;consentement\nb;Anna Roy;80489;0639980002;oui\n", source: "école")
        #expect(try numbers(bench) == ["+33639980002 refused", "+33639980003 given"])
        #expect(try bench.fetch("SELECT address FROM information_refusals WHERE channel = 'sms' ORDER BY 1", as: String.self) == ["+33639980001", "+33639980002"])
    }

    @Test func `the same files again change nothing, not even a row's time`() throws {
        let bench = try merged(taking: [.place, .name])
        let before = try bench.fetch("SELECT hex(content_hash) || updated_at FROM recipients ORDER BY id", as: String.self)
        let again = try run(bench, january)
        #expect(again.importID == nil && again.counts.unchanged == 2)
        #expect(try bench.fetch("SELECT hex(content_hash) || updated_at FROM recipients ORDER BY id", as: String.self) == before)
    }

    @Test func `the place and the name that were chosen stay until their own row says otherwise`() throws {
        let bench = try merged(taking: [.place, .name])
        try run(bench, january.replacing("0639980001;oui", with: "0639980007;oui"))
        #expect(try value(bench, "address") == "9 rue Basse")
        #expect(try value(bench, "commune_code") == "80489")
        #expect(try value(bench, "name") == "Anna Roy")
        // The row whose place it is has moved.
        try run(bench, "id;nom;insee;adresse;tel\nb;Anna Roy;80489;10 rue Basse;0639980002\n", source: "école")
        #expect(try value(bench, "address") == "10 rue Basse")
        // The card's own row has.
        try run(bench, january.replacing("1 rue Haute", with: "2 rue Haute"))
        #expect(try value(bench, "address") == "2 rue Haute")
        #expect(try value(bench, "name") == "Anna Roy")
        // From now on the other's moves are not the card's.
        try run(bench, "id;nom;insee;adresse;tel\nb;Anna Roy;80489;11 rue Basse;0639980002\n", source: "école")
        #expect(try value(bench, "address") == "2 rue Haute")
    }

    @Test func `a merging between the reading and the writing of an import stops the writing`() throws {
        let bench = try ImportBench()
        try run(bench, january)
        let spool = try bench.database.makeRegisterSpool()
        try bench.database.readRegister(ofOrganisationNamed: "Mairie") { register in
            var recipient = Recipient(
                externalID: "a", name: Redacted("X"), kind: .person, addressText: nil, postcode: nil, communeCode: nil,
                communeName: nil, language: "fr", location: nil, contactPoints: [], lists: nil)
            let comparison = try register.compare(&recipient, source: "habitants") { _ in }
            try spool.append(try #require(RegisterOperation(comparison, line: 2, recipient: recipient)).encoded[...])
        }
        try merge(bench, "c", into: "a")
        #expect(throws: RegisterError.changedMeanwhile) {
            try bench.database.apply(
                RegisterChanges(spool: spool, source: "habitants", placedBy: bench.database.placesVersion()),
                organisationNamed: "Mairie", from: ImportedFile(name: "f", sha256: ""), actor: "test")
        }
        #expect(try numbers(bench) == ["+33639980001 given", "+33639980005 given"])
    }

    @Test func `who another source or a hand has a part in stays when one source drops the row, and is told`() throws {
        let bench = try merged()
        for isDry in [true, false] {
            let report = try run(bench, january.replacing("a;Ana Roy;80021;1 rue Haute;0639980001;oui;rive;sourde\n", with: ""), removing: true, dry: isDry)
            #expect((report.sparedCount, report.spared, report.goneCount, report.counts.removed) == (1, ["a"], 0, 0))
            var rows: [[String]] = []
            report.forEachRow { rows.append($0) }
            #expect(rows.contains(["spared", "", "", "a"]))
        }
        #expect(try numbers(bench).count == 2)
        // c is the town's alone.
        let report = try run(bench, "id;nom;tel\nz;Zoé;0639980009\n", removing: true)
        #expect((report.goneCount, report.counts.removed, report.sparedCount) == (1, 1, 1))
    }

    @Test func `an import is not undone over a row of its that became part of another card`() throws {
        let bench = try ImportBench()
        try run(bench, january)
        let second = try #require(try run(bench, "id;nom;tel\nb;Ana Roy;0639980002\n", source: "école").importID)
        let line = try merge(bench, "b", into: "a")
        #expect(throws: RegisterError.touchedSince(id: second, externalIDs: ["b"], count: 1)) {
            try bench.database.undoImport(second, organisationNamed: "Mairie", actor: "test")
        }
        #expect(try numbers(bench).count == 2)
        // Taken apart it is the import's again.
        try bench.database.undoMerge(line, scope: .all, actor: "agent")
        #expect(try bench.database.undoImport(second, organisationNamed: "Mairie", actor: "test").removed == 1)
        #expect(try numbers(bench) == ["+33639980001 given"])
    }

    @Test func `an undoing puts nobody on another organisation's list, nor into a filter`() throws {
        let bench = try ImportBench()
        try run(bench, january.replacing("rive", with: "rive,pont"))
        try run(bench, january.replacing("Ana", with: "Anna"))
        let numbers = try bench.fetch("SELECT id FROM lists ORDER BY id", as: Int64.self)
        // As a database from before numbers were kept has it: they are another's by now, and a filter's.
        try bench.database.pool.write { database in
            try database.execute(sql: "DELETE FROM lists")
            try database.execute(sql: "INSERT INTO organisations (name, created_at) VALUES ('Autre', 0)")
            try database.execute(
                sql: """
                    INSERT INTO lists (id, organisation_id, name, kind, definition) VALUES
                        (?, (SELECT id FROM organisations WHERE name = 'Autre'), 'loin', 'static', NULL),
                        (?, (SELECT id FROM organisations WHERE name = 'Mairie'), 'filtre', 'filter', '{}')
                    """, arguments: [numbers[0], numbers[1]])
        }
        #expect(try bench.database.undoImport(nil, organisationNamed: "Mairie", actor: "test").restored == 1)
        #expect(try bench.count("list_members") == 0)
    }

    @Test func `a row that repeats somebody whom the file no longer names keeps them`() throws {
        let bench = try ImportBench()
        try run(bench, january)
        for choice in [DuplicateChoice.refuse, .merge] {
            var options = RecipientImport.Options(organisation: "Mairie", skipInvalid: true)
            options.source = "habitants"
            options.removesGone = true
            options.isSure = true
            options.duplicates = choice
            // The source has numbered its rows anew.
            let report = try RecipientImport(database: bench.database, actor: "test").run(
                file: bench.file("f.csv", "id;nom;insee;tel\nn1;Ana Roy;80021;0639980001\nc;Luc Bon;80021;0639980005\n"), options: options)
            #expect((report.goneCount, report.counts.removed) == (0, 0))
            #expect(try numbers(bench) == ["+33639980001 given"])
        }
        #expect(try bench.fetch("SELECT external_id FROM recipient_aliases", as: String.self) == ["n1"])
    }

    @Test func `of a card merged before anybody kept who said what, no row takes away what another may have`() throws {
        let bench = try merged()
        try bench.database.pool.write { try $0.execute(sql: "DELETE FROM recipient_contributions") }
        // The own row again, unchanged: it still names the first number.
        try run(bench, january)
        let school = "id;nom;insee;tel;consentement\nb;Anna Roy;80489;0639980001 / 0639980002;non\n"
        try run(bench, school, source: "école")
        try run(bench, school.replacing("0639980001 / ", with: ""), source: "école")
        #expect(try numbers(bench) == ["+33639980001 refused", "+33639980002 refused"])
        // Once the own row has said something new, it is known what it says, and it alone takes that back.
        try run(bench, january.replacing("0639980001", with: "0639980001 / 0639980004"))
        try run(bench, january)
        #expect(try numbers(bench) == ["+33639980001 refused", "+33639980002 refused"])
    }

    @Test func `what a hand gave a card before it was merged is not the file's to take away`() throws {
        let bench = try ImportBench()
        try run(bench, january)
        var change = PersonChange()
        change.contacts = ["+33639980001", "+33639980006"].enumerated().map {
            ContactPoint(channel: .sms, address: Redacted($1), rank: $0 + 1)
        }
        let card = try read(bench, "a")
        _ = try bench.database.change(person: card.id, change, version: card.version, scope: .all, actor: "agent")
        try run(bench, "id;nom;insee;tel\nb;Anna Roy;80489;0639980002\n", source: "école")
        try merge(bench, "b", into: "a")
        try run(bench, january.replacing("1 rue Haute", with: "2 rue Haute"))
        #expect(try numbers(bench).map { $0.prefix(12) } == ["+33639980001", "+33639980002", "+33639980006"])
    }

    @Test func `whoever is erased leaves nothing in what imports kept of the rows that became theirs`() throws {
        let bench = try merged()
        let before = try bench.fetch("SELECT count(*) FROM register_import_images WHERE image LIKE '%Roy%'", as: Int.self)[0]
        try run(bench, "id;nom;insee;tel\nz;Zoé Roy;80489;0639980009\n", source: "sport")
        try run(bench, "id;nom;insee;tel\nz;Zoé Roi;80489;0639980009\n", source: "sport")
        try merge(bench, "z", into: "a")
        #expect(try bench.fetch("SELECT count(*) FROM register_import_images WHERE image LIKE '%Roy%'", as: Int.self)[0] > before)
        try bench.database.delete(recipient: "a", scope: .all, actor: "agent")
        #expect(try bench.fetch("SELECT count(*) FROM register_import_images WHERE image LIKE '%Roy%'", as: Int.self)[0] == 0)
    }

    @Test func `who agrees again by their own word is in again, whatever files said`() throws {
        let bench = try merged()
        var change = PersonChange()
        change.contacts = ["+33639980001", "+33639980002"].enumerated().map {
            ContactPoint(channel: .sms, address: Redacted($1), rank: $0 + 1, consent: .given)
        }
        change.reason = "written"
        let card = try read(bench, "a")
        _ = try bench.database.change(person: card.id, change, version: card.version, scope: .all, actor: "agent")
        try run(bench, january.replacing("0639980001;oui", with: "0639980001 / 0639980008;oui"))
        #expect(try numbers(bench) == ["+33639980001 given", "+33639980002 given", "+33639980008 given"])
    }
}
