import Testing

@testable import Store

@Suite struct OrganisationsTests {
    @Test func `an organisation is made once, and a scope names one that exists`() throws {
        let bench = try StoreBench()
        let mairie = try bench.database.organisation(named: "Mairie")
        #expect(try bench.database.organisation(named: "Mairie") == mairie)
        #expect(try bench.database.scope(organisationNamed: nil) == .all)
        #expect(try bench.database.scope(organisationNamed: "Mairie") == .organisation(mairie))
        #expect(throws: StoreError.unknownOrganisation(name: "Mairi", known: ["Mairie"])) {
            try bench.database.scope(organisationNamed: "Mairi")
        }
    }
}
