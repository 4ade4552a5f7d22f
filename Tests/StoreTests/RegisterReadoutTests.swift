import AlertModel
import GRDB
import GeoModel
import TestSupport
import Testing

@testable import Store

@Suite struct RegisterReadoutTests {
    private func ids(_ bench: StoreBench, _ selection: RegisterSelection) throws -> [String] {
        try bench.database.readOut(selection) { readout in
            var ids: [String] = []
            try readout.forEach { ids.append($0.recipient.externalID) }
            return ids
        }
    }

    @Test func `everybody of the organisation is read once, in byte order, across pages`() throws {
        let bench = try StoreBench()
        let people = (0..<1203).map { person("r\($0)", commune: $0 % 3 == 0 ? "80001" : "80002") }
        try bench.register(people + [person("É"), person("a b")])
        try bench.register([person("r1"), person("x")], organisation: "Mairie")
        let owner = try bench.database.organisation(named: "Préfecture")
        #expect(
            try ids(bench, RegisterSelection(organisation: owner))
                == (people.map(\.externalID) + ["É", "a b"]).sorted(by: Database.byteOrder))
        #expect(
            try ids(bench, RegisterSelection(organisation: owner, zone: .communes(codes("80001"))))
                == people.filter { $0.communeCode?.rawValue == "80001" }.map(\.externalID).sorted(by: Database.byteOrder))
        let mairie = try bench.database.organisation(named: "Mairie")
        #expect(try ids(bench, RegisterSelection(organisation: mairie)) == ["r1", "x"])
    }

    @Test func `a recipient is read whole, the protected facts only when asked`() throws {
        let bench = try StoreBench()
        var one = person(
            "P", commune: "80001", at: place(2.05, 50.05), address: "1 rue", postcode: "80000", town: "V",
            contacts: ["sms:+33639980001", "email:a@example.org"], lists: ["L", "K"])
        one.tags = ["a", "b"]
        one.household = "F"
        one.building = "B"
        one.confirmedOn = CalendarDate("2026-01-02")
        one.vulnerability = Vulnerability(
            kind: Redacted("k"), detail: Redacted("d"), recordedOn: CalendarDate("2025-01-02"), provenance: "p")
        one.contactPoints[0].isEmergency = true
        one.contactPoints[0].consent = .given
        one.contactPoints[0].consentOn = CalendarDate("2024-01-02")
        one.contactPoints[1].provenance = "mairie"
        try bench.register([one])
        let owner = try bench.database.organisation(named: "Préfecture")
        for withProtected in [false, true] {
            try bench.database.readOut(RegisterSelection(organisation: owner, withProtected: withProtected)) { readout in
                #expect(try readout.greatestContactCounts() == [.sms: 1, .email: 1])
                #expect(try readout.greatestEmergencyCount() == 1)
                try readout.forEach { entry in
                    var expected = one
                    if !withProtected { expected.vulnerability = nil }
                    var read = entry.recipient
                    read.contactPoints.sort { $0.rank < $1.rank }
                    #expect(read.contactPoints == expected.contactPoints)
                    #expect(read.vulnerability == expected.vulnerability)
                    #expect((read.tags, read.household, read.building) == (["a", "b"], "F", "B"))
                    #expect(Set(read.lists ?? []) == ["L", "K"])
                    #expect((read.confirmedOn, read.location, read.name) == (expected.confirmedOn, expected.location, expected.name))
                    #expect((entry.precision, entry.organisation) == (.given, "Préfecture"))
                }
            }
        }
    }
}
