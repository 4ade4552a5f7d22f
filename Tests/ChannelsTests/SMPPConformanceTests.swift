import AlertModel
import DispatchSupport
import Dispatching
import SMPP
import Testing

@testable import Channels

/// The same cases on the project's own simulator and on two SMSCs it did not write.
@Suite(.serialized, .timeLimit(.minutes(15))) struct SMPPConformanceTests {
    @Test(arguments: SMSCPeer.expected)
    func `everyone is sent one message and every receipt finds its person`(kind: SMSCPeer.Kind) async throws {
        let peer = try SMSCPeer(kind)
        let run = try SMPPRun(port: peer.port)
        let numbers = (0..<200).map { SMPPRun.number($0, ending: 0) }
        let results = await run.submit(numbers)
        #expect(SMPPRun.accepted(results) == Set(numbers))
        let receipts = try await run.receipts(numbers.count)
        await run.gateway.close()
        #expect(SMPPRun.taken(try peer.submissions()) == Dictionary(uniqueKeysWithValues: numbers.map { ($0, 1) }))
        #expect(Set(receipts.map(\.reference)) == Set(results.values.compactMap(\.reference)))
        #expect(receipts.allSatisfy { $0.outcome == .delivered && $0.gateway == "smsc" })
        let line = try #require(try peer.submissions().first)
        #expect(line.from == "MAIRIE" && line.source == [5, 0] && line.registered == 1 && line.dcs == 0)
        #expect(GSM7.decode(line.bytes) == "Montez à l'étage")
        if let validity = line.validity { #expect(validity == "000000010000000R" || validity.hasPrefix("00000000595")) }
    }

    @Test(arguments: SMSCPeer.expected, [[], ["--tlv"], ["--before"], ["--ids", "hexThenDecimal"], ["--ids", "decimalThenHex", "--tlv"]])
    func `receipts say what became of each, early or late, twice or never, in any base`(
        kind: SMSCPeer.Kind, options: [String]
    ) async throws {
        let peer = try SMSCPeer(kind, options)
        let run = try SMPPRun(port: peer.port) { settings in
            settings.messageIDs = options.contains("--ids") ? MessageIDs(rawValue: options[1])! : .same
        }
        let outcomes: [Int: [Outcome]] = [
            80: [.failed(.noAnswer)], 81: [.failed(.noAnswer)], 82: [.failed(.refused)], 83: [], 84: [.delivered, .delivered],
            85: [.delivered], 10: [.delivered],
        ]
        let numbers = outcomes.keys.sorted().flatMap { code in (0..<5).map { SMPPRun.number($0, ending: code) } }
        let results = await run.submit(numbers)
        #expect(SMPPRun.accepted(results) == Set(numbers))
        let expected = numbers.reduce(into: [String: [Outcome]]()) { all, number in
            let wanted = outcomes[Int(number.suffix(2))!]!
            if !wanted.isEmpty { all[results[number]?.reference ?? number] = wanted }
        }
        let receipts = try await run.receipts(expected.values.reduce(0) { $0 + $1.count })
        await run.gateway.close()
        #expect(Dictionary(grouping: receipts, by: \.reference).mapValues { $0.map(\.outcome) } == expected)
    }

    @Test(arguments: SMSCPeer.expected)
    func `a refusal becomes its cause`(kind: SMSCPeer.Kind) async throws {
        let peer = try SMSCPeer(kind)
        let run = try SMPPRun(port: peer.port)
        let causes: [Int: FailureCause] = [90: .invalidAddress, 91: .throttled, 92: .throttled, 93: .network]
        let numbers = causes.keys.map { SMPPRun.number(1, ending: $0) }
        let results = await run.submit(numbers)
        await run.gateway.close()
        for number in numbers {
            #expect(results[number]?.verdict == .known(.failed(causes[Int(number.suffix(2))!]!)))
            #expect(results[number]?.detail?.hasPrefix("smpp ESME_R") == true)
        }
    }

    @Test(arguments: SMSCPeer.expected, [["--late", "0.3"], ["--shuffle", "5"]])
    func `late and shuffled answers find their people`(kind: SMSCPeer.Kind, options: [String]) async throws {
        let peer = try SMSCPeer(kind, options)
        let run = try SMPPRun(port: peer.port)
        let numbers = (0..<40).map { SMPPRun.number($0, ending: $0 % 4 == 0 ? 90 : 0) }
        let results = await run.submit(numbers)
        await run.gateway.close()
        #expect(SMPPRun.accepted(results) == Set(numbers.filter { !$0.hasSuffix("90") }))
    }

    @Test(arguments: SMSCPeer.expected)
    func `an SMSC that throttles is sent no more than it bears, and nobody is lost`(kind: SMSCPeer.Kind) async throws {
        let peer = try SMSCPeer(kind, ["--rate", "40"])
        let run = try SMPPRun(port: peer.port)
        let numbers = (0..<120).map { SMPPRun.number($0, ending: 0) }
        let results = await run.submit(numbers)
        await run.gateway.close()
        let lines = try peer.submissions()
        #expect(results.values.allSatisfy { $0.verdict == .known(.accepted) || $0.verdict == .known(.failed(.throttled)) })
        #expect(Set(SMPPRun.taken(lines).keys) == SMPPRun.accepted(results))
        #expect(SMPPRun.accepted(results).count >= 40)
    }

    @Test(arguments: SMSCPeer.expected)
    func `an SMSC that unbinds is bound again, and whatever is not known is in doubt`(kind: SMSCPeer.Kind) async throws {
        let peer = try SMSCPeer(kind, ["--unbind-after", "20"])
        let run = try SMPPRun(port: peer.port)
        let numbers = (0..<60).map { SMPPRun.number($0, ending: 0) }
        let results = await run.submit(numbers)
        await run.gateway.close()
        try expectTruth(results, numbers, try peer.submissions())
        #expect(SMPPRun.accepted(results).count >= 40, "messages went on after the unbind")
    }

    @Test(arguments: SMSCPeer.expected)
    func `a stall leaves what was sent in doubt, and no more than a window`(kind: SMSCPeer.Kind) async throws {
        let peer = try SMSCPeer(kind, ["--stall-after", "20"])
        let run = try SMPPRun(port: peer.port) { settings in
            settings.client.session.responseTimeout = 1_000
            settings.client.session.enquireInterval = 1_000
            settings.client.patience = 1_000
        }
        let numbers = (0..<25).map { SMPPRun.number($0, ending: 0) }
        let results = await run.submit(numbers)
        await run.gateway.close()
        try expectTruth(results, numbers, try peer.submissions())
        #expect(SMPPRun.accepted(results).count == 20)
    }

    @Test(arguments: SMSCPeer.expected)
    func `a connection cut in mid-window loses nobody and sends nobody twice`(kind: SMSCPeer.Kind) async throws {
        let peer = try SMSCPeer(kind)
        let proxy = try SMSCPeer(before: peer, ["--cut-after", "1500", "--cuts", "2"])
        let run = try SMPPRun(port: proxy.port)
        let numbers = (0..<80).map { SMPPRun.number($0, ending: 0) }
        let results = await run.submit(numbers)
        await run.gateway.close()
        try expectTruth(results, numbers, try peer.submissions())
        #expect(results.values.contains { $0.verdict == .inDoubt })
        #expect(SMPPRun.accepted(results).count >= 40)
    }

    @Test(arguments: SMSCPeer.expected)
    func `bytes that come by sevens are the same messages`(kind: SMSCPeer.Kind) async throws {
        let peer = try SMSCPeer(kind)
        let proxy = try SMSCPeer(before: peer, ["--chunk", "7"])
        let run = try SMPPRun(port: proxy.port)
        let numbers = (0..<20).map { SMPPRun.number($0, ending: 0) }
        let results = await run.submit(numbers)
        let receipts = try await run.receipts(20)
        await run.gateway.close()
        #expect(SMPPRun.accepted(results) == Set(numbers))
        #expect(Set(receipts.map(\.reference)) == Set(results.values.compactMap(\.reference)))
    }

    @Test(arguments: SMSCPeer.expected)
    func `TLS carries it, and a certificate nobody vouches for does not`(kind: SMSCPeer.Kind) async throws {
        let peer = try SMSCPeer(kind)
        let (certificate, key) = try SMTPPeer.certificate()
        let proxy = try SMSCPeer(before: peer, ["--certificate", certificate, "--key", key])
        let trusting = try SMPPRun(port: proxy.port) {
            $0.client.host = "localhost"
            $0.client.tls = ClientSettings.TLS(certificateAuthorityFile: certificate)
        }
        let numbers = (0..<10).map { SMPPRun.number($0, ending: 0) }
        #expect(SMPPRun.accepted(await trusting.submit(numbers)) == Set(numbers))
        await trusting.gateway.close()
        let wary = try SMPPRun(port: proxy.port) {
            $0.client.host = "localhost"
            $0.client.tls = ClientSettings.TLS()
            $0.client.patience = 1_000
        }
        let result = await wary.gateway.submit(SMPPRun.submission(SMPPRun.number(1, ending: 0)))
        #expect(result.verdict == .known(.failed(.network)))
        await wary.gateway.close()
        #expect(try peer.submissions().count == 10)
    }

    @Test(arguments: SMSCPeer.expected, LongMessages.allCases)
    func `a long message leaves in parts and is delivered once they all are`(kind: SMSCPeer.Kind, long: LongMessages) async throws {
        let peer = try SMSCPeer(kind)
        let run = try SMPPRun(port: peer.port, window: 4) { $0.long = long }
        let text = String(repeating: "La forêt brûle, évacuez. ", count: 10)
        let numbers = (0..<10).map { SMPPRun.number($0, ending: $0 == 0 ? 80 : 0) }
        let results = await run.submit(numbers, text: text)
        #expect(SMPPRun.accepted(results) == Set(numbers))
        let parts = long == .payload ? 1 : SMSText(text).segments
        let receipts = try await run.receipts(10 * parts)
        await run.gateway.close()
        func references(_ result: SubmissionResult) -> [String] {
            result.parts.isEmpty ? [result.reference].compactMap { $0 } : result.parts
        }
        #expect(results.values.allSatisfy { $0.parts.isEmpty == (parts == 1) && references($0).count == parts })
        #expect(results.values.allSatisfy { references($0).first == $0.reference })
        #expect(Set(receipts.map(\.reference)) == Set(results.values.flatMap(references)))
        let failed = Set(receipts.filter { $0.outcome == .failed(.noAnswer) }.map(\.reference))
        #expect(try failed == Set(references(#require(results[numbers[0]]))))
        #expect(SMPPRun.taken(try peer.submissions()).values.allSatisfy { $0 == parts })
        if long == .udh {
            let lines = try peer.submissions().filter { $0.to == String(numbers[3].dropFirst()) }
                .sorted { $0.bytes[5] < $1.bytes[5] }
            #expect(lines.map { DataCoding.ucs2.decode($0.bytes.dropFirst(6)) ?? "" }.joined() == text)
            #expect(Set(lines.map { $0.bytes[3] }).count == 1)
        }
    }

    @Test(arguments: SMSCPeer.expected)
    func `a reply arrives with its number`(kind: SMSCPeer.Kind) async throws {
        let peer = try SMSCPeer(kind, ["--mo", "OUI"])
        let run = try SMPPRun(port: peer.port)
        for await reply in try #require(run.gateway.inbound) {
            #expect(reply.text.value == "OUI" && reply.sender.value == "+33639980001" && reply.recipient == "36180")
            break
        }
        await run.gateway.close()
    }

    @Test(arguments: SMSCPeer.expected)
    func `a gateway keeps its promises whatever the SMSC`(kind: SMSCPeer.Kind) async throws {
        let peer = try SMSCPeer(kind)
        await GatewayConformance.check(try SMPPRun(port: peer.port).gateway, mode: .real) { SMPPRun.number($0, ending: 0) }
    }

    /// Each person's result beside the peer's own log: accepted was taken, unsent was not, and nobody twice.
    private func expectTruth(_ results: [String: SubmissionResult], _ numbers: [String], _ lines: [SMSCPeer.Line]) throws {
        let taken = SMPPRun.taken(lines)
        #expect(Set(results.keys) == Set(numbers), "everybody has a result")
        #expect(taken.values.allSatisfy { $0 == 1 }, "nobody is sent a message twice")
        for (number, result) in results {
            switch result.verdict {
            case .known(.accepted): #expect(taken[number] == 1, "accepted and not taken")
            case .known: #expect(taken[number] == nil, "failed and yet taken")
            case .inDoubt: break
            }
        }
    }
}
