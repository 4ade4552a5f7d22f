import AlertModel
import Campaigns
import Dispatching
import GeoModel

/// Made-up recipients and a plan to alert them. Numbers are of the ranges reserved for fiction.
package struct Town: Sendable {
    package let entries: [AudienceEntry]
    package let plan: CampaignPlan

    /// - Parameters:
    ///   - recipients: how many, each with one contact point per channel.
    ///   - numbers: contact points of each channel, the second of a rank after all the first.
    ///   - sharing: every so many recipients share the number of the one before; 0 for none.
    package init(
        recipients: Int, channels: [Channel] = [.sms], mode: CampaignMode = .exercise, sharing: Int = 0,
        retries: Int = 2, retryPeriodSeconds: Int = 60, validitySeconds: Int = 3_600, key: String = "key",
        firstRecipient: Int = 0, language: String = "fr", variants: [MessageVariant] = [], kind: CampaignKind = .alert,
        weight: Int = 1, rules: [FailureCause: RetryRule] = [:], jitterPercent: Int = 0,
        cascade: Cascade? = nil, numbers: Int = 1, quiet: QuietHours? = nil,
        text: String = "Évacuez à pied", values: ((Int) -> PersonalValues)? = nil, organisation: Int64 = 1
    ) {
        entries = (0..<recipients).map { index in
            let shared = sharing > 0 && index % sharing == 1
            let number = Self.padded(firstRecipient + (shared ? index - 1 : index), 6)
            return AudienceEntry(
                recipient: RecipientID(rawValue: Int64(firstRecipient + index + 1)),
                externalID: "R" + Self.padded(firstRecipient + index, 7), name: nil,
                communeCode: CommuneCode(index % 3 == 0 ? "80021" : "80001"), precision: .given,
                certainty: index % 10 == 0 ? .possible : .certain, language: language, why: "made up",
                contactPoints: (0..<numbers).flatMap { place in
                    channels.map { channel in
                        let suffix = place == 0 ? "" : String(place)
                        return ContactPoint(
                            channel: channel,
                            address: Redacted(channel == .email ? "r\(number)\(suffix)@example.org" : "+33199\(number)\(suffix)"),
                            rank: place + 1)
                    }
                }, values: values?(index))
        }
        plan = CampaignPlan(
            organisation: OrganisationID(rawValue: organisation), requestKey: key, mode: mode,
            zoneDocument: #"{"type":"communes","codes":["80021","80001"]}"#,
            message: Message(subject: "Crue", text: text, variants: variants, isPersonal: values != nil),
            policy: Policy(
                channels: channels, maximumRetries: retries, retryPeriodSeconds: retryPeriodSeconds,
                validitySeconds: validitySeconds, retries: rules, jitterPercent: jitterPercent,
                cascade: cascade, quiet: quiet),
            notLocated: 0, approvedHash: nil, createdBy: "test", kind: kind, weight: weight)
    }

    /// What it has to send, as an estimate asks for it.
    package var work: ForecastWork {
        ForecastWork(
            kind: plan.kind, weight: plan.weight,
            loads: plan.policy.channels.map {
                MessageLoad(channel: $0, message: plan.message, messages: entries.count)
            })
    }

    package var hash: AudienceHash {
        get throws {
            var digest = plan.digest()
            for entry in entries { try digest.update(entry) }
            return digest.finalize()
        }
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
