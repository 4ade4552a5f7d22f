import CSodium
import Foundation

/// What stands before a backup's chunks: how its stream's key is locked. All of it is authenticated with the first chunk.
///
/// `TOCSIN-BACKUP` and a line end, then one byte of version (1), one of lock (`K` or `P`), then
/// - `K`: the stream's key in a sealed box (80 bytes);
/// - `P`: salt (16), nonce (24) and the stream's key in a secret box (48) whose key is the passphrase's by Argon2id;
/// then libsodium's own head of the stream (24).
enum BackupHead {
    static let magic = Array("TOCSIN-BACKUP\n".utf8)
    static let version: UInt8 = 1
    static let streamKeyBytes = 32
    private static let sealedBytes = 80, boxedBytes = 48, saltBytes = 16, nonceBytes = 24

    /// - Returns: the head as far as the stream's own, and the stream's key, which exists nowhere else.
    static func make(for lock: BackupLock) throws -> (bytes: [UInt8], key: [UInt8]) {
        try Sodium.start()
        var key = [UInt8](repeating: 0, count: streamKeyBytes)
        randombytes_buf(&key, key.count)
        var head = magic + [version]
        switch lock {
        case .publicKey(let publicKey):
            var sealed = [UInt8](repeating: 0, count: sealedBytes)
            guard crypto_box_seal(&sealed, key, UInt64(key.count), publicKey) == 0 else { throw BackupError.noRandomness }
            head += [UInt8(ascii: "K")] + sealed
        case .passphrase(let passphrase):
            var salt = [UInt8](repeating: 0, count: saltBytes), nonce = [UInt8](repeating: 0, count: nonceBytes)
            randombytes_buf(&salt, salt.count)
            randombytes_buf(&nonce, nonce.count)
            var boxed = [UInt8](repeating: 0, count: boxedBytes)
            let outer = try stretched(passphrase, salt: salt)
            guard crypto_secretbox_easy(&boxed, key, UInt64(key.count), nonce, outer) == 0 else {
                throw BackupError.noRandomness
            }
            head += [UInt8(ascii: "P")] + salt + nonce + boxed
        }
        return (head, key)
    }

    /// - Parameter take: gives so many bytes, or fewer at the end of the file.
    /// - Throws: `BackupError.notABackup`, `.newerBackup`, `.otherLock`, `.wrongKey`, `.cutOff`.
    static func open(
        path: String, with opener: BackupOpener, _ take: (Int) throws -> [UInt8]
    ) throws -> (bytes: [UInt8], key: [UInt8]) {
        try Sodium.start()
        let start = try take(magic.count + 2)
        guard start.count == magic.count + 2, start.starts(with: magic) else { throw BackupError.notABackup(path: path) }
        guard start[magic.count] == version else { throw BackupError.newerBackup(path: path) }
        var key = [UInt8](repeating: 0, count: streamKeyBytes)
        let rest: [UInt8]
        switch (start[magic.count + 1], opener) {
        case (UInt8(ascii: "K"), .secretKey(let secretKey)):
            rest = try take(sealedBytes)
            guard rest.count == sealedBytes else { throw BackupError.cutOff(path: path) }
            var publicKey = [UInt8](repeating: 0, count: 32)
            guard crypto_scalarmult_base(&publicKey, secretKey) == 0,
                crypto_box_seal_open(&key, rest, UInt64(rest.count), publicKey, secretKey) == 0
            else { throw BackupError.wrongKey(path: path) }
        case (UInt8(ascii: "P"), .passphrase(let passphrase)):
            rest = try take(saltBytes + nonceBytes + boxedBytes)
            guard rest.count == saltBytes + nonceBytes + boxedBytes else { throw BackupError.cutOff(path: path) }
            let outer = try stretched(passphrase, salt: Array(rest[..<saltBytes]))
            guard crypto_secretbox_open_easy(
                &key, Array(rest[(saltBytes + nonceBytes)...]), UInt64(boxedBytes),
                Array(rest[saltBytes..<(saltBytes + nonceBytes)]), outer) == 0
            else { throw BackupError.wrongKey(path: path) }
        case (UInt8(ascii: "K"), _): throw BackupError.otherLock(path: path, due: "a key")
        case (UInt8(ascii: "P"), _): throw BackupError.otherLock(path: path, due: "a passphrase")
        default: throw BackupError.notABackup(path: path)
        }
        return (start + rest, key)
    }

    /// Argon2id at libsodium's cost for files: 256 MiB, about a second.
    private static func stretched(_ passphrase: BackupPassphrase, salt: [UInt8]) throws -> [UInt8] {
        var key = [UInt8](repeating: 0, count: streamKeyBytes)
        let code = crypto_pwhash(
            &key, UInt64(key.count), passphrase.text, UInt64(passphrase.text.utf8.count), salt,
            UInt64(crypto_pwhash_opslimit_moderate()), crypto_pwhash_memlimit_moderate(), crypto_pwhash_alg_argon2id13())
        guard code == 0 else { throw BackupError.noRandomness }
        return key
    }
}
