import AlertModel
import Foundation
import GRDB
import GeoModel
import TestSupport
import Testing

@testable import Import
@testable import Store

/// Cards of several sources and made by hand, merged and taken apart, while their sources go on sending files: against a model
/// that knows only what each source said last.
@Suite struct MergedRegisterTests {
    @Test(arguments: 0..<24) func `what a source still says, a hand wrote, or anybody refused is never lost`(seed: UInt64) throws {
        var world = try MergedWorld(seed: seed)
        for _ in 0..<30 {
            try world.step()
            try world.requireAll()
        }
    }
}

/// One row as its source says it, or one card as it was written.
private struct SaidRow: Equatable {
    var name: String
    var town: String
    var numbers: Set<String>
    var isRefused: Bool
    var list: String
}

private struct MergedWorld {
    private let bench: ImportBench
    private let owner: OrganisationID
    private var random: SeededGenerator
    private var files: [String: [String: SaidRow]] = ["habitants": [:], "école": [:], "astreinte": [:]]
    private var written: [String: SaidRow] = [:]
    /// What a source said before an import.
    private var before: [Int64: (source: String, rows: [String: SaidRow])] = [:]
    /// Refusals that a merging united: they outlive cards and files.
    private var refused: Set<String> = []
    private var greatestList: Int64 = 0
    private var made = 0
    private var log: [String] = []

    init(seed: UInt64) throws {
        bench = try ImportBench()
        random = SeededGenerator(seed: seed &* 977)
        _ = try RecipientImport(database: bench.database, actor: "test").run(
            file: bench.file("autre.csv", "id;nom;tel;listes\nx;Ailleurs;0639980099;loin\n"),
            options: .init(organisation: "Autre"))
        _ = try RecipientImport(database: bench.database, actor: "test").run(
            file: bench.file("ici.csv", "id;nom;tel;listes\nz;Ici;0639980098;rive\n"), options: .init(organisation: "Mairie"))
        owner = OrganisationID(
            rawValue: try bench.fetch("SELECT id FROM organisations WHERE name = 'Mairie'", as: Int64.self)[0])
    }

    // MARK: What happens

    mutating func step() throws {
        switch Int.random(in: 0..<100, using: &random) {
        case ..<40: try importFile()
        case ..<50: try writeByHand()
        case ..<76: try merge()
        case ..<86: try takeApart()
        case ..<94: try undoImport()
        default: try moveLists()
        }
    }

    private mutating func row() -> SaidRow {
        SaidRow(
            name: ["Ana Roy", "Luc Bon", "Zoé Été"].randomElement(using: &random)!,
            town: ["80021", "80489"].randomElement(using: &random)!, numbers: numbers(),
            isRefused: Int.random(in: 0..<4, using: &random) == 0, list: ["rive", "pont", ""].randomElement(using: &random)!)
    }

    private mutating func numbers() -> Set<String> {
        Set((0..<Int.random(in: 1...2, using: &random)).map { _ in "+3363998000\(Int.random(in: 0...9, using: &random))" })
    }

    private mutating func importFile() throws {
        let source = files.keys.sorted().randomElement(using: &random)!
        var rows = files[source]!
        let previous = rows
        for (id, row) in rows.sorted(by: { $0.key < $1.key }) {
            var row = row
            switch Int.random(in: 0..<10, using: &random) {
            case 0, 1: rows[id] = nil
            case 2: row.numbers = numbers()
                rows[id] = row
            case 3: row.isRefused.toggle()
                rows[id] = row
            case 4: row.town = row.town == "80021" ? "80489" : "80021"
                rows[id] = row
            case 5: row.list = row.list == "rive" ? "" : "rive"
                rows[id] = row
            default: break
            }
        }
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            made += 1
            rows["\(source)-\(made)"] = row()
        }
        var text = "id;nom;insee;tel;consentement;listes\n"
        for (id, row) in rows.sorted(by: { $0.key < $1.key }) {
            text += "\(id);\(row.name);\(row.town);\(row.numbers.sorted().joined(separator: " / "));"
                + "\(row.isRefused ? "non" : "oui");\(row.list)\n"
        }
        var options = RecipientImport.Options(organisation: "Mairie")
        options.source = source
        options.removesGone = Bool.random(using: &random)
        options.isSure = true
        options.duplicates = Int.random(in: 0..<3, using: &random) == 0 ? .merge : .report
        let refusedBefore = try refusedOfMerged()
        log.append("import \(source) \(options.duplicates)\(options.removesGone ? " removing" : ""):\n\(text)")
        let report = try RecipientImport(database: bench.database, actor: "test").run(
            file: bench.file("\(source).csv", text), options: options)
        files[source] = rows
        if let id = report.importID { before[id] = (source, previous) }
        // A refusal of a merged card goes with its contact point, if at all.
        let standing = try Set(bench.fetch(
            "SELECT recipient_id || ' ' || address FROM contact_points WHERE consent IS NOT 'refused' AND channel = 'sms'", as: String.self))
        #expect(refusedBefore.isDisjoint(with: standing), "\(told)")
    }

    private mutating func writeByHand() throws {
        made += 1
        let said = row(), id = "main-\(made)"
        log.append("by hand \(id) \(said)")
        var person = Recipient(
            externalID: id, name: Redacted(said.name), kind: .person, addressText: nil, postcode: nil,
            communeCode: CommuneCode(said.town), communeName: nil, language: "fr", location: nil,
            contactPoints: said.numbers.sorted().enumerated().map { index, number in
                ContactPoint(
                    channel: .sms, address: Redacted(number), rank: index + 1, consent: said.isRefused ? .refused : .given)
            }, lists: [])
        person.tags = []
        _ = try bench.database.add(person: person, to: owner, actor: "agent")
        written[id] = said
    }

    private mutating func merge() throws {
        let cards = try bench.fetch(
            "SELECT id FROM recipients WHERE organisation_id = \(owner) ORDER BY id", as: Int64.self)
        guard cards.count > 1 else { return }
        let two = cards.shuffled(using: &random).prefix(2).map { RecipientID(rawValue: $0) }
        let taking = Set(MergedValue.allCases.filter { _ in Bool.random(using: &random) })
        log.append("merge \(two[1]) into \(two[0])")
        let both = try Set(bench.fetch(
            "SELECT address FROM contact_points WHERE consent = 'refused' AND channel = 'sms' AND recipient_id IN (\(two[0]), \(two[1]))", as: String.self))
        func read(_ id: RecipientID) throws -> MergedPerson {
            MergedPerson(id: id, version: try bench.database.personCard(id, scope: .all).version)
        }
        _ = try bench.database.merge(read(two[1]), into: read(two[0]), taking: taking, scope: .all, actor: "agent")
        refused.formUnion(both)
        #expect(try both.isSubset(of: Set(bench.fetch(
            "SELECT address FROM contact_points WHERE consent = 'refused' AND channel = 'sms' AND recipient_id = \(two[0])", as: String.self))), "\(told)")
    }

    private mutating func takeApart() throws {
        let merges = try bench.database.merges(scope: .all, most: 50)
        guard let chosen = merges.randomElement(using: &random) else { return }
        log.append("take \(chosen.absorbed) out of \(chosen.kept)")
        do {
            try bench.database.undoMerge(chosen.id, scope: .all, actor: "agent")
            #expect(chosen.canBeUndone, "\(told)")
        } catch let error as StoreError {
            #expect(error == (chosen.undoFirst.map { .mergedSince(card: $0) } ?? .personChanged), "\(told)")
            log.append("refused")
        }
    }

    private mutating func undoImport() throws {
        log.append("undo an import")
        do {
            let undone = try bench.database.undoImport(nil, organisationNamed: "Mairie", actor: "test")
            if let (source, rows) = before[undone.id] { files[source] = rows }
        } catch is RegisterError { log.append("refused") }
    }

    /// A list goes, and another organisation makes one.
    private mutating func moveLists() throws {
        log.append("move lists")
        made += 1
        try bench.database.pool.write { database in
            try database.execute(sql: "DELETE FROM lists WHERE organisation_id = ? AND id = (SELECT MAX(id) FROM lists)", arguments: [owner.rawValue])
        }
        let other = OrganisationID(rawValue: try bench.fetch("SELECT id FROM organisations WHERE name = 'Autre'", as: Int64.self)[0])
        try bench.database.createList(named: "L\(made)", definition: .members, organisation: other, actor: "agent")
        let newest = try bench.fetch("SELECT id FROM lists WHERE name = 'L\(made)'", as: Int64.self)[0]
        #expect(newest > greatestList, "\(told)")
    }

    // MARK: What must hold

    private var told: String { log.joined(separator: "\n") }

    private func refusedOfMerged() throws -> Set<String> {
        try Set(bench.fetch(
            """
            SELECT recipient_id || ' ' || address FROM contact_points
            WHERE consent = 'refused' AND channel = 'sms' AND recipient_id IN (SELECT recipient_id FROM recipient_aliases)
            """, as: String.self))
    }

    mutating func requireAll() throws {
        greatestList = max(greatestList, try bench.fetch("SELECT MAX(id) FROM lists", as: Int64.self)[0])
        let points = try bench.fetch(
            """
            SELECT names.external_id || ' ' || address || ' ' || ifnull(consent, '-') FROM contact_points JOIN (
                SELECT id, external_id FROM recipients WHERE organisation_id = \(owner)
                UNION ALL SELECT recipient_id, external_id FROM recipient_aliases WHERE organisation_id = \(owner)
            ) AS names ON names.id = recipient_id WHERE channel = 'sms'
            """, as: String.self)
        let known = Set(points)
        let reached = Set(points.map { $0.split(separator: " ").prefix(2).joined(separator: " ") })
        for (id, row) in files.values.flatMap({ $0 }) + written.map({ ($0.key, $0.value) }) {
            for number in row.numbers {
                try #require(reached.contains("\(id) \(number)"), "\(id) lost \(number)\n\(told)")
                if row.isRefused { try #require(known.contains("\(id) \(number) refused"), "\(id) \(number) is not refused\n\(told)") }
            }
        }
        #expect(try refused.isSubset(of: Set(bench.fetch(
            "SELECT address FROM information_refusals WHERE organisation_id = \(owner) AND channel = 'sms'", as: String.self))), "\(told)")
        #expect(try bench.fetch(
            """
            SELECT count(*) FROM list_members JOIN lists ON lists.id = list_id JOIN recipients ON recipients.id = recipient_id
            WHERE lists.organisation_id <> recipients.organisation_id
            """, as: Int.self) == [0], "\(told)")
        let masks = try bench.fetch(
            """
            SELECT count(*) FROM recipients WHERE (channels & 1 > 0) <> EXISTS (
                SELECT 1 FROM contact_points WHERE recipient_id = recipients.id AND channel = 'sms')
            """, as: Int.self)
        #expect(masks == [0], "\(told)")
    }
}
