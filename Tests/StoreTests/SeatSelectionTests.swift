import CZoneIndex
import Foundation
import GeoEngine
import GeoModel
import TestSupport
import Testing

@testable import Store

/// Walking a large zone's seats on several cores.
@Suite struct SeatSelectionTests {
    /// Seats around 2.2° E 49.9° N, row by row, so that neighbours are side by side.
    private func places(_ count: Int, _ generator: inout SeededGenerator) throws -> OpaquePointer {
        let places = try PackedRegister.makePlaces(count: count, hasRadii: true)
        let (x, y, radii) = (czone_pack_x(places)!, czone_pack_y(places)!, czone_pack_radii(places)!)
        let side = Int(Double(count).squareRoot())
        for seat in 0..<count {
            let east = 2 + 0.4 * (Double(seat % side) + .random(in: 0..<1, using: &generator)) / Double(side)
            let north = 49.7 + 0.4 * (Double(seat / side) + .random(in: 0..<1, using: &generator)) / Double(side)
            x[seat] = UInt32((east + 180) / 360 * 4_294_967_296)
            y[seat] = UInt32((north + 90) / 180 * 4_294_967_296)
            radii[seat] = UInt8.random(in: 0..<10, using: &generator) == 0 ? UInt8.random(in: 1...40, using: &generator) : 0
        }
        czone_pack_index(places)
        return places
    }

    private func zone(vertices: Int, _ generator: inout SeededGenerator) throws -> ZoneIndex {
        let corners = (0..<vertices).map { index in
            let angle = 2 * Double.pi * Double(index) / Double(vertices)
            let radius = 0.15 * Double.random(in: 0.8...1, using: &generator)
            return Position<WGS84>(longitude: 2.2 + radius * cos(angle), latitude: 49.9 + radius * sin(angle))
        }
        return try #require(ZoneIndex(plainlyValidArea: Area([Polygon(exterior: Ring(corners + [corners[0]]), holes: [])])))
    }

    private func found(_ selection: borrowing SeatSelection) -> (inside: Set<Int>, open: [Int]) {
        var inside: Set<Int> = []
        var open: [Int] = []
        var last = 0
        selection.forEachRange { range in
            #expect(Int(range.lowerBound) >= last)
            last = Int(range.upperBound)
            inside.formUnion(Int(range.lowerBound)..<last)
        }
        selection.forEachOpen { open.append($0) }
        return (inside, open)
    }

    @Test(arguments: [65_536, 100_003])
    func `several cores find what one finds`(count: Int) throws {
        var generator = SeededGenerator(seed: UInt64(count))
        let places = try places(count, &generator)
        defer { czone_pack_destroy(places) }
        let index = try zone(vertices: 5_000, &generator)
        #expect(index.isLarge)
        let margin = try #require(index.margin(ofMetres: 10_000))
        let reach = czone_margin(
            degrees_east_per_metre: margin.east / 10_000.01, degrees_north_per_metre: margin.north / 10_000.01,
            spare_metres: 0.01, reach_metres: 0)
        let whole = SeatSelection(of: index, in: places, 0..<count, reach)
        let isWholeDone = whole.isDone
        #expect(isWholeDone)
        let together = found(whole)
        var inside: Set<Int> = []
        var open: [Int] = []
        // So few seats at once are walked on one core.
        for start in stride(from: 0, to: count, by: 30_000) {
            let part = SeatSelection(of: index, in: places, start..<min(start + 30_000, count), reach)
            let isPartDone = part.isDone
            #expect(isPartDone)
            let alone = found(part)
            inside.formUnion(alone.inside)
            open += alone.open
        }
        #expect(together.inside == inside)
        #expect(together.open == open)
        #expect(inside.count > count / 10 && !open.isEmpty)
    }
}
