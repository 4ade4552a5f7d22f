import AlertModel
import Dispatching
import GRDB
import GeoModel
import Targeting
import TestSupport
import Testing

@testable import Store

/// What the planner does with the very statements that a selection runs, caught as they run.
@Suite struct QueryPlanTests {
    private let box = BoundingBox<WGS84>(west: 2.04, south: 50.04, east: 2.06, north: 50.06)

    private func filledBench(isAnalyzed: Bool) throws -> StoreBench {
        let bench = try StoreBench()
        var generator = SeededGenerator(seed: 1)
        func people(_ prefix: String, _ count: Int) -> [Recipient] {
            (0..<count).map { index in
                let position =
                    index % 5 == 0
                    ? nil : place(.random(in: 1...3, using: &generator), .random(in: 49...51, using: &generator))
                return person(
                    "\(prefix)\(index)", commune: index % 3 == 0 ? nil : "80001", at: position,
                    within: index % 2 == 0 && position != nil ? 200 : 0)
            }
        }
        try bench.register(people("a", 1500))
        try bench.register(people("b", 300), organisation: "Mairie")
        if isAnalyzed { try bench.database.pool.write { try $0.execute(sql: "ANALYZE recipients") } }
        return bench
    }

    /// A whole table read; walking an index that holds only the rows in question is none.
    private static func isScan(_ line: String) -> Bool {
        (line.hasPrefix("SCAN recipients") || line.hasPrefix("SCAN communes")) && !line.contains("USING")
    }

    /// Not what SpatiaLite's index reads of its own tables.
    private static func isOurs(_ sql: String) -> Bool { sql.contains("FROM") && !sql.contains("'main'.") }

    /// The statements that `body` runs, each with its plan.
    private func plans(
        in bench: StoreBench, scope: RegisterScope, _ body: (RegisterReader) throws -> Void
    ) throws -> [(sql: String, plan: [String])] {
        try bench.database.pool.read { database in
            var statements: [String] = []
            database.trace { event in
                if case .statement(let statement) = event { statements.append(statement.expandedSQL) }
            }
            try body(RegisterReader(database: database, scope: scope))
            database.trace(options: [])
            return try statements.filter(Self.isOurs).map { sql in
                (sql, try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] })
            }
        }
    }

    @Test(arguments: [false, true], [RegisterScope.all, .organisation(OrganisationID(rawValue: 1))])
    func `recipients are found through the R*Tree, never by a scan`(isAnalyzed: Bool, scope: RegisterScope) throws {
        let bench = try filledBench(isAnalyzed: isAnalyzed)
        for unproven in [false, true] {
            let plans = try plans(in: bench, scope: scope) { reader in
                if unproven {
                    try reader.unprovenPoints(box) { _, _, _ in }
                } else {
                    try reader.points(box) { _, _, _ in }
                }
            }
            let points = try #require(plans.first { $0.sql.contains("idx_recipients_location") })
            // Straight to the rows that the tree names.
            #expect(points.plan.contains { $0.contains("idx_recipients_location VIRTUAL TABLE INDEX 2:") }, "\(points)")
            #expect(points.plan.contains { $0.hasPrefix("SEARCH recipients USING INTEGER PRIMARY KEY") }, "\(points)")
            for (sql, plan) in plans { #expect(!plan.contains(where: Self.isScan), "\(sql): \(plan)") }
        }
    }

    @Test(arguments: [false, true], [RegisterScope.all, .organisation(OrganisationID(rawValue: 1))])
    func `communes are found through the R*Tree, and their recipients by index`(
        isAnalyzed: Bool, scope: RegisterScope
    ) throws {
        let bench = try filledBench(isAnalyzed: isAnalyzed)
        let plans = try plans(in: bench, scope: scope) { try $0.communeExtents(box) { _, _ in } }
        #expect(plans.contains { $0.plan.contains { $0.contains("idx_communes_boundary VIRTUAL TABLE INDEX 2:") } })
        for (sql, plan) in plans {
            #expect(!plan.contains(where: Self.isScan), "\(sql): \(plan)")
        }
    }

    @Test(arguments: [false, true], [RegisterScope.all, .organisation(OrganisationID(rawValue: 1))])
    func `recipients of a commune and without a place are found by index`(
        isAnalyzed: Bool, scope: RegisterScope
    ) throws {
        let bench = try filledBench(isAnalyzed: isAnalyzed)
        let plans = try plans(in: bench, scope: scope) { reader in
            _ = try reader.ofCommune(CommuneCode("80001")!, false)
            _ = try reader.ofCommune(CommuneCode("80001")!, true)
            try reader.locationsOfCommune(CommuneCode("80001")!) { _, _, _ in }
            _ = try reader.unlocated(true)
            _ = try reader.unlocated(false)
            _ = try reader.communes(codes("80001"), nil)
            _ = try reader.codes(codes("80001"))
            _ = try reader.places(CommuneCode("80001")!)
            _ = try reader.department("80")
            _ = try reader.facts(RecipientID(rawValue: 1))
        }
        #expect(plans.count >= 12)
        for (sql, plan) in plans {
            #expect(!plan.contains(where: Self.isScan), "\(sql): \(plan)")
            #expect(!plan.contains { $0.contains("(organisation_id=?)") }, "\(sql): \(plan)")
        }
    }

    @Test func `the console's communes of a box are found through the R*Tree`() throws {
        let bench = try StoreBench()
        let plan = try bench.database.pool.read { database in
            try Row.fetchAll(
                database,
                sql: "EXPLAIN QUERY PLAN " + AlertDatabase.communeColumns + """
                     FROM communes WHERE vintage = ? AND kind = 'COM' AND id IN (
                        SELECT pkid FROM idx_communes_boundary
                        WHERE xmin <= ? AND xmax >= ? AND ymin <= ? AND ymax >= ?)
                    ORDER BY code
                    """, arguments: [2024, box.east, box.west, box.north, box.south]
            ).map { $0["detail"] as String }
        }
        #expect(plan.contains { $0.contains("idx_communes_boundary VIRTUAL TABLE INDEX 2:") }, "\(plan)")
        #expect(!plan.contains(where: Self.isScan), "\(plan)")
    }

    @Test func `whoever writes STOP out of the blue is found by the number, not by reading the register`() throws {
        let bench = try filledBench(isAnalyzed: true)
        try bench.register([person("z", at: place(2, 50), contacts: ["sms:+33639980001"])])
        let stop = InboundMessage(
            gateway: "g", sender: Redacted("+33639980001"), recipient: "36180", text: Redacted("STOP"), receivedAt: .now)
        try bench.database.pool.write { database in
            var statements: [String] = []
            database.trace { event in
                if case .statement(let statement) = event { statements.append(statement.expandedSQL) }
            }
            try database.receive([stop], .real, now: .now)
            database.trace(options: [])
            let plans = try statements.filter { $0.contains("contact_points.address") }.map { sql in
                try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] as String }
            }
            #expect(plans.count == 2)
            for plan in plans {
                #expect(plan.contains { $0.contains("SEARCH contact_points USING") && $0.contains("contact_points_by_address") })
                #expect(!plan.contains { $0.hasPrefix("SCAN") })
            }
            let consent = try String.fetchOne(database, sql: "SELECT consent FROM contact_points WHERE address = '+33639980001'")
            #expect(consent == "refused")
        }
    }
}
