import CSodium

/// Argon2id through libsodium. Slow by design: never call it on Swift's cooperative threads.
package enum PasswordHash {
    /// Shortest password accepted, in characters (CNIL recommendation 2022-100: 12 with complexity, or longer).
    package static let minimumLength = 12
    /// Longest password read, in bytes: hashing must not be a lever for exhausting the server.
    package static let maximumBytes = 1024

    /// - Returns: libsodium's self-describing string, with salt and cost.
    /// - Throws: `PasswordHashError`, also for a password longer than `maximumBytes`, which would never open again.
    package static func make(_ password: String) throws -> String {
        guard password.utf8.count <= maximumBytes, sodium_init() >= 0 else { throw PasswordHashError() }
        var output = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let code = crypto_pwhash_str(
            &output, password, UInt64(password.utf8.count), UInt64(crypto_pwhash_OPSLIMIT_INTERACTIVE),
            Int(crypto_pwhash_MEMLIMIT_INTERACTIVE))
        guard code == 0 else { throw PasswordHashError() }
        return String(decoding: output.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    package static func verify(_ password: String, against hash: String) -> Bool {
        guard sodium_init() >= 0, password.utf8.count <= maximumBytes else { return false }
        return crypto_pwhash_str_verify(hash, password, UInt64(password.utf8.count)) == 0
    }

    /// A password nobody chose: 20 letters and digits, without look-alikes, in groups of five (about 98 bits).
    package static func random() -> String {
        let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789ABCDEFGHJKMNPQRSTUVWXYZ")
        let letters = (0..<20).map { _ in alphabet.randomElement()! }
        return stride(from: 0, to: 20, by: 5).map { String(letters[$0..<$0 + 5]) }.joined(separator: "-")
    }
}

/// libsodium refused: not enough memory for Argon2id, or no source of randomness; or the password is too long.
package struct PasswordHashError: Error, CustomStringConvertible {
    package var description: String {
        "the password can't be hashed: it may have \(PasswordHash.maximumBytes) bytes at most, and Argon2id needs 64 MiB "
            + "of free memory and the system's random source"
    }
}
