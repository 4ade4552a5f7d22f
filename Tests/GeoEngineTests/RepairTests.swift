import GeoModel
import TestSupport
import Testing

@testable import GeoEngine

@Suite struct RepairTests {
    @Test func `a valid area is kept to the bit`() throws {
        let area = area(square(2, 48, 3, 49), square(2.2, 48.2, 2.4, 48.4))
        let (repaired, wasRepaired) = try Repair.repaired(area)
        #expect(repaired == area)
        #expect(!wasRepaired)
    }

    @Test func `both halves of a bow tie are kept`() throws {
        let (repaired, wasRepaired) = try Repair.repaired(area(ring([(2, 48), (3, 49), (3, 48), (2, 49)])))
        #expect(wasRepaired)
        let prepared = try PreparedArea(repaired)
        #expect(try prepared.contains(Position(longitude: 2.1, latitude: 48.5)))
        #expect(try prepared.contains(Position(longitude: 2.9, latitude: 48.5)))
    }

    @Test func `ground that a ring goes around twice is not lost`() throws {
        let twice = ring([(0, 0), (4, 0), (4, 4), (1, 4), (1, 1), (3, 1), (3, 5), (0, 5)])
        let prepared = try PreparedArea(Repair.repaired(area(twice)).area)
        #expect(try prepared.contains(Position(longitude: 2, latitude: 2)))
        #expect(try prepared.contains(Position(longitude: 0.5, latitude: 2)))
        #expect(try prepared.contains(Position(longitude: 3.5, latitude: 2)))
    }

    @Test func `each polygon that was rebuilt is named with its fault and place`() throws {
        let bow = ring([(2, 48), (3, 49), (3, 48), (2, 49)])
        let flat = ring([(5, 48), (6, 48), (7, 48)])
        let mended = try Repair.mended(
            Area([Polygon(exterior: square(0, 48, 1, 49)), Polygon(exterior: bow), Polygon(exterior: flat)]))
        #expect(mended.faults.map(\.polygon) == [2, 3])
        #expect(mended.faults.map(\.ring) == [1, 1])
        #expect(mended.faults[0].code == .selfIntersection)
        let place = try #require(mended.faults[0].position)
        #expect(abs(place.longitude - 2.5) < 1e-9 && abs(place.latitude - 48.5) < 1e-9)
        #expect(try Repair.mended(area(square(2, 48, 3, 49))).faults.isEmpty)
    }

    @Test func `what cannot be repaired is refused with its polygon and ring`() {
        let open = Ring<WGS84>([
            Position(longitude: 2.2, latitude: 48.2), Position(longitude: 2.4, latitude: 48.2),
            Position(longitude: 2.4, latitude: 48.4),
        ])
        let error = fault { _ = try Repair.mended(area(square(2, 48, 3, 49), open)) }
        #expect(error?.polygon == 1)
        #expect(error?.ring == 2)
        #expect(fault { _ = try Repair.mended(area(square(179, 0, 181, 1))) }?.code == .badCoordinate)
    }

    @Test func `nothing with a surface is an error that names the polygon`() {
        #expect(fault { _ = try Repair.repaired(area(ring([(0, 0), (1, 0), (2, 0)]))) }?.code == .zeroArea)
        #expect(fault { _ = try Repair.repaired(Area([])) }?.code == .empty)
    }

    @Test(.enabled(if: TestGeodata.isExpected, TestGeodata.skipReason), arguments: ["80", "974"])
    func `every commune is valid once repaired`(department: String) throws {
        for feature in try features("communes/cog2024/\(department).geojson.gz") {
            let area = try #require(feature.area)
            #expect(throws: Never.self) { try Validity.check(Repair.repaired(area).area) }
        }
    }
}
