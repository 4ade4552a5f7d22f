import AlertModel
import GeoModel
import Testing

@testable import Store

/// The bench's towns, a third 0.001° (72 m) east of them, and a fourth that overlaps the first.
@Suite struct PlaceDoubtsTests {
    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.territory([
            commune("80004", boundary: rectangle(2.201, 50.0, 2.3, 50.1)),
            commune("80005", boundary: rectangle(1.9, 50.0, 2.01, 50.1)),
        ])
        return bench
    }

    /// “id kind communes”.
    private func doubts(_ bench: StoreBench, scope: RegisterScope = .all) throws -> [String] {
        try bench.database.placeDoubts(scope: scope).map { doubt in
            "\(doubt.externalID) \(doubt.kind.rawValue) \(doubt.communes.map(\.rawValue).joined(separator: "+"))"
        }
    }

    @Test func `points without a code: in one commune, in none, in two, nowhere`() throws {
        let bench = try bench()
        try bench.register([
            person("clear", at: place(2.05, 50.05)), person("sliver", at: place(2.2004, 50.05)),
            person("overlap", at: place(2.005, 50.05)), person("sea", at: place(2.5, 50.05)),
            person("mistyped", commune: "80999", at: place(2.2004, 50.06)), person("nothing"),
        ])
        #expect(
            try doubts(bench) == [
                "mistyped sliver 80002+80004", "overlap overlap 80001+80005", "sea nowhere ",
                "sliver sliver 80002+80004",
            ])
    }

    @Test func `a code and a point disagree only when the point is clearly elsewhere`() throws {
        let bench = try bench()
        try bench.register([
            person("right", commune: "80001", at: place(2.05, 50.05)),
            // 140 m beyond: a simplified boundary may be that wrong.
            person("near", commune: "80001", at: place(2.102, 50.05)),
            person("far", commune: "80001", at: place(2.15, 50.09)),
            // 1.4 km beyond, known within 2 km.
            person("vague", commune: "80001", at: place(2.12, 50.05), within: 2000),
            person("part", commune: "80102", at: place(2.17, 50.02)),
        ])
        #expect(try doubts(bench) == ["far disagreement 80002"])
        let doubt = try #require(try bench.database.placeDoubts(scope: .all).first)
        #expect(doubt.code?.rawValue == "80001")
        #expect(abs((doubt.metres ?? 0) - 3577) < 10)
    }

    @Test func `one organisation's doubts are not another's`() throws {
        let bench = try bench()
        try bench.register([person("a", at: place(2.5, 50.05))], organisation: "Une")
        try bench.register([person("b", at: place(2.5, 50.05))], organisation: "Autre")
        let scope = try bench.database.scope(organisationNamed: "Autre")
        #expect(try doubts(bench, scope: scope) == ["b nowhere "])
    }
}
