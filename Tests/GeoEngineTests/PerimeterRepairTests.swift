import GeoModel
import TestSupport
import Testing

@testable import GeoEngine

@Suite struct PerimeterRepairTests {
    private func place(_ longitude: Double, _ latitude: Double) -> Position<WGS84> {
        Position(longitude: longitude, latitude: latitude)
    }

    /// Crossings of a ray, and winding number, by the textbook; nil on an edge's line.
    private func counts(_ ring: Ring<WGS84>, _ point: Position<WGS84>) -> (odd: Bool, winding: Int) {
        var crossings = 0, winding = 0
        for (a, b) in zip(ring.positions, ring.positions.dropFirst()) where (a.latitude <= point.latitude) != (b.latitude <= point.latitude) {
            let x = a.longitude + (point.latitude - a.latitude) / (b.latitude - a.latitude) * (b.longitude - a.longitude)
            if x > point.longitude {
                crossings += 1
                winding += b.latitude > a.latitude ? 1 : -1
            }
        }
        return (crossings % 2 == 1, winding)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `outward holds what any rule takes, inward only what every rule takes`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<12 {
            func random() -> (Double, Double) {
                (Double.random(in: 2...2.1, using: &generator), Double.random(in: 49...49.1, using: &generator))
            }
            // Rings drawn at random cross themselves and each other.
            let rings = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                ring((0..<Int.random(in: 4...9, using: &generator)).map { _ in random() })
            }
            let polygon = Polygon(exterior: rings[0], holes: Array(rings.dropFirst()))
            let given = Area([polygon])
            let outward = try PerimeterRepair.repaired(given, .outward)
            try Validity.check(outward.area)
            let prepared = try PreparedArea(outward.area)
            let inward = try? PreparedArea(PerimeterRepair.repaired(given, .inward).area)
            for _ in 0..<300 {
                let (x, y) = random()
                let point = place(x, y)
                let all = rings.map { counts($0, point) }
                let isOdd = all.count { $0.odd } % 2 == 1
                let isNonzero = all[0].winding != 0 && !all.dropFirst().contains { $0.winding != 0 }
                if isOdd || isNonzero { #expect(try prepared.contains(point), "\(point)") }
                if try inward?.contains(point) == true { #expect(isOdd && isNonzero, "\(point)") }
            }
            guard !outward.notes.isEmpty else { continue }
            // Boundary included: vertices, and places on edges as far as doubles can name them.
            for ring in rings {
                for (a, b) in zip(ring.positions, ring.positions.dropFirst()) {
                    #expect(try prepared.contains(a))
                    for part in [0.5, 0.25, 0.123] {
                        #expect(try prepared.contains(place(
                            a.longitude + (b.longitude - a.longitude) * part, a.latitude + (b.latitude - a.latitude) * part)))
                    }
                }
            }
        }
    }

    @Test func `a bow tie keeps both its wings outward, and both inward, and says where it crosses`() throws {
        let bow = area(ring([(2, 49), (2.2, 49.2), (2.2, 49), (2, 49.2)]))
        let outward = try PerimeterRepair.repaired(bow, .outward)
        #expect(outward.notes.count == 1)
        let fault = outward.notes[0].fault
        #expect(fault.code == .selfIntersection)
        #expect((fault.polygon, fault.ring) == (1, 1))
        #expect(fault.vertex != nil && fault.position != nil)
        // No rule disagrees on a wing.
        #expect(outward.notes[0].squareMetres == 0)
        let inward = try PreparedArea(PerimeterRepair.repaired(bow, .inward).area)
        for point in [place(2.01, 49.1), place(2.19, 49.1)] {
            #expect(try PreparedArea(outward.area).contains(point))
            #expect(try inward.contains(point))
        }
        #expect(!(try PreparedArea(outward.area).contains(place(2.1, 49.15))))
    }

    @Test func `ground gone around twice is doubtful, and is measured`() throws {
        let twice = area(ring([
            (2, 49), (2.3, 49), (2.3, 49.3), (2, 49.3), (2, 49), (2.1, 49.1), (2.2, 49.1), (2.2, 49.2), (2.1, 49.2), (2.1, 49.1),
        ]))
        let outward = try PerimeterRepair.repaired(twice, .outward)
        let ground = SurfaceArea.squareMetres(of: area(square(2.1, 49.1, 2.2, 49.2)))
        #expect(abs(outward.notes[0].squareMetres / ground - 1) < 1e-6)
        #expect(try PreparedArea(outward.area).contains(place(2.15, 49.15)))
        #expect(!(try PreparedArea(PerimeterRepair.repaired(twice, .inward).area).contains(place(2.15, 49.15))))
    }

    @Test func `a hole outside its polygon counts as ground when included, and as none when excluded`() throws {
        let strange = area(square(2, 49, 2.1, 49.1), square(2.2, 49, 2.3, 49.1))
        #expect(try PreparedArea(PerimeterRepair.repaired(strange, .outward).area).contains(place(2.25, 49.05)))
        let inward = try PreparedArea(PerimeterRepair.repaired(strange, .inward).area)
        #expect(!(try inward.contains(place(2.25, 49.05))))
        #expect(try inward.contains(place(2.05, 49.05)))
    }

    @Test func `valid polygons are kept to the bit beside one that is mended`() throws {
        let good = Polygon(exterior: square(3, 49, 3.1, 49.1))
        let bow = Polygon(exterior: ring([(2, 49), (2.2, 49.2), (2.2, 49), (2, 49.2)]))
        let mended = try PerimeterRepair.repaired(Area([good, bow]), .outward)
        #expect(mended.area.polygons.contains(good))
        #expect(mended.notes.map(\.fault.polygon) == [2])
        #expect(try PerimeterRepair.repaired(Area([good]), .outward).area == Area([good]))
    }

    @Test func `what encloses nothing is refused with its ring`() {
        let flat = fault { _ = try PerimeterRepair.repaired(area(ring([(0, 45), (1, 46), (2, 47)])), .outward) }
        #expect(flat?.code == .zeroArea)
        #expect((flat?.polygon, flat?.ring) == (1, 1))
        let far = fault { _ = try PerimeterRepair.repaired(area(square(179, 0, 181, 1)), .outward) }
        #expect(far?.code == .badCoordinate)
    }

    @Test(arguments: [
        (574_000.0, 6_280_000.0, "Lambert-93 (EPSG:2154) or Web Mercator (EPSG:3857)"),
        (660_000, 1_800_000, "UTM 20 nord (Antilles) (EPSG:5490) or Lambert II étendu (EPSG:27572)"),
    ])
    func `metres that may be in several systems are refused, and these are named`(x: Double, y: Double, names: String) {
        for territory: FrenchSystems.Territory? in [nil, { _ in true }, { _ in false }] {
            #expect { try read(x, y, territory) } throws: { error in
                (error as? GeoJSONError)?.code == .projectedCoordinates && "\(error)".contains("they may be \(names).")
            }
        }
    }

    @Test func `metres of an old system alone have to be named`() {
        #expect { try read(600_000, 2_400_000, nil) } throws: { error in
            "\(error)".contains("they may be Lambert II étendu (EPSG:27572).")
        }
    }

    private func read(_ x: Double, _ y: Double, _ territory: FrenchSystems.Territory?) throws -> PerimeterReading {
        let text = "POLYGON((\(x) \(y), \(x + 900) \(y), \(x + 900) \(y + 900), \(x) \(y)))"
        return try PerimeterReader.read(Array(text.utf8), territory: territory)
    }

    @Test(arguments: [
        ("Lambert-93 (EPSG:2154)", 2154, 2.3, 49.9), ("Lambert-93 (EPSG:2154)", 2154, 9.1, 42.3),
        ("UTM 40 sud (La Réunion) (EPSG:2975)", 2975, 55.5, -21.1), ("UTM 38 sud (Mayotte) (EPSG:4471)", 4471, 45.15, -12.8),
        ("UTM 21 nord (Saint-Pierre-et-Miquelon) (EPSG:4467)", 4467, -56.25, 46.95), ("Lambert-93 (EPSG:2154)", 2154, 1.44, 43.6),
        ("Web Mercator (EPSG:3857)", 3857, 6.2, 48.7),
        ("UTM 20 nord (Antilles) (EPSG:5490)", 5490, -61.5, 16.2), ("UTM 20 nord (Antilles) (EPSG:5490)", 5490, -61.0, 14.6),
        ("UTM 22 nord (Guyane) (EPSG:2972)", 2972, -52.3, 4.9), ("Lambert CC50 (EPSG:3950)", 3950, 2.3, 49.9),
    ])
    func `metres are recognised by where the territory is, and that is said`(name: String, code: Int, longitude: Double, latitude: Double) throws {
        let system = try Reprojection(fromEPSG: code)
        let origin: Position<ForeignCRS> = try system.source(of: place(longitude, latitude))
        for text in [
            #"{"type":"Polygon","coordinates":[[[X,Y],[X2,Y],[X2,Y2],[X,Y]]]}"#, "POLYGON((X Y, X2 Y, X2 Y2, X Y))",
        ] {
            let filled = text.replacing("X2", with: "\(origin.east + 900)").replacing("Y2", with: "\(origin.north + 900)")
                .replacing("X", with: "\(origin.east)").replacing("Y", with: "\(origin.north)")
            // The letters of the type are those of the placeholders.
            let bytes = Array(filled.replacing("POL\(origin.north)GON", with: "POLYGON").utf8)
            // The register is about the place, within a degree.
            let reading = try PerimeterReader.read(bytes) { box in
                abs(box.west - longitude) < 0.5 && abs(box.south - latitude) < 0.5
            }
            #expect(reading.warnings == [.assumedSystem(name)])
            #expect(Ellipsoid.distanceMetres(reading.area.polygons[0].exterior.positions[0], place(longitude, latitude)) < 1)
        }
    }
}
