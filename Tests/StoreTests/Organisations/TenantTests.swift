import AlertModel
import Dispatching
import Foundation
import GRDB
import GeoModel
import Targeting
import TestSupport
import Testing

@testable import Store

/// No verb, given one organisation, reads or changes anything of another.
@Suite struct TenantTests {
    /// Two organisations with the same identifiers and names of lists, and different people.
    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        for (owner, mark) in [("A", "aaa"), ("B", "bbb")] {
            try bench.register([
                person("1", commune: "80001", at: place(2.05, 50.05), contacts: ["email:\(mark)1@example.org"], lists: ["L"], name: "\(mark) un"),
                person("2", commune: "80002", contacts: ["email:\(mark)2@example.org"], name: "\(mark) deux"),
                person("\(mark)3", commune: "80001", lists: ["only \(mark)"], name: "\(mark) trois"),
            ], organisation: owner)
            let id = try bench.database.organisation(named: owner)
            try bench.database.createList(
                named: "F", definition: .filter(.channel([.email])), organisation: id, actor: "test")
            try bench.database.createList(
                named: "U", definition: .combination(ListCombination(.union, of: ["L", "F"])), organisation: id,
                actor: "test")
        }
        return bench
    }

    /// Everything an organisation has, as text.
    private func contents(_ bench: StoreBench, of organisation: OrganisationID) throws -> String {
        try bench.database.pool.read { database in
            try [
                "SELECT id, external_id, kind, name, language, household, commune_code, X(location) FROM recipients WHERE organisation_id = ? ORDER BY id",
                "SELECT * FROM lists WHERE organisation_id = ? ORDER BY id",
                "SELECT * FROM list_members WHERE list_id IN (SELECT id FROM lists WHERE organisation_id = ?) ORDER BY 1, 2",
                "SELECT * FROM contact_points WHERE recipient_id IN (SELECT id FROM recipients WHERE organisation_id = ?) ORDER BY 1, 2, 3",
                "SELECT * FROM recipient_tags WHERE recipient_id IN (SELECT id FROM recipients WHERE organisation_id = ?) ORDER BY 1, 2",
            ].map { sql in
                try Row.fetchAll(database, sql: sql, arguments: [organisation.rawValue]).map(\.debugDescription).joined()
            }.joined(separator: "\n")
        }
    }

    @Test func `no verb of A reads or changes what is B's`() throws {
        let bench = try bench()
        let store = bench.database
        let a = try store.organisation(named: "A"), b = try store.organisation(named: "B")
        let scope = RegisterScope.organisation(a)
        let before = try contents(bench, of: b)
        let names = ["L", "F", "U", "only aaa", "only bbb", "new"]
        let ids = ["1", "2", "aaa3", "bbb3"]

        // Each verb, on every name and identifier there is, A's and B's. What it throws may name only what A has.
        var read: [String] = []
        func attempt(_ verb: String, _ body: () throws -> Any) throws {
            do { read.append("\(verb): \(try body())") } catch let error as StoreError { read.append("\(verb): \(error)") }
            #expect(try contents(bench, of: b) == before, "\(verb)")
        }
        for name in names {
            try attempt("list \(name)") { try store.list(named: name, scope: scope) }
            try attempt("members \(name)") { try store.members(ofListNamed: name, scope: scope) }
            try attempt("select \(name)") { try bench.select(.list(name), scope: scope) }
            try attempt("add \(name)") {
                try store.addMembers(.identifiers(ids), toListNamed: name, scope: scope, actor: "a")
            }
            try attempt("add 1 \(name)") {
                try store.addMembers(.identifiers(["1", "2"]), toListNamed: name, scope: scope, actor: "a")
            }
            try attempt("add zone \(name)") {
                try store.addMembers(
                    .zone(.communes(codes("80001", "80002")), SelectionFilter()), toListNamed: name, scope: scope, actor: "a")
            }
            try attempt("members \(name)") { try store.members(ofListNamed: name, scope: scope) }
            try attempt("remove \(name)") {
                try store.removeMembers(.zone(.list("L"), SelectionFilter()), fromListNamed: name, scope: scope, actor: "a")
            }
            try attempt("default \(name)") { try store.setDefaultList(named: name, scope: scope, actor: "a") }
            try attempt("define \(name)") {
                try store.redefineList(named: name, as: .filter(.kind([.person])), scope: scope, actor: "a")
            }
            try attempt("members \(name)") { try store.members(ofListNamed: name, scope: scope) }
            try attempt("name \(name)") {
                try store.createList(
                    named: "of \(name)", definition: .filter(.list([name])), organisation: a, actor: "a")
            }
        }
        for name in names.dropLast() {
            try attempt("rename \(name)") {
                try store.renameList(.named(name, scope: scope), to: "\(name) bis", evenSo: false, actor: "a", now: .now)
            }
        }
        try attempt("defaults") { try store.defaultLists(scope: scope) }
        try attempt("lists") { try store.lists(scope: scope) }
        for id in ids {
            try attempt("show \(id)") { try store.registerEntry(ofExternalID: id, scope: scope).recipient.name.value }
            try attempt("protected \(id)") {
                try store.protectedRegisterEntry(ofExternalID: id, scope: scope, actor: "a").recipient.name.value
            }
            try attempt("lists of \(id)") { try store.lists(ofExternalID: id, scope: scope) }
            try attempt("set \(id)") {
                try store.edit(
                    recipient: id, [.language("en"), .tags(["x"]), .position(place(2.1, 50))], scope: scope, actor: "a")
            }
        }
        for text in ["bbb", "aaa", "un", "bbb1@example.org"] {
            try attempt("search") {
                try store.searchRegister(text, scope: scope, limit: 100).found.map(\.recipient.name.value)
            }
        }
        for zone: Zone? in [nil, .communes(codes("80001", "80002")), perimeter(2, 50, 2.2, 50.1)] {
            try attempt("export") {
                try store.readOut(RegisterSelection(organisation: a, zone: zone, withProtected: true)) { readout in
                    var names: [String] = []
                    try readout.forEach { names.append($0.recipient.name.value) }
                    return names
                }
            }
        }
        try attempt("figures") {
            let figures = try store.registerFigures(scope: scope)
            #expect(figures.first?.value == 3)
            return figures
        }
        for id in ids {
            try attempt("delete \(id)") { try store.delete(recipient: id, scope: scope, actor: "a") }
        }
        for name in try store.lists(scope: scope).map(\.list.name).reversed() + ["only bbb"] {
            try attempt("delete \(name)") { try store.deleteList(.named(name, scope: scope), evenSo: false, actor: "a", now: .now) }
        }
        try attempt("no default") { try store.clearDefaultList(of: a, actor: "a") }

        let leaks = read.filter { line in
            // What the caller typed may be repeated.
            let told = ["“bbb3”", "“only bbb”", "“of only bbb”"].reduce(line) { $0.replacingOccurrences(of: $1, with: "") }
            return told.drop { $0 != ":" }.contains("bbb")
        }
        #expect(leaks.isEmpty, "\(leaks)")
        #expect(read.contains { $0.contains("aaa") }, "nothing was read at all")
        #expect(try bench.count("SELECT COUNT(*) FROM recipients WHERE organisation_id = \(a)") == 0)
    }

    @Test func `without a scope, what two organisations both have is not guessed`() throws {
        let bench = try bench()
        #expect(throws: StoreError.ambiguousList(name: "L")) {
            try bench.database.setDefaultList(named: "L", scope: .all, actor: "a")
        }
        #expect(throws: StoreError.ambiguousRecipient(externalID: "1")) {
            try bench.database.delete(recipient: "1", scope: .all, actor: "a")
        }
        #expect(throws: StoreError.organisationNeeded(known: ["A", "B"])) {
            try bench.database.owner(organisationNamed: nil)
        }
        #expect(throws: StoreError.unknownOrganisation(name: "C", known: ["A", "B"])) {
            try bench.database.owner(organisationNamed: "C")
        }
    }
}
