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
