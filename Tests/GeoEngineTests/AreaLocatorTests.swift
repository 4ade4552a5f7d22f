import GeoModel
import TestSupport
import Testing

@testable import GeoEngine

@Suite struct AreaLocatorTests {
    @Test func `a point on a shared border is in both areas, in the order given`() throws {
        let locator = try AreaLocator([
            (key: "b", area: area(square(2, 48, 3, 49))), (key: "a", area: area(square(3, 48, 4, 49))),
            (key: "world", area: area(square(-180, -90, 180, 90)))
        ])
        #expect(try locator.keys(containing: Position(longitude: 3, latitude: 48.5)) == ["b", "a", "world"])
        #expect(try locator.keys(containing: Position(longitude: 2.5, latitude: 48.5)) == ["b", "world"])
        #expect(try locator.keys(containing: Position(longitude: -179.99, latitude: -89)) == ["world"])
        #expect(
            fault { _ = try locator.keys(containing: Position(longitude: .nan, latitude: 0)) }?.code == .badCoordinate)
    }

    @Test func `an area that can hold nobody is an error`() {
        #expect(fault { _ = try AreaLocator([(key: 1, area: Area([]))]) }?.code == .empty)
    }

    @Test func `the point on a surface is in it, the centroid need not be`() throws {
        let horseshoe = area(ring([(0, 0), (9, 0), (9, 9), (0, 9), (0, 8), (8, 8), (8, 1), (0, 1)]))
        let prepared = try PreparedArea(horseshoe)
        #expect(try prepared.contains(Placement.pointOnSurface(of: horseshoe)))
        #expect(try !prepared.contains(Placement.centroid(of: horseshoe)))
        #expect(try Placement.centroid(of: area(square(2, 48, 3, 49))) == Position(longitude: 2.5, latitude: 48.5))
    }

    @Test(.enabled(if: TestGeodata.isExpected, TestGeodata.skipReason))
    func `each commune's own point is found in it`() throws {
        let communes = try features("communes/cog2018/80-somme.geojson.gz").map { feature in
            (key: try #require(feature.properties["code"]?.text), area: try #require(feature.area))
        }
        let locator = try AreaLocator(communes)
        for (code, area) in communes {
            #expect(try locator.keys(containing: Placement.pointOnSurface(of: area)) == [code])
        }
    }
}
