import Foundation

/// A shapefile of squares with one attribute, `NOM`, written byte by byte: each part can be left out or spoilt.
struct ShapefileFixture {
    /// South-west corner and name of each square; its side is 1.
    var squares: [(x: Double, y: Double, name: [UInt8])]

    var shp: [UInt8] {
        let records = squares.enumerated().flatMap { index, square in
            big(index + 1) + big(Self.contentBytes / 2) + content(square)
        }
        return header(bytes: 100 + records.count) + records
    }

    var shx: [UInt8] {
        let records = squares.indices.flatMap { big((100 + $0 * (Self.contentBytes + 8)) / 2) + big(Self.contentBytes / 2) }
        return header(bytes: 100 + records.count) + records
    }

    var dbf: [UInt8] {
        var bytes: [UInt8] = [3, 124, 1, 1]
        bytes += little(squares.count) + little(65, 2) + little(21, 2) + zeros(20)
        bytes += padded(Array("NOM".utf8), 0, to: 11) + [UInt8(ascii: "C")] + zeros(4) + [20] + zeros(15) + [13]
        for square in squares { bytes += [0x20] + padded(square.name, 0x20, to: 20) }
        return bytes + [0x1A]
    }

    private func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: count) }

    private func padded(_ bytes: [UInt8], _ filler: UInt8, to count: Int) -> [UInt8] {
        bytes + Array(repeating: filler, count: count - bytes.count)
    }

    /// Type 5, box, one part of five points: 4 + 32 + 8 + 4 + 80.
    private static let contentBytes = 128

    private func content(_ square: (x: Double, y: Double, name: [UInt8])) -> [UInt8] {
        let (x, y) = (square.x, square.y)
        let ring = [x, y, x, y + 1, x + 1, y + 1, x + 1, y, x, y]
        return little(5) + doubles([x, y, x + 1, y + 1]) + little(1) + little(5) + little(0) + doubles(ring)
    }

    private func header(bytes: Int) -> [UInt8] {
        let xs = squares.map(\.x), ys = squares.map(\.y)
        let box = [xs.min() ?? 0, ys.min() ?? 0, (xs.max() ?? 0) + 1, (ys.max() ?? 0) + 1, 0, 0, 0, 0]
        return big(9994) + zeros(20) + big(bytes / 2) + little(1000) + little(5) + doubles(box)
    }

    private func big(_ value: Int) -> [UInt8] { little(value).reversed() }

    private func little(_ value: Int, _ count: Int = 4) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 0xFF) } }

    private func doubles(_ values: [Double]) -> [UInt8] {
        values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
    }
}
