import Foundation
import TestSupport
import Testing

@testable import GeoModel

/// The reader in one pass against the strict one, which it may only be quicker than.
@Suite struct PlainSurfaceTests {
    private func plain(_ text: [UInt8]) -> Area<WGS84>? {
        guard let read = PlainSurface.read(text, from: 0), read.end == text.count else { return nil }
        return read.area
    }

    private func strict(_ text: [UInt8]) -> DecodedPerimeter? { try? GeoJSON.decodePerimeter(text) }

    private func ring(_ x: Double, _ y: Double, _ vertices: Int, _ generator: inout SeededGenerator) -> String {
        let corners = (0..<vertices).map { index in
            let angle = 2 * Double.pi * Double(index) / Double(vertices)
            let position = (x + 0.1 * cos(angle), y + 0.1 * sin(angle))
            return switch Int.random(in: 0..<5, using: &generator) {
            case 0: "[\(position.0),\(position.1)]"
            case 1: String(format: "[%.7f, %.7f]", position.0, position.1)
            case 2: String(format: "[ %.17f ,\n%.16f ]", position.0, position.1)
            case 3: "[\(Int(position.0)),\(String(format: "%.1f", position.1))]"
            default: String(format: "[%.3f,%.12f]", position.0, position.1)
            }
        }
        return "[" + (corners + [corners[0]]).joined(separator: Bool.random(using: &generator) ? "," : " , ") + "]"
    }

    private func geometry(_ generator: inout SeededGenerator) -> [UInt8] {
        func polygon() -> String {
            let count = Int.random(in: 1...3, using: &generator)
            return "[" + (0..<count).map { _ in
                ring(
                    .random(in: -5...8, using: &generator), .random(in: 42...51, using: &generator),
                    .random(in: 3...9, using: &generator), &generator)
            }.joined(separator: ",") + "]"
        }
        let isMulti = Bool.random(using: &generator)
        let coordinates = isMulti ? "[\(polygon()), \(polygon())]" : polygon()
        let type = #""type":"\#(isMulti ? "MultiPolygon" : "Polygon")""#
        let members = [type, "\"coordinates\" : " + coordinates]
        return Array(("{" + (Bool.random(using: &generator) ? members : members.reversed()).joined(separator: ", ") + "}").utf8)
    }

    @Test func `plain geometries are read as the strict reader reads them`() throws {
        var generator = SeededGenerator(seed: 1)
        var taken = 0
        for _ in 0..<400 {
            let text = geometry(&generator)
            let expected = strict(text)
            guard let area = plain(text) else { continue }
            taken += 1
            #expect(expected?.surface == .wgs84(area))
            #expect(expected?.warnings == [])
        }
        // Some have numbers of more digits than are read here, or rings that enclose nothing.
        #expect(taken > 200)
    }

    @Test func `numbers of any length are read alike near the end of the text and far from it`() throws {
        var generator = SeededGenerator(seed: 5)
        var taken = 0
        for digits in 0...21 {
            for _ in 0..<6 {
                let fraction = String((0..<digits).map { _ in "0123456789".randomElement(using: &generator)! })
                let number = "2" + (digits > 0 ? "." + fraction : "")
                let end = "[3,50],[\(number),49]]]}"
                for start in ["", String(repeating: "[\(number),49.5],", count: 4)] {
                    // Blanks behind the geometry lead the numbers away from the end.
                    for blanks in [0, 1, 7, 20, 60] {
                        let text = Array((#"{"type":"Polygon","coordinates":[[[\#(number),49],\#(start)[3,49],\#(end)"#
                            + String(repeating: " ", count: blanks)).utf8)
                        guard let read = PlainSurface.read(text, from: 0) else {
                            #expect(digits > 18)
                            continue
                        }
                        taken += 1
                        #expect(strict(text)?.surface == .wgs84(read.area))
                    }
                }
            }
        }
        #expect(taken == 19 * 6 * 10)
    }

    /// Rings long enough that each is read in two halves, or would be but for where they end.
    private func longGeometry(_ generator: inout SeededGenerator) -> [UInt8] {
        let isMulti = Bool.random(using: &generator)
        let polygons = (0..<(isMulti ? Int.random(in: 2...3, using: &generator) : 1)).map { _ in
            "[" + (0..<Int.random(in: 1...2, using: &generator)).map { _ in
                ring(2, 49, [5, 1_500, 2_047, 2_048, 6_000, 20_000].randomElement(using: &generator)!, &generator)
            }.joined(separator: ",") + "]"
        }
        let coordinates = isMulti ? "[" + polygons.joined(separator: ",") + "]" : polygons[0]
        return Array((#"{"type":"\#(isMulti ? "MultiPolygon" : "Polygon")","coordinates":"# + coordinates + "}").utf8)
    }

    @Test func `long rings are read in halves as the strict reader reads them whole`() throws {
        var generator = SeededGenerator(seed: 9)
        var taken = 0
        for _ in 0..<24 {
            let text = longGeometry(&generator)
            let expected = strict(text)
            guard let area = plain(text) else {
                Issue.record("a plain surface of \(text.count) bytes was left to the strict reader")
                continue
            }
            taken += 1
            #expect(expected?.surface == .wgs84(area))
        }
        #expect(taken == 24)
    }

    @Test func `a fault in either half of a long ring is found`() throws {
        var generator = SeededGenerator(seed: 10)
        let bytes = Array(#"[]{},-.09e "#.utf8)
        var taken = 0
        let long = #"{"type":"Polygon","coordinates":[\#(ring(2, 49, 20_000, &generator))]}"#
        for _ in 0..<60 {
            var text = Array(long.utf8)
            // Near the middle as often as anywhere: that is where the halves meet.
            let place = Bool.random(using: &generator)
                ? Int.random(in: 40..<text.count, using: &generator)
                : text.count / 2 + Int.random(in: -600...24_000, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: text.remove(at: place)
            case 1: text.insert(bytes.randomElement(using: &generator)!, at: place)
            default: text[place] = bytes.randomElement(using: &generator)!
            }
            guard let area = plain(text) else { continue }
            taken += 1
            #expect(strict(text)?.surface == .wgs84(area))
        }
        #expect((5..<55).contains(taken))
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `of texts with any fault none is read that the strict reader refuses, or reads otherwise`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let bytes = Array(#"[]{},:"-+.0123456789eE ntype"#.utf8)
        var taken = 0
        for _ in 0..<1500 {
            var text = geometry(&generator)
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                let place = Int.random(in: 0..<text.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: text.remove(at: place)
                case 1: text.insert(bytes.randomElement(using: &generator)!, at: place)
                default: text[place] = bytes.randomElement(using: &generator)!
                }
            }
            guard let area = plain(text) else { continue }
            taken += 1
            let expected = strict(text)
            #expect(expected?.surface == .wgs84(area), "\(String(decoding: text, as: UTF8.self))")
            #expect(expected?.warnings == [])
        }
        #expect(taken > 50)
    }

    @Test(arguments: [
        #"{"type":"Polygon","coordinates":[[[2,49],[3,49],[3,50],[2,49]]],"bbox":[2,49,3,50]}"#,
        #"{"type":"Polygon","type":"Polygon","coordinates":[[[2,49],[3,49],[3,50],[2,49]]]}"#,
        #"{"type":"Polygon","coordinates":[[[2,49,7],[3,49],[3,50],[2,49]]]}"#,
        #"{"type":"Polygon","coordinates":[[[2,49],[3,49],[3,50],[2,48]]]}"#,
        #"{"type":"Polygon","coordinates":[[[2,49],[3,49],[2,49],[2,49]]]}"#,
        #"{"type":"Polygon","coordinates":[[[49,2],[49,3],[50,3],[49,2]]]}"#,
        #"{"type":"Polygon","coordinates":[[[02,49],[3,49],[3,50],[02,49]]]}"#,
        #"{"type":"Polygon","coordinates":[[[2e0,49],[3,49],[3,50],[2e0,49]]]}"#,
        #"{"type":"Polygon","coordinates":[]}"#, #"{"type":"Polygon","coordinates":[[]]}"#,
        #"{"type":"Point","coordinates":[2,49]}"#, "{", "{}", "[", "",
    ])
    func `anything but a plain surface is left to the strict reader`(text: String) {
        #expect(plain(Array(text.utf8)) == nil)
    }

    @Test func `a body's member is a surface when it is plain, and text otherwise`() throws {
        let limits = JSONNode.Limits(maxDepth: 16, maxValues: 100)
        func member(_ geometry: String) throws -> JSONNode? {
            let node = try JSONNode.read(
                Array(#"{"a":{"geometry":\#(geometry),"name":"é"}}"#.utf8), keepingTextOf: ["geometry"], limits: limits)
            guard case .object(let root) = node, case .object(let inner)? = root["a"] else { return nil }
            #expect(inner["name"] == .string("é"))
            return inner["geometry"]
        }
        let coordinates = "[[[2,49],[3,49],[3,50],[2,49]]]"
        guard case .area(let area)? = try member(#"{"coordinates":\#(coordinates),"type":"Polygon"}"#) else {
            Issue.record("a plain surface stayed text")
            return
        }
        #expect(area.vertexCount == 4)
        let other = #"{"type":"Polygon","coordinates":\#(coordinates),"id":1}"#
        #expect(try member(other) == .text(Array(other.utf8)))
    }
}
