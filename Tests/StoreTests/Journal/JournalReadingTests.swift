import AlertModel
import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct JournalReadingTests {
    private let north = OrganisationID(rawValue: 71), south = OrganisationID(rawValue: 72)

    private func filledBench() throws -> StoreBench {
        let bench = try StoreBench()
        for number in 1...9 {
            try bench.database.audit(
                actor: number % 2 == 0 ? "even" : "odd", action: number < 5 ? "campaign.launch" : "list.create",
                subject: "s\(number)", organisation: number % 3 == 0 ? north : number % 3 == 1 ? south : nil)
        }
        return bench
    }

    @Test func `an organisation sees its own entries and nobody else's`() throws {
        let bench = try filledBench()
        let seen = try bench.database.auditEntries(JournalQuery(scope: .organisations([north])), limit: 100)
        #expect(seen.map(\.subject) == ["s9", "s6", "s3"])
        #expect(seen.allSatisfy { $0.organisation == north })
        #expect(try bench.database.auditEntries(JournalQuery(scope: .organisations([])), limit: 100).isEmpty)
        let both = try bench.database.auditEntries(JournalQuery(scope: .organisations([north, south])), limit: 100)
        #expect(both.count == 6)
    }

    @Test func `pages follow one another, both ways`() throws {
        let bench = try filledBench()
        let all = try bench.database.auditEntries(limit: 100)
        let first = try bench.database.auditEntries(limit: 4)
        let second = try bench.database.auditEntries(limit: 100, before: first.last?.id)
        #expect(first + second == all)
        let up = try bench.database.auditEntries(JournalQuery(), after: 0, limit: 3)
        let further = try bench.database.auditEntries(JournalQuery(), after: up.last?.id ?? 0, limit: 100)
        #expect(Array((up + further).reversed()) == all)
    }

    @Test func `entries are asked for by action, actor and time`() throws {
        let bench = try filledBench()
        let all = try bench.database.auditEntries(limit: 100)
        #expect(try bench.database.auditEntries(JournalQuery(action: "list."), limit: 100).count == 5)
        #expect(try bench.database.auditEntries(JournalQuery(actor: "even", action: "list.create"), limit: 100).map(\.subject) == ["s8", "s6"])
        #expect(try bench.database.auditEntries(JournalQuery(action: "list.%"), limit: 100).isEmpty)
        #expect(try bench.database.auditEntries(JournalQuery(since: .now.addingTimeInterval(60)), limit: 100).isEmpty)
        #expect(try bench.database.auditEntries(JournalQuery(until: .now.addingTimeInterval(60)), limit: 100).count == all.count)
        let figures = try bench.database.auditFigures(JournalQuery(scope: .organisations([north])))
        #expect(figures.map(\.action) == ["campaign.launch", "list.create"] && figures.map(\.entries) == [1, 2])
    }

    @Test func `an entry is its campaign's, else its actor's organisation's`() throws {
        let bench = try StoreBench()
        _ = try bench.database.resetPassword(user: "maire", organisationNamed: "Mairie", actor: "test")
        try bench.database.audit(actor: "maire", action: "list.create", subject: "x")
        try bench.database.audit(actor: "cli:root", action: "list.create", subject: "x")
        let owner = try bench.database.organisation(ofUser: "maire")
        #expect(try bench.database.auditEntries(limit: 2).map(\.organisation) == [nil, owner])
    }

    @Test func `one organisation alone sees what concerns the machine too, several see their own alone`() throws {
        let bench = try StoreBench()
        try bench.register([person("A1")], organisation: "Mairie")
        let first = try bench.database.owner(organisationNamed: "Mairie")
        #expect(try bench.database.journalScope(of: nil) == .all)
        #expect(try bench.database.journalScope(of: first) == .all)
        try bench.register([person("B1")], organisation: "Préfecture")
        #expect(try bench.database.journalScope(of: nil) == .all)
        #expect(try bench.database.journalScope(of: first) == .organisations([first]))
        #expect(try !bench.database.isOnlyOrganisation)
    }

    @Test func `people seen are written down by number, never by name`() throws {
        let bench = try StoreBench()
        try bench.register([person("A1"), person("A2")], organisation: "Mairie")
        let found = try bench.database.searchRegister("A", scope: .all, limit: 10).found
        try #require(found.count == 2)
        try bench.database.recordSight("register.search", of: found, actor: "agent")
        let entry = try #require(try bench.database.auditEntries(limit: 1).first)
        #expect(entry.detail["recipients"] == "2" && entry.detail["recipient_numbers"]?.split(separator: ",").count == 2)
        #expect(entry.subject == "Mairie" && entry.organisation != nil)
        #expect(try bench.database.firstBrokenAuditEntry() == nil)
    }

    @Test func `a file of anchors is only appended to, and a torn line harms no other`() throws {
        let bench = try filledBench()
        let path = try StoreBench.newFolder().appending(path: "anchors").path
        let file = JournalAnchorFile(path: path)
        #expect(try file.last() == nil)
        let first = try #require(try bench.database.journalAnchor(now: Date(timeIntervalSince1970: 1_800_000_000)))
        try file.append(first)
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("2027-01-15T08:00".utf8))
        try handle.close()
        try bench.database.audit(actor: "a", action: "b", subject: "c")
        let second = try #require(try bench.database.journalAnchor(now: Date(timeIntervalSince1970: 1_800_000_600)))
        try file.append(second)
        let read = try file.read()
        #expect(read.anchors == [first, second] && read.unreadableLines == 1)
        #expect(try file.last() == second)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }
}
