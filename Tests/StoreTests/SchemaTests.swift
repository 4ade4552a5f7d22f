import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct SchemaTests {
    @Test func `migrations are named and in order, and never change their names`() {
        #expect(
            Schema.migrator.migrations == [
                "0001 spatial reference systems", "0002 territory", "0003 addresses", "0004 register",
                "0005 accounts", "0006 ledger", "0007 journal", "0008 code tables", "0009 atlas",
                "0010 register in depth", "0011 lists", "0012 address sources", "0013 street extents",
                "0014 register packs", "0015 consent", "0016 commune directory", "0019 coverage",
                "0020 contact keys", "0021 audiences", "0024 dispatching", "0025 links", "0027 messages",
                "0028 cascade", "0029 addenda", "0030 schedules", "0031 inbound", "0032 estimates",
                "0035 test addresses", "0036 inbound parts", "0037 leg values", "0039 organisations",
                "0040 town halls", "0042 rights", "0043 sign-in", "0045 approvals", "0046 scenarios",
                "0048 journal of organisations", "0049 exercises", "0050 quotas", "0051 requests",
                "0052 security keys", "0053 values' seal", "0054 register search", "0055 lists of a campaign",
                "0056 drafts", "0057 erased people", "0058 doubles",
                "0059 one-off audiences", "0060 contributions", "0061 tallies", "0063 longer beginnings", "0065 telephone", "0066 recordings",
            ])
    }

    @Test func `each migration applies to what the one before left`() throws {
        let folder = try StoreBench.newFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "tocsin.sqlite").path
        for migration in Schema.migrator.migrations {
            let bench = try AlertDatabase.create(at: folder.appending(path: "\(migration.prefix(4)).sqlite").path)
            #expect(try bench.pool.read(Schema.migrator.hasCompletedMigrations))
            try bench.pool.close()
        }
        // One at a time, as an old database meets them.
        let database = try AlertDatabase.create(at: path)
        try database.pool.erase()
        for migration in Schema.migrator.migrations { try Schema.migrator.migrate(database.pool, upTo: migration) }
        #expect(try database.pool.read(Schema.migrator.hasCompletedMigrations))
        try database.pool.close()
    }

    @Test func `a register of before keeps its rows when consent widens, and its constraints stand`() throws {
        let folder = try StoreBench.newFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try AlertDatabase.create(at: folder.appending(path: "tocsin.sqlite").path)
        try database.pool.erase()
        try Schema.migrator.migrate(database.pool, upTo: "0013 street extents")
        func write(_ sql: String) throws { try database.pool.write { try $0.execute(sql: sql) } }
        // Another connection has read the old schema.
        #expect(try database.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM contact_points") } == 0)
        try write("""
            INSERT INTO organisations (id, name, created_at) VALUES (1, 'o', 0);
            INSERT INTO recipients (id, organisation_id, external_id, kind, name, is_commune_found, language, precision,
                channels, content_hash, updated_at)
            VALUES (1, 1, 'a', 'office', '', 0, 'fr', 'locality', 1, x'00', 0);
            INSERT INTO contact_points (recipient_id, channel, address, rank, consent) VALUES (1, 'fax', '1', 1, 'unknown')
            """)
        let refused = "UPDATE contact_points SET consent = 'refused'"
        #expect(throws: DatabaseError.self) { try write(refused) }
        try Schema.migrator.migrate(database.pool)
        try write(refused)
        for fault in [
            "UPDATE contact_points SET consent = 'maybe'", "UPDATE contact_points SET channel = 'pigeon'",
            "UPDATE recipients SET kind = 'cat'", "UPDATE recipients SET precision = 'commune'",
        ] {
            #expect(throws: DatabaseError.self) { try write(fault) }
        }
        let (verdict, rows) = try database.pool.read { database in
            (
                try String.fetchAll(database, sql: "PRAGMA integrity_check"),
                try String.fetchAll(database, sql: "SELECT kind || channel || consent FROM recipients, contact_points")
            )
        }
        #expect(verdict == ["ok"] && rows == ["officefaxrefused"])
        try database.pool.close()
    }

    @Test func `a register of before keeps its contact points when they are laid by their keys`() throws {
        let folder = try StoreBench.newFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try AlertDatabase.create(at: folder.appending(path: "tocsin.sqlite").path)
        try database.pool.erase()
        try Schema.migrator.migrate(database.pool, upTo: "0019 coverage")
        func write(_ sql: String) throws { try database.pool.write { try $0.execute(sql: sql) } }
        try write("""
            INSERT INTO organisations (id, name, created_at) VALUES (1, 'o', 0);
            INSERT INTO recipients (id, organisation_id, external_id, kind, name, is_commune_found, language, channels,
                content_hash, updated_at)
            VALUES (1, 1, 'a', 'office', '', 0, 'fr', 3, x'00', 0), (2, 1, 'b', 'person', '', 0, 'fr', 4, x'00', 0);
            INSERT INTO contact_points (recipient_id, channel, address, rank, is_emergency, check_flag, consent, consent_on,
                provenance, confirmed_on)
            VALUES (2, 'email', 'b@example.org', 1, 0, NULL, NULL, NULL, NULL, NULL),
                (1, 'voice', '+33639980001', 2, 1, 'unknown_range', 'refused', '2026-01-01', 'mairie', '2026-01-02'),
                (1, 'sms', '+33639980001', 1, 0, NULL, 'given', NULL, NULL, NULL)
            """)
        func rows() throws -> [String] {
            try database.pool.read { database in
                try Row.fetchAll(database, sql: """
                    SELECT recipient_id, channel, address, rank, is_emergency, check_flag, consent, consent_on, provenance,
                        confirmed_on
                    FROM contact_points ORDER BY 1, 2, 3
                    """).map(\.debugDescription)
            }
        }
        let before = try rows()
        try Schema.migrator.migrate(database.pool)
        #expect(before.count == 3)
        #expect(try rows() == before)
        for fault in [
            "UPDATE contact_points SET consent = 'maybe'", "UPDATE contact_points SET channel = 'pigeon'",
            "UPDATE contact_points SET check_flag = 'good'", "UPDATE contact_points SET is_emergency = 2",
            "UPDATE contact_points SET recipient_id = 3 WHERE recipient_id = 2",
            "INSERT INTO contact_points (recipient_id, channel, address, rank) VALUES (1, 'sms', '+33639980001', 9)",
        ] {
            #expect(throws: DatabaseError.self, "\(fault)") { try write(fault) }
        }
        try write("DELETE FROM recipients WHERE id = 1")
        #expect(try rows().count == 1)
        try database.pool.close()
    }

    @Test func `tables are strict wherever SpatiaLite allows it`() throws {
        let bench = try StoreBench()
        let loose = try bench.fetch(
            """
            SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE%' AND sql NOT LIKE '%STRICT%'
            AND name IN ('organisations', 'communes', 'datasets', 'recipients', 'contact_points', 'lists',
                'list_members', 'perimeters', 'users', 'sessions', 'audit_entries', 'campaigns', 'deliveries', 'legs',
                'attempts', 'campaign_counters', 'leg_shares', 'recipient_tags', 'vulnerabilities', 'recipient_aliases',
                'organisation_settings', 'register_imports', 'register_import_images', 'atlas', 'atlas_tiles')
                ORDER BY name
            """, as: String.self)
        #expect(loose == ["communes", "perimeters", "recipients"])
    }

    @Test func `a SpatiaLite call that quietly does nothing is a failure`() throws {
        let bench = try StoreBench()
        let call = "AddGeometryColumn('strict_places', 'location', 4326, 'POINT', 'XY')"
        #expect(throws: StoreError.spatialSetup(call: call)) {
            try bench.database.pool.write { database in
                try database.execute(sql: "CREATE TABLE strict_places (id INTEGER PRIMARY KEY) STRICT")
                try database.spatialCall(call)
            }
        }
        #expect(try bench.count("SELECT count(*) FROM sqlite_schema WHERE name = 'strict_places'") == 0)
    }

    @Test func `geometry columns are WGS 84, indexed where they are searched`() throws {
        let bench = try StoreBench()
        #expect(
            try bench.fetch(
                """
                SELECT f_table_name || ' ' || f_geometry_column || ' ' || srid || ' ' || spatial_index_enabled
                FROM geometry_columns ORDER BY 1
                """, as: String.self)
                == ["communes boundary 4326 1", "perimeters area 4326 0", "recipients location 4326 1"])
        #expect(try bench.count("SELECT count(*) FROM spatial_ref_sys WHERE srid = 2154") == 1)
        // A SELECT that writes: not for a reader.
        let sound = try bench.database.pool.write {
            try Int.fetchOne(
                $0,
                sql: "SELECT CheckSpatialIndex('communes', 'boundary') + CheckSpatialIndex('recipients', 'location')")
        }
        #expect(sound == 2)
    }

    @Test func `a point of another system, or no point, is refused by the table itself`() throws {
        let bench = try StoreBench()
        try bench.register([person("a", at: place(2.05, 50.05))])
        for geometry in ["MakePoint(2, 50, 2154)", "GeomFromText('LINESTRING(2 50, 3 50)', 4326)"] {
            #expect(throws: DatabaseError.self) {
                try bench.database.pool.write { try $0.execute(sql: "UPDATE recipients SET location = \(geometry)") }
            }
        }
    }
}
