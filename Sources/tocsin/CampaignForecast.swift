import AlertModel
import Dispatching
import Store
import Targeting

/// Estimates campaigns of one mode from what this installation knows: its gateways, what is running, how past campaigns went.
struct CampaignForecast {
    let store: AlertDatabase
    let means: any CampaignMeans
    /// Whose past campaigns tell of the pace.
    let organisation: OrganisationID

    /// What cannot be estimated, because the gateways or the rates are configured and can't be read, must not keep an alert
    /// back.
    ///
    /// - Parameters:
    ///   - preview: whom the campaign would reach, now.
    ///   - say: told why there is no estimate.
    func estimateIfPossible(
        _ preview: AudiencePreview, kind: CampaignKind, weight: Int, policy: Policy, now: UTCTime = .now,
        say: (String) -> Void = { _ in }
    ) -> CampaignEstimate? {
        do {
            let estimate = try estimate(preview.loads, kind: kind, weight: weight)
            return estimate.under(
                policy, later: preview.laterMessages,
                outlook: CampaignEstimator.outlook(
                    of: estimate, later: ForecastWork(kind: kind, weight: weight, loads: preview.laterLoads),
                    longestWaitSeconds: preview.longestWaitSeconds, policy: policy,
                    through: try means.forecastGateways(try store.measures(means.mode, of: organisation)),
                    declared: try means.declaredRates()),
                launchedAt: now)
        } catch {
            say("there is no estimate: \(error)")
            return nil
        }
    }

    /// - Parameter loads: the campaign's messages by channel and wording, as its preview counts them.
    /// - Throws: when the gateways or the rates are configured and cannot be read.
    private func estimate(
        _ loads: [MessageLoad], kind: CampaignKind, weight: Int
    ) throws -> CampaignEstimate {
        let history = try store.measures(means.mode, of: organisation)
        return CampaignEstimator.estimate(
            ForecastWork(kind: kind, weight: weight, loads: loads),
            through: try means.forecastGateways(history), beside: try store.runningWork(means.mode),
            declared: try means.declaredRates(),
            retries: Self.retries(history))
    }

    /// Second and further attempts for each message, by channel, over all that is remembered.
    private static func retries(_ history: [CampaignMeasure]) -> [Channel: Double] {
        Dictionary(grouping: history.flatMap(\.channels), by: \.channel).compactMapValues { past in
            let messages = past.reduce(0) { $0 + $1.messages }
            return messages > 0 ? Double(past.reduce(0) { $0 + $1.attempts } - messages) / Double(messages) : nil
        }
    }
}
