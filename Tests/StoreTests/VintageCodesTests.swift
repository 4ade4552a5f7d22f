import AlertModel
import GeoModel
import Testing

@testable import Store

/// Mirrors `Territory/VintageCodes.swift`: zones whose codes are those of a year.
@Suite struct VintageCodesTests {
    /// 80009 merged into 80001 without a trace, 80008 into 80002 as a part; the last line only says how far the file goes.
    private static let movements = CodeTablesTests.movements(
        "31 2017-01-01 COM 80009 > COM 80001", "31 2017-01-01 COM 80001 > COM 80001",
        "32 2019-01-01 COM 80008 > COM 80002", "32 2019-01-01 COM 80008 > COMD 80008",
        "32 2019-01-01 COM 80002 > COM 80002", "32 2019-01-01 COM 80002 > COMD 80002",
        "10 2024-01-01 COM 80003 > COM 80003")

    private func zone(_ codes: [CommuneCode], _ vintage: Int?) -> Zone { .communes(codes, vintage: vintage) }

    @Test func `the seat of a later merger is the commune it was`() throws {
        let bench = try StoreBench()
        try bench.codes(Self.movements)
        try bench.register([
            person("seat", commune: "80002"), person("joined", commune: "80008"),
            person("found", commune: "80002", at: place(2.12, 50.02)), person("elsewhere", commune: "80003"),
        ])
        // Without its own boundary nobody is certain, and nobody of the commune is dropped.
        #expect(try bench.select(zone(codes("80002"), 2016)) == ["found possible", "seat possible"])
        #expect(try bench.select(zone(codes("80002"), nil)) == ["found certain", "joined certain", "seat certain"])
        #expect(try bench.select(zone(codes("80002"), 2020)) == ["found certain", "joined certain", "seat certain"])
        // 80102 is a part that no movement explains: it may have been somebody else's, so the whole is not known to be named.
        #expect(try bench.select(zone(codes("80002", "80008"), 2016)) == ["found possible", "joined certain", "seat possible"])
        // Taking away what is only possibly inside takes nobody away for sure.
        #expect(
            try bench.select(.difference(.department("80"), except: zone(codes("80002"), 2016)))
                == ["elsewhere certain", "found possible", "joined certain", "seat possible"])
    }

    @Test func `a merger without a trace is whole when both are named, and not when a third joined it`() throws {
        let bench = try StoreBench()
        try bench.codes(CodeTablesTests.movements(
            "31 2017-01-01 COM 80009 > COM 80001", "31 2017-01-01 COM 80001 > COM 80001",
            "31 2018-01-01 COM 80007 > COM 80001", "31 2018-01-01 COM 80001 > COM 80001",
            "10 2024-01-01 COM 80003 > COM 80003"))
        try bench.register([person("seat", commune: "80001"), person("joined", commune: "80009")])
        #expect(try bench.select(zone(codes("80001", "80009"), 2016)) == ["joined certain", "seat possible"])
        #expect(try bench.select(zone(codes("80001", "80009", "80007"), 2016)) == ["joined certain", "seat certain"])
        // In 2017 the seat already held the first of them.
        #expect(try bench.select(zone(codes("80001", "80007"), 2017)) == ["joined certain", "seat certain"])
    }

    @Test func `the boundary of that year decides`() throws {
        let bench = try StoreBench()
        try bench.codes(Self.movements)
        try bench.territory([commune("80002", boundary: rectangle(2.1, 50.0, 2.15, 50.1))], vintage: 2016)
        try bench.register([
            person("in", commune: "80002", at: place(2.12, 50.05)), person("out", commune: "80002", at: place(2.18, 50.05)),
            person("bare", commune: "80002"), person("uncoded", at: place(2.12, 50.05)),
            // A point outside the commune that the register says decides nothing.
            person("astray", commune: "80002", at: place(2.5, 50.5)),
        ])
        #expect(
            try bench.select(zone(codes("80002"), 2016))
                == ["astray possible", "bare possible", "in certain", "uncoded certain"])
    }

    @Test func `a mapping says what the seat was read as`() throws {
        let bench = try StoreBench()
        try bench.codes(Self.movements)
        let zone = Zone.union([zone(codes("80002", "80003", "80009"), 2016), zone(codes("80002"), nil)])
        let mappings = try bench.database.mappings(of: zone)
        #expect(
            mappings.map(\.words) == [
                "80002 (Vieuxbourg-deux) → part of 80002 (Ville 80002) since 2019-01-01",
                "80009 (Vieuxbourg-neuf) → part of 80001 (Ville 80001) since 2017-01-01",
            ])
        #expect(mappings.map(\.reason) == [.merged, .merged])
        let onMap = try bench.database.codesOnMap(codes("80009", "80777", "80003"), of: 2016)
        #expect(onMap.map(\.name) == ["Vieuxbourg-neuf"])
        #expect(onMap[0].bounds == BoundingBox(west: 2.0, south: 50.0, east: 2.1, north: 50.1))
    }

    @Test func `a code that was none that year is an error that names it`() throws {
        let bench = try StoreBench()
        try bench.codes(Self.movements)
        #expect(throws: StoreError.unknownCommunes(codes: ["80009"], vintage: 2018)) {
            try bench.select(zone(codes("80001", "80009"), 2018))
        }
    }

    @Test func `codes are not read without movements, beyond what is loaded or across a gap`() throws {
        let bench = try StoreBench()
        func reason(_ vintage: Int) -> String? {
            do {
                _ = try bench.select(zone(codes("80001"), vintage))
                return nil
            } catch StoreError.codesOfYear(_, let reason) { return reason } catch { return "\(error)" }
        }
        #expect(reason(2016) == "INSEE's movements are not loaded")
        try bench.codes(CodeTablesTests.mergers)
        #expect(reason(2016) == "INSEE's movements are loaded up to 2019, the communes of department 80 as of 2024")
        try bench.codes(Self.movements)
        #expect(reason(2025) == "the communes of department 80 are loaded as of 2024")
        #expect(reason(2016) == nil)
    }
}
