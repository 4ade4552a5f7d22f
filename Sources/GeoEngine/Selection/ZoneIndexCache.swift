import Foundation
import GeoModel
import Synchronization

/// Areas that were found valid lately, and their indexes: a zone that is asked for again, as when its count is looked
/// at while another part of it is being drawn, is neither checked nor prepared again.
enum ZoneIndexCache {
    /// Bounds of what is kept. Ten departments in full detail: some 40 bytes a vertex, and a megabyte of mask each at most.
    private static let greatestVertexCount = 200_000
    private static let greatestCount = 32

    private struct Entry {
        let area: Area<WGS84>
        let vertexCount: Int
        let index: ZoneIndex
    }

    /// The latest used last.
    private static let entries = Mutex<[Entry]>([])

    static func index(of area: Area<WGS84>) -> ZoneIndex? {
        entries.withLock { entries in
            guard let place = entries.lastIndex(where: { $0.area.hasSamePositions(as: area) }) else { return nil }
            let entry = entries.remove(at: place)
            entries.append(entry)
            return entry.index
        }
    }

    /// - Parameter area: valid.
    static func remember(_ index: ZoneIndex, of area: Area<WGS84>) {
        let vertexCount = area.vertexCount
        guard vertexCount <= greatestVertexCount else { return }
        entries.withLock { entries in
            guard !entries.contains(where: { $0.area.hasSamePositions(as: area) }) else { return }
            entries.append(Entry(area: area, vertexCount: vertexCount, index: index))
            var total = entries.reduce(0) { $0 + $1.vertexCount }
            while entries.count > greatestCount || total > greatestVertexCount {
                total -= entries.removeFirst().vertexCount
            }
        }
    }
}

extension ZoneIndex {
    /// The index of an area that was prepared lately; its area was found valid then.
    package static func known(_ area: Area<WGS84>) -> ZoneIndex? { ZoneIndexCache.index(of: area) }

    /// Prepares the index of an area that is quickly seen to be valid, and keeps it for a while.
    package static func preparing(plainlyValidArea area: Area<WGS84>) -> ZoneIndex? {
        guard let index = ZoneIndex(plainlyValidArea: area) else { return nil }
        ZoneIndexCache.remember(index, of: area)
        return index
    }

    /// Prepares a valid area's index, and keeps it for a while.
    package static func preparing(validArea area: Area<WGS84>) -> ZoneIndex? {
        if let known = known(area) { return known }
        guard let index = ZoneIndex(validArea: area) else { return nil }
        ZoneIndexCache.remember(index, of: area)
        return index
    }
}

extension Area<WGS84> {
    /// Equality bit for bit, at the speed of memory: the generic one takes a call for each number.
    func hasSamePositions(as other: Area<WGS84>) -> Bool {
        guard polygons.count == other.polygons.count else { return false }
        return zip(polygons, other.polygons).allSatisfy { left, right in
            left.holes.count == right.holes.count && left.exterior.hasSamePositions(as: right.exterior)
                && zip(left.holes, right.holes).allSatisfy { $0.hasSamePositions(as: $1) }
        }
    }
}

extension Ring<WGS84> {
    fileprivate func hasSamePositions(as other: Ring<WGS84>) -> Bool {
        positions.withUnsafeBytes { left in
            other.positions.withUnsafeBytes { right in
                guard left.count == right.count, let first = left.baseAddress, let second = right.baseAddress else {
                    return left.count == right.count
                }
                return first == second || memcmp(first, second, left.count) == 0
            }
        }
    }
}
