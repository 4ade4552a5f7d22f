/// SpatiaLite's own form of a WGS 84 point, made without calling it: 60 bytes (BLOB-Geometry, version 5).
enum PointBlob {
    static func encode(longitude: Double, latitude: Double) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 60)
        bytes.withUnsafeMutableBytes { buffer in
            func store(_ number: Double, at offset: Int) {
                buffer.storeBytes(of: number.bitPattern.littleEndian, toByteOffset: offset, as: UInt64.self)
            }
            buffer[1] = 1  // little endian
            buffer.storeBytes(of: Int32(4326).littleEndian, toByteOffset: 2, as: Int32.self)
            // The envelope: minimum then maximum.
            store(longitude, at: 6)
            store(latitude, at: 14)
            store(longitude, at: 22)
            store(latitude, at: 30)
            buffer[38] = 0x7C
            buffer.storeBytes(of: Int32(1).littleEndian, toByteOffset: 39, as: Int32.self)  // POINT
            store(longitude, at: 43)
            store(latitude, at: 51)
            buffer[59] = 0xFE
        }
        return bytes
    }

    /// - Returns: nil for what `encode` did not give.
    static func decode(_ bytes: UnsafeRawBufferPointer) -> (longitude: Double, latitude: Double)? {
        guard bytes.count == 60, bytes[1] == 1, bytes[38] == 0x7C, bytes[39] == 1, bytes[59] == 0xFE else { return nil }
        func number(at offset: Int) -> Double {
            Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        }
        return (number(at: 43), number(at: 51))
    }
}
