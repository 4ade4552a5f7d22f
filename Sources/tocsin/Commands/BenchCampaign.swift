import AlertModel
import Campaigns
import Dispatching
import GeoModel
import Store

/// A campaign to people who exist nowhere, on a ledger of its own.
struct BenchCampaign {
    let recipients: Int
    let channel: Channel
    let mode: CampaignMode
    let text: String
    var isPersonal = false

    /// - Parameter address: of the recipient whose eight digits are given.
    func launch(on ledger: CampaignLedger, address: (String) -> String) throws -> Launch {
        let plan = CampaignPlan(
            organisation: OrganisationID(rawValue: 1), requestKey: "bench", mode: mode, zoneDocument: "{}",
            message: Message(subject: "Essai", text: text, isPersonal: isPersonal),
            // A peer that refuses is told of at once, and not tried for minutes.
            policy: Policy(channels: [channel], maximumRetries: 0, retryPeriodSeconds: 10, validitySeconds: 86_400),
            notLocated: 0, approvedHash: nil, createdBy: "bench")
        var next = 0
        return try ledger.launch(plan, now: .now) {
            guard next < recipients else { return nil }
            next += 1
            let digits = String(10_000_000 + next)
            let values = isPersonal
                ? PersonalValues([.name: "Camille Exemple \(digits)", .commune: "Saint-Exemple-lès-\(next % 997)"]) : nil
            return AudienceEntry(
                recipient: RecipientID(rawValue: Int64(next)), externalID: "R\(digits)", name: nil, communeCode: nil,
                precision: .given, certainty: .certain, language: "", why: "invented",
                contactPoints: [ContactPoint(channel: channel, address: Redacted(address(digits)), rank: 1)], values: values)
        }
    }
}
