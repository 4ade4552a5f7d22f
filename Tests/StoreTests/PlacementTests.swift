import AlertModel
import GeoModel
import Targeting
import Testing

@testable import Store

@Suite struct PlacementTests {
    private func place(_ recipient: Recipient, in bench: StoreBench) throws -> Placement {
        try bench.database.readRegister(ofOrganisationNamed: "A") { try $0.place(of: recipient) }
    }

    @Test func `an address known to the door gets its point and a small disc`() throws {
        let bench = try StoreBench()
        try bench.addresses(
            street("Rue des Tilleuls", commune: "80001", town: "Ville 80001", from: StoreTests.place(2.05, 50.05)))
        let found = try place(person("a", commune: "80001", address: "7 rue des Tilleuls"), in: bench)
        #expect(found.precision == .houseNumber)
        #expect(found.location?.position == StoreTests.place(2.05 + 0.0002 * 7, 50.05))
        #expect(try #require(found.location?.uncertaintyMetres) > 0)
    }

    @Test func `an address nobody knows leaves the commune, or nothing`() throws {
        let bench = try StoreBench()
        let town = try place(person("a", commune: "80001", address: "7 rue Inconnue"), in: bench)
        #expect((town.precision, town.location, town.communeCode?.rawValue) == (.commune, nil, "80001"))
        #expect(try place(person("a", commune: "80003"), in: bench).precision == .notLocated)
        #expect(try place(person("a", commune: "80999"), in: bench).precision == .notLocated)
        #expect(try place(person("a", address: "quelque part"), in: bench).precision == .notLocated)
    }

    @Test func `addresses that come later move who was geocoded, and nobody who was placed`() throws {
        let bench = try StoreBench()
        try bench.register([
            person("waiting", commune: "80001", address: "7 rue des Tilleuls"),
            person("elsewhere", commune: "80002", address: "7 rue des Tilleuls"),
            person("given", commune: "80001", at: StoreTests.place(2.09, 50.09), address: "7 rue des Tilleuls"),
        ])
        let door = perimeter(2.0512, 50.0495, 2.0516, 50.0505)
        #expect(try bench.select(door) == ["waiting possible"])
        let outcome = try bench.addresses(
            street("Rue des Tilleuls", commune: "80001", town: "Ville 80001", from: StoreTests.place(2.05, 50.05)))
        #expect((outcome.counts.added, outcome.relocated) == (12, 1))
        let selected = try bench.database.selectedRecipients(in: door, scope: .all)
        #expect(selected.map(\.externalID) == ["waiting"])
        #expect(selected.map(\.precision) == [.houseNumber])
        #expect(try bench.select(perimeter(2.085, 50.085, 2.095, 50.095)) == ["given certain"])
    }

    @Test func `the same addresses again move nobody`() throws {
        let bench = try StoreBench()
        let rows = street(
            "Rue des Tilleuls", commune: "80001", town: "Ville 80001", from: StoreTests.place(2.05, 50.05))
        try bench.register([person("a", commune: "80001", address: "7 rue des Tilleuls")])
        try bench.addresses(rows)
        let again = try bench.addresses(rows)
        #expect((again.counts.added, again.counts.updated, again.counts.unchanged, again.relocated) == (0, 0, 12, 0))
    }

    @Test func `a commune is known by its code, and stands on its boundary`() throws {
        let bench = try StoreBench()
        try bench.database.readRegister(ofOrganisationNamed: "A") { register in
            let known = try codes("80001", "80003", "80999").map { try register.isKnown($0) }
            #expect(known == [true, true, false])
            let boundaries = try codes("80001", "80003").map { try register.boundary(of: $0) }
            #expect(boundaries == [rectangle(2.0, 50.0, 2.1, 50.1), nil])
        }
    }
}
