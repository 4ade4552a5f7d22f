import AlertModel
import GeoModel
import TestSupport
import Testing

@testable import Targeting

@Suite struct ExplanationTests {
    private typealias Person = MemoryRegister.Person

    @Test(arguments: [41, 42, 43, 44] as [UInt64])
    func `an explanation says what the selection does, for everybody`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<30 {
            let register = MemoryRegister.random(&generator, people: 25)
            let zone = MemoryRegister.randomZone(&generator)
            let selected = try register.select(zone)
            let explainer = Explainer(register: register.reader)
            for person in register.people {
                let explanation = try explainer.explain(RecipientID(rawValue: person.id), in: zone)
                #expect(
                    explanation.verdict == selected[person.id] ?? .outside,
                    "seed \(seed), round \(round), recipient \(person.id), \(zone.label)")
                #expect(explanation.terms.map(\.label) == zone.terms.map(\.label))
            }
        }
    }

    private func explain(_ person: Person, in zone: Zone) throws -> Explanation {
        var register = MemoryRegister.threeTowns()
        register.people = [person]
        return try Explainer(register: register.reader).explain(RecipientID(rawValue: person.id), in: zone)
    }

    @Test func `distances are told in metres, with polygon and ring`() throws {
        let zone = Zone.perimeter(name: "P", area: rectangle(2.0, 50.0, 2.1, 50.1))
        let inside = try explain(Person(id: 1, position: place(2.05, 50.001)), in: zone)
        #expect(inside.terms[0].because == "111 m inside the nearest edge (polygon 1, ring 1)")
        #expect(inside.location == "exact point 2.05, 50.001")
        let outside = try explain(
            Person(id: 1, commune: "80002", position: place(2.05, 49.999), uncertaintyMetres: 20.2), in: zone)
        #expect(outside.verdict == .outside)
        #expect(outside.terms[0].because == "111 m outside the nearest edge (polygon 1, ring 1)")
        #expect(outside.location == "geocoded to street, within 21 m of 2.05, 49.999 (commune 80002), score 0.8")
        let circle = Zone.circle(centre: place(2.05, 50), radiusMetres: 1000)
        #expect(
            try explain(Person(id: 1, position: place(2.05, 50)), in: circle).terms[0].because
                == "0 m from the centre, radius 1000 m")
    }

    @Test func `communes are explained by the register's code, or by boundary for want of one`() throws {
        let zone = Zone.communes(codes("80001"))
        let byCode = try explain(Person(id: 1, commune: "80001", position: place(2.15, 50.05)), in: zone)
        #expect((byCode.verdict, byCode.terms[0].because) == (.certain, "the register says commune 80001"))
        let other = try explain(Person(id: 1, commune: "80002", position: place(2.05, 50.05)), in: zone)
        #expect(
            (other.verdict, other.terms[0].because)
                == (.outside, "the register says commune 80002, which is not one of these"))
        let byBoundary = try explain(Person(id: 1, position: place(2.05, 50.05)), in: zone)
        #expect(byBoundary.verdict == .certain)
        #expect(byBoundary.terms[0].because.hasPrefix("no commune code; by boundary: "))
        let nothing = try explain(Person(id: 1), in: zone)
        #expect((nothing.verdict, nothing.location) == (.notLocated, "not located"))
    }

    @Test func `who is known by commune only is told so`() throws {
        let zone = Zone.perimeter(name: "P", area: rectangle(2.01, 50.01, 2.02, 50.02))
        let possible = try explain(Person(id: 1, commune: "80001"), in: zone)
        #expect(possible.location == "known by commune only (commune 80001)")
        #expect(
            (possible.verdict, possible.terms[0].because)
                == (.possible, "part of the commune is inside, and only the commune is known"))
        #expect(try explain(Person(id: 1, commune: "80003"), in: zone).location == "not located (commune 80003)")
    }

    @Test func `a zone that cannot be judged explains nobody`() throws {
        #expect(throws: TargetingError.emptyZone) { try explain(Person(id: 1), in: .union([])) }
    }
}
