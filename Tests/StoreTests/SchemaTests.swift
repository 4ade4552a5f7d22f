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
                "0010 register in depth", "0011 lists", "0012 address sources", "0013 street extents", "0014 register packs",
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
