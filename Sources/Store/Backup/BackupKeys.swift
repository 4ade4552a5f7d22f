import CSodium
import Foundation

/// What locks a backup. With a public key the machine that makes backups cannot read them.
package enum BackupLock: Sendable {
    /// X25519, 32 bytes.
    case publicKey([UInt8])
    case passphrase(BackupPassphrase)
}

/// What opens a backup.
package enum BackupOpener: Sendable {
    /// X25519, 32 bytes; the public one follows from it.
    case secretKey([UInt8])
    case passphrase(BackupPassphrase)
}

/// A passphrase that is hard enough to guess.
package struct BackupPassphrase: Sendable {
    package static let leastCharacters = 12

    let text: String

    /// - Throws: `BackupError.weakPassphrase`.
    package init(_ text: String) throws {
        guard text.count >= Self.leastCharacters else { throw BackupError.weakPassphrase }
        self.text = text
    }
}

/// A pair of keys, each a file of one line.
package enum BackupKeys {
    private static let publicWord = "tocsin-backup-public-1 ", secretWord = "tocsin-backup-secret-1 "
    /// Largest key file read.
    private static let greatestBytes = 4_096

    /// Writes a new secret key to `path`, for its owner alone, and its public key beside it (`path.pub`).
    ///
    /// - Throws: `BackupError.exists` when one of them is there.
    package static func make(at path: String) throws {
        try Sodium.start()
        var publicKey = [UInt8](repeating: 0, count: crypto_box_publickeybytes())
        var secretKey = [UInt8](repeating: 0, count: crypto_box_secretkeybytes())
        guard crypto_box_keypair(&publicKey, &secretKey) == 0 else { throw BackupError.noRandomness }
        for taken in [path, path + ".pub"] where FileManager.default.fileExists(atPath: taken) {
            throw BackupError.exists(path: taken)
        }
        try write(secretWord + Data(secretKey).base64EncodedString() + "\n", to: path)
        try write(publicWord + Data(publicKey).base64EncodedString() + "\n", to: path + ".pub")
    }

    /// - Throws: `BackupError.cannotRead`, `.notAKey`.
    package static func readPublic(_ path: String) throws -> BackupLock {
        .publicKey(try read(path, publicWord, due: "a public key of backups (NAME.pub)"))
    }

    /// - Throws: as `readPublic`.
    package static func readSecret(_ path: String) throws -> BackupOpener {
        .secretKey(try read(path, secretWord, due: "a secret key of backups"))
    }

    private static func read(_ path: String, _ word: String, due: String) throws -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw BackupError.cannotRead(path: path, reason: String(cString: strerror(errno)))
        }
        defer { try? handle.close() }
        let text = String(decoding: try handle.read(upToCount: greatestBytes) ?? Data(), as: UTF8.self)
        guard text.hasPrefix(word),
            let key = Data(base64Encoded: text.dropFirst(word.count).trimmingCharacters(in: .whitespacesAndNewlines)),
            key.count == 32
        else { throw BackupError.notAKey(path: path, due: due) }
        return Array(key)
    }

    private static func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw BackupError.cannotWrite(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Foundation.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw BackupError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
    }
}

enum Sodium {
    /// - Throws: `BackupError.noRandomness`.
    static func start() throws {
        guard sodium_init() >= 0 else { throw BackupError.noRandomness }
    }
}
