import GeoModel
import Glibc

/// Lines of JSON on standard output, written in large pieces.
struct OutputLines {
    private static let flushBytes = 1 << 18

    private var pending: [UInt8] = []

    mutating func line(_ body: (inout JSONWriter) -> Void) {
        var writer = JSONWriter(reservingCapacity: 256)
        body(&writer)
        pending += writer.bytes
        pending.append(UInt8(ascii: "\n"))
        if pending.count >= Self.flushBytes { flush() }
    }

    /// Ends the process when nobody reads any more.
    mutating func flush() {
        var start = 0
        while start < pending.count {
            let written = pending.withUnsafeBytes { write(1, $0.baseAddress! + start, $0.count - start) }
            if written > 0 { start += written } else if errno != EINTR { _exit(1) }
        }
        pending.removeAll(keepingCapacity: true)
    }
}
