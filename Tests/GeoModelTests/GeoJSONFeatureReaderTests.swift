import Foundation
import TestSupport
import Testing

@testable import GeoModel

@Suite struct GeoJSONFeatureReaderTests {
    private static let square = #"{"type":"Polygon","coordinates":[[[2,48],[3,48],[3,49],[2,48]]]}"#

    private static func feature(_ id: Int, _ geometry: String = square) -> String {
        #"{"type":"Feature","id":\#(id),"properties":{"code":"8000\#(id)","t":"]}\"\\"},"geometry":\#(geometry)}"#
    }

    private static let collection =
        "\u{FEFF} {\n \"bbox\": [1, 2],\n \"features\" : [\n  " + feature(1) + " ,\n" + feature(2) + "\n,"
        + feature(3, "null") + "], \"x\": {\"features\": [1]},\n \"type\":\"FeatureCollection\"}\n\n"
    private static let lines = feature(1) + "\n" + feature(2) + "\r\n\n" + feature(3, "null")
    private static let sequence = "\u{1E}" + feature(1) + "\n\u{1E}" + feature(2) + "\u{1E}" + feature(3, "null") + "\n"

    private func read(_ text: String, chunk: Int = .max, limits: GeoJSONLimits = .feature) throws -> [GeoJSONFeature] {
        var reader = GeoJSONFeatureReader(limits: limits)
        let bytes = Array(text.utf8)
        var features: [GeoJSONFeature] = []
        var start = 0
        while start < bytes.count {
            let end = start + min(chunk, bytes.count - start)
            features += try reader.feed(Array(bytes[start..<end]))
            start = end
        }
        try reader.finish()
        return features
    }

    private func error(_ text: String, limits: GeoJSONLimits = .feature) -> GeoJSONError? {
        do {
            _ = try read(text, limits: limits)
            return nil
        } catch { return error as? GeoJSONError }
    }

    @Test(arguments: [collection, lines, sequence], [1, 2, 3, 7, 64, Int.max])
    func `each layout is found out, whatever the chunks`(text: String, chunk: Int) throws {
        let features = try read(text, chunk: chunk)
        #expect(features.map(\.number) == [1, 2, 3])
        #expect(features.map { $0.id?.text } == ["1", "2", "3"])
        #expect(features.map { $0.properties["code"]?.text } == ["80001", "80002", "80003"])
        #expect(features[0].properties["t"] == "]}\"\\")
        #expect(features.map(\.area?.vertexCount) == [4, 4, nil])
        #expect(features.map(\.geometryType) == ["Polygon", "Polygon", nil])
    }

    @Test func `a feature knows the line it starts on`() throws {
        #expect(try read(Self.collection).map(\.line) == [4, 5, 6])
        #expect(try read(Self.lines).map(\.line) == [1, 2, 4])
    }

    @Test func `one feature alone and an empty collection are read`() throws {
        #expect(try read("{\n\"type\":\"Feature\",\n\"geometry\":null,\"properties\":null}").count == 1)
        #expect(try read(#"{"type":"FeatureCollection","features":[]}"#).isEmpty)
    }

    @Test func `a point keeps its type and has no area`() throws {
        let feature = try read(Self.feature(1, #"{"type":"Point","coordinates":[2,48]}"#))[0]
        #expect(feature.area == nil)
        #expect(feature.geometryType == "Point")
    }

    @Test(arguments: [collection, lines, sequence])
    func `any cut is an error, or loses nothing but white space`(text: String) {
        let whole = Array(text.utf8)
        let lastByte = whole.lastIndex { $0 == UInt8(ascii: "}") } ?? 0
        for count in 0...lastByte {
            var reader = GeoJSONFeatureReader()
            var found = 0
            do throws(GeoJSONError) {
                found = try reader.feed(Array(whole[..<count])).count
                try reader.finish()
                // Only between two features of a file without a frame can a cut go unnoticed.
                #expect(found > 0 && found < 3 && text != Self.collection)
            } catch {
                #expect([.truncated, .notGeoJSON].contains(error.code), "\(error)")
            }
        }
    }

    private static let lambert = #""crs":{"type":"name","properties":{"name":"EPSG:2154"}}"#

    private static func collection(of features: String, before: String? = nil, after: String? = nil) -> String {
        let before = before.map { "\($0)," } ?? "", after = after.map { ",\($0)" } ?? ""
        return #"{"type":"FeatureCollection",\#(before)"features":[\#(features)]\#(after)}"#
    }

    private static let refused: [(String, GeoJSONError.Code)] = [
        ("", .notGeoJSON), ("  \n", .notGeoJSON), ("[]", .invalidJSON), ("code,nom", .invalidJSON),
        (#"{"type":"FeatureCollection","features":[1]}"#, .invalidJSON),
        (#"{"type":"FeatureCollection","features":[null]}"#, .invalidJSON),
        (#"{"type":"FeatureCollection","features":[,]}"#, .invalidJSON),
        (collection(of: "\(feature(1)),"), .invalidJSON),
        (collection(of: "\(feature(1))\(feature(2))"), .invalidJSON),
        (#"{"type":"FeatureCollection","features":[]} x"#, .invalidJSON),
        (#"{"type":"FeatureCollection","features":[]}{}"#, .invalidJSON),
        (#"{"type":"FeatureCollection","features":[],}"#, .invalidJSON),
        (#"{"type":"FeatureCollection","features":[],"features":[]}"#, .duplicateKey),
        (#"{"type":"FeatureCollection","features":{}}"#, .notGeoJSON),
        (#"{"type":"Topology","features":[]}"#, .unknownType), (#"{"features":[]}"#, .notGeoJSON),
        (#"{"type":"Feature","properties":{},"geometry":null,"features":[]}"#, .notGeoJSON),
        ("\(feature(1)) \(feature(2))", .invalidJSON), (square, .notGeoJSON),
        (feature(1, #"{"type":"Polygon","coordinates":[[[2,48],[3,48],[3,49]]]}"#), .ringTooShort),
        (feature(1, #"{"type":"Polygon","coordinates":[[[48,2],[48,3],[49,3],[48,2]]]}"#), .swappedAxes),
        (feature(1, #"{"type":"Polygon","coordinates":[}"#), .truncated),
        (feature(1, #"{"type":"Polygon","coordinates":[}]"#), .invalidJSON),
        (collection(of: feature(1), before: lambert), .unsupportedCRS),
        (collection(of: feature(1), after: lambert), .unsupportedCRS)
    ]

    @Test(arguments: refused) func `what is not features is refused`(text: String, code: GeoJSONError.Code) {
        #expect(error(text)?.code == code)
    }

    @Test func `a fault is placed in the file`() {
        let text =
            Self.feature(1) + "\n"
            + Self.feature(2, #"{"type":"Polygon","coordinates":[[[2,48],[3,48],[3,49],[2,49]]]}"#)
        let fault = error(text)
        #expect(fault?.place == .init(feature: 2, polygon: 1, ring: 1, vertex: 4))
        #expect(fault?.line == 2)
        #expect(error("{\"type\":\"Feature\",\n\"a\" 1}")?.line == 2)
    }

    @Test(arguments: [collection, lines, sequence])
    func `a damaged file is read or refused, never a crash`(text: String) {
        let bytes = Array(text.utf8)
        var generator = SeededGenerator(seed: 99)
        for _ in 0..<5000 {
            var damaged = bytes
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            damaged[place] = bytes.randomElement(using: &generator) ?? 0
            if Bool.random(using: &generator) { damaged.remove(at: Int.random(in: 0..<bytes.count, using: &generator)) }
            var reader = GeoJSONFeatureReader()
            let cut = Int.random(in: 0..<damaged.count, using: &generator)
            do throws(GeoJSONError) {
                let features = try reader.feed(Array(damaged[..<cut])) + reader.feed(Array(damaged[cut...]))
                try reader.finish()
                #expect(features.count == reader.featureCount)
            } catch { #expect(!error.description.isEmpty) }
        }
    }

    @Test func `a feature beyond the limit is refused before it is held`() {
        let limits = GeoJSONLimits(maxBytes: 200, maxVertices: 100)
        #expect(error(Self.collection, limits: limits) == nil)
        let long = Self.feature(4).replacing("80004", with: String(repeating: "8", count: 200))
        #expect(error(Self.feature(1) + "\n" + long, limits: limits)?.code == .tooLarge)
    }

    @Test(.enabled(if: TestGeodata.isExpected, TestGeodata.skipReason))
    func `a department's communes are read in both layouts`() throws {
        let url = try TestGeodata.file("communes/contours/departement-80-somme.geojson")
        let bytes = Array(try Data(contentsOf: url))
        var reader = GeoJSONFeatureReader()
        let features = try reader.feed(bytes)
        try reader.finish()
        #expect(features.count == 1)
        #expect(features[0].properties["code"]?.text == "80")
        #expect((features[0].area?.vertexCount ?? 0) > 1000)
    }
}
