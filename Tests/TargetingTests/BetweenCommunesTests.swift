import AlertModel
import GeoEngine
import GeoModel
import TestSupport
import Testing

@testable import Targeting

/// Two towns with a sliver 0.001° (72 m) wide between them, the second in two parts with a sliver of its own.
@Suite struct BetweenCommunesTests {
    private let towns: [String: MemoryRegister.Town] = [
        "80001": .init(boundary: rectangle(2.0, 50.0, 2.1, 50.1)),
        "80002": .init(boundary: rectangle(2.101, 50.0, 2.2, 50.1)),
        "80102": .init(boundary: rectangle(2.101, 50.0, 2.15, 50.1), parent: "80002"),
        "80103": .init(boundary: rectangle(2.151, 50.0, 2.2, 50.1), parent: "80002"),
    ]

    private func select(_ zone: Zone, _ people: [MemoryRegister.Person]) throws -> [Int64: Verdict] {
        try MemoryRegister(people: people, towns: towns).select(zone)
    }

    @Test func `who stands in a sliver is possibly in each commune that borders it`() throws {
        let sliver = MemoryRegister.Person(id: 1, position: place(2.1004, 50.05))
        #expect(try select(.communes(codes("80001")), [sliver]) == [1: .possible])
        #expect(try select(.communes(codes("80002")), [sliver]) == [1: .possible])
        #expect(try select(.communes(codes("80001", "80002")), [sliver]) == [1: .possible])
        #expect(try select(.department("80"), [sliver]) == [1: .possible])
        let without = Zone.difference(.department("80"), except: .communes(codes("80001")))
        #expect(try select(without, [sliver]) == [1: .possible])
    }

    @Test func `who stands in another commune is that commune's, however near`() throws {
        let near = MemoryRegister.Person(id: 1, position: place(2.10101, 50.05))
        #expect(try select(.communes(codes("80001")), [near]) == [:])
        #expect(try select(.communes(codes("80002")), [near]) == [1: .certain])
    }

    @Test func `the shore reaches as far as the tolerance, and no further`() throws {
        let shore = place(2.05, 50.1)
        let people = [249.9, 250.1, 5000].enumerated().map { index, metres in
            MemoryRegister.Person(
                id: Int64(index + 1), position: Ellipsoid.destination(from: shore, azimuthDegrees: 0, metres: metres))
        }
        #expect(try select(.communes(codes("80001")), people) == [1: .possible])
        // A disc reaches as much further.
        var wide = people[1]
        wide.uncertaintyMetres = 100
        #expect(try select(.communes(codes("80001")), [wide]) == [2: .possible])
    }

    @Test func `a sliver between two parts of a commune is in the whole, and possibly in each part`() throws {
        let sliver = MemoryRegister.Person(id: 1, position: place(2.1504, 50.05))
        #expect(try select(.communes(codes("80002")), [sliver]) == [1: .certain])
        #expect(try select(.communes(codes("80102")), [sliver]) == [1: .possible])
        #expect(try select(.communes(codes("80103")), [sliver]) == [1: .possible])
        let other = MemoryRegister.Person(id: 2, position: place(2.1511, 50.05))
        #expect(try select(.communes(codes("80102")), [other]) == [:])
    }

    @Test func `whom the register gives a commune is that commune's, wherever the point is`() throws {
        let coded = MemoryRegister.Person(id: 1, commune: "80002", position: place(2.1004, 50.05))
        #expect(try select(.communes(codes("80001")), [coded]) == [:])
        #expect(try select(.communes(codes("80002")), [coded]) == [1: .certain])
    }

    @Test func `the explanation says why`() throws {
        let register = MemoryRegister(
            people: [.init(id: 1, position: place(2.1004, 50.05))], towns: towns)
        let explanation = try Explainer(register: register.reader).explain(
            RecipientID(rawValue: 1), in: .communes(codes("80001")))
        #expect(explanation.verdict == .possible)
        #expect(explanation.terms[0].because.contains("in no commune"), "\(explanation.terms[0].because)")
    }

    @Test(arguments: [41, 42, 43] as [UInt64])
    func `selection and explanation agree, and nobody near is left out`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var people: [MemoryRegister.Person] = []
        for id in 1...200 {
            people.append(.init(
                id: Int64(id),
                position: place(
                    .random(in: 2.09...2.11, using: &generator), .random(in: 50.09...50.11, using: &generator))))
        }
        let register = MemoryRegister(people: people, towns: towns)
        for code in ["80001", "80002"] {
            let zone = Zone.communes(codes(code))
            let selected = try register.select(zone)
            let other = try PreparedArea(towns[code == "80001" ? "80002" : "80001"]!.boundary!)
            let own = try PreparedArea(towns[code]!.boundary!)
            for person in people {
                let place = try #require(person.position)
                let metres = try own.distance(from: place)
                let expected: Verdict =
                    metres.isInside
                    ? .certain : try !other.contains(place) && metres.metres <= 250 ? .possible : .outside
                #expect(selected[person.id] ?? .outside == expected, "seed \(seed), recipient \(person.id)")
                let why = try Explainer(register: register.reader).explain(RecipientID(rawValue: person.id), in: zone)
                #expect(why.verdict == expected, "seed \(seed), recipient \(person.id)")
            }
        }
    }
}
