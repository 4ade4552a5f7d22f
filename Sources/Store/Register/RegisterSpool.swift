import Foundation
import Synchronization

/// The changes of an import, kept in a temporary file between the reading and the writing: a million of them are
/// 300 MB, and half a gigabyte as values.
///
/// The file has no name from the first moment, so that nothing of it outlives the process; it lies beside the
/// database, under the same protection. One thread appends; another may read on behind it.
package final class RegisterSpool: Sendable {
    private struct State {
        var buffer: [UInt8] = []
        /// Bytes in the file: whole operations.
        var written = 0
        var count = 0
        var hasMerges = false
        /// Whether nothing more comes.
        var isEnded = false
    }

    private let handle: FileHandle
    private let state = Mutex(State())
    private let hasMore = DispatchSemaphore(value: 0)
    private static let bufferBytes = 1 << 20
    private static let lengthBytes = 4

    init(besideDatabase path: String) throws {
        var template = Array((path + ".import-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw RegisterError.noRoom
        }
        unlink(template)
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        state.withLock { $0.buffer.reserveCapacity(Self.bufferBytes + 4096) }
    }

    package var count: Int { state.withLock { $0.count } }
    /// Whether a row is a known part of another recipient.
    var hasMerges: Bool { state.withLock { $0.hasMerges } }

    // MARK: Writing

    /// - Parameter operation: as `RegisterOperation.encode` wrote it.
    package func append(_ operation: ArraySlice<UInt8>) throws {
        let isFull = state.withLock { state in
            withUnsafeBytes(of: UInt32(operation.count).littleEndian) { state.buffer.append(contentsOf: $0) }
            state.buffer += operation
            if operation.first == RegisterOperation.Kind.merge.rawValue { state.hasMerges = true }
            state.count += 1
            return state.buffer.count >= Self.bufferBytes
        }
        if isFull { try flush() }
    }

    /// Says that nothing more comes: who reads on behind comes to the end.
    package func end() throws {
        defer { endFollowing() }
        try flush()
    }

    /// Ends what `follow` waits for, whatever may still be appended.
    func endFollowing() {
        state.withLock { $0.isEnded = true }
        hasMore.signal()
    }

    private func flush() throws {
        try state.withLock { state in
            guard !state.buffer.isEmpty else { return }
            try state.buffer.withUnsafeBytes { bytes in
                var done = 0
                while done < bytes.count {
                    let count = pwrite(
                        handle.fileDescriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done,
                        off_t(state.written + done))
                    guard count > 0 else {
                        if count < 0, errno == EINTR { continue }
                        throw RegisterError.noRoom
                    }
                    done += count
                }
            }
            state.written += state.buffer.count
            state.buffer.removeAll(keepingCapacity: true)
        }
        hasMore.signal()
    }

    // MARK: Reading

    /// Calls `body` with each operation that is there, in order.
    package func forEach(_ body: (SpooledOperation) throws -> Void) throws {
        try flush()
        try read(waitsForMore: false, body)
    }

    /// Calls `body` with each operation, in order, also with those that are still to come, until `end`. One thread.
    func follow(_ body: (SpooledOperation) throws -> Void) throws { try read(waitsForMore: true, body) }

    private func read(waitsForMore: Bool, _ body: (SpooledOperation) throws -> Void) throws {
        var bytes = [UInt8](repeating: 0, count: Self.bufferBytes)
        var position = 0
        /// Bytes at the start of the buffer that are the beginning of an operation.
        var kept = 0
        while let end = end(after: position, waitsForMore: waitsForMore) {
            if kept == bytes.count { bytes += [UInt8](repeating: 0, count: kept) }
            let wanted = min(bytes.count - kept, end - position)
            let count = bytes.withUnsafeMutableBytes { room in
                pread(handle.fileDescriptor, room.baseAddress.map { $0 + kept }, wanted, off_t(position))
            }
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                throw RegisterError.noRoom
            }
            position += count
            let there = kept + count
            let used = try bytes.withUnsafeBytes { bytes in
                try Self.operations(in: UnsafeRawBufferPointer(rebasing: bytes[..<there]), body)
            }
            bytes.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[used..<there])) }
            kept = there - used
        }
        guard kept == 0 else { throw RegisterError.noRoom }
    }

    /// - Returns: how many bytes the file has, when there are more than at the position; nil when no more come.
    private func end(after position: Int, waitsForMore: Bool) -> Int? {
        while true {
            let (written, isEnded) = state.withLock { ($0.written, $0.isEnded) }
            if written > position { return written }
            if isEnded || !waitsForMore { return nil }
            hasMore.wait()
        }
    }

    /// - Returns: the bytes of the whole operations.
    private static func operations(
        in bytes: UnsafeRawBufferPointer, _ body: (SpooledOperation) throws -> Void
    ) throws -> Int {
        var start = 0
        while bytes.count - start >= lengthBytes {
            let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
            let end = start + lengthBytes + length
            guard end <= bytes.count else { break }
            try body(SpooledOperation(UnsafeRawBufferPointer(rebasing: bytes[(start + lengthBytes)..<end])))
            start = end
        }
        return start
    }
}

extension AlertDatabase {
    /// A spool for one import.
    package func makeRegisterSpool() throws -> RegisterSpool { try RegisterSpool(besideDatabase: path) }
}
