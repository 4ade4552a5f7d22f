/// Well-known binary: how areas are stored, without losing a bit.
package enum WKB {
    /// The area as a little-endian ISO MultiPolygon, east before north.
    package static func encode<CRS>(_ area: Area<CRS>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(9 + area.polygons.count * 13 + area.vertexCount * 16)
        output.append(1)
        append(UInt32(6), to: &output)
        append(UInt32(area.polygons.count), to: &output)
        for polygon in area.polygons {
            output.append(1)
            append(UInt32(3), to: &output)
            append(UInt32(1 + polygon.holes.count), to: &output)
            for ring in polygon.rings {
                append(UInt32(ring.positions.count), to: &output)
                for position in ring.positions {
                    append(position.east.bitPattern, to: &output)
                    append(position.north.bitPattern, to: &output)
                }
            }
        }
        return output
    }

    private static func append(_ value: some FixedWidthInteger, to output: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { output.append(contentsOf: $0) }
    }

    /// Reads a Polygon or a MultiPolygon: ISO or EWKB, either byte order, Z and M dropped.
    ///
    /// - Throws: when the bytes are cut short, are something else, hold a number that is not finite, or carry an
    ///   SRID other than `CRS.epsgCode`.
    package static func decode<CRS>(_ bytes: [UInt8], as: CRS.Type = CRS.self) throws(WKBError) -> Area<CRS> {
        var reader = WKBReader(bytes)
        let area: Area<CRS> = try reader.area()
        guard reader.isAtEnd else { throw WKBError(.trailingBytes, offset: reader.index) }
        return area
    }
}

/// Why WKB was refused.
package struct WKBError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case truncated
        case badByteOrder = "bad_byte_order"
        case notAnArea = "not_an_area"
        case notFinite = "not_finite"
        case wrongSRID = "wrong_srid"
        case trailingBytes = "trailing_bytes"
    }

    package let code: Code
    /// Where in the bytes, from 0.
    package let offset: Int

    init(_ code: Code, offset: Int) {
        self.code = code
        self.offset = offset
    }

    package var description: String {
        let reason =
            switch code {
            case .truncated: "the bytes end too early"
            case .badByteOrder: "the byte order is neither 0 nor 1"
            case .notAnArea: "neither a Polygon nor a MultiPolygon"
            case .notFinite: "a coordinate is not a finite number"
            case .wrongSRID: "the SRID is not the expected one"
            case .trailingBytes: "there are more bytes after the geometry"
            }
        return "WKB, byte \(offset): \(reason); the stored geometry is damaged, import it again"
    }
}
