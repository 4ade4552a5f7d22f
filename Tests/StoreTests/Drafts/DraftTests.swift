import AlertModel
import GRDB
import Testing

@testable import Store

@Suite struct DraftTests {
    private let now = UTCTime(millisecondsSince1970: 1_700_000_000_000)
    private let key = "7B1F9A44-6F3A-4C2E-9F0E-1F2D3C4B5A60"

    private func town(_ name: String, _ code: String, _ bench: StoreBench) throws -> OrganisationID {
        try bench.database.createOrganisation(named: name, kind: .commune, code: code, parent: nil, actor: "test")
    }

    @discardableResult private func save(
        _ bench: StoreBench, on shelf: DraftShelf, base: Int, key: String? = nil, by user: String = "anne", later milliseconds: Int64 = 0
    ) throws -> Int {
        try bench.database.saveDraft(
            key ?? self.key, on: shelf, base: base, name: "Crue", document: #"{"by":"\#(user)"}"#, by: user,
            now: UTCTime(millisecondsSince1970: now.millisecondsSince1970 + milliseconds))
    }

    @Test func `a version that was read is replaced, and one that was not is refused`() throws {
        let bench = try StoreBench()
        let shelf = DraftShelf(organisation: try town("B", "80002", bench), mode: .real)
        #expect(try save(bench, on: shelf, base: 0) == 1)
        #expect(try save(bench, on: shelf, base: 1, by: "odile") == 2)
        #expect(throws: DraftRefusal.changed) { try save(bench, on: shelf, base: 1) }
        #expect(throws: DraftRefusal.changed) { try save(bench, on: shelf, base: 0) }
        #expect(throws: DraftRefusal.changed) { try save(bench, on: shelf, base: 3) }
        let found = try #require(try bench.database.draft(key, on: shelf, now: now))
        #expect(found.document == #"{"by":"odile"}"#)
        #expect(found.head.createdBy == "anne" && found.head.changedBy == "odile" && found.head.version == 2)
    }

    @Test func `what is kept already is answered again and is no other version`() throws {
        let bench = try StoreBench()
        let shelf = DraftShelf(organisation: try town("B", "80002", bench), mode: .real)
        for _ in 1...2 { #expect(try save(bench, on: shelf, base: 0) == 1) }
        for _ in 1...2 { #expect(try save(bench, on: shelf, base: 1, by: "odile", later: 1) == 2) }
        #expect(throws: DraftRefusal.changed) { try save(bench, on: shelf, base: 1, by: "paul") }
        let found = try #require(try bench.database.draft(key, on: shelf, now: now))
        #expect(found.head.version == 2 && found.head.changedBy == "odile")
    }

    @Test func `another organisation and the other mode see nothing of it`() throws {
        let bench = try StoreBench()
        let shelf = DraftShelf(organisation: try town("B", "80002", bench), mode: .real)
        let other = DraftShelf(organisation: try town("C", "80003", bench), mode: .real)
        let exercise = DraftShelf(organisation: shelf.organisation, mode: .exercise)
        try save(bench, on: shelf, base: 0)
        for elsewhere in [other, exercise] {
            #expect(try bench.database.drafts(on: elsewhere, now: now).isEmpty)
            #expect(try bench.database.draft(key, on: elsewhere, now: now) == nil)
            #expect(try !bench.database.removeDraft(key, on: elsewhere))
            #expect(try save(bench, on: elsewhere, base: 0) == 1)
        }
        #expect(try bench.database.drafts(on: shelf, now: now).map(\.version) == [1])
    }

    @Test func `after a week without change it is gone, and swept`() throws {
        let bench = try StoreBench()
        let shelf = DraftShelf(organisation: try town("B", "80002", bench), mode: .real)
        try save(bench, on: shelf, base: 0)
        let late = now.millisecondsSince1970 + DraftShelf.keptMilliseconds
        let onTime = UTCTime(millisecondsSince1970: late), tooLate = UTCTime(millisecondsSince1970: late + 1)
        try bench.database.sweepDrafts(now: onTime)
        #expect(try bench.database.drafts(on: shelf, now: onTime).count == 1)
        #expect(try bench.database.drafts(on: shelf, now: tooLate).isEmpty)
        #expect(throws: DraftRefusal.gone) { try save(bench, on: shelf, base: 1, later: DraftShelf.keptMilliseconds + 1) }
        try bench.database.sweepDrafts(now: tooLate)
        #expect(try bench.count("SELECT count(*) FROM drafts") == 0)
    }

    @Test func `what was launched is no draft, and is not made one again`() throws {
        let bench = try StoreBench()
        let shelf = DraftShelf(organisation: try town("B", "80002", bench), mode: .real)
        try save(bench, on: shelf, base: 0)
        try bench.database.pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO approvals (organisation_id, state, request_key, kind, weight, zone, message, channels, maximum_retries,
                        retry_period_seconds, validity_seconds, is_all_clear, audience_hash, recipients, certain, not_located, communes,
                        communes_total, guards, asked_by, asked_at, break_glass_at, expires_at)
                    VALUES (?, 'pending', ?, 'alert', 1, 'z', 'm', 'sms', 0, 60, 60, 0, printf('%064d', 0), 1, 1, 0, '[]', 0, '', 'anne',
                        0, 0, 0)
                    """, arguments: [shelf.organisation.rawValue, key])
        }
        #expect(try bench.database.drafts(on: shelf, now: now).isEmpty)
        #expect(throws: DraftRefusal.gone) { try save(bench, on: shelf, base: 1) }
        #expect(throws: DraftRefusal.gone) { try save(bench, on: shelf, base: 0) }
        try bench.database.sweepDrafts(now: now)
        #expect(try bench.count("SELECT count(*) FROM drafts") == 0)
    }

    @Test func `an organisation has so many and no more`() throws {
        let bench = try StoreBench()
        let shelf = DraftShelf(organisation: try town("B", "80002", bench), mode: .real)
        for number in 1...DraftShelf.most { try save(bench, on: shelf, base: 0, key: "\(100_000 + number)\(key.dropFirst(6))") }
        #expect(throws: DraftRefusal.tooMany(limit: DraftShelf.most)) { try save(bench, on: shelf, base: 0) }
        #expect(try save(bench, on: shelf, base: 1, key: "100001\(key.dropFirst(6))", by: "odile") == 2)
    }
}
