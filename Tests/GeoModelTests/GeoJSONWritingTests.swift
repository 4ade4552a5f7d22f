import TestSupport
import Testing

@testable import GeoModel

@Suite struct GeoJSONWritingTests {
    private static let clockwise = Ring<WGS84>([
        Position(longitude: 2, latitude: 48), Position(longitude: 2, latitude: 49),
        Position(longitude: 3, latitude: 49),
        Position(longitude: 2, latitude: 48)
    ])
    private static let hole = Ring<WGS84>([
        Position(longitude: 2.1, latitude: 48.5), Position(longitude: 2.2, latitude: 48.5),
        Position(longitude: 2.2, latitude: 48.6), Position(longitude: 2.1, latitude: 48.5)
    ])

    @Test func `rings follow the right-hand rule whatever they came as`() {
        let area = Area([Polygon(exterior: Self.clockwise, holes: [Self.hole])])
        #expect(
            String(decoding: GeoJSON.encode(area), as: UTF8.self)
                == #"{"type":"Polygon","coordinates":[[[2,48],[3,49],[2,49],[2,48]],[[2.1,48.5],[2.2,48.6],[2.2,48.5],[2.1,48.5]]]}"#
        )
    }

    @Test func `a feature is written on one line and reads back`() throws {
        let area = Area([Polygon(exterior: Self.clockwise), Polygon(exterior: Self.hole)])
        let properties = JSONObject([.init(key: "nom", value: "L'Étoile \"80\"\n")])
        let bytes = GeoJSON.encodeFeature(id: "80284", properties: properties, area: area)
        #expect(!bytes.contains(0x0A))
        var reader = GeoJSONFeatureReader()
        let feature = try reader.feed(bytes)[0]
        #expect(feature.id == "80284")
        #expect(feature.properties == properties)
        #expect(feature.geometryType == "MultiPolygon")
        #expect(feature.area?.polygons[0].exterior.signedArea == 0.5)
    }

    @Test func `an area read back moves by less than half of the last decimal`() throws {
        var generator = SeededGenerator(seed: 11)
        let positions = (0..<500).map { _ in
            Position<WGS84>(
                longitude: Double.random(in: -5...9, using: &generator),
                latitude: Double.random(in: 42...51, using: &generator))
        }
        let area = Area([Polygon(exterior: Ring(positions + positions.prefix(1)))])
        guard case .wgs84(let back) = try GeoJSON.decodePerimeter(GeoJSON.encode(area)).surface else {
            Issue.record("not WGS 84")
            return
        }
        var read = back.polygons[0].exterior.positions
        if area.polygons[0].exterior.signedArea < 0 { read.reverse() }
        for (written, read) in zip(area.polygons[0].exterior.positions, read) {
            #expect(abs(written.longitude - read.longitude) <= 0.5001e-7)
            #expect(abs(written.latitude - read.latitude) <= 0.5001e-7)
        }
    }
}
