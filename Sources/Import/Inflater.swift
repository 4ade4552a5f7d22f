import CZlib

/// Decompresses gzip, several members included, or passes plain bytes through.
struct Inflater {
    private let file: String
    private let limitBytes: Int
    private var stream: UnsafeMutablePointer<z_stream>?
    private var isPlain: Bool?
    private var isMemberOpen = false
    private var producedBytes = 0
    private var output = [UInt8](repeating: 0, count: 1 << 18)

    init(file: String, limitBytes: Int) {
        self.file = file
        self.limitBytes = limitBytes
    }

    /// Feeds raw bytes of the file; `body` gets what they decompress to.
    mutating func inflate(_ raw: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        if isPlain == nil {
            // RFC 1952, section 2.3.1: a gzip member starts with 0x1F 0x8B.
            isPlain = !(raw.count >= 2 && raw[0] == 0x1F && raw[1] == 0x8B)
        }
        if isPlain == true {
            try account(raw.count)
            try body(raw)
            return
        }
        let stream = try openStream()
        stream.pointee.next_in = UnsafeMutablePointer(mutating: raw.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(raw.count)
        while stream.pointee.avail_in > 0 {
            isMemberOpen = true
            let (code, count) = output.withUnsafeMutableBufferPointer { buffer in
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(buffer.count)
                let code = CZlib.inflate(stream, Z_NO_FLUSH)
                return (code, buffer.count - Int(stream.pointee.avail_out))
            }
            guard code == Z_OK || code == Z_STREAM_END else {
                throw ImportError.corruptGzip(file: file, reason: "its data are damaged")
            }
            try account(count)
            try output.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            if code == Z_STREAM_END {
                isMemberOpen = false
                inflateReset(stream)
            }
        }
    }

    /// - Throws: when the file ended inside a gzip member.
    func finish() throws {
        if isMemberOpen { throw ImportError.corruptGzip(file: file, reason: "it is cut short") }
    }

    mutating func close() {
        guard let stream else { return }
        inflateEnd(stream)
        stream.deallocate()
        self.stream = nil
    }

    private mutating func openStream() throws -> UnsafeMutablePointer<z_stream> {
        if let stream { return stream }
        let new = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        new.initialize(to: z_stream())
        // 15 + 16: the largest window, gzip framing only.
        guard inflateInit2_(new, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            new.deallocate()
            throw ImportError.corruptGzip(file: file, reason: "zlib has no memory")
        }
        stream = new
        return new
    }

    private mutating func account(_ count: Int) throws {
        producedBytes += count
        if producedBytes > limitBytes { throw ImportError.tooLarge(file: file, limitBytes: limitBytes) }
    }
}
