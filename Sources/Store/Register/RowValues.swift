import Foundation

/// A value of a table's row, its bytes where they lie.
enum RowValue {
    case null
    case integer(Int64)
    case real(Double)
    case text(UnsafeRawBufferPointer)
    case blob(UnsafeRawBufferPointer)

    /// What precedes a value's bytes.
    fileprivate enum Tag: UInt8 {
        case null, integer, real, text, blob
    }

    var string: String? {
        if case .text(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil }
    }

    var number: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    var double: Double? {
        if case .real(let number) = self { number } else { nil }
    }

    var data: Data? {
        if case .blob(let bytes) = self { Data(bytes) } else { nil }
    }
}

/// Writes values one after the other: numbers as LEB128, texts and blobs after their length.
///
/// An import writes some fifty values a row: into memory of its own, since an array asks at each whether it is shared.
package struct ByteWriter: ~Copyable {
    private var memory = UnsafeMutableRawPointer.allocate(byteCount: 1 << 10, alignment: 1)
    private var capacity = 1 << 10
    /// Bytes written.
    package private(set) var count = 0

    package init() {}

    deinit { memory.deallocate() }

    package var bytes: [UInt8] { withBytes { Array($0) } }

    func withBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try body(UnsafeRawBufferPointer(start: memory, count: count))
    }

    /// Begins anew.
    package mutating func clear() { count = 0 }

    mutating func put(byte: UInt8) {
        reserve(1)
        memory.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    mutating func put(count number: Int) {
        var rest = UInt64(bitPattern: Int64(number))
        reserve(10)
        while rest >= 0x80 {
            memory.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: count, as: UInt8.self)
            count += 1
            rest >>= 7
        }
        memory.storeBytes(of: UInt8(rest), toByteOffset: count, as: UInt8.self)
        count += 1
    }

    private mutating func put(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        (memory + count).copyMemory(from: start, byteCount: bytes.count)
        count += bytes.count
    }

    /// Makes room for so many bytes more.
    private mutating func reserve(_ needed: Int) {
        if capacity - count < needed { grow(by: needed) }
    }

    private mutating func grow(by needed: Int) {
        capacity = max(capacity * 2, count + needed)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 1)
        larger.copyMemory(from: memory, byteCount: count)
        memory.deallocate()
        memory = larger
    }

    // MARK: Values

    mutating func put(_ text: String?) {
        guard var text else { return put(.null) }
        text.withUTF8 { utf8 in
            put(.text)
            put(count: utf8.count)
            put(UnsafeRawBufferPointer(utf8))
        }
    }

    mutating func put(_ number: Int64) {
        put(.integer)
        put(count: Int(number))
    }

    mutating func put(_ isTrue: Bool) { put(isTrue ? 1 : 0 as Int64) }

    mutating func put(_ number: Double?) {
        guard let number else { return put(.null) }
        put(.real)
        withUnsafeBytes(of: number.bitPattern.littleEndian) { put($0) }
    }

    mutating func put(blob: (some ContiguousBytes)?) {
        guard let blob else { return put(.null) }
        blob.withUnsafeBytes { content in
            put(.blob)
            put(count: content.count)
            put(content)
        }
    }

    private mutating func put(_ tag: RowValue.Tag) { put(byte: tag.rawValue) }
}

/// Reads what `ByteWriter` wrote. What is missing reads as nothing, and is told by `isShort`.
struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var index: Int
    private(set) var isShort = false

    init(_ bytes: UnsafeRawBufferPointer, from index: Int = 0) {
        self.bytes = bytes
        self.index = index
    }

    /// Whether all was there, and nothing more.
    var isWhole: Bool { !isShort && index == bytes.count }

    mutating func byte() -> UInt8 {
        guard index < bytes.count else {
            isShort = true
            return 0
        }
        index += 1
        return bytes[index - 1]
    }

    mutating func count() -> Int {
        var result: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = byte()
            result |= UInt64(next & 0x7F) << shift
            if next < 0x80 { break }
        }
        return Int(truncatingIfNeeded: result)
    }

    mutating func value() -> RowValue {
        switch RowValue.Tag(rawValue: byte()) {
        case .null: return .null
        case .integer: return .integer(Int64(count()))
        case .real:
            let bits = slice(8)
            guard bits.count == 8 else { return .null }
            return .real(Double(bitPattern: UInt64(littleEndian: bits.loadUnaligned(as: UInt64.self))))
        case .text: return .text(slice(count()))
        case .blob: return .blob(slice(count()))
        case nil:
            isShort = true
            return .null
        }
    }

    mutating func text() -> String? { value().string }

    mutating func skip() { _ = value() }

    private mutating func slice(_ count: Int) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= bytes.count - index else {
            isShort = true
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        index += count
        return UnsafeRawBufferPointer(rebasing: bytes[(index - count)..<index])
    }
}
