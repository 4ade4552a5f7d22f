import AlertModel
import Campaigns
import Channels
import Dispatching
import Store

/// Sends a message to the organisation's own test addresses, as recipients would get it but for the word TEST.
///
/// Of no campaign: its links lead nowhere, nobody's answer is waited for. An exercise's test goes to the simulators, which
/// reach nobody.
struct TestSending {
    struct Answer: Sendable {
        let label: String
        let channel: Channel
        let gateway: String
        /// As `gateway test` writes it.
        let words: String
        let detail: String?
        let isFailure: Bool
    }

    let store: AlertDatabase
    let means: any CampaignMeans

    /// - Parameters:
    ///   - addresses: registered ones.
    ///   - language: whose wording is shown; empty for the message's own.
    /// - Throws: as `LaunchRules` refuses; `TestSendError`.
    func send(
        _ message: Message, to addresses: [TestAddress], language: String,
        of organisation: OrganisationID, actor: String
    ) async throws -> [Answer] {
        let channels = Set(addresses.map(\.channel)).sorted()
        let mode = means.mode
        let rules = try means.launchRules(of: organisation, in: store)
        let policy = PolicyRules.standard(channels: channels, mode: mode)
        if let refusal = rules.refusals(message: message, policy: policy).first { throw refusal }
        try store.requireRecordings(of: message, for: organisation)
        // Not through another's contract, nor in another's name.
        let all = try means.testGateways(of: organisation, in: store)
        var carriers: [Channel: Gateway] = [:]
        for gateway in all where channels.contains(gateway.channel) {
            // The one that would carry most.
            if let known = carriers[gateway.channel], known.traits.weight >= gateway.traits.weight { continue }
            carriers[gateway.channel] = gateway
        }
        try store.takeTests(addresses.count, of: organisation, actor: actor, now: .now)
        let sent = message.marked(for: mode).markedAsTest.sample
        let chosen = carriers
        let answers = await withTaskGroup(of: (Int, Answer).self) { group in
            for (index, address) in addresses.enumerated() {
                guard let gateway = chosen[address.channel] else { continue }
                group.addTask {
                    let result = await gateway.submit(
                        .alone(
                            to: address.address, by: address.channel,
                            // A moment of its own makes a reference of its own.
                            sent.worded(for: address.channel, language: language), mode: mode,
                            now: UTCTime.now.advanced(byMilliseconds: Int64(index))))
                    return (index, Answer(address, gateway, result))
                }
            }
            var answers: [(Int, Answer)] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.0 < $1.0 }.map(\.1)
        }
        for gateway in carriers.values { await gateway.close() }
        for answer in answers {
            // They have left: a journal that refuses the answer, having taken the request, must not make anybody repeat it.
            try? store.audit(
                actor: actor, action: "message.tested", subject: answer.label,
                detail: [
                    "mode": mode.rawValue, "channel": answer.channel.rawValue, "gateway": answer.gateway,
                    "answer": answer.words, "detail": answer.detail ?? "",
                ])
        }
        return answers
    }
}

extension TestSending.Answer {
    fileprivate init(_ address: TestAddress, _ gateway: Gateway, _ result: SubmissionResult) {
        self.init(
            label: address.label, channel: address.channel, gateway: gateway.name, words: result.words,
            detail: result.detail, isFailure: result.isFailure)
    }
}
