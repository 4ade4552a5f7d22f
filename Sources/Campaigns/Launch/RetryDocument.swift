import AlertModel
import GeoModel

/// What a policy says of single causes, as JSON: `{"jitterPercent":10,"retries":{"busy":{"count":3,"periodSeconds":120}}}`.
///
/// Stored with the campaign and part of its hash: one policy has one text, keys sorted, no space.
package enum RetryDocument {
    /// Empty where the policy has no rule of its own, no jitter and no quiet hours.
    package static func encode(_ policy: Policy) -> [UInt8] {
        guard !policy.retries.isEmpty || policy.jitterPercent != 0 || policy.quiet != nil else { return [] }
        var writer = JSONWriter()
        writer.raw(#"{"jitterPercent":"#)
        writer.number(Double(policy.jitterPercent))
        if let quiet = policy.quiet {
            writer.raw(#","quiet":"#)
            writer.string(quiet.description)
        }
        writer.raw(#","retries":{"#)
        var isFirst = true
        for (cause, rule) in policy.retries.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            if !isFirst { writer.raw(",") }
            isFirst = false
            writer.string(cause.rawValue)
            writer.raw(#":{"count":"#)
            writer.number(Double(rule.count))
            writer.raw(#","periodSeconds":"#)
            writer.number(Double(rule.periodSeconds))
            writer.raw("}")
        }
        writer.raw("}}")
        return writer.bytes
    }

    /// - Throws: `PolicyDocumentError`.
    package static func decode(_ bytes: [UInt8]) throws(PolicyDocumentError) -> PolicyDocument {
        try PolicyDocument.decode(bytes, isStored: true)
    }
}
