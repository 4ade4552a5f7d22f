import AlertModel
import DispatchSupport
import Dispatching
import Logging
import SMPP
import Testing

@testable import Channels

/// Submissions to one peer through one gateway, and what came back, person by person.
struct SMPPRun {
    let gateway: Gateway
    /// What the gateway brought, confirmed as a dispatcher does it.
    private let confirmed: AsyncStream<Receipt>?

    init(port: Int, window: Int = 10, sender: String = "MAIRIE", time: DispatcherTime = .system, _ change: (inout SMPPSettings) -> Void = { _ in }) throws {
        var client = ClientSettings()
        client.host = "127.0.0.1"
        client.port = port
        client.session.bind.systemID = "tocsin"
        client.session.bind.password = Redacted("secret")
        client.connectTimeout = 5_000
        client.patience = 5_000
        var settings = SMPPSettings(client: client, sender: try #require(SMSSender(sender)))
        change(&settings)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        gateway = try SMPPGateway.gateway(
            GatewayTraits(name: "smsc", channel: .sms, window: window), settings, time: time, logger: logger)
        guard let receipts = gateway.receipts else {
            confirmed = nil
            return
        }
        let (stream, sender) = AsyncStream.makeStream(of: Receipt.self)
        confirmed = stream
        Task { [gateway] in
            for await receipt in receipts {
                gateway.confirm([receipt.ticket].compactMap { $0 })
                sender.yield(receipt)
            }
            sender.finish()
        }
    }

    /// Numbers reserved for fiction, the last two digits as asked.
    static func number(_ index: Int, ending: Int? = nil) -> String {
        let tail = ending.map { index * 100 + $0 } ?? index
        let digits = String(tail)
        return "+3363998" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    static func submission(_ number: String, text: String = "Montez à l'étage", attempt: Int = 1, validity: Int = 3_600, quietAt: UTCTime = .never,
        campaign: Int64 = 1
    ) -> Submission {
        Submission(
            attempt: AttemptID(rawValue: Int64(attempt)), leg: LegID(rawValue: Int64(attempt)), campaign: CampaignID(rawValue: campaign),
            audience: AudienceHash(hexadecimal: String(repeating: "0", count: 64))!, mode: .real, channel: .sms,
            address: Redacted(number), message: Message(subject: "Crue", text: text), number: 1, possibleDuplicate: false,
            claimedAt: .now, expiresAt: UTCTime.now.advanced(bySeconds: validity), quietAt: quietAt)
    }

    /// Submits all at once, as many in flight as the window lets. - Returns: each number's result.
    func submit(_ numbers: [String], text: String = "Montez à l'étage") async -> [String: SubmissionResult] {
        await withTaskGroup(of: (String, SubmissionResult).self) { group in
            var results: [String: SubmissionResult] = [:]
            for (index, number) in numbers.enumerated() {
                if index >= gateway.window, let (number, result) = await group.next() { results[number] = result }
                group.addTask { (number, await gateway.submit(Self.submission(number, text: text, attempt: index + 1))) }
            }
            for await (number, result) in group { results[number] = result }
            return results
        }
    }

    /// The next so many receipts.
    func receipts(_ count: Int) async throws -> [Receipt] {
        var found: [Receipt] = []
        guard count > 0 else { return [] }
        for await receipt in try #require(confirmed) {
            found.append(receipt)
            if found.count == count { break }
        }
        return found
    }

    /// The people whose messages were accepted, by the gateway's word.
    static func accepted(_ results: [String: SubmissionResult]) -> Set<String> {
        Set(results.filter { $0.value.verdict == .known(.accepted) }.keys)
    }

    /// The people the peer took a message for.
    static func taken(_ lines: [SMSCPeer.Line]) -> [String: Int] {
        lines.filter { $0.status == 0 }.reduce(into: [:]) { $0["+" + ($1.to ?? ""), default: 0] += 1 }
    }
}
