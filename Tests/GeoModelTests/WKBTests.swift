import TestSupport
import Testing

@testable import GeoModel

@Suite struct WKBTests {
    private static let area: Area<WGS84> = {
        func ring(_ numbers: [(Double, Double)]) -> Ring<WGS84> {
            Ring(numbers.map { Position(longitude: $0.0, latitude: $0.1) })
        }
        let square = ring([(2, 48), (3, 48), (3, 49), (2, 48)])
        return Area([
            Polygon(exterior: square, holes: [ring([(2.1, 48.05), (0.1 + 0.2, 48.1), (2.2, 48.2), (2.1, 48.05)])]),
            Polygon(exterior: square)
        ])
    }()

    /// Bytes of a one-triangle polygon with the given header words, in either byte order.
    private func triangle(type: UInt32, srid: UInt32? = nil, extra: Int, big: Bool) -> [UInt8] {
        var bytes: [UInt8] = [big ? 0 : 1]
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: big ? value.bigEndian : value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        append(type)
        if let srid { append(srid) }
        append(UInt32(1))
        append(UInt32(4))
        for (x, y) in [(2.0, 48.0), (3, 48), (3, 49), (2, 48)] {
            append(x.bitPattern)
            append(y.bitPattern)
            for _ in 0..<extra { append((7.0).bitPattern) }
        }
        return bytes
    }

    @Test func `not a bit is lost`() throws {
        #expect(try WKB.decode(WKB.encode(Self.area), as: WGS84.self) == Self.area)
        #expect(WKB.encode(Self.area).prefix(9) == [1, 6, 0, 0, 0, 2, 0, 0, 0])
    }

    @Test(
        arguments: [
            (3, nil, 0), (1003, nil, 1), (2003, nil, 1), (3003, nil, 2), (0x8000_0003, nil, 1), (0x2000_0003, 4326, 0),
            (0xE000_0003, 4326, 2), (0x2000_0003, 0, 0)
        ] as [(UInt32, UInt32?, Int)], [true, false])
    func `ISO and EWKB polygons are read in either byte order`(shape: (UInt32, UInt32?, Int), big: Bool) throws {
        let area: Area<WGS84> = try WKB.decode(triangle(type: shape.0, srid: shape.1, extra: shape.2, big: big))
        #expect(area == Area([Self.area.polygons[1]]))
    }

    @Test func `another system, a point or a forged count is refused`() {
        func code(_ bytes: [UInt8]) -> WKBError.Code? {
            do throws(WKBError) {
                _ = try WKB.decode(bytes, as: WGS84.self)
                return nil
            } catch { return error.code }
        }
        #expect(code(triangle(type: 0x2000_0003, srid: 2154, extra: 0, big: false)) == .wrongSRID)
        #expect(code(triangle(type: 1, extra: 0, big: false)) == .notAnArea)
        #expect(code([1, 6, 0, 0, 0, 255, 255, 255, 255]) == .truncated)
        #expect(code([2, 6, 0, 0, 0]) == .badByteOrder)
        #expect(code(WKB.encode(Self.area) + [0]) == .trailingBytes)
        let infinite = Area([Polygon<WGS84>(exterior: Ring([Position(longitude: .infinity, latitude: 1)]))])
        #expect(code(WKB.encode(infinite)) == .notFinite)
    }

    @Test func `any prefix is an error, any damage no crash`() {
        let bytes = WKB.encode(Self.area)
        for count in 0..<bytes.count {
            #expect(throws: WKBError.self) { try WKB.decode(Array(bytes[..<count]), as: WGS84.self) }
        }
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<20_000 {
            var damaged = bytes
            damaged[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            _ = try? WKB.decode(damaged, as: WGS84.self)
        }
    }
}
