import Foundation
import GeoModel
import TestSupport
import Testing

@testable import Import

@Suite struct ExchangeFeaturesTests {
    private let bench: ImportBench

    init() throws {
        bench = try ImportBench()
    }

    private func read(
        _ path: String, layer: String? = nil
    ) throws -> (layer: ExchangeLayer?, features: [ExchangeFeature]) {
        var opened: ExchangeLayer?
        var features: [ExchangeFeature] = []
        try ExchangeFeatures.read(try FileSource(path: path), layer: layer, opened: { opened = $0 }) { feature, _ in
            features.append(feature)
        }
        return (opened, features)
    }

    /// - Returns: the path of the `.shp`.
    private func shapefile(
        _ fixture: ShapefileFixture, name: String = "COMMUNE", suffixes: [String] = ["shp", "shx", "dbf"]
    ) throws -> String {
        for suffix in suffixes where suffix.lowercased() != "shp" {
            _ = try bench.file("\(name).\(suffix)", suffix.lowercased() == "shx" ? fixture.shx : fixture.dbf)
        }
        return try bench.file("\(name).\(suffixes[0])", fixture.shp)
    }

    private let two = ShapefileFixture(squares: [
        (2, 49, Array("Amiens".utf8)), (3, 49, [UInt8(ascii: "S"), 0xE9, UInt8(ascii: "e")]),
    ])

    @Test(arguments: [["shp", "shx", "dbf"], ["SHP", "shx", "DBF"]])
    func `a shapefile is read with its parts, in whatever case and encoding`(suffixes: [String]) throws {
        let path = try shapefile(two, suffixes: suffixes)
        let (layer, features) = try read(path)
        #expect(layer?.name == "COMMUNE" && layer?.layers == ["COMMUNE"] && layer?.featureCount == 2)
        #expect(layer?.system == "EPSG:4326" && layer?.isSystemAssumed == true)
        #expect(features.map(\.number) == [1, 2])
        #expect(features.map { $0.properties["NOM"]?.string } == ["Amiens", "Sée"])
        #expect(features.map(\.geometryType) == ["MultiPolygon", "MultiPolygon"])
        #expect(features.first?.area?.boundingBox == BoundingBox(west: 2, south: 49, east: 3, north: 50))
        #expect(try ExchangeFeatures.layers(of: FileSource(path: path)) == ["COMMUNE"])
        #expect(try read(path, layer: "COMMUNE").features.count == 2)
        #expect(throws: ImportError.self) { try read(path, layer: "REGION") }
    }

    @Test(arguments: ["shx", "dbf"])
    func `a part that is missing is named`(part: String) throws {
        let path = try shapefile(two, suffixes: ["shp", "shx", "dbf"].filter { $0 != part })
        let error = #expect(throws: ImportError.self) { try read(path) }
        #expect(error?.description.contains(".\(part) are missing") == true)
    }

    @Test func `the parts of another shapefile do not count`() throws {
        _ = try shapefile(two, name: "AUTRE")
        let path = try bench.file("COMMUNE.shp", two.shp)
        #expect(throws: ImportError.self) { try read(path) }
    }

    @Test func `a shapefile cut short gives an error, and not fewer features`() throws {
        _ = try shapefile(two)
        for count in [two.shp.count - 1, 300, 101, 99, 1] {
            let path = try bench.file("COMMUNE.shp", two.shp.prefix(count))
            #expect(throws: ImportError.foreign(file: "COMMUNE.shp", reason: "it is damaged or cut short: get it again")) {
                try read(path)
            }
        }
    }

    @Test func `coordinates that could be in several systems are refused`() throws {
        // UTM 20 north in Guadeloupe, or Lambert II étendu in Aude.
        let path = try shapefile(ShapefileFixture(squares: [(660_000, 1_800_000, [])]))
        let error = #expect(throws: ImportError.self) { try read(path) }
        #expect(error?.description.contains("reference system") == true)
        let elsewhere = try shapefile(ShapefileFixture(squares: [(30, 30, [])]))
        #expect(throws: ImportError.self) { try read(elsewhere) }
    }

    @Test func `latitude before longitude is found out`() throws {
        let path = try shapefile(ShapefileFixture(squares: [(49, 2, [])]))
        let error = #expect(throws: ImportError.self) { try read(path) }
        #expect(error?.description.contains("latitude") == true)
    }

    @Test func `metres of Lambert 93 are recognised without a prj`() throws {
        let path = try shapefile(ShapefileFixture(squares: [(652_000, 6_861_000, [])]))
        let (layer, features) = try read(path)
        #expect(layer?.system == "EPSG:2154" && layer?.isSystemAssumed == true)
        // The golden test of the reprojection: 2.35° E, 48.85° N is (652301.565, 6861302.726).
        let box = try #require(features.first?.area?.boundingBox)
        #expect(abs(box.west - 2.3459) < 0.001 && abs(box.south - 48.8473) < 0.001)
    }

    @Test func `GeoJSON and text are none of these formats`() throws {
        for text in [#"{"type":"FeatureCollection","features":[]}"#, "id;nom\n1;a\n", "<html></html>", "x"] {
            let source = try FileSource(path: try bench.file("a.txt", text))
            #expect(try !ExchangeFeatures.canRead(source))
            #expect(throws: ImportError.self) { try ExchangeFeatures.layers(of: source) }
        }
        let topology = try bench.file("a.json", "\u{FEFF} {\n \"type\" : \"Topology\", \"objects\": {}, \"arcs\": []}")
        #expect(try ExchangeFeatures.canRead(FileSource(path: topology)))
    }

    @Test(.enabled(if: TestGeodata.isExpected, TestGeodata.skipReason))
    func `a GeoPackage in Lambert 93 holds what the same layer holds as GeoJSON`() throws {
        let name = "risk/pprt_69dreal20090005_zonereglementaireurba_s"
        let (layer, features) = try read(try TestGeodata.file("\(name).l93.gpkg").path)
        #expect(layer?.system == "EPSG:2154" && layer?.isSystemAssumed == false && layer?.featureCount == features.count)
        var reader = GeoJSONFeatureReader()
        let bytes = try Data(contentsOf: TestGeodata.file("\(name).geojson"))
        let wanted = try bytes.withUnsafeBytes { try reader.feed($0) }
        try #require(features.count == wanted.count && features.count > 10)
        for (feature, other) in zip(features, wanted) {
            let box = try #require(feature.area?.boundingBox), same = try #require(other.area?.boundingBox)
            #expect(abs(box.west - same.west) < 1e-7 && abs(box.south - same.south) < 1e-7)
            #expect(abs(box.east - same.east) < 1e-7 && abs(box.north - same.north) < 1e-7)
        }
    }

    @Test(.enabled(if: TestGeodata.isExpected, TestGeodata.skipReason))
    func `a GeoPackage with changes beside it is refused`() throws {
        let whole = try Data(contentsOf: TestGeodata.file("risk/pprt_69dreal20090005_perimetre_s.l93.gpkg"))
        let path = try bench.file("a.gpkg", whole)
        #expect(try read(path).features.count == 1)
        _ = try bench.file("a.gpkg-wal", "x")
        let error = #expect(throws: ImportError.self) { try read(path) }
        #expect(error?.description.contains("-wal") == true)
        let cut = try bench.file("b.gpkg", whole.prefix(whole.count - 4096))
        #expect(throws: ImportError.foreign(file: "b.gpkg", reason: "it is damaged or cut short: get it again")) { try read(cut) }
    }
}
