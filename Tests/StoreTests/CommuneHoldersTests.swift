import AlertModel
import GeoModel
import Targeting
import Testing

@testable import Store

/// The bench's towns, and a third 0.001° (72 m) east of them.
@Suite struct CommuneHoldersTests {
    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.territory([commune("80004", boundary: rectangle(2.201, 50.0, 2.3, 50.1))])
        try bench.register([
            person("sliver", at: place(2.2004, 50.05)), person("inside", at: place(2.2011, 50.05)),
            person("mistyped", commune: "80999", at: place(2.2004, 50.06)),
            person("coded", commune: "80001", at: place(2.2004, 50.07)), person("sea", at: place(2.4, 50.05)),
        ])
        return bench
    }

    @Test func `a sliver's people are possibly in both communes, whoever is chosen`() throws {
        let bench = try bench()
        #expect(try bench.select(.communes(codes("80002"))) == ["mistyped possible", "sliver possible"])
        #expect(
            try bench.select(.communes(codes("80004")))
                == ["inside certain", "mistyped possible", "sliver possible"])
        #expect(
            try bench.select(.department("80"))
                == ["coded certain", "inside certain", "mistyped certain", "sliver possible"])
    }

    @Test func `the delegated part's whole commune hides nobody from it, another commune does`() throws {
        let bench = try bench()
        try bench.register([person("north", at: place(2.17, 50.0509))])
        // “north” is 100 m from the part, in its whole commune and in no part of it; “inside” is 80 m from it.
        #expect(try bench.select(.communes(codes("80102"))) == ["north possible", "sliver possible"])
    }

    @Test func `an older year's boundary closes no gap of today`() throws {
        let bench = try bench()
        try bench.territory([commune("80777", boundary: rectangle(2.19, 50.0, 2.21, 50.1))], vintage: 2016)
        #expect(try bench.select(.communes(codes("80002"))) == ["mistyped possible", "sliver possible"])
    }
}
