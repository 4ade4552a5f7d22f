import GeoModel
import Testing

@testable import Import
@testable import Store

@Suite struct CommuneTopologyTests {
    private func square(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> String {
        #"{"type":"Polygon","coordinates":[[[\#(west),\#(south)],[\#(east),\#(south)],[\#(east),\#(north)],"#
            + "[\(west),\(north)],[\(west),\(south)]]]}"
    }

    /// Imports communes by code and corners.
    private func bench(_ communes: [(String, (Double, Double, Double, Double))]) throws -> ImportBench {
        let bench = try ImportBench()
        let features = communes.map { code, box in
            #"{"type":"Feature","properties":{"code":"\#(code)","nom":"N"},"geometry":"#
                + "\(square(box.0, box.1, box.2, box.3))}"
        }
        try bench.communes(#"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#)
        return bench
    }

    @Test func `towns that fit are nothing to report`() throws {
        let bench = try ImportBench()
        #expect(try CommuneTopology(of: bench.database).findings.isEmpty)
        // Of equal size: the middle of both is on the border between them.
        let even = try self.bench([("62001", (3, 50, 3.1, 50.1)), ("62002", (3.1, 50, 3.2, 50.1))])
        #expect(try CommuneTopology(of: even.database).findings.isEmpty)
    }

    @Test func `an overlap names both, a gap everyone around it, the largest first`() throws {
        // Around a hole of 0.1° by 0.1°, the last one over the edge of the first.
        let bench = try bench([
            ("62001", (3.0, 50.0, 3.1, 50.3)), ("62002", (3.1, 50.2, 3.2, 50.3)), ("62003", (3.2, 50.0, 3.3, 50.3)),
            ("62004", (3.09, 50.0, 3.2, 50.1)),
        ])
        let topology = try CommuneTopology(of: bench.database)
        #expect(topology.findings.map(\.kind) == [.gap, .overlap])
        #expect(topology.findings[0].communes.map(\.rawValue) == ["62001", "62002", "62003", "62004"])
        #expect(topology.findings[1].communes.map(\.rawValue) == ["62001", "62004"])
        // 0.01° by 0.1° at 50.05° N: 715.9 m by 11,122.9 m.
        #expect(abs((topology.findings[1].squareMetres ?? 0) / 7_964_000 - 1) < 0.01)
    }

    @Test func `only the departments asked about are looked at, with their neighbours`() throws {
        let bench = try bench([
            ("62001", (3.0, 50.0, 3.1, 50.1)), ("62002", (3.09, 50.0, 3.2, 50.1)), ("59001", (3.19, 50.0, 3.3, 50.1)),
            ("33001", (0, 44, 0.1, 44.1)), ("33002", (0.09, 44, 0.2, 44.1)),
        ])
        let north = try CommuneTopology(of: bench.database, departments: ["59"])
        #expect(north.findings.map { $0.communes.map(\.rawValue) } == [["59001", "62002"]])
        #expect(try CommuneTopology(of: bench.database, departments: ["33"]).findings.count == 1)
        #expect(try CommuneTopology(of: bench.database).findings.count == 3)
        #expect(try CommuneTopology(of: bench.database, departments: ["80"]).findings.isEmpty)
    }

    @Test func `parts and communes of another year are no neighbours`() throws {
        let bench = try ImportBench()
        try bench.communes(
            #"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":\#(square(2.2, 49.8, 2.3, 50)),"#
                + #""properties":{"code":"80021","nom":"Partie","type":"COMD","commune_parent":"80021"}}]}"#)
        try bench.communes(ImportBench.communes([#"{"code":"80777","nom":"Ancienne"}"#: (2.3, 2.45)]), vintage: 2016)
        #expect(try CommuneTopology(of: bench.database).findings.isEmpty)
    }
}
