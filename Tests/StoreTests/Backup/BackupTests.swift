import AlertModel
import Crypto
import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct BackupTests {
    private let bench: StoreBench
    private let folder: URL
    private let lock: BackupLock
    private let opener: BackupOpener

    init() throws {
        bench = try StoreBench()
        folder = try StoreBench.newFolder()
        let key = folder.appending(path: "key").path
        try BackupKeys.make(at: key)
        lock = try BackupKeys.readPublic(key + ".pub")
        opener = try BackupKeys.readSecret(key)
    }

    private var file: String { folder.appending(path: "one.backup").path }

    private func write(to path: String? = nil) throws {
        _ = try bench.database.writeBackup(to: path ?? file, lock: lock, actor: "test", now: .now)
    }

    @Test func `the journal says that a backup was begun, and that it is made once it is`() throws {
        try write()
        let entries = try bench.database.auditEntries(limit: 2)
        #expect(entries.map(\.action) == ["backup.create", "backup.begin"] && entries.allSatisfy { $0.subject == "one.backup" })
        let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
        #expect(entries[0].detail["bytes"] == size.map { String($0) })
        let content = try Data(contentsOf: URL(filePath: file))
        #expect(entries[0].detail["sha256"] == Data(SHA256.hash(data: content)).hexadecimal)
        let target = folder.appending(path: "restored.sqlite").path
        _ = try AlertDatabase.restoreBackup(file, with: opener, to: target, actor: "test")
        let restored = try AlertDatabase.openExisting(at: target)
        defer { try? restored.pool.close() }
        #expect(try restored.auditEntries(limit: 2).map(\.action) == ["backup.restore", "backup.begin"])
    }

    @Test func `a backup that fails is written down as failed`() throws {
        #expect(throws: BackupError.self) { try write(to: folder.appending(path: "missing/one.backup").path) }
        let entries = try bench.database.auditEntries(limit: 2)
        #expect(entries.map(\.action) == ["backup.failed", "backup.begin"])
        #expect(entries[0].detail["reason"]?.contains("can't be written") == true)
    }

    @Test func `a restore ends every session, and says how many`() throws {
        _ = try bench.database.resetPassword(user: "maire", organisationNamed: "Mairie", actor: "test")
        try bench.database.pool.write { database in
            for number in 1...3 {
                try database.execute(
                    sql: """
                        INSERT INTO sessions (token_hash, user_id, created_at, expires_at)
                        SELECT ?, id, 0, 9000000000000 FROM users WHERE name = 'maire'
                        """, arguments: [Data([UInt8(number)])])
            }
        }
        try write()
        let target = folder.appending(path: "restored.sqlite").path
        _ = try AlertDatabase.restoreBackup(file, with: opener, to: target, actor: "test")
        let restored = try AlertDatabase.openExisting(at: target)
        defer { try? restored.pool.close() }
        #expect(try restored.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sessions") } == 0)
        #expect(try restored.auditEntries(limit: 1).first?.detail["sessions"] == "3")
        #expect(try bench.count("SELECT count(*) FROM sessions") == 3)
    }

    @Test func `a whole database has no fault, one whose journal was altered has`() throws {
        try bench.database.audit(actor: "a", action: "b", subject: "c")
        #expect(try bench.database.fault() == nil)
        try bench.database.pool.write { database in
            try database.execute(sql: "DROP TRIGGER audit_entries_are_never_changed")
            try database.execute(sql: "UPDATE audit_entries SET actor = 'x' WHERE id = 1")
        }
        #expect(try bench.database.fault()?.contains("entry 1") == true)
    }

    @Test func `damage that the journal tells of itself is no fault: older backups are let go again`() throws {
        for number in 1...2 { try bench.database.audit(actor: "a", action: "b", subject: "\(number)") }
        try bench.database.pool.write { database in
            try database.execute(sql: """
                CREATE TABLE copy AS SELECT * FROM audit_entries; DROP TABLE audit_entries;
                ALTER TABLE copy RENAME TO audit_entries;
                UPDATE audit_entries SET hash = zeroblob(5) WHERE id = (SELECT max(id) FROM audit_entries)
                """)
        }
        #expect(try bench.database.fault()?.contains("its journal") == true)
        try bench.database.audit(actor: "a", action: "b", subject: "3")
        #expect(try bench.database.verifyJournal().isTold)
        #expect(try bench.database.fault() == nil)
    }

    @Test func `what a killed process left is swept after a day, what is new or still written is not`() throws {
        let names = [
            ".one.backup.AAAAAA.partial", ".one.backup.BBBBBB.partial", ".one.backup.CCCCCC.partial", ".other.partial",
            ".restored.sqlite.restoring.DDDDDD", ".restored.sqlite.restoring.DDDDDD-wal", ".else.sqlite.restoring.EEEEEE",
        ]
        for name in names {
            let path = folder.appending(path: name).path
            try Data("x".utf8).write(to: URL(filePath: path))
            if name.contains("BBBBBB") { continue }
            try FileManager.default.setAttributes(
                [.modificationDate: Date.now.addingTimeInterval(-2 * 86_400)], ofItemAtPath: path)
        }
        let written = open(folder.appending(path: ".one.backup.CCCCCC.partial").path, O_RDONLY | O_CLOEXEC)
        defer { close(written) }
        UnfinishedFiles.mark(written)
        try write()
        _ = try AlertDatabase.restoreBackup(
            file, with: opener, to: folder.appending(path: "restored.sqlite").path, actor: "test")
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix(".") }.sorted()
        #expect(left == [names[6], names[1], names[2], names[3]].sorted())
    }
}
