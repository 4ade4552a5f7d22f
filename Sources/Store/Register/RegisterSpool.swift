import Foundation

/// The changes of an import, kept in a temporary file between the reading and the writing: a million of them are
/// 200 MB, and half a gigabyte as values.
///
/// The file has no name from the first moment, so that nothing of it outlives the process; it lies beside the
/// database, under the same protection.
package final class RegisterSpool {
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    package private(set) var count = 0
    /// Whether a row is a known part of another recipient.
    private(set) var hasMerges = false
    private static let bufferBytes = 1 << 20

    init(besideDatabase path: String) throws {
        var template = Array((path + ".import-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw RegisterError.noRoom
        }
        unlink(template)
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        buffer.reserveCapacity(Self.bufferBytes + 4096)
    }

    package func append(_ operation: [UInt8]) throws {
        withUnsafeBytes(of: UInt32(operation.count).littleEndian) { buffer.append(contentsOf: $0) }
        buffer += operation
        if operation.first == RegisterOperation.Kind.merge.rawValue { hasMerges = true }
        count += 1
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    private func flush() throws {
        guard !buffer.isEmpty else { return }
        do {
            try handle.write(contentsOf: Data(buffer))
        } catch {
            throw RegisterError.noRoom
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Calls `body` with each operation, in order. They are read out of their bytes on another thread meanwhile.
    package func forEach(_ body: (RegisterOperation) throws -> Void) throws {
        try flush()
        try handle.seek(toOffset: 0)
        let decoding = OrderedBatches<[UInt8], [RegisterOperation]>(
            workers: 1, limit: 3, context: {}, work: { bytes, _ in try Self.operations(in: bytes) })
        try decoding.run(
            produce: { pass in
                var pending: [UInt8] = []
                while let data = try handle.read(upToCount: Self.bufferBytes), !data.isEmpty {
                    pending.append(contentsOf: data)
                    let end = Self.endOfWholeOperations(in: pending)
                    guard end > 0 else { continue }
                    try pass(Array(pending[..<end]))
                    pending.removeFirst(end)
                }
                guard pending.isEmpty else { throw RegisterError.noRoom }
            }, consume: { operations in for operation in operations { try body(operation) } })
        try handle.seekToEnd()
    }

    private static let lengthBytes = 4

    private static func length(at start: Int, in bytes: UnsafeRawBufferPointer) -> Int {
        Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
    }

    private static func endOfWholeOperations(in bytes: [UInt8]) -> Int {
        bytes.withUnsafeBytes { bytes in
            var end = 0
            while bytes.count - end >= lengthBytes {
                let next = end + lengthBytes + length(at: end, in: bytes)
                guard next <= bytes.count else { break }
                end = next
            }
            return end
        }
    }

    private static func operations(in bytes: [UInt8]) throws -> [RegisterOperation] {
        try bytes.withUnsafeBytes { bytes in
            var operations: [RegisterOperation] = []
            var start = 0
            while start < bytes.count {
                let end = start + lengthBytes + length(at: start, in: bytes)
                let slice = UnsafeRawBufferPointer(rebasing: bytes[(start + lengthBytes)..<end])
                guard let operation = RegisterOperation(encoded: slice) else { throw RegisterError.noRoom }
                operations.append(operation)
                start = end
            }
            return operations
        }
    }
}

extension AlertDatabase {
    /// A spool for one import.
    package func makeRegisterSpool() throws -> RegisterSpool { try RegisterSpool(besideDatabase: path) }
}
