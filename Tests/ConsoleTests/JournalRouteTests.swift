import AlertModel
import Foundation
import HTTPTypes
import HummingbirdTesting
import Synchronization
import Testing

@testable import Console

@Suite struct JournalRouteTests {
    private let line = JournalLine(
        number: 7, at: Date(timeIntervalSince1970: 1_800_000_000), actor: "amelie", action: "list.create", subject: "x",
        detail: ["members": "3"], hash: "ab")

    private func console(_ role: Role, _ asked: AskedFor) -> TestConsole {
        var console = TestConsole()
        console.accounts = FakeAccounts(role: role)
        console.services.journal = JournalDesk(
            lines: { account, question, before, limit in
                asked.value.withLock { $0 = (account.user, question, before, limit) }
                return [line]
            },
            figures: { _, _ in [JournalFigure(action: "list.create", entries: 2, lastAt: line.at)] },
            export: { _, _, format in
                AsyncThrowingStream { continuation in
                    for piece in ["head \(format)\n", "a\n", "b\n"] { continuation.yield(Array(piece.utf8)) }
                    continuation.finish()
                }
            })
        return console
    }

    final class AskedFor: Sendable {
        let value = Mutex<(user: String, question: JournalQuestion, before: Int64?, limit: Int)?>(nil)
    }

    @Test func `an administrator reads the journal, page by page`() async throws {
        let asked = AskedFor()
        try await console(.administrator, asked).run { browser async throws in
            let answer = try await browser.get("/api/audit?actor=jean+paul&action=list.&since=2026-11-22&before=9&limit=5")
            #expect(answer.status == .ok)
            #expect(try answer.json([String: [JournalLine]].self)["entries"] == [line])
            let got = asked.value.withLock { $0 }
            #expect(got?.user == "amelie" && got?.before == 9 && got?.limit == 5)
            #expect(got?.question.actor == "jean paul" && got?.question.action == "list." && got?.question.until == nil)
            #expect(got?.question.since == Date(timeIntervalSince1970: 1_795_305_600))
        }
    }

    @Test func `an export is streamed with its type and its name`() async throws {
        try await console(.administrator, AskedFor()).run { browser async throws in
            let answer = try await browser.get("/api/audit/export?format=jsonl")
            #expect(answer.text == "head jsonl\na\nb\n")
            #expect(answer.headers[.contentType] == "application/x-ndjson")
            #expect(answer.headers[.contentDisposition] == "attachment; filename=\"journal.jsonl\"")
            #expect(try await browser.get("/api/audit/export?format=xml").failure().code == .invalidParameter)
        }
    }

    @Test(arguments: [Role.observer, .operator, .manager]) func `who may see figures sees nobody's name`(role: Role) async throws {
        try await console(role, AskedFor()).run { browser async throws in
            #expect(try await browser.get("/api/audit").failure().code == .notPermitted)
            #expect(try await browser.get("/api/audit/export").failure().code == .notPermitted)
            let answer = try await browser.get("/api/audit/figures")
            #expect(answer.status == .ok && answer.text.contains("list.create") && !answer.text.contains("amelie"))
        }
    }

    @Test(arguments: ["since=yesterday", "limit=0", "limit=501", "before=0", "before=x", "actor=a&actor=b"])
    func `a question that is none is refused`(query: String) async throws {
        try await console(.administrator, AskedFor()).run { browser async throws in
            #expect(try await browser.get("/api/audit?\(query)").failure().code == .invalidParameter)
        }
    }
}
