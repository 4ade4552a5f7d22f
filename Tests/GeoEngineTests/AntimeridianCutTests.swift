import GeoModel
import Testing

@testable import GeoEngine

@Suite struct AntimeridianCutTests {
    private func place(_ longitude: Double, _ latitude: Double) -> Position<WGS84> {
        Position(longitude: longitude, latitude: latitude)
    }

    private func read(_ rings: String) throws -> PerimeterReading {
        try PerimeterReader.read(Array(#"{"type":"Polygon","coordinates":[\#(rings)]}"#.utf8))
    }

    @Test(arguments: [
        "[[179,-15],[-179,-15],[-179,-14],[179,-14],[179,-15]]", "[[-179,-14],[179,-14],[179,-15],[-179,-15],[-179,-14]]",
        "[[179,-15],[180,-15],[-180,-15],[-179,-15],[-179,-14],[179,-14],[179,-15]]",
    ])
    func `a ring over the antimeridian is cut there, whichever side it begins on`(ring: String) throws {
        let reading = try read(ring)
        #expect(reading.warnings.contains(.cutAtAntimeridian(1)))
        #expect(Set(reading.area.polygons.compactMap { BoundingBox(enclosing: $0.exterior.positions) }) == [
            BoundingBox(west: 179, south: -15, east: 180, north: -14),
            BoundingBox(west: -180, south: -15, east: -179, north: -14),
        ])
        try Validity.check(reading.area)
        let prepared = try PreparedArea(reading.area)
        for longitude in [179, 179.5, 180, -180, -179.5, -179] { #expect(try prepared.contains(place(longitude, -14.5))) }
        for longitude in [178.99, -178.99, 0, 90] { #expect(try !prepared.contains(place(longitude, -14.5))) }
    }

    @Test func `a hole on either side, or over it, stays a hole`() throws {
        let reading = try read("""
            [[178,-16],[-178,-16],[-178,-14],[178,-14],[178,-16]],[[179.5,-15.5],[-179.5,-15.5],[-179.5,-15],[179.5,-15],[179.5,-15.5]],
            [[-179,-15.5],[-178.5,-15.5],[-178.5,-15],[-179,-15.5]]
            """)
        let prepared = try PreparedArea(reading.area)
        for inside in [place(179, -15.2), place(-179.2, -15.2), place(180, -14.5)] { #expect(try prepared.contains(inside)) }
        for hole in [place(179.8, -15.2), place(-179.8, -15.2), place(180, -15.2), place(-178.6, -15.4)] {
            #expect(try !prepared.contains(hole))
        }
    }

    @Test func `what is cut already stays to the bit`() throws {
        let text = #"{"type":"MultiPolygon","coordinates":[[[[179,-15],[180,-15],[180,-14],[179,-15]]],[[[-180,-15],[-179,-15],[-180,-14],[-180,-15]]]]}"#
        let reading = try PerimeterReader.read(Array(text.utf8))
        #expect(!reading.warnings.contains { if case .cutAtAntimeridian = $0 { true } else { false } })
        #expect(reading.area.polygons.map(\.exterior.positions.count) == [4, 4])
    }

    @Test(arguments: [
        ("[[90,-15],[-90,-15],[-100,-14],[100,-14],[90,-15]]", "either way may be meant", 2),
        ("[[170,-80],[-70,-80],[50,-80],[170,-80]]", "round a pole", 2),
        ("[[-170,-10],[170,-10],[100,10],[-120,10],[-170,-10]]", "wide", 2),
    ])
    func `what may be meant in two ways is refused with its vertex`(ring: String, reason: String, vertex: Int) throws {
        let error = fault { _ = try read(ring) }
        #expect(error?.code == .crossesAntimeridian)
        #expect((error?.polygon, error?.ring, error?.vertex) == (1, 1, vertex))
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }

    @Test func `one that crosses itself as well is refused`() throws {
        let error = fault { _ = try read("[[179,-15],[-179,-14],[-179,-15],[179,-14],[179,-15]]") }
        #expect(error?.code == .crossesAntimeridian)
    }
}
