import AlertModel
import GRDB
import GeoEngine
import GeoModel
import Targeting
import TestSupport
import Testing

@testable import Store

/// Mirrors `Register+Reader.swift`: what the index finds is what the geometry of everybody says.
@Suite struct RegisterReaderTests {
    /// Where discs, boxes and the index's 32-bit floats are tried: across metropolitan France and in La Réunion.
    static let regions: [Position<WGS84>] = [
        place(2.3, 43.2), place(-4.4, 48.4), place(2.29, 49.9), place(2.5, 51.05), place(55.5, -21.1),
    ]

    private func crowd(around centre: Position<WGS84>, _ generator: inout SeededGenerator) -> [Recipient] {
        (0..<150).map { index in
            let position = place(
                centre.longitude + .random(in: -0.2...0.2, using: &generator),
                centre.latitude + .random(in: -0.15...0.15, using: &generator))
            let metres = index % 3 == 0 ? 0 : Double.random(in: 1...(index % 10 == 0 ? 6000 : 300), using: &generator)
            return person("r\(index)", at: position, within: metres)
        }
    }

    private func expected(_ people: [Recipient], _ relation: (Location) throws -> Relation) rethrows -> [String] {
        try people.compactMap { person in
            switch try relation(person.location!) {
            case .outside: nil
            case .touches: "\(person.externalID) possible"
            case .within: "\(person.externalID) certain"
            }
        }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    @Test(arguments: regions)
    func `the index never misses a disc`(centre: Position<WGS84>) throws {
        let bench = try StoreBench()
        var generator = SeededGenerator(seed: 2026)
        let people = crowd(around: centre, &generator)
        try bench.register(people)
        for round in 0..<25 {
            let west = centre.longitude + .random(in: -0.15...0.1, using: &generator)
            let south = centre.latitude + .random(in: -0.1...0.1, using: &generator)
            let area = rectangle(
                west, south, west + .random(in: 0.001...0.1, using: &generator),
                south + .random(in: 0.001...0.05, using: &generator))
            let prepared = try PreparedArea(area)
            #expect(
                try bench.select(.perimeter(name: "P", area: area))
                    == expected(people) {
                        try prepared.relation(toPointAt: $0.position, uncertaintyMetres: $0.uncertaintyMetres)
                    }, "round \(round)")
            let middle = place(west, south)
            let circle = try GeodesicCircle(centre: middle, radiusMetres: .random(in: 50...9000, using: &generator))
            #expect(
                try bench.select(.circle(centre: middle, radiusMetres: circle.radiusMetres))
                    == expected(people) {
                        try circle.relation(toPointAt: $0.position, uncertaintyMetres: $0.uncertaintyMetres)
                    }, "round \(round)")
        }
    }

    @Test(arguments: regions)
    func `a grown box holds every point within the margin`(centre: Position<WGS84>) throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            let box = BoundingBox<WGS84>(
                west: centre.longitude, south: centre.latitude,
                east: centre.longitude + .random(in: 0...0.5, using: &generator),
                north: centre.latitude + .random(in: 0...0.5, using: &generator))
            let margin = Double.random(in: 0...20_000, using: &generator)
            let corner = place(
                Bool.random(using: &generator) ? box.west : box.east,
                Bool.random(using: &generator) ? box.south : box.north)
            let edge = Ellipsoid.destination(
                from: corner, azimuthDegrees: .random(in: 0...360, using: &generator), metres: margin)
            #expect(box.grown(byMetres: margin).contains(edge), "\(margin) m")
        }
    }

    @Test func `a point on the boundary is in, whatever the index rounds`() throws {
        let bench = try StoreBench()
        // No float of 32 bits is any of these.
        let west = 2.123456789012345
        let south = 49.987654321098765
        let east = west + 0.01
        let north = south + 0.01
        try bench.register([
            person("sw", at: place(west, south)), person("ne", at: place(east, north)),
            person("w", at: place(west, south + 0.003)), person("out", at: place(west.nextDown, south + 0.003)),
        ])
        #expect(try bench.select(perimeter(west, south, east, north)) == ["ne certain", "sw certain", "w certain"])
    }

    @Test func `who is known by commune only is judged by its extent, and who has no extent is listed`() throws {
        let bench = try StoreBench()
        try bench.register([
            person("whole", commune: "80001"), person("half", commune: "80002"),
            person("no boundary", commune: "80003"),
            person("unknown", commune: "80999"), person("nowhere"), person("there", at: place(2.05, 50.05)),
        ])
        let zone = perimeter(1.99, 49.99, 2.15, 50.11)
        #expect(try bench.select(zone) == ["half possible", "there certain", "whole certain"])
        #expect(
            try bench.database.notLocatedRecipients(in: zone, scope: .all) == ["no boundary", "nowhere", "unknown"])
    }

    @Test func `a newer vintage without a boundary loses nobody who is known by commune`() throws {
        let bench = try StoreBench()
        try bench.register([person("a", commune: "80001"), person("b", at: place(2.05, 50.05))])
        try bench.territory([commune("80001", boundary: nil)], vintage: 2025)
        let zone = perimeter(2.0, 50.0, 2.1, 50.1)
        #expect(try bench.select(zone) == ["a certain", "b certain"])
        #expect(try bench.database.notLocatedRecipients(in: zone, scope: .all).isEmpty)
        #expect(
            try bench.database.explanations(ofExternalID: "a", in: zone, scope: .all).map(\.verdict) == [.certain])
        // Who has no code is judged by the boundary that is known.
        #expect(try bench.select(.communes(codes("80001"))) == ["a certain", "b certain"])
    }

    @Test func `a delegated commune's boundary never stands for the whole commune of the same code`() throws {
        let bench = try StoreBench()
        let corner = rectangle(2.1, 50, 2.12, 50.02)
        try bench.territory([commune("80002", kind: "COMD", parent: "80002", boundary: corner)])
        try bench.territory([commune("80002", boundary: nil)], vintage: 2025)
        try bench.register([person("a", commune: "80002")])
        #expect(try bench.select(perimeter(2.15, 50.04, 2.16, 50.05)) == ["a possible"])
    }

    @Test func `communes select by code, parts included, and by boundary who has no code`() throws {
        let bench = try StoreBench()
        try bench.register([
            person("code", commune: "80002", at: place(2.05, 50.05)), person("part", commune: "80102"),
            person("by place", at: place(2.15, 50.08)), person("other", commune: "80001", at: place(2.15, 50.05)),
        ])
        #expect(
            try bench.select(.communes(codes("80002"))) == ["by place certain", "code certain", "part certain"])
    }

    @Test func `a commune that neither territory nor register knows is refused, naming it and the vintage`() throws {
        let bench = try StoreBench()
        try bench.register([person("a", commune: "80999")])
        #expect(try bench.select(.communes(codes("80999"))) == ["a certain"])
        #expect(throws: StoreError.unknownCommunes(codes: ["62001", "62002"], vintage: 2024)) {
            try bench.select(.communes(codes("80001", "62001", "62002")))
        }
    }

    @Test func `a department takes the register's own codes in, and an unknown one is refused`() throws {
        let bench = try StoreBench()
        try bench.register([
            person("a", commune: "80001"), person("b", commune: "80999"), person("c", commune: "97411"),
            person("d", commune: "2A004"),
        ])
        #expect(try bench.select(.department("80")) == ["a certain", "b certain"])
        #expect(try bench.select(.department("974")) == ["c certain"])
        #expect(try bench.select(.department("2a")) == ["d certain"])
        for code in ["97", "59", "8", ""] {
            #expect(throws: StoreError.unknownDepartment(code: code)) { try bench.select(.department(code)) }
        }
    }

    @Test func `one organisation never sees another's people, by any term`() throws {
        let bench = try StoreBench()
        func people(_ prefix: String) -> [Recipient] {
            [
                person("\(prefix)1", commune: "80001", at: place(2.05, 50.05), lists: ["rive"]),
                person("\(prefix)2", commune: "80001"), person("\(prefix)3"),
                person("\(prefix)4", at: place(2.06, 50.05)),
            ]
        }
        try bench.register(people("a"), organisation: "A")
        try bench.register(people("b"), organisation: "B")
        let mine = try bench.database.scope(organisationNamed: "B")
        for zone in [
            perimeter(2, 50, 2.1, 50.1), .circle(centre: place(2.05, 50.05), radiusMetres: 3000),
            .communes(codes("80001")), .department("80"), .list("rive"),
        ] {
            let selected = try bench.select(zone, scope: mine)
            #expect(!selected.isEmpty && selected.allSatisfy { $0.hasPrefix("b") }, "\(zone.label): \(selected)")
            if case .members = zone {
                // Two towns' lists of one name are two lists.
                #expect(throws: StoreError.ambiguousList(name: "rive")) { try bench.select(zone, scope: .all) }
            } else {
                #expect(try bench.select(zone, scope: .all).count == 2 * selected.count)
            }
            #expect(try bench.database.notLocatedRecipients(in: zone, scope: mine).allSatisfy { $0 == "b3" })
        }
        try bench.register([person("a9", lists: ["secret"])], organisation: "A")
        #expect(throws: StoreError.unknownList(name: "secret", known: ["rive"])) {
            try bench.select(.list("secret"), scope: mine)
        }
        #expect(throws: StoreError.unknownRecipient(externalID: "a1")) {
            try bench.database.explanations(ofExternalID: "a1", in: .list("rive"), scope: mine)
        }
    }
}
