import AlertModel
import GeoEngine
import GeoModel
import TestSupport
import Testing

@testable import Targeting

@Suite struct MarginTests {
    static let square = rectangle(2.0, 50.0, 2.1, 50.1)

    private func register(_ people: [MemoryRegister.Person]) -> MemoryRegister {
        var register = MemoryRegister.threeTowns()
        register.people = people
        return register
    }

    /// A place so many metres from another, due north or south (negative).
    private func north(of position: Position<WGS84>, _ metres: Double) -> Position<WGS84> {
        Ellipsoid.destination(from: position, azimuthDegrees: metres < 0 ? 180 : 0, metres: abs(metres))
    }

    @Test(arguments: [1.0, 100, 5_000, 50_000])
    func `a margin takes whoever is that near in true metres, and nobody further`(metres: Double) throws {
        let edge = place(2.05, 50.0)
        let register = register([
            .init(id: 1, position: north(of: edge, -metres * 0.999)),
            .init(id: 2, position: north(of: edge, -metres * 1.001 - 0.001)),
            .init(id: 3, position: place(2.05, 50.05)),
            .init(id: 4, position: edge),
        ])
        let zone = Zone.widened(.perimeter(name: "P", area: Self.square), metres: metres)
        #expect(try register.select(zone) == [1: .certain, 3: .certain, 4: .certain])
    }

    @Test func `a margin never loses anybody, and a larger one only adds`() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<40 {
            let register = MemoryRegister.random(&generator, people: 60)
            let zone = MemoryRegister.randomZone(&generator)
            var before = try register.select(zone)
            var margin = 0.0
            for metres in [50.0, 700, 4_000] {
                margin += metres
                guard let widened = zone.widened(byMetres: margin) else { continue }
                // Communes without boundaries have no surroundings.
                guard let after = try? register.select(widened) else { continue }
                for (id, verdict) in before where verdict != .notLocated {
                    #expect((after[id] ?? .outside).rawValue >= verdict.rawValue, "\(zone.label) + \(margin), \(id)")
                }
                before = after
            }
        }
    }

    @Test func `discs are certain when they lie within the margin, possible when they touch it`() throws {
        let edge = place(2.05, 50.0)
        let register = register([
            .init(id: 1, position: north(of: edge, -100), uncertaintyMetres: 99),
            .init(id: 2, position: north(of: edge, -100), uncertaintyMetres: 101),
            .init(id: 3, position: north(of: edge, -300), uncertaintyMetres: 101),
            .init(id: 4, position: north(of: edge, -300), uncertaintyMetres: 99),
            .init(id: 5, position: north(of: edge, 100), uncertaintyMetres: 299),
            .init(id: 6, position: north(of: edge, 100), uncertaintyMetres: 301),
        ])
        #expect(
            try register.select(.widened(.perimeter(name: "P", area: Self.square), metres: 200))
                == [1: .certain, 2: .possible, 3: .possible, 5: .certain, 6: .possible])
    }

    @Test func `a margin around communes takes neighbours by their place, and by their commune when it comes near`() throws {
        let register = register([
            .init(id: 1, commune: "80001"),
            .init(id: 2, commune: "80002", position: place(2.101, 50.05)),
            .init(id: 3, commune: "80002", position: place(2.19, 50.05)),
            .init(id: 4, commune: "80002"),
            .init(id: 5),
            .init(id: 6, commune: "80001", position: place(2.5, 50.05)),
        ])
        let zone = Zone.widened(.communes(codes("80001")), metres: 200)
        #expect(
            try register.select(zone)
                == [1: .certain, 2: .certain, 4: .possible, 5: .notLocated, 6: .certain])
    }

    @Test func `a circle's margin is a longer radius`() throws {
        let centre = place(2.05, 50.05)
        let register = register([
            .init(id: 1, position: north(of: centre, 1_499.999)), .init(id: 2, position: north(of: centre, 1_500.001)),
        ])
        #expect(
            try register.select(.widened(.circle(centre: centre, radiusMetres: 1_000), metres: 500)) == [1: .certain])
    }

    @Test func `a margin is refused in what is taken away, and welcome in what that spares`() throws {
        let register = register([])
        let widened = Zone.widened(.circle(centre: place(2.05, 50.05), radiusMetres: 100), metres: 10)
        let square = Zone.perimeter(name: "P", area: Self.square)
        #expect(throws: TargetingError.marginInExclusion(name: "circle of 100 m around 2.05, 50.05")) {
            try register.select(.difference(square, except: widened))
        }
        #expect(try register.select(.difference(square, except: .difference(square, except: widened))) == [:])
        #expect(throws: TargetingError.badMargin) { try register.select(.widened(.union([square]), metres: 10)) }
        #expect(throws: TargetingError.badMargin) { try register.select(.widened(square, metres: 0)) }
        #expect(throws: TargetingError.marginWithoutBoundary(name: "commune 80003")) {
            try register.select(.widened(.communes(codes("80003")), metres: 10))
        }
    }

    @Test func `only who is certain is taken when a zone says so, and only as a whole`() throws {
        let register = register([
            .init(id: 1, position: place(2.05, 50.05)), .init(id: 2, position: place(2.05, 50.0), uncertaintyMetres: 10),
            .init(id: 3),
        ])
        let square = Zone.perimeter(name: "P", area: Self.square)
        #expect(try register.select(.certainly(square)) == [1: .certain, 3: .notLocated])
        #expect(throws: TargetingError.precisionOfPart) { try register.select(.union([.certainly(square)])) }
        let explanation = try Explainer(register: register.reader).explain(RecipientID(rawValue: 2), in: .certainly(square))
        #expect(explanation.verdict == .outside)
        #expect(explanation.note == "possibly inside, and this zone takes only who is certainly inside")
    }

    @Test func `an explanation of a margin says both distances, and agrees with the selection`() throws {
        var generator = SeededGenerator(seed: 11)
        let edge = place(2.05, 50.0)
        var register = register([.init(id: 1, position: north(of: edge, -132))])
        let zone = Zone.widened(.perimeter(name: "P", area: Self.square), metres: 200)
        let explanation = try Explainer(register: register.reader).explain(RecipientID(rawValue: 1), in: zone)
        #expect(explanation.terms[0].label == "perimeter “P” with a margin of 200 m")
        #expect(explanation.terms[0].because == "132 m outside the nearest edge (polygon 1, ring 1), margin 200 m")
        register = .random(&generator, people: 80)
        for place in [zone, .widened(.communes(codes("80001", "80102")), metres: 900)] {
            let selected = try register.select(place)
            for person in register.people {
                let explained = try Explainer(register: register.reader).explain(RecipientID(rawValue: person.id), in: place)
                #expect(explained.verdict == selected[person.id] ?? .outside, "\(person.id)")
            }
        }
    }

    @Test func `an intercommunalité is its communes, a tag whoever bears it`() throws {
        var register = register([
            .init(id: 1, commune: "80001"), .init(id: 2, commune: "80002", tags: ["pmr"]), .init(id: 3, tags: ["pmr"]),
        ])
        register.intercommunalities["200070985"] = ["80001"]
        #expect(try register.select(.epci("200070985")) == [1: .certain, 3: .notLocated])
        #expect(try register.select(.members(.tag("pmr"))) == [2: .certain, 3: .certain])
    }
}
