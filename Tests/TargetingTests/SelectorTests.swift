import AlertModel
import GeoEngine
import GeoModel
import TestSupport
import Testing

@testable import Targeting

@Suite struct SelectorTests {
    private typealias Person = MemoryRegister.Person

    private let square = rectangle(2.0, 50.0, 2.1, 50.1)

    private func register(_ people: [Person]) -> MemoryRegister {
        var register = MemoryRegister.threeTowns()
        register.people = people
        return register
    }

    @Test func `a point is judged exactly, boundary and corners included`() throws {
        let holed = Area([Polygon(exterior: ring(2.0, 50.0, 2.1, 50.1), holes: [ring(2.04, 50.04, 2.06, 50.06)])])
        let register = register([
            Person(id: 1, position: place(2.02, 50.02)), Person(id: 2, position: place(2.0, 50.05)),
            Person(id: 3, position: place(2.1, 50.1)), Person(id: 4, position: place(2.05, 50.05)),
            Person(id: 5, position: place(2.04, 50.05)), Person(id: 6, position: place(2.1.nextUp, 50.05)),
        ])
        #expect(
            try register.select(.perimeter(name: "P", area: holed))
                == [1: .certain, 2: .certain, 3: .certain, 5: .certain])
    }

    @Test func `a disc that touches is possible, one wholly inside is certain`() throws {
        let register = register([
            Person(id: 1, position: place(2.05, 50.05), uncertaintyMetres: 1000),
            Person(id: 2, position: place(2.05, 50.095), uncertaintyMetres: 1000),
            Person(id: 3, position: place(2.05, 50.105), uncertaintyMetres: 1000),
            Person(id: 4, position: place(2.05, 50.2), uncertaintyMetres: 1000),
        ])
        #expect(
            try register.select(.perimeter(name: "P", area: square)) == [1: .certain, 2: .possible, 3: .possible])
    }

    @Test func `a circle reaches exactly its radius on the ellipsoid`() throws {
        let centre = place(2.3, 49.9)
        let edge = Ellipsoid.destination(from: centre, azimuthDegrees: 63, metres: 5000)
        let beyond = Ellipsoid.destination(from: centre, azimuthDegrees: 63, metres: 5000.01)
        let register = register([
            Person(id: 1, position: edge), Person(id: 2, position: beyond),
            Person(id: 3, position: beyond, uncertaintyMetres: 0.5),
            Person(id: 4, position: place(2.3, 49.91), uncertaintyMetres: 100),
        ])
        #expect(
            try register.select(.circle(centre: centre, radiusMetres: 5000))
                == [1: .certain, 3: .possible, 4: .certain])
    }

    @Test func `who is known by commune only is certain, possible or out with the commune's extent`() throws {
        let register = register([Person(id: 1, commune: "80001"), Person(id: 2, commune: "80002")])
        func select(_ area: Area<WGS84>) throws -> [Int64: Verdict] {
            try register.select(.perimeter(name: "P", area: area))
        }
        #expect(try select(square) == [1: .certain, 2: .possible])
        #expect(try select(rectangle(2.01, 50.01, 2.02, 50.02)) == [1: .possible])
        #expect(try select(rectangle(1.9, 49.9, 2.3, 50.2)) == [1: .certain, 2: .certain])
        #expect(try select(rectangle(2.5, 50, 2.6, 50.1)).isEmpty)
        #expect(
            try register.select(.circle(centre: place(2.05, 50.05), radiusMetres: 7000))
                == [1: .certain, 2: .possible])
    }

    @Test func `who cannot be placed at all is listed as not located by every place`() throws {
        let register = register([
            Person(id: 1), Person(id: 2, commune: "80003"), Person(id: 3, commune: "80999"),
            Person(id: 4, position: place(2.05, 50.05)),
        ])
        let expected: [Int64: Verdict] = [1: .notLocated, 2: .notLocated, 3: .notLocated, 4: .certain]
        #expect(try register.select(.perimeter(name: "P", area: square)) == expected)
        #expect(try register.select(.circle(centre: place(2.05, 50.05), radiusMetres: 100)) == expected)
    }

    @Test func `communes go by code, and by boundary only for who has no code`() throws {
        let register = register([
            Person(id: 1, commune: "80001", position: place(2.15, 50.05)),
            Person(id: 2, commune: "80002", position: place(2.05, 50.05)),
            Person(id: 3, position: place(2.05, 50.05)), Person(id: 4, position: place(2.15, 50.05)),
            Person(id: 5, position: place(2.101, 50.05), uncertaintyMetres: 500), Person(id: 6),
            Person(id: 7, commune: "80001"), Person(id: 8, commune: "80003"),
        ])
        #expect(
            try register.select(.communes(codes("80001")))
                == [1: .certain, 3: .certain, 5: .possible, 6: .notLocated, 7: .certain])
        #expect(try register.select(.communes(codes("80003"))) == [6: .notLocated, 8: .certain])
    }

    @Test func `a code that the territory does not know says nothing, and the place does`() throws {
        let register = register([
            Person(id: 1, commune: "80999", position: place(2.05, 50.05)), Person(id: 2, commune: "80999"),
            Person(id: 3, commune: "80999", position: place(2.15, 50.05)),
        ])
        #expect(try register.select(.communes(codes("80001"))) == [1: .certain, 2: .notLocated])
        #expect(try register.select(.communes(codes("80999"))) == [1: .certain, 2: .certain, 3: .certain])
    }

    @Test func `a commune selects who is registered under its delegated communes`() throws {
        let register = register([
            Person(id: 1, commune: "80102"), Person(id: 2, commune: "80002"), Person(id: 3, commune: "80001"),
        ])
        #expect(try register.select(.communes(codes("80002"))) == [1: .certain, 2: .certain])
        // Who is coded by the whole may live in the part.
        #expect(try register.select(.communes(codes("80102"))) == [1: .certain, 2: .possible])
    }

    @Test func `a department is the set of its communes, the register's own included`() throws {
        let register = register([
            Person(id: 1, commune: "80001"), Person(id: 2, commune: "80999"), Person(id: 3, commune: "80102"),
            Person(id: 4, position: place(2.05, 50.05)), Person(id: 5, commune: "62001"), Person(id: 6),
        ])
        #expect(
            try register.select(.department("80"))
                == [1: .certain, 2: .certain, 3: .certain, 4: .certain, 5: .notLocated, 6: .notLocated])
        #expect(throws: MemoryRegister.Unknown(what: "59")) { try register.select(.department("59")) }
    }

    @Test func `a list selects its members and nobody else, wherever they are`() throws {
        let register = register([
            Person(id: 1, lists: ["rive"]), Person(id: 2, commune: "80001"),
            Person(id: 3, position: place(2.5, 49), lists: ["rive", "autre"]),
        ])
        #expect(try register.select(.list("rive")) == [1: .certain, 3: .certain])
        #expect(throws: MemoryRegister.Unknown(what: "nulle")) { try register.select(.list("nulle")) }
    }

    @Test func `in a difference someone only possibly in what is taken away stays`() throws {
        let register = register([
            Person(id: 1, position: place(2.05, 50.05)), Person(id: 2, position: place(2.07, 50.05)),
            Person(id: 3, position: place(2.0601, 50.05), uncertaintyMetres: 50), Person(id: 4, lists: ["rive"]),
        ])
        let except = Zone.perimeter(name: "B", area: rectangle(2.06, 50, 2.1, 50.1))
        #expect(
            try register.select(.difference(.perimeter(name: "A", area: square), except: except))
                == [1: .certain, 3: .possible, 4: .notLocated])
        // A list knows who; the place taken away cannot be judged: never dropped for that.
        #expect(try register.select(.difference(.list("rive"), except: except)) == [4: .possible])
    }

    @Test func `reasons number the terms in reading order`() throws {
        let register = register([
            Person(id: 1, position: place(2.05, 50.05), lists: ["rive"]), Person(id: 2, commune: "80002"),
        ])
        let zone = Zone.union([
            .perimeter(name: "A", area: square), .difference(.list("rive"), except: .communes(codes("80001"))),
            .communes(codes("80002")),
        ])
        let entries = try Selector(register: register.reader).select(zone).entries
        let reasons = entries.map { entry in zone.terms.indices.filter { entry.reasons.contains(term: $0) } }
        // The list speaks for nobody here: its only member is taken away again.
        #expect(reasons == [[0], [0, 3]])
        #expect(zone.terms.count == 4)
    }

    @Test func `an invalid perimeter loses nobody: mended outward when included, inward when excluded`() throws {
        // Gone around twice in the middle: inside by one rule, outside by the other.
        let twice = Zone.perimeter(name: "P", area: Area([
            Polygon(exterior: Ring([
                place(2, 50), place(2.3, 50), place(2.3, 50.3), place(2, 50.3), place(2, 50), place(2.1, 50.1),
                place(2.2, 50.1), place(2.2, 50.2), place(2.1, 50.2), place(2.1, 50.1), place(2, 50),
            ]))
        ]))
        let register = register([.init(id: 1, position: place(2.15, 50.15)), .init(id: 2, position: place(2.05, 50.2))])
        #expect(try register.select(twice) == [1: .certain, 2: .certain])
        let around = Zone.perimeter(name: "A", area: rectangle(1.9, 49.9, 2.4, 50.4))
        #expect(try register.select(.difference(around, except: twice)) == [1: .certain])
        // Spared from what is taken away: included again.
        #expect(
            try register.select(.difference(around, except: .difference(around, except: twice))) == [1: .certain, 2: .certain])
        let repairs = try Zone.difference(around, except: twice).mended().repairs
        #expect(repairs.map(\.direction) == [.inward])
        #expect(repairs[0].words.hasPrefix("perimeter “P” was mended: polygon 1, ring 1, vertex"))
    }

    @Test func `a perimeter that cannot be mended is refused with its polygon and ring`() throws {
        let flat = Area([Polygon(exterior: Ring([place(2, 50), place(2.1, 50.1), place(2.2, 50.2), place(2, 50)]))])
        let error = #expect(throws: GeometryError.self) {
            try register([]).select(.perimeter(name: "P", area: flat))
        }
        #expect(error?.code == .zeroArea)
        #expect((error?.polygon, error?.ring) == (1, 1))
    }

    @Test(arguments: [0, -1, .nan, .infinity, 600_000] as [Double])
    func `a circle without a sensible radius is refused`(radius: Double) throws {
        let error = #expect(throws: (any Error).self) {
            try register([]).select(.circle(centre: place(2, 50), radiusMetres: radius))
        }
        // Both are refusals; which comes first does not matter. The words can always be written.
        #expect(error is GeometryError || error is TargetingError)
        #expect(!"\(error!)".isEmpty)
    }

    @Test(arguments: [11, 12, 13] as [UInt64])
    func `discs are never lost and never certain by mistake`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<30 {
            let register = MemoryRegister.random(&generator, people: 40)
            let area = rectangle(2.03, 50.02, 2.17, 50.08)
            let selected = try register.select(.perimeter(name: "P", area: area))
            for person in register.people {
                guard let position = person.position else { continue }
                let disc =
                    [position]
                    + (0..<72).map {
                        Ellipsoid.destination(
                            from: position, azimuthDegrees: Double($0) * 5, metres: person.uncertaintyMetres)
                    }
                let inside = disc.count { area.boundingBox!.contains($0) }
                let verdict = selected[person.id] ?? .outside
                if inside > 0 { #expect(verdict != .outside, "seed \(seed), recipient \(person.id)") }
                if verdict == .certain { #expect(inside == disc.count, "seed \(seed), recipient \(person.id)") }
            }
        }
    }

    @Test(arguments: [21, 22, 23] as [UInt64])
    func `a larger circle keeps everyone, at least as surely`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let register = MemoryRegister.random(&generator, people: 150)
        let centre = place(2.1, 50.05)
        var last: [Int64: Verdict] = [:]
        for radius in [100, 1000, 2500, 6000, 12_000, 40_000] as [Double] {
            let selected = try register.select(.circle(centre: centre, radiusMetres: radius))
            for (id, verdict) in last { #expect((selected[id] ?? .outside).rawValue >= verdict.rawValue, "\(seed)") }
            last = selected
        }
        #expect(last.values.count { $0 == .certain } > 100)
    }

    @Test(arguments: [31, 32, 33] as [UInt64])
    func `the order of a union's or intersection's parts changes nothing`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let register = MemoryRegister.random(&generator, people: 40)
            let zones = (0..<3).map { _ in MemoryRegister.randomZone(&generator, depth: 1) }
            let shuffled = zones.shuffled(using: &generator)
            #expect(try register.select(.union(zones)) == register.select(.union(shuffled)))
            #expect(try register.select(.intersection(zones)) == register.select(.intersection(shuffled)))
        }
    }
}
