import AlertModel
import GeoEngine
import GeoModel
import TestSupport
import Testing

@testable import Store

@Suite struct DensityTests {
    private let world = BoundingBox<WGS84>(west: -180, south: -90, east: 180, north: 90)

    private func crowd() -> [Recipient] {
        var generator = SeededGenerator(seed: 99)
        return (0..<400).map { index in
            person(
                "r\(index)",
                at: place(.random(in: 1.9...2.3, using: &generator), .random(in: 49.9...50.2, using: &generator)),
                within: index % 4 == 0 ? 150 : 0)
        }
    }

    @Test(arguments: [0, 5.5, 9, 13, 19, 28] as [Double])
    func `cells sum to the register and betray nobody's place`(zoom: Double) throws {
        let bench = try StoreBench()
        let people = crowd()
        try bench.register(people + [person("town only", commune: "80001"), person("nowhere")])
        let cells = try bench.database.density(in: world, zoom: zoom, zone: nil, scope: .all)
        #expect(cells.reduce(0) { $0 + $1.recipients } == 400)
        #expect(cells.allSatisfy { $0.inside == 0 && $0.recipients > 0 })
        #expect(Set(cells.map(\.centre)).count == cells.count)
        let places = Set(people.compactMap(\.location?.position))
        #expect(!cells.contains { places.contains($0.centre) })
        // However near the map is looked at, neighbouring cells lie over half a kilometre apart.
        for (one, next) in zip(cells, cells.dropFirst()) {
            #expect(Ellipsoid.distanceMetres(one.centre, next.centre) > 500)
        }
    }

    @Test func `people inside a zone are counted apart, in the cells of the window only`() throws {
        let bench = try StoreBench()
        let people = crowd()
        try bench.register(people)
        let zone = perimeter(2.0, 50.0, 2.1, 50.1)
        let selected = try bench.select(zone)
        let cells = try bench.database.density(in: world, zoom: 12, zone: zone, scope: .all)
        #expect(cells.reduce(0) { $0 + $1.inside } == selected.count)
        #expect(cells.allSatisfy { $0.inside <= $0.recipients })
        let window = BoundingBox<WGS84>(west: 2.0, south: 50.0, east: 2.1, north: 50.1)
        let inWindow = try bench.database.density(in: window, zoom: 12, zone: zone, scope: .all)
        // Cells that the window cuts are counted whole: a small window tells no more than a large one.
        #expect(!inWindow.isEmpty && inWindow.count < cells.count)
        #expect(inWindow.allSatisfy { cells.contains($0) })
        #expect(inWindow.reduce(0) { $0 + $1.recipients } >= people.count { window.contains($0.location!.position) })
        let nobody = try bench.database.scope(organisationNamed: "Préfecture")
        #expect(try bench.database.density(in: world, zoom: 12, zone: nil, scope: nobody).count == cells.count)
    }

    @Test(arguments: [(0.0, 90.0), (0.0, -90.0), (180.0, 0.0), (-180.0, 89.9)])
    func `the ends of the Earth are cells too`(longitude: Double, latitude: Double) throws {
        let bench = try StoreBench()
        try bench.register([person("a", at: place(longitude, latitude))])
        let cells = try bench.database.density(in: world, zoom: 13, zone: nil, scope: .all)
        #expect(cells.map(\.recipients) == [1])
        #expect(cells[0].centre.isInRange)
    }
}
