import Testing

@testable import GeoModel

@Suite struct WKTTests {
    private func read(_ text: String) throws -> DecodedPerimeter { try WKT.decodePerimeter(Array(text.utf8)) }

    private func vertexCounts(_ text: String) throws -> [[Int]] {
        switch try read(text).surface {
        case .wgs84(let area): area.polygons.map { $0.rings.map(\.positions.count) }
        case .foreign(let foreign): foreign.area.polygons.map { $0.rings.map(\.positions.count) }
        }
    }

    @Test(arguments: [
        ("POLYGON((2 49,3 49,3 50,2 49))", [[4]]),
        (" polygon z ( ( 2 49 1 , 3 49 2 , 3 50 3 , 2 49 1 ) ) ", [[4]]),
        ("POLYGONZM((2 49 1 1,3 49 1 1,3 50 1 1,2 49 1 1))", [[4]]),
        ("POLYGON((2 49 7,3 49 7,3 50 7,2 49 7))", [[4]]),
        ("POLYGON((2 49,3 49,3 50,2 50,2 49),(2.1 49.1,2.2 49.1,2.2 49.2,2.1 49.1))", [[5, 4]]),
        ("MULTIPOLYGON(((2 49,3 49,3 50,2 49)),((4 49,5 49,5 50,4 49)))", [[4], [4]]),
        ("GEOMETRYCOLLECTION(POLYGON((2 49,3 49,3 50,2 49)),GEOMETRYCOLLECTION(MULTIPOLYGON(((4 49,5 49,5 50,4 49)))))", [[4], [4]]),
        ("SRID=4326;POLYGON((2 49,3 49,3 50,2 49));", [[4]]),
        ("SRID=2154;POLYGON((650000 6860000,660000 6860000,660000 6870000,650000 6860000))", [[4]]),
    ])
    func `every legal shape is read`(text: String, counts: [[Int]]) throws {
        #expect(WKT.isLikely(Array(text.utf8)))
        #expect(try vertexCounts(text) == counts)
    }

    @Test func `the system that is named is kept`() throws {
        guard case .foreign(let area) = try read("SRID=2154;POLYGON((650000 6860000,660000 6860000,660000 6870000,650000 6860000))").surface
        else { Issue.record("no foreign surface"); return }
        #expect(area.epsgCode == 2154)
    }

    @Test(arguments: [
        ("POLYGON((2 49,3 49,3 50))", GeoJSONError.Code.ringTooShort), ("POLYGON((2 49,3 49,3 50,2 48))", .ringNotClosed),
        ("POLYGON((2 49,3 49,3 50,2 49)", .truncated), ("POLYGON EMPTY", .emptyGeometry), ("POINT(2 49)", .notAnArea),
        ("LINESTRING(2 49,3 49)", .notAnArea), ("POLYGON((2 49,3,3 50,2 49))", .badPosition),
        ("POLYGON((2 49,3 x,3 50,2 49))", .badPosition), ("POLYGON((2 49,3 49,3 50,2 49)) more", .invalidJSON),
        ("CURVEPOLYGON((2 49,3 49,3 50,2 49))", .unknownType), ("POLYGON((49 2,49 3,50 3,49 2))", .swappedAxes),
        ("SRID=x;POLYGON((2 49,3 49,3 50,2 49))", .unsupportedCRS), ("POLYGON Z((2 49,3 49,3 50,2 49))", .badPosition),
        ("POLYGON((650000 6860000,660000 6860000,660000 6870000,650000 6860000))", .projectedCoordinates), ("", .unknownType),
    ])
    func `what is wrong is refused with its place`(text: String, code: GeoJSONError.Code) {
        let error = #expect(throws: GeoJSONError.self) { try read(text) }
        #expect(error?.code == code, "\(error?.description ?? "")")
    }

    @Test func `a ring's fault names polygon, ring and vertex`() throws {
        let error = #expect(throws: GeoJSONError.self) {
            try read("MULTIPOLYGON(((2 49,3 49,3 50,2 49)),((4 49,5 49,5 50,4 49),(4 49,5 49,5 50,4 48)))")
        }
        #expect((error?.place.polygon, error?.place.ring, error?.place.vertex) == (2, 2, 4))
    }

    @Test func `collections nested without end are refused, not followed`() {
        let text = String(repeating: "GEOMETRYCOLLECTION(", count: 100_000)
        #expect(throws: GeoJSONError.self) { try read(text) }
    }
}
