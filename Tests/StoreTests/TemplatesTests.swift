import AlertModel
import Campaigns
import Testing

@testable import Store

@Suite struct TemplatesTests {
    private func template(_ text: String) throws -> MessageTemplate {
        try MessageTemplate(Array(#"""
            {"version":1,"message":{"text":"\#(text)"},"correction":{"text":"Erreur"},"allClear":{"text":"Fin"}}
            """#.utf8))
    }

    @Test func `a template is its newest version; the same again is none`() throws {
        let bench = try StoreBench()
        let organisation = try bench.database.organisation(named: "Mairie")
        func save(_ text: String) throws -> Int {
            try bench.database.save(try template(text), named: "Crue", of: organisation, actor: "anne")
        }
        #expect(try [save("Montez"), save("Montez"), save("Partez"), save("Montez")] == [1, 1, 2, 3])
        let saved = try bench.database.template(named: "Crue", of: organisation)
        #expect(saved.version == 3 && saved.template[.message].text == "Montez" && saved.savedBy == "anne")
    }

    @Test func `a template that is removed is not found, and comes back as a later version`() throws {
        let bench = try StoreBench()
        let organisation = try bench.database.organisation(named: "Mairie")
        let other = try bench.database.organisation(named: "Autre")
        _ = try bench.database.save(try template("Montez"), named: "Crue", of: organisation, actor: "anne")
        try bench.database.removeTemplate(named: "Crue", of: organisation, actor: "anne")
        let unknown = StoreError.unknownTemplate(name: "Crue", known: [])
        #expect(throws: unknown) { try bench.database.template(named: "Crue", of: organisation) }
        #expect(throws: unknown) { try bench.database.removeTemplate(named: "Crue", of: organisation, actor: "anne") }
        #expect(try bench.database.save(try template("Montez"), named: "Crue", of: organisation, actor: "anne") == 3)
        #expect(try bench.database.templates(of: organisation).map(\.name) == ["Crue"])
        #expect(try bench.database.templates(of: other).isEmpty, "one organisation never sees another's")
    }
}
