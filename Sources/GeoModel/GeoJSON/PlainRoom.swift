import Dispatch

/// Reads the positions of one ring after the other into room that is used again.
///
/// A long ring is read in two halves on two cores: what follows a comma between two positions is read alike wherever reading
/// begins, so that the halves together are what one reading finds.
final class PlainRoom {
    private let first: UnsafeMutableBufferPointer<Position<WGS84>>
    /// No more halves: the last ring ended before the text's middle, and others may be as short.
    private var isWhole: Bool

    /// So many positions are read before a ring is taken for a long one, and so many bytes of text must follow: some 60 µs of
    /// reading, several times what it costs to wake another core.
    private static let leastPositions = 2048
    private static let leastBytes = 96 << 10
    /// Bytes within which a position begins, however its numbers are written.
    private static let longestPosition = 256

    /// - Parameter textLength: bytes in which the positions of all rings are.
    init(textLength: Int) {
        first = .allocate(capacity: Self.capacity(forBytes: textLength))
        isWhole = textLength < 2 * Self.leastBytes
    }

    deinit { first.deallocate() }

    /// The shortest position is `[0,0]`, with a comma.
    private static func capacity(forBytes length: Int) -> Int { min(length / 6 + 1, GeoJSONLimits.default.maxVertices) }

    /// - Parameter start: behind the ring's bracket.
    /// - Returns: the positions, and the place behind the last one; nil when one is not plain or not in the territory, or they
    ///   are too many.
    func read(
        from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>, in territory: BoundingBox<WGS84>, _ powers: PowersOfTen
    ) -> (positions: [Position<WGS84>], end: UnsafePointer<UInt8>)? {
        var run = PlainRun(at: start)
        guard run.read(to: end, in: territory, powers, into: first, pausingAt: isWhole ? .max : Self.leastPositions) else { return nil }
        guard !run.isEnded else { return (Array(first[..<run.count]), run.at) }
        guard end - run.at >= Self.leastBytes, let middle = Self.middle(of: run.at, end) else {
            guard run.read(to: end, in: territory, powers, into: first) else { return nil }
            return (Array(first[..<run.count]), run.at)
        }
        return readHalves(run, middle, end, territory, powers)
    }

    private func readHalves(
        _ begun: PlainRun, _ middle: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ territory: BoundingBox<WGS84>,
        _ powers: PowersOfTen
    ) -> (positions: [Position<WGS84>], end: UnsafePointer<UInt8>)? {
        let second = UnsafeMutableBufferPointer<Position<WGS84>>.allocate(capacity: Self.capacity(forBytes: end - middle))
        defer { second.deallocate() }
        // Each half has a run and room of its own until both are read; the text does not change.
        nonisolated(unsafe) let middle = middle, end = end, powers = powers
        nonisolated(unsafe) let front = first, back = second
        nonisolated(unsafe) var run = begun, secondRun = PlainRun(at: middle)
        nonisolated(unsafe) var isGood = false, isSecondGood = false
        DispatchQueue.concurrentPerform(iterations: 2) { half in
            if half == 0 {
                isGood = run.read(to: end, in: territory, powers, into: front, pausingBefore: middle)
            } else {
                isSecondGood = secondRun.read(to: end, in: territory, powers, into: back)
            }
        }
        guard isGood else { return nil }
        guard run.at == middle, !run.isEnded else {
            isWhole = true
            return (Array(first[..<run.count]), run.at)
        }
        guard isSecondGood else { return nil }
        let (count, counted) = (run.count, run.count + secondRun.count)
        let positions = [Position<WGS84>](unsafeUninitializedCapacity: counted) { room, initialized in
            _ = room.initialize(fromContentsOf: first[..<count])
            _ = room[count...].initialize(fromContentsOf: second[..<(counted - count)])
            initialized = counted
        }
        return (positions, secondRun.at)
    }

    /// Where a position may begin, half-way: a bracket right behind a comma.
    private static func middle(of start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
        let half = start + (end - start) / 2
        for place in half..<min(half + longestPosition, end)
        where place.pointee == UInt8(ascii: "[") && place[-1] == UInt8(ascii: ",") { return place }
        return nil
    }
}

/// Positions one behind the other, as far as they have been read.
private struct PlainRun {
    private(set) var at: UnsafePointer<UInt8>
    private(set) var count = 0
    /// No comma follows the last.
    private(set) var isEnded = false

    init(at: UnsafePointer<UInt8>) {
        self.at = at
    }

    /// Reads on, up to the end of the ring, to so many positions, or to a place that is behind a comma.
    /// - Returns: false for what is not plain, not in the territory or too much for the room.
    mutating func read(
        to end: UnsafePointer<UInt8>, in territory: BoundingBox<WGS84>, _ powers: PowersOfTen,
        into room: UnsafeMutableBufferPointer<Position<WGS84>>, pausingAt most: Int = .max,
        pausingBefore place: UnsafePointer<UInt8>? = nil
    ) -> Bool {
        // In variables of their own, which the compiler keeps in registers.
        var tokens = PlainTokens(at: at, end: end, powersOfTen: powers)
        var found = count
        let pause = place ?? end + 1
        while true {
            guard found < room.count, let position = tokens.position(), territory.contains(position) else { return false }
            room.initializeElement(at: found, to: position)
            found += 1
            guard tokens.take(UInt8(ascii: ",")) else {
                isEnded = true
                break
            }
            if found == most || tokens.at == pause { break }
        }
        (at, count) = (tokens.at, found)
        return true
    }
}
