import Foundation
import GeoModel
import TestSupport
import Testing

@testable import GeoEngine

@Suite struct ReprojectionTests {
    @Test func `longitude comes first, to the millimetre`() throws {
        let lambert = try Reprojection(fromEPSG: 2154)
        let paris = Position<WGS84>(longitude: 2.35, latitude: 48.85)
        let metres: Position<Lambert93> = try lambert.source(of: paris)
        #expect(abs(metres.eastingMetres - 652_301.565) < 0.001)
        #expect(abs(metres.northingMetres - 6_861_302.726) < 0.001)
        let back = try lambert.position(of: metres)
        #expect(Ellipsoid.distanceMetres(paris, back) < 0.001)
    }

    /// EPSG codes of the overseas and older systems, with a place of each in its own metres or degrees.
    @Test(arguments: [
        (5490, -61.0, 14.6), (2972, -52.3, 4.9), (2975, 55.5, -21.1), (4471, 45.2, -12.8), (4467, -56.2, 46.8),
        (3948, 2.35, 48.85), (27572, 2.35, 48.85), (32631, 2.35, 48.85), (3857, 2.35, 48.85), (4171, 2.35, 48.85),
        (3163, 165.5, -21.3)
    ])
    func `there and back is less than a centimetre`(code: Int, longitude: Double, latitude: Double) throws {
        let position = Position<WGS84>(longitude: longitude, latitude: latitude)
        let reprojection = try Reprojection(fromEPSG: code)
        let source: Position<ForeignCRS> = try reprojection.source(of: position)
        #expect(Ellipsoid.distanceMetres(position, try reprojection.position(of: source)) < 0.01)
    }

    @Test(.enabled(if: TestGeodata.isExpected, TestGeodata.skipReason))
    func `the addresses of Bondy agree within two centimetres`() throws {
        let lines = try String(contentsOf: TestGeodata.file("addresses/ban-93010-extract.csv"), encoding: .utf8)
            .split(whereSeparator: \.isNewline).map { $0.split(separator: ";", omittingEmptySubsequences: false) }
        let header = lines[0]
        func column(_ name: String) throws -> Int { try #require(header.firstIndex { $0 == name }) }
        let (x, y, lon, lat) = try (column("x"), column("y"), column("lon"), column("lat"))
        let lambert = try Reprojection(fromEPSG: 2154)
        var count = 0, furthest = 0.0, offsets = (east: 0.0, north: 0.0)
        for row in lines.dropFirst() {
            guard let x = Double(row[x]), let y = Double(row[y]), let lon = Double(row[lon]), let lat = Double(row[lat])
            else { continue }
            let position = try lambert.position(of: Position<Lambert93>(eastingMetres: x, northingMetres: y))
            // The file rounds degrees to six decimals: up to 7 cm for one address, nothing on average.
            let read = Position<WGS84>(longitude: lon, latitude: lat)
            furthest = max(furthest, Ellipsoid.distanceMetres(position, read))
            let back: Position<Lambert93> = try lambert.source(of: read)
            offsets.east += back.eastingMetres - x
            offsets.north += back.northingMetres - y
            count += 1
        }
        #expect(count > 1800)
        #expect(furthest < 0.075)
        #expect(abs(offsets.east / Double(count)) < 0.005 && abs(offsets.north / Double(count)) < 0.005)
    }

    @Test func `straight edges of the source stay within a decimetre`() throws {
        let corners = [(400_000.0, 6_300_000.0), (1_000_000, 6_300_000), (1_000_000, 7_000_000), (400_000, 7_000_000)]
        let positions = (corners + corners.prefix(1)).map {
            Position<Lambert93>(eastingMetres: $0.0, northingMetres: $0.1)
        }
        let lambert = try Reprojection(fromEPSG: 2154)
        let area = try lambert.area(of: Area([Polygon(exterior: Ring(positions))]))
        #expect(area.vertexCount > 100)
        try Validity.check(area)
        let index = EdgeIndex(area)
        for (from, to) in zip(positions, positions.dropFirst()) {
            for step in 0...500 {
                let t = Double(step) / 500
                let on = Position<Lambert93>(
                    eastingMetres: from.eastingMetres + (to.eastingMetres - from.eastingMetres) * t,
                    northingMetres: from.northingMetres + (to.northingMetres - from.northingMetres) * t)
                #expect(try #require(index.nearest(to: try lambert.position(of: on))).metres < 0.1)
            }
        }
    }

    @Test(arguments: [0, 999_999, 5698, 4978, 7001])
    func `a code that is no plane system is refused`(code: Int) {
        #expect(fault { _ = try Reprojection(fromEPSG: code) }?.code == .unknownCRS)
    }

    @Test func `what lies outside the system, or is degrees after all, is refused with its place`() throws {
        let lambert = try Reprojection(fromEPSG: 2154)
        let absurd = Position<ForeignCRS>(east: 1e12, north: 1e12)
        #expect(fault { _ = try lambert.position(of: absurd) }?.code == .notProjectable)
        #expect(
            fault { _ = try lambert.position(of: Position<ForeignCRS>(east: .nan, north: 0)) }?.code == .notProjectable)
        let ring = Ring([
            Position<ForeignCRS>(east: 652_301, north: 6_861_302), absurd, Position(east: 652_401, north: 6_861_402),
            Position(east: 652_301, north: 6_861_302)
        ])
        let error = fault { _ = try lambert.area(of: Area([Polygon(exterior: ring)])) }
        #expect(error?.vertex == 2)
        #expect(error?.ring == 1)
        let degrees = Ring([
            Position<ForeignCRS>(east: 2, north: 48), Position(east: 3, north: 48), Position(east: 3, north: 49),
            Position(east: 2, north: 48)
        ])
        #expect(fault { _ = try lambert.area(of: Area([Polygon(exterior: degrees)])) }?.code == .implausibleCoordinates)
        // RGF93 geographic: degrees are right.
        #expect(throws: Never.self) { try Reprojection(fromEPSG: 4171).area(of: Area([Polygon(exterior: degrees)])) }
    }

    @Test func `a perimeter with a legacy crs member ends in WGS 84`() throws {
        let text = #"""
            {"type":"Polygon","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2154"}},
             "coordinates":[[[652301.565,6861302.726],[652401,6861302],[652401,6861402],[652301.565,6861302.726]]]}
            """#
        let area = try GeoJSON.decodePerimeter(Array(text.utf8)).areaInWGS84()
        let first = area.polygons[0].exterior.positions[0]
        #expect(Ellipsoid.distanceMetres(first, Position(longitude: 2.35, latitude: 48.85)) < 0.001)
    }

    @Test(arguments: [(4171, GeometryError.Code.notProjectable), (4322, .implausibleCoordinates)])
    func `axes swapped in another geographic system are recognised`(code: Int, verdict: GeometryError.Code) throws {
        let text = #"""
            {"type":"Polygon","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::\#(code)"}},
             "coordinates":[[[48,2],[48,3],[49,3],[48,2]]]}
            """#
        let perimeter = try GeoJSON.decodePerimeter(Array(text.utf8))
        #expect(fault { _ = try perimeter.areaInWGS84() }?.code == verdict)
    }
}
