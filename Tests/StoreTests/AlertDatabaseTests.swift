import AlertModel
import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct AlertDatabaseTests {
    private func inFolder(_ body: (URL) throws -> Void) throws {
        let folder = try StoreBench.newFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test func `a database is created with its folder, and opened again as it was`() throws {
        try inFolder { folder in
            let path = folder.appending(path: "a/b/tocsin.sqlite").path
            let created = try AlertDatabase.create(at: path)
            _ = try created.organisation(named: "Mairie")
            try created.pool.close()
            let opened = try AlertDatabase.openExisting(at: path)
            #expect(try opened.organisations().map(\.name) == ["Mairie"])
            #expect(opened.path == path)
            try opened.pool.close()
            let again = try AlertDatabase.create(at: path)
            #expect(try again.organisations().map(\.name) == ["Mairie"])
            try again.pool.close()
        }
    }

    @Test func `a folder it creates is its owner's alone`() throws {
        try inFolder { folder in
            let own = folder.appending(path: "data")
            try AlertDatabase.create(at: own.appending(path: "tocsin.sqlite").path).pool.close()
            let mode = try FileManager.default.attributesOfItem(atPath: own.path)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o700)
        }
    }

    @Test func `a typing mistake creates nothing`() throws {
        try inFolder { folder in
            let path = folder.appending(path: "tocsim.sqlite").path
            #expect(throws: StoreError.noDatabase(path: path)) { try AlertDatabase.openExisting(at: path) }
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(files.isEmpty)
        }
    }

    @Test func `a file that is no database is refused and left alone`() throws {
        try inFolder { folder in
            let file = folder.appending(path: "notes.txt")
            let text = Data(String(repeating: "not a database\n", count: 400).utf8)
            try text.write(to: file)
            let error = #expect(throws: StoreError.self) { try AlertDatabase.openExisting(at: file.path) }
            guard case .cannotOpen(file.path, _)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try Data(contentsOf: file) == text)
        }
    }

    @Test func `a schema of a newer version is refused`() throws {
        try inFolder { folder in
            let path = folder.appending(path: "tocsin.sqlite").path
            let database = try AlertDatabase.create(at: path)
            try database.pool.write {
                try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('9999 the future')")
            }
            try database.pool.close()
            #expect(throws: StoreError.newerSchema(path: path)) { try AlertDatabase.openExisting(at: path) }
        }
    }

    @Test func `a schema is not brought up to date under a running dispatcher, and is once that one has ended`() throws {
        try inFolder { folder in
            let path = folder.appending(path: "tocsin.sqlite").path
            let old = try AlertDatabase.create(at: path)
            try old.pool.erase()
            try Schema.migrator.migrate(old.pool, upTo: "0051 requests")
            try old.pool.close()
            var server: DispatcherLock? = try DispatcherLock(databasePath: path, mode: .exercise, purpose: "serve")
            let holder = try #require(DispatcherLock.holder(ofDatabaseAt: path, mode: .exercise)).description
            #expect(throws: StoreError.olderServer(path: path, holder: holder)) { try AlertDatabase.openExisting(at: path) }
            withExtendedLifetime(server) {}
            server = nil
            try AlertDatabase.openExisting(at: path).pool.close()
            // Nothing is to be done any more: commands work beside the server.
            let again = try DispatcherLock(databasePath: path, mode: .exercise, purpose: "serve")
            try AlertDatabase.openExisting(at: path).pool.close()
            withExtendedLifetime(again) {}
        }
    }

    @Test func `SpatiaLite is attached on the writer and on every reader`() async throws {
        let bench = try StoreBench()
        let sql = "SELECT spatialite_version() || ' ' || AsText(MakePoint(2, 50, 4326))"
        let pool = bench.database.pool
        #expect(try await pool.write { try String.fetchOne($0, sql: sql) } == "5.0.1 POINT(2 50)")
        try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<16 { group.addTask { try await pool.read { try String.fetchOne($0, sql: sql) } } }
            for try await text in group { #expect(text == "5.0.1 POINT(2 50)") }
        }
    }

    @Test func `the writer survives a power cut, and foreign keys hold`() throws {
        let bench = try StoreBench()
        #expect(try bench.database.pool.write { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
        #expect(try bench.fetch("PRAGMA journal_mode", as: String.self) == ["wal"])
        #expect(throws: DatabaseError.self) {
            try bench.database.pool.write {
                try $0.execute(sql: "INSERT INTO list_members (list_id, recipient_id) VALUES (1, 1)")
            }
        }
    }

    /// Without its clean-up SpatiaLite keeps 304 KiB per connection: some 60 MB here. In a process of its own, since
    /// other tests come and go in this one.
    @Test func `200 connections opened and closed leave no memory behind`() async {
        await #expect(processExitsWith: .success) {
            let folder = try StoreBench.newFolder()
            defer { try? FileManager.default.removeItem(at: folder) }
            let path = folder.appending(path: "tocsin.sqlite").path
            try AlertDatabase.create(at: path).pool.close()
            // Each time a writer and a reader.
            func openAndClose(_ count: Int) throws {
                for _ in 0..<count {
                    let database = try AlertDatabase.openExisting(at: path)
                    // What a connection keeps, it allocates at its first geometry.
                    let sql = "SELECT AsText(ST_Transform(ST_Buffer(MakePoint(2, 50, 4326), 0.1), 2154))"
                    _ = try database.pool.read { try String.fetchOne($0, sql: sql) }
                    _ = try database.pool.write { try String.fetchOne($0, sql: sql) }
                    try database.pool.close()
                }
            }
            func residentBytes() throws -> Int {
                let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
                return try #require(Int(fields[1])) * 4096
            }
            try openAndClose(20)
            let before = try residentBytes()
            try openAndClose(100)
            let growth = try residentBytes() - before
            try #require(growth < 10_000_000)
        }
    }
}
