import AlertModel
import GeoModel

/// What a policy says beyond its four numbers, as JSON, such as
/// `{"jitterPercent":10,"retries":{"busy":{"count":3,"periodSeconds":120}}}`: its cascade, jitter, refusal of late
/// joiners, and rules for single causes.
///
/// Stored with the campaign and part of its hash: one policy has one text, keys sorted, no space.
package enum RetryDocument {
    /// Empty where the policy says nothing of it, so that the hash of such a campaign never changes.
    package static func encode(_ policy: Policy) -> [UInt8] {
        guard !policy.retries.isEmpty || policy.jitterPercent != 0 || policy.cascade != nil || !policy.admitsLateJoiners
            || policy.quiet != nil
        else {
            return []
        }
        var writer = JSONWriter()
        writer.raw("{")
        if let cascade = policy.cascade { write(cascade, &writer) }
        writer.raw(#""jitterPercent":"#)
        writer.number(Double(policy.jitterPercent))
        if !policy.admitsLateJoiners { writer.raw(#","lateJoiners":false"#) }
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

    private static func write(_ cascade: Cascade, _ writer: inout JSONWriter) {
        writer.raw(#""cascade":{"steps":["#)
        for (index, step) in cascade.steps.enumerated() {
            writer.raw(index == 0 ? #"{"channels":["# : #",{"channels":["#)
            for (place, channel) in step.channels.sorted().enumerated() {
                if place > 0 { writer.raw(",") }
                writer.string(channel.rawValue)
            }
            writer.raw("]")
            if let each = step.eachSeconds {
                writer.raw(#","eachSeconds":"#)
                writer.number(Double(each))
            }
            writer.raw(#","waitSeconds":"#)
            writer.number(Double(step.waitSeconds))
            writer.raw("}")
        }
        writer.raw(#"],"until":"#)
        writer.string(cascade.until.rawValue)
        writer.raw("},")
    }

    /// - Throws: `PolicyDocumentError`.
    package static func decode(_ bytes: [UInt8]) throws(PolicyDocumentError) -> PolicyDocument {
        try PolicyDocument.decode(bytes, isStored: true)
    }
}
