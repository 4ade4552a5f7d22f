import GeoModel

/// An area's coordinates as C code takes them: longitude, latitude of every vertex, ring after ring. They stay where they
/// are as long as this is kept.
struct FlatArea: ~Copyable {
    // Filled before it is shared, and never changed again.
    nonisolated(unsafe) private let positions: UnsafeMutableBufferPointer<Position<WGS84>>
    let vertexCount: Int
    private var ringEnds: [Int32] = []
    private var polygonEnds: [Int32] = []

    init(_ area: Area<WGS84>) {
        vertexCount = area.vertexCount
        positions = .allocate(capacity: max(1, vertexCount))
        var count = 0
        for polygon in area.polygons {
            append(polygon.exterior, &count)
            for hole in polygon.holes { append(hole, &count) }
            polygonEnds.append(Int32(ringEnds.count))
        }
    }

    private mutating func append(_ ring: Ring<WGS84>, _ count: inout Int) {
        _ = positions[count...].initialize(fromContentsOf: ring.positions)
        count += ring.positions.count
        ringEnds.append(Int32(count))
    }

    deinit {
        positions.deallocate()
    }

    /// Lends the coordinates, the ends of rings and polygons, and the number of polygons.
    func withPointers<Value>(
        _ body: (UnsafePointer<Double>, UnsafePointer<Int32>, UnsafePointer<Int32>, Int32) -> Value
    ) -> Value {
        // A position is two doubles, longitude first.
        UnsafeRawPointer(positions.baseAddress!).withMemoryRebound(to: Double.self, capacity: 2 * positions.count) { doubles in
            ringEnds.withUnsafeBufferPointer { rings in
                polygonEnds.withUnsafeBufferPointer { polygons in
                    // Neither is empty for an area that has a box; nothing is read of one without polygons.
                    body(doubles, rings.baseAddress ?? Self.none, polygons.baseAddress ?? Self.none, Int32(polygons.count))
                }
            }
        }
    }

    nonisolated(unsafe) private static let none: UnsafePointer<Int32> = {
        let zero = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
        zero.initialize(to: 0)
        return UnsafePointer(zero)
    }()
}
