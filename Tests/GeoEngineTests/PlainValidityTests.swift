import Foundation
import GeoModel
import TestSupport
import Testing

@testable import GeoEngine

/// The quick proof of validity against GEOS: it may fail to see that an area is valid, and never the other way round.
@Suite struct PlainValidityTests {
    private func place(_ x: Double, _ y: Double) -> Position<WGS84> { Position(longitude: x, latitude: y) }

    private func isSeen(_ area: Area<WGS84>) -> Bool { ZoneIndex(plainlyValidArea: area) != nil }

    private func isValid(_ area: Area<WGS84>) -> Bool { (try? Validity.check(area)) != nil }

    /// A ring on a coarse grid: often spiked, crossed, touching itself, or with vertices given twice.
    private func anyRing(_ vertices: Int, _ range: ClosedRange<Int>, _ generator: inout SeededGenerator) -> Ring<WGS84> {
        let corners = (0..<vertices).map { _ in
            place(Double(Int.random(in: range, using: &generator)) / 4, 45 + Double(Int.random(in: range, using: &generator)) / 4)
        }
        return Ring(corners + corners.prefix(1))
    }

    private func star(_ centre: Position<WGS84>, _ degrees: Double, _ vertices: Int, _ generator: inout SeededGenerator) -> Ring<WGS84> {
        let corners = (0..<vertices).map { index in
            let angle = 2 * Double.pi * Double(index) / Double(vertices)
            // The finer, the smoother, as coasts are.
            let radius = degrees * Double.random(in: (vertices > 100 ? 0.99 : 0.4)...1, using: &generator)
            return place(centre.longitude + radius * cos(angle), centre.latitude + radius * sin(angle))
        }
        return Ring(corners + corners.prefix(1))
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `nothing is taken for valid that GEOS refuses`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var seen = 0, valid = 0
        for _ in 0..<1500 {
            let exterior = anyRing(.random(in: 3...6, using: &generator), 0...12, &generator)
            let holes = (0..<Int.random(in: 0...2, using: &generator)).map { _ in
                anyRing(.random(in: 3...4, using: &generator), 2...9, &generator)
            }
            let area = Area([Polygon(exterior: exterior, holes: holes)])
            if isSeen(area) { seen += 1 }
            if isValid(area) { valid += 1 }
            #expect(!isSeen(area) || isValid(area), "\(area)")
        }
        // Many are neither touching nor crossing.
        #expect(seen > 50 && seen <= valid)
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func `outlines as they are drawn, with holes, are seen to be valid`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let centre = place(.random(in: -60...60, using: &generator), .random(in: -60...60, using: &generator))
        let polygon = Polygon(
            exterior: star(centre, 1, [4, 60, 5000][Int(seed % 3)], &generator),
            holes: [(-0.15, 0.0), (0.15, 0.0), (0.0, 0.15)].map { east, north in
                star(place(centre.longitude + east, centre.latitude + north), 0.08, 40, &generator)
            })
        #expect(isSeen(Area([polygon])) == isValid(Area([polygon])))
        #expect(isSeen(Area([Polygon(exterior: polygon.exterior)])))
        let far = place(centre.longitude + 5, centre.latitude)
        #expect(!isSeen(Area([Polygon(exterior: polygon.exterior, holes: [star(far, 0.1, 9, &generator)])])))
        let nested = [star(centre, 0.3, 12, &generator), star(centre, 0.05, 12, &generator)]
        #expect(!isSeen(Area([Polygon(exterior: polygon.exterior, holes: nested)])))
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func `one edge that crosses among thousands is found, wherever it is`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let centre = place(.random(in: -9...9, using: &generator), .random(in: 40...50, using: &generator))
        let vertices = Int.random(in: 900...3000, using: &generator)
        // A saw: long teeth beside each other, which go on in no quadrant.
        var corners = (0..<vertices).map { index in
            let angle = 2 * Double.pi * Double(index) / Double(vertices)
            let radius = (0.7 + 0.2 * sin(5 * angle)) * (index % 2 == 0 ? 1 : 1.01)
            return place(centre.longitude + radius * cos(angle), centre.latitude + radius * sin(angle))
        }
        func area() -> Area<WGS84> { Area([Polygon(exterior: Ring(corners + corners.prefix(1)))]) }
        #expect(isSeen(area()))
        var crossed = 0
        for _ in 0..<40 {
            let whole = corners
            let vertex = Int.random(in: 0..<vertices, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            // A tooth that reaches to its neighbours, or beyond.
            case 0: corners.swapAt(vertex, (vertex + [2, 3, 40, vertices / 2].randomElement(using: &generator)!) % vertices)
            // A vertex on another's.
            case 1: corners[vertex] = corners[(vertex + Int.random(in: 2...9, using: &generator)) % vertices]
            // Moved a little: often no fault.
            default:
                corners[vertex] = place(
                    corners[vertex].longitude + .random(in: -0.002...0.002, using: &generator), corners[vertex].latitude)
            }
            let isValid = isValid(area())
            #expect(isSeen(area()) == isValid, "vertex \(vertex)")
            if !isValid { crossed += 1 }
            corners = whole
        }
        #expect(crossed > 15 && crossed < 40)
    }

    @Test func `a hundred holes are seen to lie side by side, and one within another is not`() {
        var generator = SeededGenerator(seed: 7)
        let holes = (0..<100).map { star(place(Double($0 % 10) / 10, 45 + Double($0 / 10) / 10), 0.04, 9, &generator) }
        let shell = Ring([place(-1, 44), place(2, 44), place(2, 47), place(-1, 47), place(-1, 44)])
        #expect(isSeen(Area([Polygon(exterior: shell, holes: holes)])))
        for (x, y) in [(0.5, 45.5), (0.0, 45.0), (0.9, 45.9)] {
            let inner = star(place(x, y), 0.004, 5, &generator)
            #expect(!isSeen(Area([Polygon(exterior: shell, holes: holes + [inner])])))
            #expect(!isSeen(Area([Polygon(exterior: shell, holes: [inner] + holes)])))
        }
    }

    @Test func `a ring that touches itself, turns back or encloses nothing is left to GEOS`() {
        func ring(_ corners: [(Double, Double)]) -> Area<WGS84> {
            Area([Polygon(exterior: Ring((corners + corners.prefix(1)).map { place($0.0, $0.1) }))])
        }
        #expect(isSeen(ring([(0, 45), (1, 45), (1, 46), (0, 46)])))
        // A vertex on a straight edge, and one given twice, are no fault.
        #expect(isSeen(ring([(0, 45), (0.5, 45), (0.5, 45), (1, 45), (1, 46), (0, 46)])))
        #expect(!isSeen(ring([(0, 45), (1, 46), (1, 45), (0, 46)])))
        #expect(!isSeen(ring([(0, 45), (2, 45), (1, 45), (1, 46)])))
        #expect(!isSeen(ring([(0, 45), (1, 45), (2, 45)])))
        #expect(!isSeen(ring([(0, 45), (2, 45), (2, 47), (1, 45), (0, 47)])))
        #expect(!isSeen(ring([(0, 45), (1, 45), (1, .nan), (0, 46)])))
        #expect(!isSeen(Area([])))
    }
}
