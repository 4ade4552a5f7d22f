import AlertModel
import Foundation
import GeoModel
import TestSupport
import Testing

@testable import Store

@Suite struct RecipientEditingTests {
    private func edit(_ bench: StoreBench, _ id: String, _ edits: [RecipientEdit]) throws {
        try bench.database.edit(recipient: id, edits, scope: .all, actor: "agent")
    }

    private func entry(_ bench: StoreBench, _ id: String) throws -> Recipient {
        try bench.database.registerEntry(ofExternalID: id, scope: .all).recipient
    }

    @Test func `every field is set, and the journal names fields alone`() throws {
        let bench = try StoreBench()
        try bench.register([person("P", commune: "80001", contacts: ["voice:+33199000001", "voice:+33199000002"])])
        try edit(bench, "P", [
            .name("Nouveau"), .kind(.household), .language("pt-br"), .household("F1"), .building("B"), .tags(["a", "b"]),
            .addTag("c"), .removeTag("a"), .confirmedOn(CalendarDate("2026-01-02")), .position(place(2.05, 50.05)),
            .contactOrder(.voice, [2, 1]),
        ])
        let one = try entry(bench, "P")
        #expect((one.name.value, one.kind, one.language) == ("Nouveau", .household, "pt-br"))
        #expect((one.household, one.building, one.tags) == ("F1", "B", ["b", "c"]))
        #expect(one.location == Location(position: place(2.05, 50.05), uncertaintyMetres: 0, precision: .given, score: 1))
        #expect(one.contactPoints.map(\.address.value) == ["+33199000002", "+33199000001"])
        #expect(one.contactPoints.map(\.rank) == [1, 2])
        #expect(one.contactPoints.allSatisfy { $0.confirmedOn?.text == "2026-01-02" })
        #expect(try bench.select(perimeter(2.0, 50.0, 2.1, 50.1)) == ["P certain"])
        let journal = try bench.database.auditEntries(limit: 1)[0]
        #expect(journal.action == "recipient.set")
        #expect(!"\(journal)".contains("Nouveau") && journal.detail["fields"]?.contains("name") == true)
    }

    @Test func `an address that is corrected is placed again, a given point stays`() throws {
        let bench = try StoreBench()
        try bench.addresses(street("Rue des Saules", commune: "80001", town: "Ville 80001", from: place(2.01, 50.01)))
        try bench.register([
            person("P", commune: "80002"), person("Q", commune: "80002", at: place(2.15, 50.05)),
        ])
        for id in ["P", "Q"] {
            try edit(bench, id, [.address("3 rue des Saules"), .communeCode(CommuneCode("80001")), .postcode("80000")])
        }
        #expect(try entry(bench, "P").location?.precision == .houseNumber)
        #expect(try entry(bench, "Q").location?.position == place(2.15, 50.05))
    }

    @Test func `the same row again leaves a correction alone, a changed row wins`() throws {
        let bench = try StoreBench()
        try bench.register([person("P", name: "Ancien")])
        try edit(bench, "P", [.name("Corrigé"), .language("en")])
        #expect(try bench.register([person("P", name: "Ancien")]).updated == 0)
        #expect(try entry(bench, "P").name.value == "Corrigé")
        #expect(try bench.register([person("P", postcode: "80000", name: "Ancien")]).updated == 1)
        #expect(try entry(bench, "P").name.value == "Ancien")
    }

    @Test func `what is not to be set is refused whole`() throws {
        let bench = try StoreBench()
        try bench.register([person("P", contacts: ["sms:+33639980001"])])
        for edits: [RecipientEdit] in [
            [.language("en"), .contactOrder(.sms, [2])], [.language("en"), .contactOrder(.sms, [1, 1])],
            [.language("en"), .addTag("a|b")], [.language("en"), .name("a\u{7}")],
            [.language("en"), .name(String(repeating: "x", count: 501))],
        ] {
            #expect(throws: StoreError.self) { try edit(bench, "P", edits) }
            #expect(try entry(bench, "P").language == "fr")
        }
    }

    @Test func `who is deleted is gone from the file's bytes, and the ledger stays readable`() throws {
        let bench = try StoreBench()
        var one = person("P", commune: "80001", contacts: ["sms:+33639981234"], lists: ["L"], name: "Nomsecret")
        one.tags = ["t"]
        one.vulnerability = Vulnerability(kind: Redacted("oxygène-secret"))
        try bench.register([one, person("Q", commune: "80001", contacts: ["email:q@example.org"])])
        try bench.database.delete(recipient: "P", scope: .all, actor: "agent")
        for table in ["recipients WHERE external_id = 'P'", "contact_points WHERE channel = 'sms'", "list_members",
                      "recipient_tags", "vulnerabilities"]
        {
            #expect(try bench.count("SELECT COUNT(*) FROM \(table)") == 0, "\(table)")
        }
        #expect(try bench.select(.communes(codes("80001"))) == ["Q certain"])
        for suffix in ["", "-wal"] {
            let bytes = (try? Data(contentsOf: URL(filePath: bench.database.path + suffix))) ?? Data()
            for secret in ["+33639981234", "Nomsecret", "oxygène-secret"] {
                #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret) is still in tocsin.sqlite\(suffix)")
            }
        }
        let journal = try bench.database.auditEntries(limit: 1)[0]
        #expect(journal.action == "recipient.delete" && !"\(journal)".contains("Nomsecret"))
        #expect(throws: StoreError.unknownRecipient(externalID: "P")) {
            try bench.database.delete(recipient: "P", scope: .all, actor: "agent")
        }
    }
}
