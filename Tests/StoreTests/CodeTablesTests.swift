import AlertModel
import Foundation
import GRDB
import GeoModel
import Geocoding
import Testing

@testable import Store

/// Mirrors `Territory/`: INSEE's tables in the database, and what a selection makes of them.
@Suite struct CodeTablesTests {
    /// `32 2017-01-01 COM 80009 -> COM 80001`.
    static func movements(_ lines: String...) -> CodeTable {
        func node(_ text: String) -> CommuneNode {
            let words = text.split(separator: " ")
            return CommuneNode(CommuneKind(rawValue: String(words[0]))!, CommuneCode(words[1])!)
        }
        let numbers = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"]
        return .movements(lines.map { line in
            let halves = line.split(separator: ">", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            let words = halves[0].split(separator: " ")
            return CommuneMovement(
                event: CommuneMovement.Event(rawValue: Int(words[0])!)!, day: CalendarDay(words[1])!,
                before: node("\(words[2]) \(words[3])"), nameBefore: "Vieuxbourg-\(numbers[Int(words[3].suffix(1)) ?? 0])", after: node(halves[1]),
                nameAfter: "Nouvelle")
        })
    }

    /// 80009 merged into 80001 without a trace, 80008 into 80002 as a part.
    static let mergers = movements(
        "31 2017-01-01 COM 80009 > COM 80001", "31 2017-01-01 COM 80001 > COM 80001",
        "32 2019-01-01 COM 80008 > COM 80002", "32 2019-01-01 COM 80008 > COMD 80008",
        "32 2019-01-01 COM 80002 > COM 80002", "32 2019-01-01 COM 80002 > COMD 80002")

    @Test func `people coded before a merger are found by the new code and by the old one`() throws {
        let bench = try StoreBench()
        try bench.register([
            person("former", commune: "80009"), person("part", commune: "80008"), person("whole", commune: "80001"),
            person("inside", commune: "80001", at: place(2.05, 50.05)), person("other", commune: "80002"),
        ])
        #expect(try bench.select(.communes(codes("80001"))) == ["inside certain", "whole certain"])
        #expect(try bench.codes(Self.mergers).added == 6)
        #expect(try bench.select(.communes(codes("80001"))) == ["former certain", "inside certain", "whole certain"])
        #expect(try bench.select(.communes(codes("80009"))) == ["former certain", "inside possible", "whole possible"])
        #expect(try bench.select(.communes(codes("80008"))) == ["other possible", "part certain"])
        #expect(
            try bench.select(.department("80")) == [
                "former certain", "inside certain", "other certain", "part certain", "whole certain",
            ])
        // On the map an old code is where its commune is today.
        #expect(try bench.select(perimeter(1.9, 49.9, 2.15, 50.2)) == [
            "former certain", "inside certain", "other possible", "part possible", "whole certain",
        ])
    }

    @Test func `an old vintage's boundary decides for the part`() throws {
        let bench = try StoreBench()
        try bench.codes(Self.mergers)
        try bench.territory([commune("80009", boundary: rectangle(2.0, 50.0, 2.05, 50.1))], vintage: 2016)
        try bench.register([
            person("in", commune: "80001", at: place(2.02, 50.05)), person("out", commune: "80001", at: place(2.08, 50.05)),
            person("bare", at: place(2.02, 50.05)),
        ])
        #expect(try bench.select(.communes(codes("80009"))) == ["bare certain", "in certain"])
    }

    @Test func `a mapping says what became of a code and since when`() throws {
        let bench = try StoreBench()
        try bench.codes(Self.mergers)
        let zone = Zone.union([.communes(codes("80009", "80001")), .communes(codes("80102", "80009"))])
        #expect(
            try bench.database.mappings(of: zone).map(\.words) == [
                "80009 (Vieuxbourg-neuf) → part of 80001 (Ville 80001) since 2017-01-01",
                "80102 (Ville 80102) → part of 80002 (Ville 80002)",
            ])
    }

    @Test func `a code that is known nowhere is an error that names it`() throws {
        let bench = try StoreBench()
        try bench.codes(Self.mergers)
        #expect(throws: StoreError.unknownCommunes(codes: ["80777"], vintage: 2024)) {
            try bench.select(.communes(codes("80009", "80777")))
        }
    }

    @Test func `a newer list without boundaries leaves people on the boundaries that are there`() throws {
        let bench = try StoreBench()
        try bench.codes(Self.movements(
            "32 2025-01-01 COM 80002 > COM 80001", "32 2025-01-01 COM 80002 > COMD 80002",
            "32 2025-01-01 COM 80001 > COM 80001", "32 2025-01-01 COM 80001 > COMD 80001"))
        try bench.codes(
            .communes([official("80001", name: "Nouvelle"), official("80003"), official("80002", kind: .delegated)]),
            vintage: 2025)
        try bench.register([person("east", at: place(2.12, 50.05)), person("coded", commune: "80002")])
        // The new commune stands on the ground of both that merged.
        #expect(try bench.select(.communes(codes("80001"))) == ["coded certain", "east certain"])
        #expect(try bench.database.communes(touching: perimeterBox).map(\.name) == ["Nouvelle"])
        #expect(try bench.database.territorySummary().departments.map(\.withoutGround) == [1])
    }

    private let perimeterBox = BoundingBox<WGS84>(west: 2.12, south: 50.01, east: 2.13, north: 50.02)

    @Test func `a list with gaps between its ground and today's makes nobody certain`() throws {
        let bench = try StoreBench()
        try bench.codes(Self.movements(
            "20 2025-01-01 COM 80001 > COM 80001", "20 2025-01-01 COM 80001 > COM 80005"))
        try bench.codes(.communes([official("80001"), official("80002"), official("80005")]), vintage: 2025)
        try bench.register([person("a", at: place(2.05, 50.05))])
        #expect(try bench.select(.communes(codes("80001"))) == ["a possible"])
        #expect(try bench.select(.communes(codes("80005"))) == ["a possible"])
        #expect(try bench.select(.communes(codes("80002"))) == [])
    }

    @Test func `official names win whichever file came first, and a boundary file again changes nothing`() throws {
        let bench = try StoreBench()
        try bench.codes(.communes([official("80001", name: "L'Officielle"), official("80004", name: "Sans contour")]))
        #expect(try bench.database.communes(codes: codes("80001", "80004")).found.map(\.name) == ["L'Officielle", "Sans contour"])
        #expect(try bench.territory(StoreBench.towns).unchanged == 4)
        try bench.territory([commune("80001", name: "Officielle", boundary: rectangle(2.0, 50.0, 2.1, 50.1))])
        #expect(try bench.database.searchCommunes("l officielle", limit: 5).map(\.name) == ["L'Officielle"])
    }

    @Test func `populations of another geography are added up where they merged, left out where they were shared`() throws {
        let bench = try StoreBench()
        try bench.territory([commune("80003", boundary: nil, population: nil), commune("80004", boundary: nil, population: nil),
            commune("80005", boundary: nil, population: nil)])
        try bench.codes(Self.movements(
            "31 2020-01-01 COM 80007 > COM 80003", "31 2020-01-01 COM 80003 > COM 80003",
            "20 2021-01-01 COM 80004 > COM 80004", "20 2021-01-01 COM 80004 > COM 80005"))
        try bench.codes(.populations(
            [code("80003"): 100, code("80007"): 20, code("80004"): 50, code("80001"): 7], year: 2016), vintage: 2018)
        let found = try bench.database.communes(codes: codes("80003", "80004", "80005", "80001")).found
        #expect(found.map(\.population) == [120, nil, nil, 1000])
        #expect(found.map(\.populationYear) == [2016, nil, nil, 2021])
        try bench.codes(.populations([code("80003"): 130], year: 2021))
        #expect(try bench.database.communes(codes: codes("80003")).found.map(\.population) == [130])
    }

    @Test func `a city's arrondissements stand for it where the table has no line of its own`() throws {
        let bench = try StoreBench()
        let paris = [commune("75056", boundary: nil, population: nil)]
            + ["75101", "75102"].map { commune($0, kind: "ARM", parent: "75056", boundary: nil, population: nil) }
        try bench.territory(paris)
        try bench.codes(.populations([code("75101"): 3, code("75102"): 4], year: 2021))
        #expect(try bench.database.communes(codes: codes("75056")).found.map(\.population) == [7])
        try bench.codes(.populations([code("75101"): 3, code("75102"): 4, code("75056"): 8], year: 2021))
        #expect(try bench.database.communes(codes: codes("75056")).found.map(\.population) == [8])
    }

    @Test func `the same table again changes nothing, an older file of movements neither`() throws {
        let bench = try StoreBench()
        try bench.codes(Self.mergers)
        let again = try bench.codes(Self.mergers)
        #expect((again.added, again.removed, again.unchanged) == (0, 0, 6))
        let older = try bench.codes(Self.movements("10 1999-01-01 COM 80001 > COM 80001"))
        #expect(older.isSuperseded)
        #expect(try bench.count("SELECT count(*) FROM code_movements") == 6)
    }

    @Test func `a former name finds the commune of today`() throws {
        let bench = try StoreBench()
        try bench.codes(Self.mergers)
        let found = try bench.database.geocode("Vieuxbourg-neuf", limit: 1)
        #expect(found.map(\.communeCode.rawValue) == ["80001"])
        // An import of communes does not forget it.
        try bench.territory([commune("80001", name: "Autre", boundary: rectangle(2.0, 50.0, 2.1, 50.1))])
        #expect(try bench.database.geocode("Vieuxbourg-neuf", limit: 1).map(\.communeCode.rawValue) == ["80001"])
    }

    @Test func `a department that is no more names the communes that its codes became`() throws {
        let bench = try StoreBench()
        try bench.territory([commune("2A004", boundary: nil), commune("2B033", boundary: nil)])
        try bench.codes(Self.movements("41 1976-01-01 COM 20004 > COM 2A004", "41 1976-01-01 COM 20033 > COM 2B033"))
        try bench.register([person("a", commune: "2A004"), person("b", commune: "20033")])
        #expect(try bench.select(.department("20")) == ["a certain", "b certain"])
        #expect(try bench.select(.department("2B")) == ["b certain"])
        #expect(try bench.database.successors(ofDepartment: "20", scope: .all) == ["2A", "2B"])
        #expect(try bench.database.successors(ofDepartment: "80", scope: .all) == nil)
    }

    private func code(_ text: String) -> CommuneCode { CommuneCode(text)! }

    private func official(_ code: String, kind: CommuneKind = .commune, name: String? = nil) -> OfficialCommune {
        OfficialCommune(
            node: CommuneNode(kind, CommuneCode(code)!), name: name ?? "Ville \(code)", department: "80", region: "32",
            parentCode: kind.isPart ? CommuneCode("80001") : nil)
    }
}

extension StoreBench {
    @discardableResult
    func codes(_ table: CodeTable, vintage: Int = 2024) throws -> CodeTableCounts {
        try database.importCodeTable(table, vintage: vintage, from: Self.file("codes"), actor: "test")
    }
}
