import Crypto
import Foundation

/// A digest over fields that tells whether a row imported again differs: every field is delimited, and an
/// absent one differs from an empty one.
struct ContentHash {
    private var hasher = SHA256()

    mutating func add(_ text: String?) {
        guard let text else {
            hasher.update(data: [0xFF])
            return
        }
        hasher.update(data: Data(text.utf8))
        hasher.update(data: [0])
    }

    mutating func add(fields: [String?]) {
        for field in fields { add(field) }
    }

    mutating func add(bytes: [UInt8]) {
        add(String(bytes.count))
        hasher.update(data: bytes)
    }

    consuming func finish() -> Data { Data(hasher.finalize()) }
}
