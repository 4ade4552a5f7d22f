import Crypto
import Foundation

/// A digest over fields that tells whether a row imported again differs: every field is delimited, and an
/// absent one differs from an empty one.
///
/// The bytes are gathered and digested at once: many small updates cost ten times the digest.
struct ContentHash {
    private var content: [UInt8] = []

    init() {
        content.reserveCapacity(256)
    }

    mutating func add(_ text: String?) {
        guard var text else {
            content.append(0xFF)
            return
        }
        text.withUTF8 { content.append(contentsOf: $0) }
        content.append(0)
    }

    mutating func add(_ number: Int) {
        // As its digits; most numbers are ranks, of one.
        guard (0...9).contains(number) else { return add(String(number)) }
        content.append(UInt8(ascii: "0") + UInt8(number))
        content.append(0)
    }

    mutating func add(fields: [String?]) {
        for field in fields { add(field) }
    }

    mutating func add(bytes: [UInt8]) {
        add(String(bytes.count))
        content.append(contentsOf: bytes)
    }

    consuming func finish() -> Data { SHA256.hash(data: content).withUnsafeBytes { Data($0) } }
}
