import GeoModel
import TestSupport
import Testing

@testable import GeoEngine

@Suite struct MosaicTests {
    private func faces(_ areas: [Area<WGS84>]) throws -> [Mosaic.Face] {
        var mosaic = Mosaic()
        for area in areas { mosaic.add(area) }
        return try mosaic.faces()
    }

    /// How many of the areas hold the face's inner point.
    private func cover(_ face: Mosaic.Face, _ areas: [Area<WGS84>]) throws -> Int {
        try areas.count { try PreparedArea($0).contains(face.inside) }
    }

    @Test func `areas that fit leave their common outline alone, whatever their winding`() throws {
        let west = square(2, 48, 2.1, 48.1)
        for ring in [west, Ring(west.positions.reversed())] {
            let areas = [area(ring), area(square(2.1, 48, 2.25, 48.1))]
            let faces = try faces(areas)
            #expect(faces.count == 1)
            #expect(try cover(faces[0], areas) == 1)
            #expect(abs(faces[0].squareMetres / areas.reduce(0) { $0 + SurfaceArea.squareMetres(of: $1) } - 1) < 1e-9)
        }
    }

    @Test func `a hole that another area fills is no gap, one that nothing fills is`() throws {
        let shell = area(square(2, 48, 2.3, 48.3), square(2.1, 48.1, 2.2, 48.2))
        #expect(try faces([shell, area(square(2.1, 48.1, 2.2, 48.2))]).count == 1)
        let open = try faces([shell])
        let gaps = try open.filter { try cover($0, [shell]) == 0 }
        #expect(gaps.count == 1)
        #expect(abs(gaps[0].squareMetres / SurfaceArea.squareMetres(of: area(square(2.1, 48.1, 2.2, 48.2))) - 1) < 1e-9)
    }

    @Test func `an overlap is found where it is, with its size`() throws {
        let areas = [area(square(2, 48, 2.1, 48.1)), area(square(2.09, 48, 2.2, 48.1))]
        let overlaps = try faces(areas).filter { try cover($0, areas) == 2 }
        #expect(overlaps.count == 1)
        let truth = SurfaceArea.squareMetres(of: area(square(2.09, 48, 2.1, 48.1)))
        #expect(abs(overlaps[0].squareMetres / truth - 1) < 1e-9)
    }

    @Test func `the same ground given twice is an overlap`() throws {
        let twice = [area(square(2, 48, 2.1, 48.1)), area(square(2, 48, 2.1, 48.1))]
        let faces = try faces(twice)
        #expect(faces.count == 1)
        #expect(try cover(faces[0], twice) == 2)
    }

    @Test func `nothing at all has no faces`() throws {
        #expect(try faces([]).isEmpty)
    }

    /// A grid of cells around jittered corners fits exactly; moving one corner of one cell alone breaks it there only.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `one corner moved in one cell of many shows, and nothing else does`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let count = 6
        let corners = (0...count).map { row in
            (0...count).map { column in
                Position<WGS84>(
                    longitude: 2 + 0.01 * Double(column) + .random(in: -0.003...0.003, using: &generator),
                    latitude: 48 + 0.01 * Double(row) + .random(in: -0.003...0.003, using: &generator))
            }
        }
        func cell(_ row: Int, _ column: Int, moved: Double = 0) -> Area<WGS84> {
            let first = corners[row][column]
            let start = Position<WGS84>(longitude: first.longitude + moved, latitude: first.latitude + moved)
            return area(Ring([start, corners[row][column + 1], corners[row + 1][column + 1], corners[row + 1][column], start]))
        }
        let cells = (0..<count).flatMap { row in (0..<count).map { cell(row, $0) } }
        #expect(try faces(cells).count == 1)
        var broken = cells
        broken[2 * count + 3] = cell(2, 3, moved: 0.002)
        let doubtful = try faces(broken).filter { try cover($0, broken) != 1 }
        #expect(!doubtful.isEmpty, "seed \(seed)")
        for face in doubtful {
            #expect(Ellipsoid.distanceMetres(face.inside, corners[2][3]) < 2000, "seed \(seed)")
        }
    }
}
