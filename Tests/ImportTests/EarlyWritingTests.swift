import AlertModel
import Foundation
import GRDB
import Testing

@testable import Import
@testable import Store

/// An import whose rows are written while its file is read, from the first five hundred on.
@Suite struct EarlyWritingTests {
    private static let header = "id;nom;longitude;latitude;code_insee;telephone;email\n"

    private func rows(_ numbers: Range<Int>, isPlaced: (Int) -> Bool = { _ in true }) -> String {
        numbers.map { number in
            let place = isPlaced(number) ? "2.\(2100 + number % 800);49.9" : ";"
            return "P\(number);Personne \(number);\(place);80021;07000\(10_000 + number);p\(number)@example.org\n"
        }.joined()
    }

    private func run(
        _ bench: ImportBench, _ text: String, isEarly: Bool = true,
        _ change: (inout RecipientImport.Options) -> Void = { _ in }
    ) throws -> RecipientImportReport {
        var options = RecipientImport.Options(organisation: "Mairie")
        change(&options)
        return try RecipientImport(database: bench.database, actor: "test", bulkAdditions: isEarly ? 1 : .max)
            .run(file: bench.file("liste.csv", text), options: options)
    }

    private func dump(_ bench: ImportBench) throws -> [String] {
        try bench.fetch(
            """
            SELECT id || external_id || quote(commune_code) || quote(precision) || quote(location) || quote(content_hash)
                || source || import_id || (SELECT group_concat(channel || rank || address) FROM contact_points
                    WHERE recipient_id = recipients.id)
            FROM recipients ORDER BY id
            """, as: String.self)
    }

    @Test(arguments: [DuplicateChoice.report, .keep, .merge, .refuse])
    func `the register is the same as when everything is read first`(choice: DuplicateChoice) throws {
        let (early, late) = (try ImportBench(), try ImportBench())
        // One of them twice under two identifiers, and some whom the commune alone places.
        let text = Self.header + rows(0..<2600) { $0 % 20 != 7 } + "Q;Personne 9;2.2109;49.9;80021;0700010009;\n"
        var reports: [RecipientImportReport] = []
        for bench in [early, late] {
            reports.append(try run(bench, text, isEarly: bench === early) {
                $0.duplicates = choice
                $0.skipInvalid = true
            })
        }
        #expect(reports[0].counts == reports[1].counts)
        #expect(reports[0].duplicates == reports[1].duplicates)
        #expect(reports[0].warnings == reports[1].warnings)
        #expect(reports[0].counts.added == (choice == .merge || choice == .refuse ? 2600 : 2601))
        #expect(try dump(early) == dump(late))
        #expect(try early.database.checkRegisterIndexes().isSound)
        // The same file again, and back.
        let again = try run(early, text) {
            $0.duplicates = choice
            $0.skipInvalid = true
        }
        #expect((again.counts.added, again.counts.updated) == (0, 0))
        _ = try early.database.undoImport(reports[0].importID, organisationNamed: "Mairie", actor: "test")
        #expect(try dump(early).isEmpty)
    }

    @Test func `a row refused at the end leaves nothing behind, and is told with its line`() throws {
        let bench = try ImportBench()
        let report = try run(bench, Self.header + rows(0..<2600) + "X;Perdu;200;95;80021;0700010000;\n")
        #expect(report.refused.map(\.line) == [2602])
        #expect(report.counts.total == 0)
        #expect(try dump(bench).isEmpty)
        #expect(try bench.database.registerImports(ofOrganisationNamed: "Mairie", limit: 1).isEmpty)
        // The lock is free.
        #expect(try run(bench, Self.header + rows(0..<3)).counts.added == 3)
    }

    @Test func `an identifier repeated at the end leaves nothing behind`() throws {
        let bench = try ImportBench()
        let report = try run(bench, Self.header + rows(0..<2600) + rows(4..<5))
        #expect(report.refused.map(\.reason) == ["the same identifier as line 6"])
        #expect(try dump(bench).isEmpty)
    }

    @Test func `a file that breaks off leaves nothing behind`() throws {
        let bench = try ImportBench()
        #expect(throws: ImportError.self) {
            try run(bench, Self.header + rows(0..<2600) + "Y;\"Sans fin;2.25;49.9;80021;0700010000;\n")
        }
        #expect(try dump(bench).isEmpty)
        #expect(try run(bench, Self.header + rows(0..<3)).counts.added == 3)
    }

    @Test func `a trial writes nothing, and who must be placed by the geocoder is not written early, but written`() throws {
        let bench = try ImportBench()
        let text = Self.header + rows(0..<1200) + rows(1200..<4000) { _ in false }
        #expect(try run(bench, text) { $0.dryRun = true }.counts.added == 4000)
        #expect(try dump(bench).isEmpty)
        let report = try run(bench, text)
        #expect((report.counts.added, report.precisions[.commune]) == (4000, 2800))
        #expect(try dump(bench).count == 4000)
    }
}
