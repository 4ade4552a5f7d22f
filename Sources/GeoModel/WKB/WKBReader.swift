/// Reads WKB geometries one number at a time.
struct WKBReader {
    private let bytes: [UInt8]
    private(set) var index = 0
    private var isLittleEndian = true

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { index == bytes.count }

    private struct Header {
        let type: UInt32
        /// Numbers in a position, from 2 to 4.
        let dimensions: Int
    }

    mutating func area<CRS>() throws(WKBError) -> Area<CRS> {
        let start = index
        let header = try header(srid: UInt32(CRS.epsgCode))
        switch header.type {
        case 3: return Area([try polygon(header)])
        case 6:
            var polygons: [Polygon<CRS>] = []
            for _ in 0..<(try count(elementBytes: 9)) {
                let start = index
                let header = try self.header(srid: UInt32(CRS.epsgCode))
                guard header.type == 3 else { throw WKBError(.notAnArea, offset: start) }
                polygons.append(try polygon(header))
            }
            return Area(polygons)
        default: throw WKBError(.notAnArea, offset: start)
        }
    }

    private mutating func header(srid: UInt32) throws(WKBError) -> Header {
        guard index < bytes.count else { throw WKBError(.truncated, offset: index) }
        guard bytes[index] <= 1 else { throw WKBError(.badByteOrder, offset: index) }
        isLittleEndian = bytes[index] == 1
        index += 1
        let word: UInt32 = try integer()
        // EWKB: flags for Z, M and an SRID that follows. ISO: thousands for Z (1), M (2) or both (3).
        if word & 0x2000_0000 != 0 {
            let offset = index
            let written: UInt32 = try integer()
            guard written == srid || written == 0 else { throw WKBError(.wrongSRID, offset: offset) }
        }
        let plain = word & 0x0FFF_FFFF
        let flags = (word & 0x8000_0000 != 0 ? 1 : 0) + (word & 0x4000_0000 != 0 ? 1 : 0)
        let iso = [0, 1, 1, 2]
        guard plain / 1000 < 4 else { throw WKBError(.notAnArea, offset: index - 4) }
        return Header(type: plain % 1000, dimensions: 2 + max(flags, iso[Int(plain / 1000)]))
    }

    private mutating func polygon<CRS>(_ header: Header) throws(WKBError) -> Polygon<CRS> {
        let start = index
        var rings: [Ring<CRS>] = []
        for _ in 0..<(try count(elementBytes: 4)) {
            var positions: [Position<CRS>] = []
            let count = try count(elementBytes: 8 * header.dimensions)
            positions.reserveCapacity(count)
            for _ in 0..<count {
                let east = try double(), north = try double()
                for _ in 2..<header.dimensions { _ = try integer() as UInt64 }
                positions.append(Position(east: east, north: north))
            }
            rings.append(Ring(positions))
        }
        guard let exterior = rings.first else { throw WKBError(.notAnArea, offset: start) }
        return Polygon(exterior: exterior, holes: Array(rings.dropFirst()))
    }

    /// A count that the remaining bytes can hold: a forged one must not reserve memory.
    private mutating func count(elementBytes: Int) throws(WKBError) -> Int {
        let offset = index
        let count = Int(try integer() as UInt32)
        guard count <= (bytes.count - index) / elementBytes else { throw WKBError(.truncated, offset: offset) }
        return count
    }

    private mutating func double() throws(WKBError) -> Double {
        let offset = index
        let value = Double(bitPattern: try integer())
        guard value.isFinite else { throw WKBError(.notFinite, offset: offset) }
        return value
    }

    private mutating func integer<Integer: FixedWidthInteger>() throws(WKBError) -> Integer {
        let size = MemoryLayout<Integer>.size
        guard index + size <= bytes.count else { throw WKBError(.truncated, offset: index) }
        let value = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: index, as: Integer.self) }
        index += size
        return isLittleEndian ? Integer(littleEndian: value) : Integer(bigEndian: value)
    }
}
