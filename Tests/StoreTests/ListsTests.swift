import AlertModel
import Dispatching
import GRDB
import GeoModel
import Targeting
import TestSupport
import Testing

@testable import Store

@Suite struct ListsTests {
    private func filter(_ text: String) throws -> ListDefinition { try ListDocument.decode(Array(text.utf8)) }

    private func owner(_ bench: StoreBench, _ name: String = "Préfecture") throws -> OrganisationID {
        try bench.database.organisation(named: name)
    }

    private func create(_ bench: StoreBench, _ name: String, _ definition: ListDefinition, in owner: String = "Préfecture")
        throws
    {
        try bench.database.createList(
            named: name, definition: definition, organisation: try self.owner(bench, owner), actor: "agent")
    }

    private func members(_ bench: StoreBench, _ name: String) throws -> [String] {
        try bench.database.members(ofListNamed: name, scope: .all)
    }

    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.register([
            person("a", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+33639980001"], lists: ["rive"]),
            person("b", commune: "80102", contacts: ["email:b@example.org"], lists: ["rive", "été"]),
            person("c", commune: "80002", postcode: "80000", lists: ["été"]), person("d"),
        ])
        return bench
    }

    // MARK: Kinds

    @Test func `a zone takes a list of any kind by name, and its members are certain`() throws {
        let bench = try bench()
        try create(bench, "joignables", filter(#"{"type":"channel","values":["sms","email"]}"#))
        try create(bench, "rive ou été", .combination(ListCombination(.union, of: ["rive", "été"])))
        try create(bench, "rive et été", .combination(ListCombination(.intersection, of: ["rive", "été"])))
        try create(bench, "été sans rive", .combination(ListCombination(.difference, of: ["été", "rive"])))
        #expect(try bench.select(.list("rive")) == ["a certain", "b certain"])
        #expect(try bench.select(.list("joignables")) == ["a certain", "b certain"])
        #expect(try bench.select(.list("rive ou été")) == ["a certain", "b certain", "c certain"])
        #expect(try bench.select(.list("rive et été")) == ["b certain"])
        #expect(try bench.select(.list("été sans rive")) == ["c certain"])
        #expect(
            try bench.select(.difference(.list("rive ou été"), except: perimeter(2, 50, 2.1, 50.1)))
                == ["b certain", "c possible"])
        for name in ["joignables", "rive ou été"] {
            for id in ["a", "d"] {
                let explanation = try bench.database.explanations(ofExternalID: id, in: .list(name), scope: .all)[0]
                #expect(explanation.verdict == (id == "a" ? .certain : .outside))
            }
        }
    }

    @Test func `a filter is judged when it is asked, and a launched audience keeps what it was`() throws {
        let bench = try bench()
        try create(bench, "SMS", filter(#"{"type":"channel","values":["sms"]}"#))
        let zone = Zone.list("SMS")
        let draft = plan(zone: zone)
        let preview = try bench.database.previewAudience(of: draft, zone: zone, scope: .all)
        #expect(preview.counts.recipients == 1)
        try bench.register([person("e", contacts: ["sms:+33639980009"])])
        #expect(try bench.select(zone) == ["a certain", "e certain"])
        #expect(throws: (any Error).self) {
            try bench.database.launch(
                plan(zone: zone, approved: preview.hash), zone: zone, scope: .all, now: UTCTime(millisecondsSince1970: 1))
        }
    }

    @Test func `communes of a filter count their parts, as a zone's do`() throws {
        let bench = try bench()
        try create(bench, "f", filter(#"{"type":"commune","values":["80002"]}"#))
        #expect(try members(bench, "f") == ["b", "c"])
        #expect(try bench.select(.communes(codes("80002"))).prefix(2) == ["b certain", "c certain"])
    }

    @Test func `a filter and its opposite share everybody out, whatever is not known`() throws {
        let bench = try bench()
        for (index, text) in [
            #"{"type":"postcode","values":["80000"]}"#, #"{"type":"commune","values":["80001"]}"#,
            #"{"type":"tag","values":["x"]}"#, #"{"type":"household","values":["x"]}"#,
            #"{"type":"confirmed","since":"2020-01-01"}"#, #"{"type":"address","contains":"rue"}"#,
            #"{"type":"precision","values":["commune"]}"#,
            #"{"type":"all","filters":[{"type":"postcode","values":["80000"]},{"type":"kind","values":["person"]}]}"#,
        ].enumerated() {
            try create(bench, "in \(index)", filter(text))
            try create(bench, "out \(index)", filter(#"{"type":"not","filter":\#(text)}"#))
            let (inside, outside) = (try members(bench, "in \(index)"), try members(bench, "out \(index)"))
            #expect(Set(inside).isDisjoint(with: outside), "\(text)")
            #expect((inside + outside).sorted() == ["a", "b", "c", "d"], "\(text)")
        }
    }

    // MARK: Names and references

    @Test func `lists that would be made of each other are refused, and nothing is changed`() throws {
        let bench = try bench()
        try create(bench, "A", filter(#"{"type":"list","values":["rive"]}"#))
        try create(bench, "B", .combination(ListCombination(.union, of: ["A", "été"])))
        #expect(throws: StoreError.listCycle(names: ["A", "B", "A"])) {
            try bench.database.redefineList(
                named: "A", as: .combination(ListCombination(.union, of: ["rive", "B"])), scope: .all, actor: "agent")
        }
        #expect(throws: StoreError.listCycle(names: ["A", "A"])) {
            try bench.database.redefineList(
                named: "A", as: filter(#"{"type":"not","filter":{"type":"list","values":["A"]}}"#), scope: .all,
                actor: "agent")
        }
        #expect(try members(bench, "A") == ["a", "b"])
        #expect(throws: StoreError.unknownList(name: "nulle part", known: ["A", "B", "rive", "été"])) {
            try bench.database.redefineList(
                named: "A", as: filter(#"{"type":"list","values":["nulle part"]}"#), scope: .all, actor: "agent")
        }
        #expect(throws: StoreError.unknownList(name: "N", known: ["A", "B", "N2", "rive", "été"])) {
            try create(bench, "N2", filter(#"{"type":"list","values":["N"]}"#))
        }
        #expect(try bench.database.lists(scope: .all).map(\.list.name) == ["A", "B", "rive", "été"])
    }

    @Test func `lists within lists are bounded in depth and in size`() throws {
        let bench = try bench()
        try create(bench, "0", filter(#"{"type":"list","values":["rive"]}"#))
        for depth in 1..<ListCompiler.maximumDepth - 1 {
            try create(bench, "\(depth)", .combination(ListCombination(.union, of: ["\(depth - 1)", "rive"])))
        }
        let top = ListCompiler.maximumDepth - 1
        #expect(throws: StoreError.listTooComplex(name: "\(top)")) {
            try create(bench, "\(top)", .combination(ListCombination(.union, of: ["\(top - 1)", "rive"])))
        }
        #expect(try members(bench, "\(top - 1)") == ["a", "b"])
        // Each doubles the one before: 2, 4, 8… conditions.
        try create(bench, "w0", filter(#"{"type":"any","filters":[\#(Array(repeating: #"{"type":"tag","values":["x"]}"#, count: 100).joined(separator: ","))]}"#))
        try create(bench, "w1", filter(#"{"type":"any","filters":[\#(Array(repeating: #"{"type":"list","values":["w0"]}"#, count: 5).joined(separator: ","))]}"#))
        #expect(throws: StoreError.listTooComplex(name: "w2")) {
            try create(bench, "w2", .combination(ListCombination(.union, of: ["w1", "w0"])))
        }
        #expect(try members(bench, "w1").isEmpty)
    }

    @Test func `a list and what it is for are made together or not at all`() throws {
        let bench = try bench()
        func lists() throws -> [String] { try bench.database.lists(scope: .all).map(\.list.name) }
        let before = try lists()
        let organisation = try bench.database.list(named: "rive", scope: .all).organisation
        func create(_ description: String) throws {
            try bench.database.createList(
                named: "Z", definition: .members, description: description, organisation: organisation, actor: "agent")
        }
        #expect(throws: StoreError.self) { try create(String(repeating: "x", count: AlertDatabase.longestListDescription + 1)) }
        #expect(try lists() == before)
        try create("Les quais")
        let book = try bench.database.listBook(of: organisation, now: .now)
        #expect(book.first { $0.list.name == "Z" }?.description == "Les quais")
    }

    @Test func `a new list has what was said of it, and a number that no list had before`() throws {
        let bench = try bench()
        let organisation = try owner(bench)
        func create(_ name: String, _ description: String) throws -> ListID {
            try bench.database.createList(
                named: name, definition: .members, description: description, organisation: organisation, actor: "agent")
            return try bench.database.list(named: name, scope: .all).id
        }
        let first = try create("Z", "Les quais")
        // The list of the greatest number goes: SQLite alone would give its number to the next one.
        try bench.database.deleteList(.numbered(first, of: organisation), evenSo: false, actor: "agent", now: .now)
        let second = try create("Z", "Les berges")
        #expect(second.rawValue > first.rawValue)
        #expect(try bench.database.listBook(of: organisation, now: .now).first { $0.list.id == second }?.description == "Les berges")
        #expect(throws: StoreError.unknownListNumber) {
            try bench.database.deleteList(.numbered(first, of: organisation), evenSo: true, actor: "agent", now: .now)
        }
    }

    @Test func `a name is changed everywhere, and what is in use is not deleted`() throws {
        let bench = try bench()
        try create(bench, "A", filter(#"{"type":"all","filters":[{"type":"list","values":["rive"]}]}"#))
        try create(bench, "B", .combination(ListCombination(.difference, of: ["été", "rive"])))
        try bench.database.renameList(.named("rive", scope: .all), to: "Les berges", evenSo: false, actor: "agent", now: .now)
        #expect(try members(bench, "A") == ["a", "b"])
        #expect(try members(bench, "B") == ["c"])
        #expect(throws: StoreError.listInUse(name: "Les berges", by: ["A", "B"])) {
            try bench.database.deleteList(.named("Les berges", scope: .all), evenSo: false, actor: "agent", now: .now)
        }
        #expect(throws: StoreError.listExists(name: "A")) {
            try bench.database.renameList(.named("B", scope: .all), to: "A", evenSo: false, actor: "agent", now: .now)
        }
        for name in ["", " x", "a|b", "a\u{7}", String(repeating: "x", count: 201)] {
            #expect(throws: StoreError.invalidListName) {
                try bench.database.renameList(.named("B", scope: .all), to: name, evenSo: false, actor: "agent", now: .now)
            }
        }
        for name in ["A", "B", "Les berges"] {
            try bench.database.deleteList(.named(name, scope: .all), evenSo: false, actor: "agent", now: .now)
        }
        #expect(try bench.database.lists(scope: .all).map(\.list.name) == ["été"])
        #expect(try bench.count("SELECT COUNT(*) FROM recipients") == 4)
    }

    // MARK: Members

    @Test func `people are put on a static list by identifier or by zone, all or nothing`() throws {
        let bench = try bench()
        try create(bench, "L", .members)
        func add(_ recipients: ListedRecipients, to name: String = "L") throws -> Int {
            try bench.database.addMembers(recipients, toListNamed: name, scope: .all, actor: "agent")
        }
        #expect(try add(.identifiers(["a", "d", "a"])) == 2)
        #expect(try add(.identifiers(["a"])) == 0)
        #expect(throws: StoreError.unknownRecipients(externalIDs: ["x", "y"])) { try add(.identifiers(["b", "x", "y"])) }
        #expect(try members(bench, "L") == ["a", "d"])
        #expect(try add(.zone(.communes(codes("80002")), SelectionFilter())) == 2)
        #expect(try members(bench, "L") == ["a", "b", "c", "d"])
        #expect(
            try bench.database.removeMembers(
                .zone(.list("rive"), SelectionFilter()), fromListNamed: "L", scope: .all, actor: "agent") == 2)
        #expect(try members(bench, "L") == ["c", "d"])
        try create(bench, "F", filter(#"{"type":"tag","values":["x"]}"#))
        #expect(throws: StoreError.listIsComputed(name: "F")) { try add(.identifiers(["a"]), to: "F") }
        #expect(throws: StoreError.listHasMembers(name: "L")) {
            try bench.database.redefineList(named: "L", as: filter(#"{"type":"tag","values":["x"]}"#), scope: .all, actor: "a")
        }
        #expect(throws: StoreError.listIsComputed(name: "F")) { try bench.register([person("z", lists: ["F"])]) }
    }

    @Test func `an organisation has one default list at most, and it goes with the list`() throws {
        let bench = try bench()
        func defaults() throws -> [String] { try bench.database.defaultLists(scope: .all).map(\.list.name) }
        #expect(try defaults().isEmpty)
        try bench.database.setDefaultList(named: "rive", scope: .all, actor: "agent")
        try bench.database.setDefaultList(named: "été", scope: .all, actor: "agent")
        #expect(try defaults() == ["été"])
        try bench.register([person("a", lists: ["rive"])], organisation: "Mairie")
        let mairie = try bench.database.scope(organisationNamed: "Mairie")
        try bench.database.setDefaultList(named: "rive", scope: mairie, actor: "agent")
        #expect(try defaults() == ["rive", "été"])
        try bench.database.clearDefaultList(of: try owner(bench, "Mairie"), actor: "agent")
        #expect(try defaults() == ["été"])
        try bench.database.deleteList(.named("été", scope: .all), evenSo: false, actor: "agent", now: .now)
        #expect(try defaults().isEmpty)
    }

    @Test func `what is done to lists is in the journal, without what a filter says`() throws {
        let bench = try bench()
        try create(bench, "F", filter(#"{"type":"name","contains":"Secret"}"#))
        try bench.database.renameList(.named("F", scope: .all), to: "G", evenSo: false, actor: "agent", now: .now)
        try bench.database.setDefaultList(named: "G", scope: .all, actor: "agent")
        _ = try bench.database.addMembers(.identifiers(["d"]), toListNamed: "rive", scope: .all, actor: "agent")
        try bench.database.deleteList(.named("G", scope: .all), evenSo: false, actor: "agent", now: .now)
        let entries = try bench.database.auditEntries(limit: 5)
        #expect(entries.map(\.action) == ["list.delete", "list.add", "list.default", "list.rename", "list.create"])
        #expect(entries.allSatisfy { !"\($0)".contains("Secret") })
        #expect(entries[1].detail["members"] == "1")
    }
}
