import Foundation
import GeoModel
import TestSupport
import Testing

@testable import GeoEngine

@Suite struct ValidityTests {
    private func fault(_ area: Area<WGS84>) -> GeometryError? {
        do throws(GeometryError) {
            try Validity.check(area)
            return nil
        } catch { return error }
    }

    @Test func `polygons with holes, overlapping polygons and repeated vertices are valid`() {
        let hole = square(2.2, 48.2, 2.4, 48.4)
        #expect(fault(area(square(2, 48, 3, 49), hole)) == nil)
        #expect(fault(Area(area(square(2, 48, 3, 49)).polygons + area(square(2.5, 48, 3.5, 49)).polygons)) == nil)
        #expect(fault(area(ring([(2, 48), (3, 48), (3, 48), (3, 49)]))) == nil)
        let clockwise = Ring(Array(square(2, 48, 3, 49).positions.reversed()))
        #expect(fault(area(clockwise)) == nil)
    }

    @Test func `a crossing names its code, its place and the vertex before it`() throws {
        let error = fault(
            Area([Polygon(exterior: square(0, 0, 1, 1)), Polygon(exterior: ring([(2, 48), (3, 49), (3, 48), (2, 49)]))])
        )
        #expect(error?.code == .selfIntersection)
        #expect(error?.polygon == 2)
        #expect(error?.ring == 1)
        #expect([1, 3].contains(error?.vertex))
        #expect(error?.position == Position(longitude: 2.5, latitude: 48.5))
        #expect(error?.description.hasPrefix("polygon 2, ring 1, vertex") == true)
    }

    @Test func `a ring that touches itself is named`() {
        let error = fault(area(ring([(0, 0), (4, 0), (4, 4), (2, 0), (0, 4)])))
        #expect(error?.code == .selfIntersection || error?.code == .ringSelfIntersection)
        #expect(error?.ring == 1)
        let touching = fault(area(ring([(0, 0), (2, 2), (4, 0), (4, 4), (2, 2), (0, 4)])))
        #expect(touching?.code == .ringSelfIntersection)
        #expect(touching?.position == Position(longitude: 2, latitude: 2))
        #expect([2, 5].contains(touching?.vertex))
    }

    @Test func `a misplaced hole is named by its ring`() {
        let outside = fault(area(square(0, 0, 1, 1), square(0.1, 0.1, 0.2, 0.2), square(5, 5, 6, 6)))
        #expect(outside?.code == .holeOutsideShell)
        #expect(outside?.ring == 3)
        let nested = fault(area(square(0, 0, 9, 9), square(1, 1, 8, 8), square(2, 2, 3, 3)))
        #expect(nested?.code == .nestedHoles)
        #expect([2, 3].contains(nested?.ring))
        let crossing = fault(area(square(0, 0, 4, 4), square(3, 1, 5, 2)))
        #expect(crossing?.code == .selfIntersection)
        let cut = fault(area(square(0, 0, 4, 4), ring([(0, 2), (2, 4), (4, 2), (2, 0)])))
        #expect(cut?.code == .disconnectedInterior)
    }

    @Test func `what encloses nothing, is open or is not a number is refused`() {
        #expect(fault(Area([]))?.code == .empty)
        #expect(fault(area(Ring([])))?.code == .tooFewPoints)
        #expect(fault(area(ring([(0, 0), (1, 1)])))?.code == .tooFewPoints)
        let open = Ring(Array(square(0, 0, 1, 1).positions.dropLast()))
        #expect(fault(area(open))?.code == .ringNotClosed)
        #expect(fault(area(square(0, 0, 1, 1), open))?.ring == 2)
        let flat = fault(area(ring([(0, 0), (1, 0), (2, 0)])))?.code
        #expect(flat == .selfIntersection || flat == .tooFewPoints || flat == .zeroArea)
        #expect(fault(area(ring([(0, 0), (1, .nan), (2, 0)])))?.code == .badCoordinate)
        #expect(fault(area(ring([(0, 0), (1, 0), (1, .infinity)])))?.vertex == 3)
        #expect(fault(area(ring([(0, 0), (200, 0), (1, 1)])))?.code == .badCoordinate)
    }

    @Test(
        .enabled(if: TestGeodata.isExpected, TestGeodata.skipReason),
        arguments: [
            ("problematic_self_intersection_large", GeometryError.Code.selfIntersection),
            ("problematic_self_intersection_small", .selfIntersection),
            ("problematic_inner_and_exterior_ring_intersect", .selfIntersection)
        ])
    func `the public suite's faults are found`(name: String, code: GeometryError.Code) throws {
        let path = "geojson-suites/chrieke-invalid-geometry/examples/problematic_geometries/\(name).geojson"
        let area = try GeoJSON.decodePerimeter(Array(Data(contentsOf: TestGeodata.file(path)))).areaInWGS84()
        #expect(fault(area)?.code == code)
    }

    @Test(
        .enabled(if: TestGeodata.isExpected, TestGeodata.skipReason),
        arguments: [
            "n_perimetre_pprn_20120001_s_076", "pprt_69dreal20090005_perimetre_s",
            "pprt_69dreal20090005_zonereglementairefoncier_s", "pprt_69dreal20090005_zonereglementaireurba_s"
        ])
    func `a real risk plan is valid`(name: String) throws {
        #expect(fault(try perimeter(name)) == nil)
    }
}
