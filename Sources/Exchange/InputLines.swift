import Glibc

/// Lines of standard input.
struct InputLines {
    /// No row is longer: 16,384 cells of 32,767 characters are no table.
    private static let maximumLineBytes = 16 << 20

    private var buffer: [UInt8] = []
    private var start = 0

    /// Nil at the end of the input.
    mutating func next() throws(Fault) -> [UInt8]? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return Array(buffer[start..<end])
            }
            guard buffer.count - start <= Self.maximumLineBytes else { throw Fault(.cutShort) }
            buffer.removeFirst(start)
            searched = buffer.count
            start = 0
            guard fill() else { return nil }
        }
    }

    private mutating func fill() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(0, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            buffer += chunk[..<count]
            return true
        }
    }
}
