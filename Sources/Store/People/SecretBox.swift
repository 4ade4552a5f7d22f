import Crypto
import Foundation

/// Seals secrets with a key that is not in the database: a copy of the database alone gives no second factor.
package struct SecretBox: Sendable {
    private let key: SymmetricKey

    /// The key of a file: 64 hexadecimal digits.
    ///
    /// - Throws: `SecretBoxError`.
    package init(keyFile path: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw SecretBoxError.noKey(path: path) }
        let digits = text.utf8.filter { $0 > 32 }
        let bytes = stride(from: 0, to: digits.count & ~1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
        guard digits.count == 64, bytes.count == 32 else { throw SecretBoxError.badKey(path: path) }
        key = SymmetricKey(data: bytes)
    }

    /// Writes a new key, readable by its owner only; one that is there stays.
    package static func makeKey(at path: String) throws {
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { $0.map { String(format: "%02x", $0) }.joined() } + "\n"
        // O_EXCL: a key that sealed something is never written over.
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        if file < 0, errno == EEXIST { return }
        guard file >= 0 else { throw SecretBoxError.cannotMake(path: path) }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        try handle.write(contentsOf: Data(key.utf8))
        try handle.synchronize()
    }

    /// - Parameter context: what the secret is for; it opens for nothing else, so that rows cannot be swapped.
    func seal(_ secret: [UInt8], for context: String) throws -> Data {
        try ChaChaPoly.seal(secret, using: key, authenticating: Array(context.utf8)).combined
    }

    /// - Throws: `SecretBoxError.cannotOpen`, when it was sealed with another key or for something else.
    func unseal(_ sealed: Data, for context: String) throws -> [UInt8] {
        do {
            return Array(try ChaChaPoly.open(.init(combined: sealed), using: key, authenticating: Array(context.utf8)))
        } catch { throw SecretBoxError.cannotOpen }
    }
}

/// Why second factors cannot be checked. The path is the operator's own.
package enum SecretBoxError: Error, Equatable, CustomStringConvertible {
    case noKey(path: String)
    case badKey(path: String)
    case cannotMake(path: String)
    case cannotOpen

    package var description: String {
        switch self {
        case .noKey(let path):
            "the key file \(path) can't be read: without it no second factor can be checked; put it back from its backup, "
                + "or name it by TOCSIN_KEY_FILE; `tocsin init` makes one when there is none"
        case .badKey(let path): "the key file \(path) is not a key: it holds 64 hexadecimal digits; put it back from its backup"
        case .cannotMake(let path): "the key file \(path) can't be written: check the folder and its rights"
        case .cannotOpen:
            "a second factor was sealed with another key: put the former key file back, or remove the factor "
                + "(`tocsin user reset-factors`) and enrol again"
        }
    }
}
