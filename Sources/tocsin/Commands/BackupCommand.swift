import AlertModel
import ArgumentParser
import Foundation
import Store

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Make encrypted backups while Tocsin runs, check them, restore them.",
        discussion: """
            A backup is locked with a public key (`backup key` makes a pair: keep the secret one elsewhere, so that whoever \
            takes this machine reads no backup), or with a passphrase. `serve` makes one a day when TOCSIN_BACKUP names a folder.
            """,
        subcommands: [
            CreateBackupCommand.self, VerifyBackupCommand.self, RestoreBackupCommand.self, MakeBackupKeyCommand.self,
        ])
}

struct MakeBackupKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make a pair of keys: FILE opens backups, FILE.pub locks them.",
        discussion: "Copy FILE to at least two safe places, away from this machine, then remove it here. Without it no backup opens.")

    @Argument(help: "The file of the secret key.") var file: String

    func run() throws {
        try BackupKeys.make(at: file)
        Terminal.say("\(file) opens backups: keep it away from this machine. TOCSIN_BACKUP_KEY=\(file).pub locks them")
    }
}

struct CreateBackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Write an encrypted copy of the database to a file, or to a folder under its time's name.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var passphrase: BackupPassphraseOption
    @Option(help: ArgumentHelp("The public key that locks it (default: TOCSIN_BACKUP_KEY).", valueName: "file")) var key: String?
    @Argument(help: "The file, or a folder that is there.") var file: String

    func run() throws {
        let lock = try passphrase.lock(key: key)
        // The database is everybody's: a copy of it is no one organisation's to take.
        let store = try database.openShared(for: .administer)
        let now = Date.now
        let path = BackupFolder.isFolder(file) ? BackupFolder(path: file).file(at: now) : file
        if FileManager.default.fileExists(atPath: path) { throw BackupError.exists(path: path) }
        let (facts, bytes) = try store.writeBackup(to: path, lock: lock, actor: database.actor, now: now)
        Terminal.out("\(path)\n")
        Terminal.say("\(bytes) bytes; journal up to entry \(facts.entries)")
    }
}

struct VerifyBackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check a backup as a restore would: every byte is authenticated, its pages and its journal are whole.",
        discussion: """
            It is unpacked into a file of yours alone in the folder for temporary files (TMPDIR says which), which needs room for the \
            database, and removed again. Do it where the secret key is.
            """)

    @OptionGroup var passphrase: BackupPassphraseOption
    @Option(help: ArgumentHelp("The secret key.", valueName: "file")) var secretKey: String?
    @Argument(help: "The backup.") var file: String

    func run() throws {
        let (facts, size) = try AlertDatabase.verifyBackup(file, with: try passphrase.opener(secretKey: secretKey))
        Terminal.out("""
            at\t\(facts.at.formatted(.iso8601))
            database_bytes\t\(size)
            journal_entries\t\(facts.entries)
            journal_hash\t\(facts.hash)

            """)
    }
}

struct RestoreBackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup's database where --database says; nothing that is there is overwritten.",
        discussion: """
            The ledger goes back to the time of the backup: it does not know what left since. Campaigns that were running then \
            are paused; resuming one sends again to whoever was reached since.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var passphrase: BackupPassphraseOption
    @Option(help: ArgumentHelp("The secret key.", valueName: "file")) var secretKey: String?
    @Argument(help: "The backup.") var file: String

    func run() throws {
        let (facts, paused) = try AlertDatabase.restoreBackup(
            file, with: try passphrase.opener(secretKey: secretKey), to: database.path, actor: database.actor)
        Terminal.out("\(database.path)\n")
        Terminal.say("the database is that of \(facts.at.formatted(.iso8601)); what was done since is not in it:")
        Terminal.say("- recipients imported, corrected or deleted since: import again; delete again who objected")
        Terminal.say("- messages that left since: gateways' and providers' own logs tell")
        Terminal.say("- passwords, rights and accounts changed since are the old ones: withdraw again what was withdrawn")
        Terminal.say("- nobody is signed in any more: everybody signs in again")
        Terminal.say("- the key of second factors (TOCSIN_KEY_FILE, or the database's name and .key) is in no backup: put it back beside it")
        for campaign in paused {
            Terminal.warn(
                "campaign \(campaign) was running and is paused: `tocsin campaign resume \(campaign)` sends again to whoever it reached since, `campaign stop` ends it")
        }
        if AnchorFileOption.named != nil {
            Terminal.warn("anchors made since the backup no longer fit: keep that file, and start a new one (see the runbook)")
        }
    }
}

/// A passphrase, from a file or the environment: never from the command line, which every process of the machine can read.
struct BackupPassphraseOption: ParsableArguments {
    static let keyVariable = "TOCSIN_BACKUP_KEY", passphraseVariable = "TOCSIN_BACKUP_PASSPHRASE"

    @Option(help: ArgumentHelp(
        "A file with the passphrase, instead of a key (default: TOCSIN_BACKUP_PASSPHRASE or its _FILE).", valueName: "file"))
    var passphraseFile: String?

    /// - Parameter key: a public key's file, before what the environment says.
    func lock(key: String?) throws -> BackupLock {
        if key != nil, passphraseFile != nil { throw ValidationError("give a key or a passphrase, not both") }
        if let key { return try BackupKeys.readPublic(key) }
        if passphraseFile == nil, let lock = try Self.environmentLock() { return lock }
        guard let passphrase = try passphrase() else {
            throw ValidationError(
                "nothing locks the backup: give --key FILE.pub (`tocsin backup key` makes a pair) or --passphrase-file FILE")
        }
        return .passphrase(passphrase)
    }

    func opener(secretKey: String?) throws -> BackupOpener {
        if let secretKey { return try BackupKeys.readSecret(secretKey) }
        guard let passphrase = try passphrase() else {
            throw ValidationError("nothing opens the backup: give --secret-key FILE or --passphrase-file FILE")
        }
        return .passphrase(passphrase)
    }

    /// What the environment locks backups with: a key before a passphrase.
    static func environmentLock() throws -> BackupLock? {
        if let path = ProcessInfo.processInfo.environment[keyVariable], !path.isEmpty { return try BackupKeys.readPublic(path) }
        return try SecretSetting.value(passphraseVariable).map { .passphrase(try BackupPassphrase($0)) }
    }

    private func passphrase() throws -> BackupPassphrase? {
        let text = try passphraseFile.map { try SecretSetting.read($0) } ?? SecretSetting.value(Self.passphraseVariable)
        return try text.map { try BackupPassphrase($0) }
    }
}
