import AlertModel
import Dispatching
import GRDB
import GeoModel
import Targeting
import Testing

@testable import Store

@Suite struct TownHallTests {
    private func card(_ number: String = "+33322000001", name: String = "Mme Leroy") -> ContactCard {
        ContactCard(
            name: Redacted(name), function: "Maire",
            contactPoints: [
                ContactPoint(channel: .voice, address: Redacted(number), rank: 1, isEmergency: true),
                ContactPoint(channel: .email, address: Redacted("maire@example.org"), rank: 1),
            ])
    }

    private func bench() throws -> (StoreBench, top: OrganisationID, epci: OrganisationID, towns: [OrganisationID]) {
        let bench = try StoreBench()
        let store = bench.database
        let top = try store.createOrganisation(named: "P", kind: .prefecture, code: "80", parent: nil, actor: "test")
        let epci = try store.createOrganisation(named: "E", kind: .epci, code: nil, parent: top, actor: "test")
        let towns = try ["80001", "80002", "80003"].enumerated().map { (index: Int, code: String) in
            try store.createOrganisation(
                named: "Ville \(code)", kind: .commune, code: code, parent: index == 2 ? top : epci, actor: "test")
        }
        return (bench, top, epci, towns)
    }

    @Test func `a card is a recipient of everybody above, at its town hall, on a list`() throws {
        let (bench, top, epci, towns) = try bench()
        let store = bench.database
        for town in towns { try store.setContactCard(card(), of: town, actor: "test") }
        try store.setContactCard(card(), of: epci, actor: "test")
        #expect(try store.members(ofListNamed: "Mairies", scope: .organisation(top)).count == 3)
        #expect(try store.members(ofListNamed: "Mairies", scope: .organisation(epci)).count == 2)
        #expect(try store.members(ofListNamed: "Organismes", scope: .organisation(top)) == [TownHalls.externalID(of: epci)])
        // The town hall of 80001 is in the middle of it; that of 80003 is not known, and its commune is.
        #expect(try bench.select(perimeter(2.04, 50.04, 2.06, 50.06), scope: .organisation(top))
            == ["\(TownHalls.externalID(of: towns[0])) certain"])
        #expect(try bench.select(.communes(codes("80003")), scope: .organisation(top))
            == ["\(TownHalls.externalID(of: towns[2])) certain"])
        let entry = try store.registerEntry(ofExternalID: TownHalls.externalID(of: towns[0]), scope: .organisation(top))
        #expect(entry.recipient.kind == .office)
        #expect(entry.recipient.name.value == "Ville 80001 (Mme Leroy, Maire)")
        #expect(entry.recipient.contactPoints.map(\.address.value).sorted() == ["+33322000001", "maire@example.org"])
        // The towns themselves see nothing of each other.
        #expect(try store.registerSummary(scope: .organisation(towns[0])).recipients == 0)
        #expect(try store.checkRegisterIndexes().wrong == 0)
    }

    @Test func `a change, a move, another name and an end reach everybody above`() throws {
        let (bench, top, epci, towns) = try bench()
        let store = bench.database
        let id = TownHalls.externalID(of: towns[0])
        func name(_ organisation: OrganisationID) -> String? {
            let entry = try? store.registerEntry(ofExternalID: id, scope: .organisation(organisation))
            return entry?.recipient.name.value
        }
        try store.setContactCard(card(), of: towns[0], actor: "test")
        try store.setContactCard(card("+33322000009", name: "M. Petit"), of: towns[0], actor: "test")
        #expect(name(top) == "Ville 80001 (M. Petit, Maire)")
        let numbers = try store.registerEntry(ofExternalID: id, scope: .organisation(top)).recipient.contactPoints
        #expect(numbers.map(\.address.value).sorted() == ["+33322000009", "maire@example.org"])
        try store.rename(towns[0], to: "Cité", actor: "test")
        #expect(name(epci) == "Cité (M. Petit, Maire)")
        try store.move(towns[0], under: top, actor: "test")
        #expect(name(epci) == nil)
        #expect(name(top) != nil)
        try store.move(towns[0], under: nil, actor: "test")
        #expect(name(top) == nil)
        try store.move(epci, under: nil, actor: "test")
        try store.move(towns[0], under: epci, actor: "test")
        #expect(name(epci) != nil)
        try store.setContactCard(nil, of: towns[0], actor: "test")
        #expect(name(epci) == nil)
        #expect(try store.contactCard(of: towns[0]) == nil)
    }

    @Test func `nobody's hand, file or list takes a card away`() throws {
        let (bench, top, _, towns) = try bench()
        let store = bench.database
        try bench.register([person("1", commune: "80001", lists: ["Mairies"])], organisation: "P")
        try store.setContactCard(card(), of: towns[0], actor: "test")
        let id = TownHalls.externalID(of: towns[0])
        #expect(throws: StoreError.keptBySystem(externalID: id)) {
            try store.delete(recipient: id, scope: .organisation(top), actor: "test")
        }
        #expect(throws: StoreError.keptBySystem(externalID: id)) {
            try store.edit(recipient: id, [.name("X")], scope: .organisation(top), actor: "test")
        }
        // The list of that name was somebody's: it stays theirs.
        #expect(try store.members(ofListNamed: "Mairies", scope: .organisation(top)) == ["1"])
        #expect(try store.members(ofListNamed: "Mairies 2", scope: .organisation(top)) == [id])
        // Renamed, it is the system's all the same.
        try store.renameList(.named("Mairies 2", scope: .organisation(top)), to: "Maires", evenSo: false, actor: "test", now: .now)
        try store.setContactCard(card(), of: towns[1], actor: "test")
        #expect(try store.members(ofListNamed: "Maires", scope: .organisation(top)).count == 2)
    }

    @Test func `communes that are imported later place the town halls`() throws {
        let (bench, top, _, towns) = try bench()
        let store = bench.database
        try store.setContactCard(card(), of: towns[2], actor: "test")
        let zone = perimeter(2.2, 50.0, 2.3, 50.1)
        #expect(try bench.select(zone, scope: .organisation(top)) == [])
        try bench.territory([commune("80003", boundary: rectangle(2.2, 50.0, 2.3, 50.1))])
        #expect(try bench.select(zone, scope: .organisation(top)) == ["\(TownHalls.externalID(of: towns[2])) certain"])
    }

    @Test func `a card has a name, a way to be reached and three numbers at most`() throws {
        let (bench, _, _, towns) = try bench()
        let four = ContactCard(
            name: Redacted("X"), function: "",
            contactPoints: (1...4).map {
                ContactPoint(channel: .voice, address: Redacted("+3332200000\($0)"), rank: $0, isEmergency: true)
            })
        for bad in [four, ContactCard(name: Redacted("X"), function: "", contactPoints: []), card(name: "")] {
            #expect(throws: StoreError.self) { try bench.database.setContactCard(bad, of: towns[0], actor: "test") }
        }
        #expect(try bench.database.contactCard(of: towns[0]) == nil)
    }
}
