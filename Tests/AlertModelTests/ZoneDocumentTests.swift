import GeoModel
import Testing

@testable import AlertModel

@Suite struct ZoneDocumentTests {
    static let square = #"{"type":"Polygon","coordinates":[[[2.3,49.9],[2.4,49.9],[2.4,50],[2.3,49.9]]]}"#

    private func decode(_ text: String) throws -> Zone { try ZoneDocument.decode(Array(text.utf8)) }
    private func refusal(_ text: String, _ limits: ZoneDocument.Limits = .init()) -> ZoneDocumentError? {
        #expect(throws: ZoneDocumentError.self) { try ZoneDocument.decode(Array(text.utf8), limits: limits) }
    }

    @Test(arguments: [
        #"{"geometry":{"coordinates":[[[2.3,49.9],[2.4,49.9],[2.4,50],[2.3,49.9]]],"type":"Polygon"},"name":"A \"é\"","type":"perimeter","version":1}"#,
        #"{"geometry":{"coordinates":[[[[2.1,49],[3,49],[3,50],[2.1,49]]],[[[4,49],[5,49],[5,50],[4,49]]]],"type":"MultiPolygon"},"name":"B","type":"perimeter","version":1}"#,
        #"{"latitude":49.9,"longitude":2.3000000000000003,"metres":5000,"type":"circle","version":1}"#,
        #"{"codes":["80021","2A004"],"type":"communes","version":1}"#,
        #"{"codes":["80021"],"type":"communes","version":1,"vintage":2016}"#,
        #"{"code":"80","type":"department","version":1}"#,
        #"{"name":"Mairies de la Somme","type":"list","version":1}"#,
        #"{"type":"union","version":1,"zones":[{"code":"80","type":"department"},{"code":"2A","type":"department"}]}"#,
        #"{"type":"intersection","version":1,"zones":[]}"#,
        #"{"except":{"name":"x","type":"list"},"type":"difference","version":1,"zone":{"code":"974","type":"department"}}"#,
        #"{"siren":"200070985","type":"epci","version":1}"#,
        #"{"name":"pmr","type":"tag","version":1}"#,
        #"{"filter":{"type":"channel","values":["sms"]},"type":"filter","version":1}"#,
        #"{"campaign":12,"outcome":"not_acknowledged","type":"campaign","version":1}"#,
        #"{"codes":["80021"],"margin":250.5,"precision":"certain","type":"communes","version":1}"#,
    ])
    func `a canonical text comes back as it was`(text: String) throws {
        #expect(String(decoding: ZoneDocument.encode(try decode(text)), as: UTF8.self) == text)
    }

    @Test(arguments: [
        (#"{"type":"list","name":"a","version":2}"#, "version"),
        (#"{"type":"list","name":"a","version":"1"}"#, "version"),
        (#"{"type":"union","zones":[{"type":"list","name":"a","version":1}]}"#, "zones[0].version"),
        (#"{"type":"list","name":"a","precision":"sure"}"#, "precision"),
        (#"{"type":"union","zones":[{"type":"list","name":"a","precision":"certain"}]}"#, "zones[0].precision"),
        (#"{"type":"list","name":"a","margin":10}"#, "margin"),
        (#"{"type":"department","code":"80","margin":-1}"#, "margin"),
        (#"{"type":"department","code":"80","margin":1e6}"#, "margin"),
        (#"{"type":"department","code":"80","margin":"10"}"#, "margin"),
        (#"{"type":"epci","siren":"12345"}"#, "siren"),
        (#"{"type":"filter","filter":{"type":"tribe","values":["x"]}}"#, "filter.type"),
        (#"{"type":"filter","filter":{"type":"union","lists":["a","b"]}}"#, "filter.type"),
        (#"{"type":"filter"}"#, "filter"),
        (#"{"type":"campaign","campaign":1.5,"outcome":"all"}"#, "campaign"),
        (#"{"type":"campaign","campaign":1,"outcome":"happy"}"#, "outcome"),
    ])
    func `a member of version 1 that is wrong or misplaced is refused with its path`(text: String, path: String) throws {
        let error = try #require(refusal(text))
        #expect(error.code == .invalidZone)
        #expect(error.path == path)
    }

    @Test func `a margin on a combination widens each of its places and nothing that is excluded`() throws {
        let zone = try decode(
            #"{"type":"difference","margin":100,"zone":{"type":"union","zones":[{"type":"department","code":"80","margin":50},{"type":"list","name":"a"}]},"except":{"type":"department","code":"02"}}"#)
        #expect(
            zone == .difference(
                .union([.widened(.department("80"), metres: 150), .list("a")]), except: .department("02")))
        #expect(try ZoneDocument.decode(ZoneDocument.encode(zone)) == zone)
        #expect(try decode(#"{"type":"department","code":"80","margin":0}"#) == .department("80"))
    }

    @Test func `a document without a version, or with the default precision, means what it always did`() throws {
        #expect(try decode(#"{"type":"list","name":"a"}"#) == .list("a"))
        #expect(try decode(#"{"type":"list","name":"a","version":1,"precision":"possible"}"#) == .list("a"))
        #expect(try decode(#"{"type":"list","name":"a","precision":"certain"}"#) == .certainly(.list("a")))
    }

    @Test func `a perimeter without geometry is the saved one of that name`() throws {
        let text = Array(#"{"type":"perimeter","name":"Crue"}"#.utf8)
        let area = Area<WGS84>([Polygon(exterior: Ring([
            Position(longitude: 2, latitude: 49), Position(longitude: 3, latitude: 49), Position(longitude: 3, latitude: 50),
            Position(longitude: 2, latitude: 49),
        ]))])
        #expect(try ZoneDocument.decode(text, saved: { $0 == "Crue" ? area : nil }) == .perimeter(name: "Crue", area: area))
        #expect(throws: ZoneDocumentError.self) { try ZoneDocument.decode(text) }
    }

    @Test func `any order, spacing or spelling of numbers gives the canonical text`() throws {
        let zone = try decode(#" { "metres": 5e3, "type" : "circle", "latitude": 49.90, "longitude": 2.30 } "#)
        #expect(
            String(decoding: ZoneDocument.encode(zone), as: UTF8.self)
                == #"{"latitude":49.9,"longitude":2.3,"metres":5000,"type":"circle","version":1}"#)
    }

    @Test func `every double survives, so the hash of what is read is the hash of what was written`() throws {
        var state: UInt64 = 42
        for _ in 0..<2_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let longitude = Double(Int64(bitPattern: state)) / Double(Int64.max) * 180
            let latitude = longitude / 2
            let zone = Zone.circle(centre: Position(longitude: longitude, latitude: latitude), radiusMetres: abs(longitude) + 1e-7)
            let text = ZoneDocument.encode(zone)
            let back = try ZoneDocument.decode(text)
            #expect(back == zone)
            #expect(ZoneDocument.encode(back) == text)
        }
    }

    @Test func `holes and winding stay as they are`() throws {
        let text = #"{"type":"perimeter","name":"h","geometry":{"type":"Polygon","coordinates":[[[2,49],[3,49],[3,50],[2,50],[2,49]],[[2.4,49.4],[2.6,49.4],[2.6,49.6],[2.4,49.4]]]}}"#
        guard case .perimeter(_, let area) = try decode(text) else { throw Failure() }
        #expect(area.polygons[0].holes.count == 1)
        #expect(try decode(String(decoding: ZoneDocument.encode(.perimeter(name: "h", area: area)), as: UTF8.self)) == .perimeter(name: "h", area: area))
    }

    @Test(arguments: [
        (#"{}"#, "type"),
        (#"[]"#, ""),
        (#"{"type":"tribe"}"#, "type"),
        (#"{"type":"circle","longitude":2,"latitude":49}"#, "metres"),
        (#"{"type":"circle","longitude":2,"latitude":49,"metres":0}"#, "metres"),
        (#"{"type":"circle","longitude":2,"latitude":49,"metres":-5}"#, "metres"),
        (#"{"type":"circle","longitude":2,"latitude":49,"metres":1e9}"#, "metres"),
        (#"{"type":"circle","longitude":"2","latitude":49,"metres":5}"#, "longitude"),
        (#"{"type":"circle","longitude":2,"latitude":49,"metres":5,"radius":5}"#, "radius"),
        (#"{"type":"communes","codes":"80021"}"#, "codes"),
        (#"{"type":"communes","codes":["80021","Amiens"]}"#, "codes[1]"),
        (#"{"type":"communes","codes":[80021]}"#, "codes[0]"),
        (#"{"type":"communes","codes":["80021"],"vintage":1942}"#, "vintage"),
        (#"{"type":"communes","codes":["80021"],"vintage":2016.5}"#, "vintage"),
        (#"{"type":"communes","codes":["80021"],"vintage":"2016"}"#, "vintage"),
        (#"{"type":"communes","codes":["80021"],"vintage":null}"#, "vintage"),
        (#"{"type":"department","code":"80","vintage":2016}"#, "vintage"),
        (#"{"type":"department","code":"Somme"}"#, "code"),
        (#"{"type":"list","name":""}"#, "name"),
        (#"{"type":"union"}"#, "zones"),
        (#"{"type":"union","zones":[{"type":"list","name":"a"},{"type":"union","zones":[{"type":"list"}]}]}"#, "zones[1].zones[0].name"),
        (#"{"type":"difference","zone":{"type":"list","name":"a"}}"#, "except"),
        (#"{"type":"perimeter","name":"a"}"#, "geometry"),
        (#"{"type":"perimeter","name":"a","geometry":null}"#, "geometry"),
        (#"{"type":"perimeter","name":"a","geometry":[1]}"#, "geometry"),
    ])
    func `what is not a zone is refused with its path`(text: String, path: String) throws {
        let error = try #require(refusal(text))
        #expect(error.code == .invalidZone)
        #expect(error.path == path)
    }

    @Test func `a geometry's fault names the zone, the ring and the vertex`() throws {
        let text = #"{"type":"union","zones":[{"type":"list","name":"a"},{"type":"perimeter","name":"b","geometry":{"type":"Polygon","coordinates":[[[2.3,49.9],[2.4,49.9],[2.4,50],[2.35,49.9]]]}}]}"#
        let error = try #require(refusal(text))
        #expect(error.code == .geometry(.ringNotClosed))
        #expect(error.path.hasPrefix("zones[1].geometry.coordinates[0]"))
        #expect(error.geometry?.place.ring == 1)
        #expect(error.geometry?.place.vertex == 4)
    }

    @Test func `a geometry in another system is refused: zones are in WGS 84`() throws {
        let text = #"{"type":"perimeter","name":"b","geometry":{"type":"Polygon","crs":{"type":"name","properties":{"name":"EPSG:2154"}},"coordinates":[[[650000,6860000],[650010,6860000],[650010,6860010],[650000,6860000]]]}}"#
        #expect(try #require(refusal(text)).code == .geometry(.unsupportedCRS))
    }

    @Test func `depth, items, codes and vertices are bounded`() throws {
        func nested(_ depth: Int) -> String {
            depth == 1 ? #"{"type":"list","name":"a"}"# : #"{"type":"union","zones":[\#(nested(depth - 1))]}"#
        }
        _ = try decode(nested(16))
        #expect(try #require(refusal(nested(17))).code == .tooDeep)
        _ = refusal(nested(5_000))

        func wide(_ count: Int) -> String {
            #"{"type":"union","zones":["# + Array(repeating: #"{"type":"list","name":"a"}"#, count: count).joined(separator: ",") + "]}"
        }
        _ = try decode(wide(999))
        #expect(try #require(refusal(wide(1_000))).code == .tooLarge)

        var limits = ZoneDocument.Limits()
        limits.maxCodes = 2
        #expect(try #require(refusal(#"{"type":"communes","codes":["80001","80002","80003"]}"#, limits)).code == .tooLarge)
        limits.maxVertices = 6
        let two = #"{"type":"union","zones":[{"type":"perimeter","name":"a","geometry":\#(Self.square)},{"type":"perimeter","name":"b","geometry":\#(Self.square)}]}"#
        #expect(try #require(refusal(two, limits)).code == .geometry(.tooManyVertices))
    }

    @Test func `broken text and keys written twice are refused`() throws {
        #expect(try #require(refusal(#"{"type":"list","name":"a""#)).code == .geometry(.invalidJSON))
        #expect(try #require(refusal(#"{"type":"list","name":"a"} x"#)).code == .geometry(.invalidJSON))
        #expect(try #require(refusal(#"{"type":"list","name":"a","name":"b"}"#)).code == .geometry(.duplicateKey))
        #expect(try #require(refusal(#"{"type":"list","name":"\#u{0}"}"#)).code == .geometry(.invalidJSON))
    }

    private struct Failure: Error {}
}
