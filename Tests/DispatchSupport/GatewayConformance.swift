import AlertModel
import Dispatching
import Testing

/// What every gateway owes the dispatcher, simulated or real. Each gateway's tests run this.
package enum GatewayConformance {
    /// - Parameters:
    ///   - mode: the gateway's own.
    ///   - address: the recipient of a number; all of them good.
    package static func check(_ gateway: Gateway, mode: CampaignMode, address: @Sendable (Int) -> String) async {
        #expect(gateway.window >= 1)
        #expect(gateway.isSimulator == (mode == .exercise))
        let count = min(2 * gateway.window, 64)
        let addresses = (0..<count).map(address)
        let results = await withTaskGroup(of: SubmissionResult.self) { group in
            for index in 0..<count {
                let submission = submission(gateway, mode, index, addresses[index])
                group.addTask { await gateway.submit(submission) }
            }
            var results: [SubmissionResult] = []
            for await result in group { results.append(result) }
            return results
        }
        #expect(results.count == count, "every submission is answered, past the window too")
        let references = results.compactMap(\.reference)
        #expect(Set(references).count == references.count, "a reference names one message")
        #expect(gateway.receipts != nil || results.allSatisfy { $0.receiptWithin == nil }, "no receipt is promised in vain")
        for result in results {
            #expect(result.detail.map { detail in !addresses.contains { detail.contains($0) } } ?? true)
            #expect((result.detail?.count ?? 0) < 120)
        }
        // A cancelled caller still gets an answer: what left must be known.
        let last = submission(gateway, mode, count, address(count))
        let task = Task { await gateway.submit(last) }
        task.cancel()
        _ = await task.value
        await gateway.close()
    }

    private static func submission(_ gateway: Gateway, _ mode: CampaignMode, _ index: Int, _ address: String)
        -> Submission
    {
        Submission(
            attempt: AttemptID(rawValue: Int64(index + 1)), leg: LegID(rawValue: Int64(index + 1)),
            campaign: CampaignID(rawValue: 1), audience: AudienceHash(hexadecimal: String(repeating: "0", count: 64))!,
            mode: mode, channel: gateway.channel, address: Redacted(address),
            message: Message(subject: "Essai", text: "Essai").marked(for: mode), number: 1, possibleDuplicate: false,
            claimedAt: Peers.start, expiresAt: .never)
    }
}
