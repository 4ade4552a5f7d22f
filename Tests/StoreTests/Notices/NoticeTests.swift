import AlertModel
import Campaigns
import GRDB
import Testing

@testable import Store

@Suite struct NoticeTests {
    private let now = UTCTime(millisecondsSince1970: 1_700_000_000_000)

    /// Launches that wait, numbered from 1.
    private func waiting(_ count: Int64, _ bench: StoreBench) throws {
        let town = try bench.database.createOrganisation(named: "B", kind: .commune, code: "80002", parent: nil, actor: "test")
        try bench.database.pool.write { database in
            for number in 1...count {
                try database.notice(.launch, number, to: town, besides: "anne", until: now.advanced(bySeconds: 60), now: now)
            }
        }
    }

    @Test func `those that rest keep no place from the others`() throws {
        let bench = try StoreBench()
        try waiting(25, bench)
        let first = try bench.database.dueNotices(now: now)
        #expect(first.map(\.number) == Array(1...20))
        let others = try bench.database.dueNotices(besides: first.map(\.id), now: now)
        #expect(others.map(\.number) == Array(21...25))
        #expect(try bench.database.dueNotices(besides: (first + others).map(\.id), now: now).isEmpty)
    }

    @Test func `what is answered is written about no more, and nothing else is settled with it`() throws {
        let bench = try StoreBench()
        try waiting(2, bench)
        try bench.database.pool.write { try $0.settleNotices(.amendment, 1, now: now) }
        #expect(try bench.database.dueNotices(now: now).map(\.number) == [1, 2])
        try bench.database.pool.write { try $0.settleNotices(.launch, 1, now: now) }
        #expect(try bench.database.dueNotices(now: now).map(\.number) == [2])
        #expect(try bench.fetch("SELECT sent FROM notices WHERE settled_at IS NOT NULL", as: Int.self) == [0])
    }
}
