/// A backup can't be made, read or restored.
package enum BackupError: Error, Equatable, CustomStringConvertible {
    case noRandomness
    case notAKey(path: String, due: String)
    case weakPassphrase
    case cannotRead(path: String, reason: String)
    case cannotWrite(path: String, reason: String)
    case notABackup(path: String)
    case newerBackup(path: String)
    /// It wants a secret key and got a passphrase, or the other way round.
    case otherLock(path: String, due: String)
    case wrongKey(path: String)
    /// A chunk that does not authenticate: altered, or of another backup.
    case damaged(path: String, megabyte: Int)
    case cutOff(path: String)
    case exists(path: String)
    case copyFailed(reason: String)
    case notWhole(path: String, reason: String)

    package var description: String {
        switch self {
        case .noRandomness: "libsodium can't start: the system has no source of randomness, or too little memory is free"
        case .notAKey(let path, let due): "\(path) is not \(due): make a pair with `tocsin backup key FILE`"
        case .weakPassphrase: "the passphrase of backups has fewer than 12 characters: who finds a backup could guess it"
        case .cannotRead(let path, let reason): "\(path) can't be read: \(reason)"
        case .cannotWrite(let path, let reason): "the backup \(path) can't be written: \(reason)"
        case .notABackup(let path): "\(path) is not a backup of Tocsin"
        case .newerBackup(let path): "\(path) was made by a newer version of Tocsin: use that one"
        case .otherLock(let path, let due): "\(path) is locked with \(due): give that"
        case .wrongKey(let path): "\(path) does not open with this key or passphrase: it was made for another one, or its head is damaged"
        case .damaged(let path, let megabyte):
            "\(path) was altered or is damaged at megabyte \(megabyte): nothing of it is used; take an older backup"
        case .cutOff(let path): "\(path) is cut off: the backup was not finished, or not copied whole; take another one"
        case .exists(let path): "\(path) is there already: nothing is overwritten; move it aside together with its -wal and -shm files"
        case .copyFailed(let reason): "the database can't be copied: \(reason)"
        case .notWhole(let path, let reason): "what \(path) holds is not a whole database: \(reason); take an older backup"
        }
    }
}
