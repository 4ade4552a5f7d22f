import CZoneIndex
import Dispatch
import GeoEngine

/// What a walk over the pack's seats found, in their order: ranges wholly inside a zone, and seats that its boundary may touch.
struct SeatSelection: ~Copyable {
    private struct Stretch {
        var found = czone_found()
        var isDone = false
    }

    /// Of seats, one behind the other.
    private let stretches: UnsafeMutableBufferPointer<Stretch>

    /// Several for each core: a zone's people sit in a few of them.
    private static let sharedStretches = 8
    /// Fewer seats than this are walked in less time than another core takes to wake.
    private static let leastSharedSeats = 1 << 16

    /// Walks the seats from one up to another; those of a zone of many vertices on several cores.
    init(of index: ZoneIndex, in places: OpaquePointer, _ seats: Range<Int>, _ margin: czone_margin) {
        let count = index.isLarge && seats.count >= Self.leastSharedSeats ? Self.sharedStretches : 1
        let stretches = UnsafeMutableBufferPointer<Stretch>.allocate(capacity: count)
        stretches.initialize(repeating: Stretch())
        self.stretches = stretches
        index.withZone { zone in
            // Neither the zone nor the pack changes, and each stretch has a place of its own for what it finds.
            nonisolated(unsafe) let zone = zone, places = places
            nonisolated(unsafe) let first = stretches.baseAddress!
            let walk = { @Sendable (stretch: Int) in
                var margin = margin
                let start = seats.lowerBound + seats.count * stretch / count
                let end = seats.lowerBound + seats.count * (stretch + 1) / count
                let isDone = czone_pack_select(places, zone, UInt32(start), UInt32(end), &margin, &first[stretch].found)
                first[stretch].isDone = isDone != 0
            }
            if count > 1 { DispatchQueue.concurrentPerform(iterations: count, execute: walk) } else { walk(0) }
        }
    }

    deinit {
        for index in stretches.indices { czone_found_free(&stretches[index].found) }
        stretches.deallocate()
    }

    /// False when memory was short: what was found is not all then.
    var isDone: Bool { stretches.allSatisfy(\.isDone) }

    func forEachRange(_ body: (Range<Int64>) throws -> Void) rethrows {
        for stretch in stretches {
            for pair in stride(from: 0, to: stretch.found.range_count, by: 2) {
                try body(Int64(stretch.found.ranges[pair])..<Int64(stretch.found.ranges[pair + 1]))
            }
        }
    }

    func forEachOpen(_ body: (Int) throws -> Void) rethrows {
        for stretch in stretches {
            for index in 0..<stretch.found.open_count { try body(Int(stretch.found.open[index])) }
        }
    }
}
