import AlertModel
import Channels
import Dispatching
import Store
import Targeting

/// Estimates campaigns from what this installation knows: its gateways, what is running, how past campaigns went.
struct CampaignForecast {
    let store: AlertDatabase
    let gateways: GatewaySettings
    /// Whose past campaigns tell of the pace.
    let organisation: OrganisationID

    /// What cannot be estimated, because the gateways or the rates are configured and can't be read, must not keep an alert
    /// back.
    ///
    /// - Parameters:
    ///   - preview: whom the campaign would reach, now.
    ///   - say: told why there is no estimate.
    func estimateIfPossible(
        _ preview: AudiencePreview, mode: CampaignMode, kind: CampaignKind, weight: Int, policy: Policy, now: UTCTime = .now,
        say: (String) -> Void = { _ in }
    ) -> CampaignEstimate? {
        do {
            let estimate = try estimate(preview.loads, mode: mode, kind: kind, weight: weight)
            return estimate.under(
                policy, later: preview.laterMessages,
                outlook: CampaignEstimator.outlook(
                    of: estimate, later: ForecastWork(kind: kind, weight: weight, loads: preview.laterLoads),
                    longestWaitSeconds: preview.longestWaitSeconds, policy: policy,
                    through: mode == .exercise ? simulated : try real(try store.measures(mode, of: organisation)),
                    declared: mode == .real ? try GatewayRates.declared().perSecond : [:]),
                launchedAt: now)
        } catch {
            say("there is no estimate: \(error)")
            return nil
        }
    }

    /// - Parameter loads: the campaign's messages by channel and wording, as its preview counts them.
    /// - Throws: when the gateways or the rates are configured and cannot be read.
    private func estimate(
        _ loads: [MessageLoad], mode: CampaignMode, kind: CampaignKind, weight: Int
    ) throws -> CampaignEstimate {
        let history = try store.measures(mode, of: organisation)
        let sources = mode == .exercise ? simulated : try real(history)
        return CampaignEstimator.estimate(
            ForecastWork(kind: kind, weight: weight, loads: loads), through: sources,
            beside: try store.runningWork(mode, beside: organisation), declared: mode == .real ? try GatewayRates.declared().perSecond : [:],
            retries: Self.retries(history))
    }

    private var simulated: [ForecastGateway] {
        Simulators.all(speed: gateways.exerciseSpeed).map { simulator in
            ForecastGateway(
                simulator.traits,
                answerMilliseconds: Simulators.meanAnswerMilliseconds(simulator.channel, speed: gateways.exerciseSpeed),
                isSimulated: true)
        }
    }

    private func real(_ history: [CampaignMeasure]) throws -> [ForecastGateway] {
        let access = try store.gatewayAccess(of: organisation)
        let tariffs = try store.tariffBook(of: organisation)
        let traits = try (gateways.file?.gateways.map(\.traits) ?? gateways.realGateways().map(\.traits))
            .filter { access.allows($0.name, on: $0.channel) }
            .map { $0.charging(tariffs.tariff(of: $0.name, on: $0.channel, at: .now)?.tariff ?? $0.tariff) }
        let past = history.flatMap(\.gateways)
        return traits.map { traits in
            let own = past.filter { $0.gateway == traits.name && $0.channel == traits.channel }
            // Fewer messages than this all left at once, and show no pace.
            let full = own.first { $0.messages >= Self.windowsToJudge * traits.window && $0.spanMilliseconds >= 1_000 }
            return ForecastGateway(
                traits, pastPerSecond: full.map { Double($0.messages) * 1000 / Double($0.spanMilliseconds) },
                answerMilliseconds: own.first { $0.answerMilliseconds > 0 }.map { Double($0.answerMilliseconds) })
        }
    }

    private static let windowsToJudge = 3

    /// Second and further attempts for each message, by channel, over all that is remembered.
    private static func retries(_ history: [CampaignMeasure]) -> [Channel: Double] {
        Dictionary(grouping: history.flatMap(\.channels), by: \.channel).compactMapValues { past in
            let messages = past.reduce(0) { $0 + $1.messages }
            return messages > 0 ? Double(past.reduce(0) { $0 + $1.attempts } - messages) / Double(messages) : nil
        }
    }
}
