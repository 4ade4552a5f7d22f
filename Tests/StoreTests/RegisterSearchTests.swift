import AlertModel
import GeoModel
import TestSupport
import Testing

@testable import Store

@Suite struct RegisterSearchTests {
    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.register([
            person("P-1", address: "12 rue de l’Eau", postcode: "80000", town: "Amiens", contacts: ["sms:+33639980001"], name: "Éloïse Le Goff"),
            person("P-2", address: "3 quai", contacts: ["email:Eloise@example.org"], name: "Martin"),
            person("P-10", contacts: ["voice:+262692980001"], name: "L'Éloi"),
        ])
        return bench
    }

    @Test(arguments: [
        ("eloise", ["P-1"]), ("LE GOFF", ["P-1"]), ("goff eau 80000", ["P-1"]), ("p 1", ["P-1", "P-10"]),
        ("06 39 98 00 01", ["P-1"]), ("+33 (0)6 39 98 00 01", ["P-1"]), ("0033639980001", ["P-1"]),
        ("98 00 01", ["P-1", "P-10"]), ("eloise@EXAMPLE", ["P-2"]), ("l eloi", ["P-1", "P-10"]), ("zzz", []), ("%", []),
    ])
    func `people are found by what a caller says of them`(text: String, ids: [String]) throws {
        let bench = try bench()
        guard text != "%" else {
            #expect(throws: StoreError.emptySearch) { try bench.database.searchRegister(text, scope: .all, limit: 9) }
            return
        }
        let found = try bench.database.searchRegister(text, scope: .all, limit: 9).found.map(\.recipient.externalID)
        #expect(found == ids)
    }

    @Test func `an answer is bounded, and says that there is more`() throws {
        let bench = try StoreBench()
        try bench.register((0..<30).map { person("r\($0)") })
        let some = try bench.database.searchRegister("personne", scope: .all, limit: 7)
        #expect((some.found.count, some.hasMore) == (7, true))
        let all = try bench.database.searchRegister("personne", scope: .all, limit: 30)
        #expect((all.found.count, all.hasMore) == (30, false))
    }

    @Test func `protected facts are read only by who asks by name, and the journal knows`() throws {
        let bench = try StoreBench()
        var one = person("P")
        one.vulnerability = Vulnerability(kind: Redacted("oxygène"))
        try bench.register([one])
        let before = try bench.database.auditHead().count
        #expect(try bench.database.registerEntry(ofExternalID: "P", scope: .all).recipient.vulnerability == nil)
        #expect(try bench.database.auditHead().count == before)
        let entry = try bench.database.protectedRegisterEntry(ofExternalID: "P", scope: .all, actor: "agent")
        #expect(entry.recipient.vulnerability?.kind.value == "oxygène")
        #expect(try bench.database.auditEntries(limit: 1).map(\.action) == ["register.protected"])
    }
}
