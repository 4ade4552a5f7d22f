import Foundation
import GRDB
import GeoModel
import TestSupport
import Testing

@testable import Import
@testable import Store

@Suite struct CommuneImportTests {
    private let two: KeyValuePairs<String, (west: Double, east: Double)> = [
        #"{"code":"80001","nom":"Abbeville","millesime":2023}"#: (1.8, 1.9),
        #"{"code":"80003","nom":"Acheux"}"#: (1.6, 1.7),
    ]

    @Test func `the Somme's file goes in whole, and again changes nothing`() throws {
        let bench = try ImportBench()
        let path = ShippedGeodata.file("communes-80.geojson.gz").path
        func run() throws -> CommuneImportReport {
            try CommuneImport(database: bench.database, actor: "test").run(file: path, vintage: nil)
        }
        let report = try run()
        #expect((report.features, report.vintage, report.isVintageAssumed) == (810, 2024, false))
        #expect(report.counts.added + report.counts.updated == 810)
        #expect(report.withoutBoundary.isEmpty)
        #expect(try bench.database.communesSummary().count == 772)
        let again = try run()
        #expect((again.counts.added, again.counts.updated, again.counts.unchanged) == (0, 0, 810))
        let code = try #require(CommuneCode("80021"))
        let amiens = try #require(try bench.database.communes(codes: [code]).found.first)
        #expect((amiens.name, amiens.populationYear, amiens.epci) == ("Amiens", 2017, "248000531"))
        #expect(try bench.database.searchCommunes("l'etoile", limit: 5).map(\.name) == ["L'Étoile"])
        // Boundaries are valid once stored: each can be asked who is inside.
        #expect(try bench.fetch("SELECT count(*) FROM communes WHERE NOT IsValid(boundary)", as: Int.self) == [0])
    }

    @Test func `collections, lines of features, and either gzipped, are the same communes`() throws {
        let collection = ImportBench.communes(two)
        let lines = two.map {
            #"{"type":"Feature","properties":\#($0.key),"geometry":\#(ImportBench.square($0.value))}"#
        }
        .joined(separator: "\n")
        for (name, bytes) in [
            ("a.geojson", Array(collection.utf8)), ("a.geojsonl", Array(lines.utf8)),
            ("a.geojson.gz", gzipped(Array(collection.utf8))), ("b.json", gzipped(Array(lines.utf8))),
        ] {
            let bench = try ImportBench()
            let report = try CommuneImport(database: bench.database, actor: "test").run(
                file: try bench.file(name, bytes), vintage: 2024)
            #expect(report.counts.added == 2, "\(name)")
            #expect(try bench.count("communes") == 4)
        }
    }

    @Test func `the vintage is the caller's, or the file's, or the database's`() throws {
        let bench = try ImportBench()
        #expect(try bench.communes(ImportBench.communes(two), vintage: 2022).vintage == 2022)
        let stated = try bench.communes(ImportBench.communes(two), vintage: nil)
        #expect((stated.vintage, stated.isVintageAssumed) == (2023, false))
        let silent = try bench.communes(
            ImportBench.communes([#"{"code":"80003","nom":"Acheux"}"#: (1.6, 1.7)]), vintage: nil)
        #expect((silent.vintage, silent.isVintageAssumed) == (2024, true))
    }

    @Test func `a boundary that crosses itself is repaired and named`() throws {
        let bench = try ImportBench()
        let bow = #"{"type":"Polygon","coordinates":[[[1.6,49.8],[1.7,49.9],[1.7,49.8],[1.6,49.9],[1.6,49.8]]]}"#
        let report = try bench.communes(
            #"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"80003","nom":"A"},"#
                + #""geometry":\#(bow)}]}"#)
        #expect(report.repaired.map(\.rawValue) == ["80003"])
        #expect(try bench.fetch("SELECT IsValid(boundary) FROM communes WHERE code = '80003'", as: Int.self) == [1])
    }

    @Test func `a repair says what was wrong, where, and how much ground it added`() throws {
        let bench = try ImportBench()
        let report = try bench.communes(
            #"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"80003","nom":"A"},"#
                + #""geometry":{"type":"MultiPolygon","coordinates":[[[[1.0,49.8],[1.1,49.8],[1.1,49.9],[1.0,49.8]]],"#
                + "[[[1.6,49.8],[1.7,49.9],[1.7,49.8],[1.6,49.9],[1.6,49.8]]]]}}]}")
        let finding = try #require(report.findings.first)
        #expect(report.findings.count == 1)
        #expect((finding.kind, finding.communes.map(\.rawValue), finding.detail) == (.repaired, ["80003"], "self_intersection"))
        #expect((finding.feature, finding.polygon, finding.ring) == (1, 2, 1))
        let place = try #require(finding.position)
        #expect(abs(place.longitude - 1.65) < 1e-9 && abs(place.latitude - 49.85) < 1e-9)
        // The bow tie's halves cancel out before, and are both there after: 0.1° by 0.1° in two triangles of a quarter.
        #expect(abs((finding.squareMetres ?? 0) / (0.5 * 7187 * 11_121) - 1) < 0.01)
    }

    @Test func `a boundary that cannot be repaired refuses the file with feature and ring`() throws {
        let bench = try ImportBench()
        let error = #expect(throws: (any Error).self) {
            try bench.communes(
                #"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"80003","nom":"A"},"#
                    + #""geometry":{"type":"Polygon","coordinates":[[[1.6,49.8],[1.7,49.8],[1.8,49.8],[1.6,49.8]]]}}]}"#)
        }
        #expect("\(error!)".contains("feature 1"), "\(error!)")
        #expect("\(error!)".contains("ring 1"), "\(error!)")
    }

    @Test func `columns are mapped by name, and unknown ones answered with the list`() throws {
        let bench = try ImportBench()
        let path = try bench.file(
            "a.geojson",
            ImportBench.communes([#"{"CODE_COMM":"80003","LIB":"Acheux","HAB":"512","INSEE_ARM":"80004"}"#: (1.6, 1.7)]))
        func run(_ map: [String: String]) throws -> CommuneImportReport {
            try CommuneImport(database: bench.database, actor: "test").run(
                file: path, options: CommuneImport.Options(vintage: 2024, map: map))
        }
        let map = ["CODE_COMM": "code", "LIB": "nom", "HAB": "population"]
        #expect(try run(map).counts.added == 1)
        let code = try #require(CommuneCode("80003"))
        let commune = try #require(try bench.database.communes(codes: [code]).found.first)
        #expect((commune.name, commune.population, commune.kind) == ("Acheux", 512, "COM"))
        #expect(throws: ImportError.unknownField(name: "habitants", known: CommuneField.allCases.map(\.rawValue))) {
            try run(["HAB": "habitants"])
        }
        #expect(
            throws: ImportError.unknownColumn(name: "COD", found: ["CODE_COMM", "LIB", "HAB", "INSEE_ARM"])
        ) { try run(map.filter { $0.value != "population" }.merging(["COD": "region"]) { $1 }) }
        #expect(throws: ImportError.fieldMappedTwice(field: "nom", columns: ["HAB", "LIB"])) {
            try run(["LIB": "nom", "HAB": "nom"])
        }
    }

    @Test(arguments: [
        // Guadeloupe's code in the Somme; the Somme's in the Indian Ocean.
        ("97105", (2.2, 2.3)), ("80003", (55.4, 55.5)),
    ])
    func `a commune that lies where its department is not is refused`(code: String, span: (Double, Double)) throws {
        let bench = try ImportBench()
        let error = #expect(throws: (any Error).self) {
            try bench.communes(ImportBench.communes([#"{"code":"\#(code)","nom":"A"}"#: span]))
        }
        #expect("\(error!)".contains("department"), "\(error!)")
    }

    @Test func `a commune without geometry is taken and named`() throws {
        let bench = try ImportBench()
        let report = try bench.communes(
            #"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"80003","nom":"A"},"#
                + #""geometry":null}]}"#)
        #expect(report.withoutBoundary.map(\.rawValue) == ["80003"])
    }

    /// The text of the second feature, and words of the error.
    @Test(arguments: [
        (#"{"type":"Feature","properties":{"nom":"x"},"geometry":null}"#, "feature 2: no commune code"),
        (#"{"type":"Feature","properties":{"code":"80","nom":"Somme"},"geometry":null}"#, "“80” is not a commune code"),
        (
            #"{"type":"Feature","properties":{"code":"80003","nom":"A"},"#
                + #""geometry":{"type":"Point","coordinates":[2,50]}}"#,
            "its geometry is a Point"
        ),
        (
            #"{"type":"Feature","properties":{"code":"80001","nom":"Abbeville"},"geometry":null}"#,
            "feature 2: commune 80001 came before, in feature 1"
        ),
        (
            #"{"type":"Feature","properties":{"code":"80003","nom":"A"},"geometry":{"type":"Poly"#,
            "the file ends in the middle"
        ),
        (
            #"{"type":"Feature","properties":{"code":"80003","nom":"A"},"#
                + #""geometry":{"type":"Polygon","coordinates":[[[1,2]]]}}"#,
            "feature 2, polygon 1, ring 1"
        ),
    ])
    func `one bad feature undoes the file`(feature: String, words: String) throws {
        let bench = try ImportBench()
        let before = try bench.fetch("SELECT code || hex(content_hash) FROM communes", as: String.self)
        let square = ImportBench.square((1.8, 1.9))
        let error = #expect(throws: (any Error).self) {
            try bench.communes(
                #"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":\#(square),"#
                    + #""properties":{"code":"80001","nom":"Abbeville"}},\#(feature)]}"#)
        }
        #expect("\(error!)".contains(words), "\(error!)")
        #expect(try bench.fetch("SELECT code || hex(content_hash) FROM communes", as: String.self) == before)
    }

    @Test func `a whole commune and its delegated part of the same code are two`() throws {
        let bench = try ImportBench()
        let report = try bench.communes(
            ImportBench.communes([
                #"{"code":"80002","nom":"Neuve","type":"COM"}"#: (1.6, 1.8),
                #"{"code":"80002","nom":"Vieille","type":"COMD","commune_parent":"80002"}"#: (1.6, 1.7),
            ]))
        #expect(report.counts.added == 2)
    }

    @Test(arguments: ["", "   ", "[]", "{}", #"{"type":"FeatureCollection","features":[]}"#, "not json", "\u{0}\u{1}"])
    func `a file with no commune in it is refused`(text: String) throws {
        let bench = try ImportBench()
        #expect(throws: (any Error).self) { try bench.communes(text) }
        #expect(try bench.count("communes") == 2)
        #expect(try bench.count("datasets") == 1)
    }

    @Test func `a projected file is refused with the command that converts it`() throws {
        let bench = try ImportBench()
        let error = #expect(throws: (any Error).self) {
            try bench.communes(
                #"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:2154"}},"features":["#
                    + #"{"type":"Feature","properties":{"code":"80003","nom":"A"},"#
                    + #""geometry":{"type":"Polygon","coordinates":"#
                    + "[[[650000,6860000],[651000,6860000],[651000,6861000],[650000,6860000]]]}}]}")
        }
        #expect("\(error!)".contains("ogr2ogr -t_srs EPSG:4326"), "\(error!)")
    }
}
