import AlertModel
import GeoModel
import Targeting
import Testing

@testable import Store

@Suite struct CoverageReadingTests {
    @Test func `coverage joins the register with the legal populations`() throws {
        let bench = try StoreBench()
        try bench.register([
            person("1", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+33639980001"]),
            person("2", commune: "80001"), person("3", at: place(2.15, 50.05), within: 50), person("4"),
        ])
        let coverage = try bench.database.coverage(of: perimeter(2.0, 50.0, 2.2, 50.1), scope: .all)
        #expect(coverage.figures.population == 3000)
        #expect(coverage.figures.registered == 3)
        #expect(coverage.figures.located == [.given: 1, .commune: 1, .street: 1])
        #expect((coverage.notLocated, coverage.withoutCommune) == (1, 1))
        #expect(coverage.communes.map(\.code.rawValue) == ["80001", "80002"])
        #expect(coverage.communes.map(\.figures.registered) == [2, 0])
        #expect(try bench.database.registerSummary(scope: .all) == (4, 1))
        #expect(
            try bench.database.registeredByCommune(scope: .all).map {
                "\($0.code) \($0.registered) \($0.population ?? 0)"
            }
                == ["80001 2 1000"])
    }
}
