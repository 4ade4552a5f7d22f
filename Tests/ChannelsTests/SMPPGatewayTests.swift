import AlertModel
import DispatchSupport
import Dispatching
import SMPP
import Synchronization
import Testing

@testable import Channels

/// What the two SMSCs of others can't be made to do.
@Suite(.serialized, .timeLimit(.minutes(15))) struct SMPPGatewayTests {
    private static let ruly: [SMSCPeer.Kind] = SMSCPeer.expected.filter { $0 != .smpp34 }

    private func one(_ run: SMPPRun) async -> SubmissionResult {
        let result = await run.gateway.submit(SMPPRun.submission(SMPPRun.number(1, ending: 0)))
        await run.gateway.close()
        return result
    }

    @Test(arguments: ruly, [["--password", "other"], ["--bind-status", "13"]])
    func `a bind refused fails what waits, with the SMSC's word`(kind: SMSCPeer.Kind, options: [String]) async throws {
        let peer = try SMSCPeer(kind, options)
        let run = try SMPPRun(port: peer.port) { $0.client.patience = 1_000 }
        let probe = await run.gateway.probe?()
        let word = options[0] == "--password" ? "ESME_RINVPASWD" : "ESME_RBINDFAIL"
        #expect(probe == .down("smpp: bind refused: \(word)"))
        #expect(await one(run) == .failed(.network, detail: "smpp: bind refused: \(word)"))
    }

    @Test(arguments: ruly)
    func `an SMSC without transceivers is bound twice`(kind: SMSCPeer.Kind) async throws {
        let peer = try SMSCPeer(kind, ["--no-transceiver"])
        let refused = try SMPPRun(port: peer.port) { $0.client.patience = 1_000 }
        #expect(await one(refused).detail == "smpp: bind refused: ESME_RINVCMDID")
        let split = try SMPPRun(port: peer.port) { $0.client.plan = .split }
        #expect(await one(split).verdict == .known(.accepted))
    }

    @Test(arguments: ruly)
    func `an SMSC that asks whether we live is answered`(kind: SMSCPeer.Kind) async throws {
        let peer = try SMSCPeer(kind, ["--enquire", "0.1", "--late", "0.8"])
        let run = try SMPPRun(port: peer.port)
        #expect(await one(run).verdict == .known(.accepted))
        #expect(try peer.log().contains { $0.enquired == 1 })
        #expect(try peer.log().contains { $0.unbound == 1 }, "the end is an unbind")
    }

    @Test(arguments: ruly)
    func `a nack is an answer`(kind: SMSCPeer.Kind) async throws {
        let peer = try SMSCPeer(kind, ["--nack", "1"])
        #expect(await one(try SMPPRun(port: peer.port)) == .failed(.network, detail: "smpp ESME_RSYSERR"))
    }

    @Test(arguments: ruly)
    func `a session dropped in mid-window is opened again, and its window is in doubt`(kind: SMSCPeer.Kind) async throws {
        let peer = try SMSCPeer(kind, ["--drop-after", "30"])
        let run = try SMPPRun(port: peer.port)
        let numbers = (0..<100).map { SMPPRun.number($0, ending: 0) }
        let results = await run.submit(numbers)
        await run.gateway.close()
        let lines = try peer.submissions()
        #expect(results.count == 100)
        #expect(Set(lines.compactMap(\.to)).count == lines.count, "nobody is sent a message twice")
        let doubts = results.filter { $0.value.verdict == .inDoubt }
        #expect(!doubts.isEmpty && doubts.count <= 40)
        #expect(SMPPRun.accepted(results).isSubset(of: Set(lines.map { "+" + ($0.to ?? "") })))
    }

    @Test func `several sessions share the window`() async throws {
        let peer = try SMSCPeer(.scripted, ["--late", "0.1"])
        let run = try SMPPRun(port: peer.port, window: 40) { $0.client.binds = 4 }
        let numbers = (0..<200).map { SMPPRun.number($0, ending: 0) }
        #expect(SMPPRun.accepted(await run.submit(numbers)) == Set(numbers))
        await run.gateway.close()
        #expect(try peer.log().count { $0.unbound == 1 } == 4)
    }

    @Test(arguments: ["giant", "garbage", "tiny", "half", "flood", "unknown"])
    func `a hostile peer neither crashes nor hangs nor grows it`(kind: String) async throws {
        let peer = try SMSCPeer(.scripted, ["--hostile", kind])
        let run = try SMPPRun(port: peer.port) { settings in
            settings.client.session.responseTimeout = 1_000
            settings.client.session.enquireInterval = 1_000
            settings.client.patience = 2_000
        }
        let result = await one(run)
        // Whatever the verdict, it came; and faults the session can bear leave the answer readable.
        if kind == "unknown" { #expect(result.verdict == .known(.accepted)) }
    }

    @Test func `what is not safe is not acknowledged, and is then, once`() async throws {
        let peer = try SMSCPeer(.scripted, ["--mo", "OUI"])
        let run = try SMPPRun(port: peer.port)
        for await reply in try #require(run.gateway.inbound) {
            // Another exchange on the same session: an answer given before would have come by now.
            #expect(await run.gateway.probe?() == .up)
            #expect(await run.gateway.submit(SMPPRun.submission(SMPPRun.number(1, ending: 0))).verdict == .known(.accepted))
            #expect(try peer.log().count { $0.acknowledged != nil } <= 1, "its receipt's at most")
            let ticket = try #require(reply.ticket)
            run.gateway.confirm([ticket, ticket, 999])
            break
        }
        await run.gateway.close()
        #expect(try peer.log().count { $0.acknowledged == 0 } >= 1)
    }

    @Test func `each part of a long reply is brought, and answered once it is kept`() async throws {
        let text = "OUI, nous montons tous a l'etage avec le chat"
        let peer = try SMSCPeer(.scripted, ["--mo", text, "--mo-parts", "3"])
        let run = try SMPPRun(port: peer.port)
        var parts: [Int: String] = [:]
        for await part in try #require(run.gateway.inbound) {
            let which = try #require(part.part)
            #expect(which.total == 3)
            parts[which.number] = part.text.value
            run.gateway.confirm([try #require(part.ticket)])
            if parts.count == 3 { break }
        }
        #expect((1...3).compactMap { parts[$0] }.joined() == text)
        await run.gateway.close()
    }

    @Test(arguments: ruly.filter { $0 == .scripted }, [1, 2, 5])
    func `information that waits for a place does not leave once quiet hours have begun`(kind: SMSCPeer.Kind, window: Int) async throws {
        let peer = try SMSCPeer(kind, ["--late", "0.1"])
        let clock = Mutex(UTCTime.now)
        let begins = clock.withLock { $0.advanced(bySeconds: 60) }
        let time = DispatcherTime(now: { clock.withLock { $0 } }, uptime: DispatcherTime.system.uptime, sleep: DispatcherTime.system.sleep)
        let run = try SMPPRun(port: peer.port, window: window, time: time)
        let numbers = (0..<40).map { SMPPRun.number($0, ending: 0) }
        let alerts = Set(numbers.indices.filter { $0 % 4 == 0 }.map { numbers[$0] })
        func informed() throws -> Set<String> { Set(try peer.submissions().compactMap(\.to).map { "+" + $0 }).subtracting(alerts) }
        let (results, before) = try await withThrowingTaskGroup(of: (String, SubmissionResult).self) { group in
            for number in numbers {
                group.addTask {
                    (number, await run.gateway.submit(SMPPRun.submission(number, quietAt: alerts.contains(number) ? .never : begins)))
                }
            }
            var results: [String: SubmissionResult] = [:]
            var before: Set<String> = []
            for try await (number, result) in group {
                results[number] = result
                // After some answers the hour strikes; what had left by then is read after it, so that a slow test sees more, never less.
                if results.count == 5 {
                    clock.withLock { $0 = begins }
                    before = try informed()
                }
            }
            return (results, before)
        }
        await run.gateway.close()
        let quiet = Set(results.filter { $0.value == .quiet }.keys)
        #expect(!quiet.isEmpty)
        #expect(quiet.isDisjoint(with: alerts), "an alert never waits")
        let sent = try informed()
        #expect(sent == Set(numbers).subtracting(alerts).subtracting(quiet))
        #expect(sent.subtracting(before).count <= window, "only those already in the window left after the hour")
    }

    @Test func `a long message whose later part is refused may have been seen, torn`() async throws {
        let peer = try SMSCPeer(.scripted, ["--refuse-part", "2"])
        let run = try SMPPRun(port: peer.port)
        let text = String(repeating: "Montez a l'etage. ", count: 20)
        let result = await run.gateway.submit(SMPPRun.submission(SMPPRun.number(1, ending: 0), text: text))
        #expect(result.verdict == .known(.failed(.refused)) && result.isPartial)
        #expect(result.detail?.contains("part 2 of 3") == true)
        await run.gateway.close()
    }

    @Test func `an SMSC that gives no ids has taken a long message all the same`() async throws {
        let peer = try SMSCPeer(.scripted, ["--no-ids"])
        let run = try SMPPRun(port: peer.port)
        let result = await run.gateway.submit(
            SMPPRun.submission(SMPPRun.number(1, ending: 0), text: String(repeating: "Montez a l'etage. ", count: 20)))
        #expect(result.verdict == .known(.accepted) && result.reference == nil)
        await run.gateway.close()
    }

    @Test func `an SMSC that is not there fails what waits, and a late one is found`() async throws {
        let run = try SMPPRun(port: 1) { $0.client.patience = 500 }
        #expect(await one(run).verdict == .known(.failed(.network)))
    }

    @Test func `what reaches people checks again`() async throws {
        let run = try SMPPRun(port: 1)
        for (number, cause) in [("nobody", FailureCause.invalidAddress), ("+33 6", .invalidAddress), ("+336399800010000000", .invalidAddress)] {
            #expect(await run.gateway.submit(SMPPRun.submission(number)).verdict == .known(.failed(cause)))
        }
        #expect(await run.gateway.submit(SMPPRun.submission("+33639980001", validity: -1)) == .failed(.expired))
        #expect(run.gateway.segments(Message(subject: "", text: String(repeating: "é", count: 161))) == 2)
        await run.gateway.close()
    }

    @Test(arguments: [("MAIRIE", [5, 0]), ("36180", [3, 0]), ("+33162001234", [1, 1])])
    func `a sender's kind is said with it`(sender: String, kind: [Int]) async throws {
        let peer = try SMSCPeer(.scripted)
        let run = try SMPPRun(port: peer.port, sender: sender)
        #expect(await one(run).verdict == .known(.accepted))
        let line = try #require(try peer.submissions().first)
        #expect(line.source == kind)
        #expect(line.from == (sender.hasPrefix("+") ? String(sender.dropFirst()) : sender))
    }
}

@Suite struct MailboxTests {
    @Test func `a mailbox is emptied in order by one reader and ends when it is told to`() async {
        let mailbox = Mailbox<Int>(limit: 3)
        mailbox.put([1, 2])
        #expect(mailbox.hasRoom)
        mailbox.put([3])
        #expect(!mailbox.hasRoom)
        let reader = Task { await mailbox.stream().reduce(into: []) { $0.append($1) } }
        mailbox.put([4])
        mailbox.finish()
        #expect(await reader.value == [1, 2, 3, 4])
        let cancelled = Task { await Mailbox<Int>(limit: 1).stream().reduce(0, +) }
        cancelled.cancel()
        #expect(await cancelled.value == 0)
    }

    @Test func `the validity is the time left, as the specification writes it`() {
        let now = UTCTime(millisecondsSince1970: 0)
        #expect(ValidityPeriod.text(from: now, until: now.advanced(bySeconds: 3_661)) == "000000010101000R")
        #expect(ValidityPeriod.text(from: now, until: now.advanced(bySeconds: 2 * 86_400)) == "000002000000000R")
        #expect(ValidityPeriod.text(from: now, until: .never) == "000007000000000R")
        #expect(ValidityPeriod.text(from: now, until: now.advanced(byMilliseconds: 5)) == "000000000001000R")
    }
}
