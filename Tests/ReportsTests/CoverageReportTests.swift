import AlertModel
import GeoModel
import Targeting
import Testing

@testable import Reports

@Suite struct CoverageReportTests {
    private static func figures(
        population: Double?, _ people: [(precision: Precision, channels: [Channel])]
    ) -> CoverageFigures {
        var figures = CoverageFigures()
        figures.population = population
        figures.knownPopulation = population
        figures.methods = population == nil ? [:] : [.area: 1]
        for person in people { figures.count(precision: person.precision, channels: person.channels) }
        return figures
    }

    private static let amiens: [(precision: Precision, channels: [Channel])] = [
        (.given, [.sms, .voice]), (.street, [.email]), (.commune, []),
    ]

    private static func coverage() throws -> Coverage {
        Coverage(
            zone: "perimeter “Crue”",
            figures: figures(population: 1234.56, amiens + [(.houseNumber, [.sms]), (.given, [.fax])]), notLocated: 3,
            communes: [
                CommuneCoverage(
                    code: try #require(CommuneCode("80021")), name: "Amiens, \"la belle\"", population: 133_755,
                    populationYear: 2017, areaShare: 0.123456, figures: figures(population: 1234.56, amiens),
                    boundary: Area([
                        Polygon(
                            exterior: Ring([
                                Position(longitude: 2, latitude: 50), Position(longitude: 2.1, latitude: 50),
                                Position(longitude: 2.1, latitude: 50.1), Position(longitude: 2, latitude: 50),
                            ]))
                    ])),
                CommuneCoverage(
                    code: try #require(CommuneCode("80999")), name: "", population: nil, populationYear: nil,
                    areaShare: nil, figures: figures(population: nil, [(.houseNumber, [.sms])]), boundary: nil),
            ],
            withoutCommune: 1)
    }

    private func render(_ format: ReportFormat) throws -> String { CoverageReport(try Self.coverage()).render(format) }

    @Test func `the text is for people`() throws {
        #expect(
            try render(.text) == #"""
                Coverage of perimeter “Crue”

                Population in the zone                    1235
                Registered recipients                        5
                Households registered                        0
                Share covered                            0.4 %
                  located by given coordinates               2
                  located by house number                    1
                  located by street                          1
                  located by commune only                    1
                  reachable by sms                           2
                  reachable by voice                         1
                  reachable by email                         1
                  reachable by fax                           1
                  reachable by any channel                   4
                  unreachable (no contact point)             1
                Time to reach everyone            unknown rate
                  by sms                          unknown rate
                  by voice                        unknown rate
                  by email                        unknown rate
                  by fax                          unknown rate
                Not located in the register                  3
                Of no known commune                          1

                Commune                   in zone  population  registered  share  sms  voice  email  fax  unreachable
                80021 Amiens, "la belle"   12.3 %        1235           3  0.2 %    1      1      1    0            1
                80999                           –     unknown           1      –    1      0      0    0            0

                Population is the legal population: 1 commune shared out by area.

                """#)
    }

    @Test func `the JSON has every figure, null where it is not known`() throws {
        #expect(
            try render(.json) == #"""
                {"zone":"perimeter “Crue”","population":1234.6,"known_population":1234.6,\#
                "communes_without_population":0,"population_method":{"area":1},"registered":5,"share":0.0041,\#
                "households":0,"located":{"given":2,"house_number":1,"street":1,"locality":0,"commune":1,\#
                "not_located":0},"reachable":{"sms":2,"voice":1,"email":1,"fax":1},"reachable_any":4,\#
                "reachable_share":0.0032,"unreachable":1,"stale":0,"never_confirmed":0,"reach_seconds":{"sms":null,\#
                "voice":null,"email":null,"fax":null,"everyone":null},"not_located":3,"without_commune":1,\#
                "communes":[{"code":"80021","name":"Amiens, \"la belle\"","commune_population":133755,\#
                "population_year":2017,"area_share":0.1235,"population":1234.6,"known_population":1234.6,\#
                "communes_without_population":0,"population_method":{"area":1},"registered":3,"share":0.0024,\#
                "households":0,"located":{"given":1,"house_number":0,"street":1,"locality":0,"commune":1,\#
                "not_located":0},"reachable":{"sms":1,"voice":1,"email":1,"fax":0},"reachable_any":2,\#
                "reachable_share":0.0016,"unreachable":1,"stale":0,"never_confirmed":0,"reach_seconds":{"sms":null,\#
                "voice":null,"email":null,"fax":0,"everyone":null}},{"code":"80999","name":"",\#
                "commune_population":null,"population_year":null,"area_share":null,"population":null,\#
                "known_population":null,"communes_without_population":0,"population_method":{},"registered":1,\#
                "share":null,"households":0,"located":{"given":0,"house_number":1,"street":0,"locality":0,\#
                "commune":0,"not_located":0},"reachable":{"sms":1,"voice":0,"email":0,"fax":0},"reachable_any":1,\#
                "reachable_share":null,"unreachable":0,"stale":0,"never_confirmed":0,"reach_seconds":{"sms":null,\#
                "voice":0,"email":0,"fax":0,"everyone":null}}],"epcis":[]}

                """#)
    }

    @Test func `the CSV has a row for each commune, empty where it is not known`() throws {
        #expect(
            try render(.csv) == #"""
                code,name,population,population_year,area_share,population_in_zone,registered,share,located_given,\#
                located_house_number,located_street,located_locality,located_commune,located_not_located,sms,voice,\#
                email,fax,unreachable,households,reachable_any,reachable_share,stale,never_confirmed,\#
                population_method,reach_seconds
                80021,"Amiens, ""la belle""",133755,2017,0.1235,1234.6,3,0.0024,1,0,1,0,1,0,1,1,1,0,1,0,2,0.0016,0,0,area,
                80999,,,,,,1,,0,1,0,0,0,0,1,0,0,0,0,0,1,,0,0,,

                """#)
    }

    @Test func `the GeoJSON has a feature for each commune, without geometry where none is known`() throws {
        #expect(
            try render(.geojson) == #"""
                {"type":"FeatureCollection","features":[
                {"type":"Feature","properties":{"code":"80021","name":"Amiens, \"la belle\"",\#
                "commune_population":133755,"population_year":2017,"area_share":0.1235,"population":1234.6,\#
                "known_population":1234.6,"communes_without_population":0,"population_method":{"area":1},\#
                "registered":3,"share":0.0024,"households":0,"located":{"given":1,"house_number":0,"street":1,\#
                "locality":0,"commune":1,"not_located":0},"reachable":{"sms":1,"voice":1,"email":1,"fax":0},\#
                "reachable_any":2,"reachable_share":0.0016,"unreachable":1,"stale":0,"never_confirmed":0,\#
                "reach_seconds":{"sms":null,"voice":null,"email":null,"fax":0,"everyone":null}},\#
                "geometry":{"type":"Polygon","coordinates":[[[2,50],[2.1,50],[2.1,50.1],[2,50]]]}},
                {"type":"Feature","properties":{"code":"80999","name":"","commune_population":null,\#
                "population_year":null,"area_share":null,"population":null,"known_population":null,\#
                "communes_without_population":0,"population_method":{},"registered":1,"share":null,"households":0,\#
                "located":{"given":0,"house_number":1,"street":0,"locality":0,"commune":0,"not_located":0},\#
                "reachable":{"sms":1,"voice":0,"email":0,"fax":0},"reachable_any":1,"reachable_share":null,\#
                "unreachable":0,"stale":0,"never_confirmed":0,"reach_seconds":{"sms":null,"voice":0,"email":0,\#
                "fax":0,"everyone":null}},"geometry":null}
                ]}

                """#)
    }

    @Test func `a zone without population says unknown, not nought`() throws {
        let coverage = Coverage(
            zone: "list “Écoles”", figures: CoverageFigures(), notLocated: 0, communes: [], withoutCommune: 0)
        let text = CoverageReport(coverage).render(.text)
        func value(_ name: String) -> Substring? {
            text.split(separator: "\n").first { $0.hasPrefix(name) }?.split(separator: " ").last
        }
        #expect(value("Population in the zone") == "unknown")
        #expect(value("Share covered") == "–")
        #expect(!text.contains("Of no known commune"))
    }

    @Test func `a workbook's columns are in French, every one of them`() {
        for (name, _) in CoverageReport.sheetColumns + StandingReport.sheetColumns {
            #expect(name.first?.isUppercase == true && !name.contains("_"), "\(name) has no French name")
        }
        #expect(Set(CoverageReport.sheetColumns.map(\.name)).count == CoverageReport.sheetColumns.count)
        #expect(Set(StandingReport.sheetColumns.map(\.name)).count == StandingReport.sheetColumns.count)
    }
}
