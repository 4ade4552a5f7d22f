import Testing
import TestSupport

@testable import GeoModel

@Suite struct GeoJSONPerimeterTests {
    static let square = "[[2,48],[3,48],[3,49],[2,49],[2,48]]"
    static let hole = "[[2.2,48.2],[2.2,48.4],[2.4,48.4],[2.4,48.2],[2.2,48.2]]"

    private func decode(
        _ text: String, limits: GeoJSONLimits = .default
    ) throws(GeoJSONError) -> DecodedPerimeter {
        try GeoJSON.decodePerimeter(Array(text.utf8), limits: limits)
    }

    private func area(_ text: String) throws -> Area<WGS84> {
        guard case .wgs84(let area) = try decode(text).surface else { throw Unexpected() }
        return area
    }

    private struct Unexpected: Error {}

    private func error(_ text: String, limits: GeoJSONLimits = .default) -> GeoJSONError? {
        do throws(GeoJSONError) {
            _ = try decode(text, limits: limits)
            return nil
        } catch { return error }
    }

    private func polygon(_ rings: String...) -> String {
        #"{"type":"Polygon","coordinates":["# + rings.joined(separator: ",") + "]}"
    }

    private func feature(_ geometry: String, _ properties: String = "{}") -> String {
        #"{"type":"Feature","properties":\#(properties),"geometry":\#(geometry)}"#
    }

    private func collection(_ features: String...) -> String {
        #"{"type":"FeatureCollection","features":["# + features.joined(separator: ",") + "]}"
    }

    // MARK: Shapes

    @Test func `a hole is kept, altitude is dropped, either winding and any order of members is read`() throws {
        let text = #"{"coordinates":[[[2,48,5],[2,49,5,1],[3,49,5],[3,48,5],[2,48,5]],\#(Self.hole)],"type":"Polygon"}"#
        let area = try area(text)
        #expect(area.polygons.count == 1)
        #expect(area.polygons[0].exterior.positions[1] == Position(longitude: 2, latitude: 49))
        #expect(area.polygons[0].holes.count == 1)
        #expect(area.vertexCount == 10)
    }

    @Test func `every polygon of every nesting is gathered, in order, with its origin`() throws {
        let multi = #"{"type":"MultiPolygon","coordinates":[[\#(Self.square)],[\#(Self.square),\#(Self.hole)]]}"#
        let nested = #"{"type":"GeometryCollection","geometries":[\#(multi),\#(polygon(Self.square))]}"#
        let perimeter = try decode(collection(feature(polygon(Self.square)), feature(nested, "null")))
        #expect(perimeter.origins.map(\.feature) == [1, 2, 2, 2])
        #expect(perimeter.origins.map(\.polygon) == [1, 1, 2, 1])
        #expect(perimeter.origins[2].path == "features[1].geometry.geometries[0].coordinates[1]")
        guard case .wgs84(let area) = perimeter.surface else { throw Unexpected() }
        #expect(area.polygons.map(\.holes.count) == [0, 0, 1, 0])
        #expect(perimeter.warnings.isEmpty)
    }

    @Test func `the name comes from the only feature, else from the collection`() throws {
        let geometry = polygon(Self.square)
        #expect(try decode(feature(geometry, #"{"nom":"Scie"}"#)).name == "Scie")
        #expect(try decode(collection(feature(geometry, #"{"NAME":"Scie"}"#))).name == "Scie")
        #expect(try decode(collection(feature(geometry, #"{"name":" "}"#))).name == nil)
        let named =
            #"{"type":"FeatureCollection","name":"plan","features":[\#(feature(geometry)),\#(feature(geometry))]}"#
        #expect(try decode(named).name == "plan")
        #expect(try decode(geometry).name == nil)
    }

    @Test func `vertices written twice in a row are kept`() throws {
        #expect(try area(polygon("[[2,48],[3,48],[3,48],[3,49],[2,49],[2,48],[2,48]]")).vertexCount == 7)
    }

    // MARK: Faults and their place

    @Test func `an open ring is named, never closed`() {
        let open = "[[2.2,48.2],[2.2,48.4],[2.4,48.4],[2.4,48.2]]"
        let fault = error(collection(feature(polygon(Self.square)), feature(polygon(Self.square, open))))
        #expect(fault?.code == .ringNotClosed)
        #expect(fault?.place == .init(feature: 2, polygon: 1, ring: 2, vertex: 4))
        #expect(fault?.path == "features[1].geometry.coordinates[1]")
        #expect(
            fault?.description
                == "feature 2, polygon 1, ring 2, vertex 4: the ring is not closed; end it with its first position, [2.2, 48.2]"
        )
    }

    @Test(arguments: [
        ("[[2,48],[3,48],[2,48]]", GeoJSONError.Code.ringTooShort), ("[]", .ringTooShort),
        ("[[2,48],[3,48],[2,48],[2,48]]", .ringTooShort), ("[[2,48],[2,48],[2,48],[2,48]]", .ringTooShort),
        ("[[2,48],[3],[3,49],[2,48]]", .badPosition), ("[[2,48],[3,\"48\"],[3,49],[2,48]]", .badPosition),
        ("[[2,48],[3,null],[3,49],[2,48]]", .badPosition), ("[[2,48],[1,2,3,4,5],[3,49],[2,48]]", .badPosition),
        ("[2,48]", .badPosition), ("[[[2,48]]]", .badPosition), ("3", .badPosition), ("{}", .badPosition),
        ("[[2,48],[3,48],[3,91],[2,48]]", .outOfRange), ("[[2,48],[-180.5,48],[3,49],[2,48]]", .outOfRange)
    ]) func `a bad ring is refused`(ring: String, code: GeoJSONError.Code) {
        let fault = error(polygon(Self.square, ring))
        #expect(fault?.code == code)
        #expect(fault?.place.ring == 2)
        #expect(fault?.place.polygon == 1)
    }

    @Test(arguments: [
        (#"{"type":"FeatureCollection","features":[]}"#, GeoJSONError.Code.emptyGeometry),
        (#"{"type":"MultiPolygon","coordinates":[]}"#, .emptyGeometry),
        (#"{"type":"Polygon","coordinates":[]}"#, .emptyGeometry),
        (#"{"type":"MultiPolygon","coordinates":[[]]}"#, .emptyGeometry),
        (#"{"type":"GeometryCollection","geometries":[]}"#, .emptyGeometry),
        (#"{"type":"Feature","properties":{},"geometry":null}"#, .nullGeometry),
        (#"{"type":"Feature","properties":{}}"#, .nullGeometry),
        (#"{"type":"GeometryCollection","geometries":[null]}"#, .nullGeometry),
        (#"{"type":"Point","coordinates":[2,48]}"#, .notAnArea),
        (#"{"type":"MultiLineString","coordinates":[[[2,48],[3,49]]]}"#, .notAnArea),
        (#"{"type":"polygon","coordinates":[]}"#, .unknownType),
        (#"{"type":"Topology","objects":{}}"#, .unknownType),
        (#"{"type":7}"#, .notGeoJSON), ("{}", .notGeoJSON), ("[]", .notGeoJSON), ("null", .notGeoJSON),
        ("\"a\"", .notGeoJSON),
        (#"{"type":"FeatureCollection","features":[{"type":"Polygon","coordinates":[]}]}"#, .notGeoJSON),
        (#"{"type":"Polygon","type":"Polygon","coordinates":[]}"#, .duplicateKey),
        (#"{"type":"Polygon","coordinates":[],"coordi\u006eates":[]}"#, .duplicateKey),
        (#"{"type":"Polygon","coordinates":[],"features":[]}"#, .notGeoJSON),
        (#"{"type":"Polygon","coordinates":[]} x"#, .invalidJSON)
    ]) func `nothing without a surface is taken for one`(text: String, code: GeoJSONError.Code) {
        #expect(error(text)?.code == code)
    }

    @Test func `one point among polygons is an error that names it`() {
        let point = feature(#"{"type":"Point","coordinates":[2,48]}"#)
        let fault = error(collection(feature(polygon(Self.square)), point))
        #expect(fault?.code == .notAnArea)
        #expect(fault?.place.feature == 2)
        #expect(fault?.path == "features[1].geometry")
    }

    @Test func `size, vertices and depth are bounded`() {
        #expect(error(polygon(Self.square), limits: .init(maxBytes: 20, maxVertices: 100))?.code == .tooLarge)
        #expect(error(polygon(Self.square), limits: .init(maxBytes: 2000, maxVertices: 4))?.code == .tooManyVertices)
        #expect(error(polygon(Self.square), limits: .init(maxBytes: 2000, maxVertices: 5)) == nil)
        var nested = polygon(Self.square)
        for _ in 0..<30 { nested = #"{"type":"GeometryCollection","geometries":[\#(nested)]}"# }
        #expect(error(nested)?.code == .tooDeep)
    }

    // MARK: Axes and systems

    @Test func `swapped latitude and longitude are recognised in every territory`() {
        for box in FrenchTerritories.boxes {
            let (x, y) = ((box.west + box.east) / 2, (box.south + box.north) / 2)
            let ring = "[[\(y),\(x)],[\(y),\(x + 0.1)],[\(y + 0.1),\(x)],[\(y),\(x)]]"
            #expect(error(polygon(ring))?.code == .swappedAxes)
            let right = "[[\(x),\(y)],[\(x + 0.1),\(y)],[\(x),\(y + 0.1)],[\(x),\(y)]]"
            #expect(error(polygon(right)) == nil)
        }
    }

    @Test func `one swapped vertex is enough, and is named`() {
        let fault = error(polygon("[[2,48],[3,48],[49,3],[2,49],[2,48]]"))
        #expect(fault?.code == .swappedAxes)
        #expect(fault?.place.vertex == 3)
        #expect(fault?.path == "coordinates[0][2]")
    }

    @Test func `a perimeter elsewhere is read, with a warning`() throws {
        let perimeter = try decode(polygon("[[13.3,52.5],[13.4,52.5],[13.4,52.6],[13.3,52.5]]"))
        #expect(perimeter.warnings == [.outsideFrenchTerritories])
        #expect(try decode(polygon("[[-4,52.1],[11.0,52.1],[3,40.4],[-4,52.1]]")).warnings.isEmpty)
    }

    @Test(arguments: [
        ("652301.5,6861302.7", "Lambert-93"), ("600000,2428000", "Lambert II"), ("1652301,8182302", "CC zone"),
        ("448251,5411932", "UTM"), ("261600,6250566", "Web Mercator"), ("338000,7667000", "UTM")
    ]) func `metres without a system are refused, with a guess`(position: String, system: String) {
        let fault = error(polygon("[[\(position)],[\(position)],[652400,6861400],[1,1],[\(position)]]"))
        #expect(fault?.code == .projectedCoordinates)
        #expect(fault?.reason.contains(system) == true)
    }

    @Test(arguments: [
        "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "OGC:CRS84", "CRS84", "EPSG:4326", "epsg:4326",
        "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG:6.9:4326", "http://www.opengis.net/def/crs/EPSG/0/4326",
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://www.opengis.net/gml/srs/epsg.xml#4326"
    ]) func `every way to name WGS 84 is understood`(name: String) throws {
        let text =
            #"{"type":"Polygon","crs":{"type":"name","properties":{"name":"\#(name)"}},"coordinates":[\#(Self.square)]}"#
        #expect(try area(text).vertexCount == 5)
    }

    @Test func `another system travels with the raw coordinates`() throws {
        let ring = "[[652301,6861302],[652401,6861302],[652401,6861402],[652301,6861302]]"
        let crs = #""crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2154"}}"#
        for text in [
            #"{"type":"FeatureCollection",\#(crs),"features":[\#(feature(polygon(ring)))]}"#,
            #"{"type":"Feature",\#(crs),"properties":null,"geometry":\#(polygon(ring))}"#,
            feature(#"{"type":"Polygon",\#(crs),"coordinates":[\#(ring)]}"#)
        ] {
            guard case .foreign(let surface) = try decode(text).surface else { throw Unexpected() }
            #expect(surface.epsgCode == 2154)
            #expect(surface.area.polygons[0].exterior.positions[0] == Position(east: 652_301, north: 6_861_302))
        }
    }

    @Test func `an unknown or a mixed system is refused`() {
        for name in ["urn:ogc:def:crs:OGC:1.3:AUTO42001", "Lambert", "EPSG:", "EPSG:-3", "IGNF:LAMB93"] {
            let text =
                #"{"type":"Polygon","crs":{"type":"name","properties":{"name":"\#(name)"}},"coordinates":[\#(Self.square)]}"#
            #expect(error(text)?.code == .unsupportedCRS)
        }
        let link =
            #"{"type":"Polygon","crs":{"type":"link","properties":{"href":"a"}},"coordinates":[\#(Self.square)]}"#
        #expect(error(link)?.code == .unsupportedCRS)
        let crs = #""crs":{"type":"name","properties":{"name":"EPSG:2154"}}"#
        let mixed = collection(
            feature(#"{"type":"Polygon",\#(crs),"coordinates":[\#(Self.square)]}"#), feature(polygon(Self.square)))
        #expect(error(mixed)?.code == .unsupportedCRS)
    }

    // MARK: Properties

    @Test func `any prefix of a valid document is an error, never a crash`() {
        let text = collection(
            feature(polygon(Self.square, Self.hole), #"{"nom":"é\u00e9\ud83d\ude00","n":[1,-2.5e-3,true,null]}"#))
        let bytes = Array(text.utf8)
        for count in 0..<bytes.count {
            #expect(throws: GeoJSONError.self) { try GeoJSON.decodePerimeter(Array(bytes[..<count])) }
        }
        #expect(error(text) == nil)
    }

    @Test func `a damaged document is read or refused, never a crash`() {
        let bytes = Array(collection(feature(polygon(Self.square, Self.hole), #"{"nom":"é","n":[1,-2.5e-3]}"#)).utf8)
        var generator = SeededGenerator(seed: 20_240_101)
        let signs = Array("[]{},:\"\\-.eE0129tfnu \n\u{0}é".utf8) + [0xFF, 0xC3, 0xED]
        for _ in 0..<20_000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<damaged.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: damaged[place] = signs.randomElement(using: &generator) ?? 0
                case 1: damaged.remove(at: place)
                default: damaged.insert(signs.randomElement(using: &generator) ?? 0, at: place)
                }
            }
            if let perimeter = try? GeoJSON.decodePerimeter(damaged) { #expect(!perimeter.origins.isEmpty) }
        }
    }
}
