import AlertModel
import GeoModel

/// A policy an operator keeps in a file, read strictly. Every member but `version` may be left out:
///
///     {"version": 1, "maximumRetries": 2, "retryPeriodSeconds": 120, "validitySeconds": 86400, "jitterPercent": 10,
///      "quiet": "20:00-08:00 sundays holidays",
///      "retries": {"busy": {"count": 3, "periodSeconds": 120}, "network": {"count": 20, "periodSeconds": 30}}}
package struct PolicyDocument: Hashable, Sendable {
    package static let version = 1
    /// Bytes: a policy is a few hundred.
    package static let largest = 64 << 10

    package var maximumRetries: Int?
    package var retryPeriodSeconds: Int?
    package var validitySeconds: Int?
    package var jitterPercent: Int?
    package var retries: [FailureCause: RetryRule] = [:]
    /// Of information; `none` for a campaign without.
    package var quiet: QuietPattern?
    /// As it is kept with a campaign, its clock named.
    package private(set) var storedQuiet: QuietHours?

    package init() {}

    /// - Throws: the first fault, with the path of its member. Bounds are `PolicyRules`' matter.
    package static func decode(_ bytes: [UInt8]) throws(PolicyDocumentError) -> PolicyDocument {
        try decode(bytes, isStored: false)
    }

    static func decode(_ bytes: [UInt8], isStored: Bool) throws(PolicyDocumentError) -> PolicyDocument {
        guard bytes.count <= largest else {
            throw PolicyDocumentError(path: "", reason: "the policy is larger than \(largest) bytes")
        }
        let node: JSONNode
        do {
            node = try JSONNode.read(bytes, limits: JSONNode.Limits(maxDepth: 4, maxValues: 100))
        } catch {
            throw PolicyDocumentError(path: "", reason: "\(error)")
        }
        var members = try object(node, "")
        if !isStored {
            guard try take(&members, "version", "") == version else {
                throw PolicyDocumentError(path: "version", reason: "this Tocsin reads version \(version)")
            }
        }
        var document = PolicyDocument()
        document.maximumRetries = try take(&members, "maximumRetries", "")
        document.retryPeriodSeconds = try take(&members, "retryPeriodSeconds", "")
        document.validitySeconds = try take(&members, "validitySeconds", "")
        document.jitterPercent = try take(&members, "jitterPercent", "")
        if let node = members.removeValue(forKey: "quiet") { try document.takeQuiet(node, isStored: isStored) }
        if let rules = members.removeValue(forKey: "retries") {
            for (word, node) in try object(rules, "retries").sorted(by: { $0.key < $1.key }) {
                let path = "retries.\(word.prefix(40))"
                guard let cause = FailureCause(rawValue: word), FailureCause.retriable.contains(cause) else {
                    let known = FailureCause.retriable.map(\.rawValue).joined(separator: ", ")
                    throw PolicyDocumentError(path: path, reason: "a cause is due: \(known)")
                }
                var rule = try object(node, path)
                guard let count = try take(&rule, "count", path), let period = try take(&rule, "periodSeconds", path) else {
                    throw PolicyDocumentError(path: path, reason: "count and periodSeconds are due")
                }
                try finish(rule, path)
                document.retries[cause] = RetryRule(count: count, periodSeconds: period)
            }
        }
        try finish(members, "")
        return document
    }

    private mutating func takeQuiet(_ node: JSONNode, isStored: Bool) throws(PolicyDocumentError) {
        guard case .string(let text) = node else { throw PolicyDocumentError(path: "quiet", reason: "a text is due") }
        if isStored {
            guard let stored = QuietHours(text) else {
                throw PolicyDocumentError(path: "quiet", reason: "these quiet hours, or their time zone, are not known")
            }
            storedQuiet = stored
        } else {
            do throws(QuietPattern.Fault) {
                quiet = try QuietPattern(text)
            } catch {
                throw PolicyDocumentError(path: "quiet", reason: error.description)
            }
        }
    }

    private static func object(_ node: JSONNode, _ path: String) throws(PolicyDocumentError) -> [String: JSONNode] {
        guard case .object(let members) = node else { throw PolicyDocumentError(path: path, reason: "an object is due") }
        return members
    }

    private static func take(
        _ members: inout [String: JSONNode], _ key: String, _ path: String
    ) throws(PolicyDocumentError) -> Int? {
        guard let node = members.removeValue(forKey: key) else { return nil }
        guard case .number(let number) = node, number == number.rounded(), abs(number) <= 1e9 else {
            throw PolicyDocumentError(path: path.isEmpty ? key : "\(path).\(key)", reason: "a whole number is due")
        }
        return Int(number)
    }

    private static func finish(_ members: [String: JSONNode], _ path: String) throws(PolicyDocumentError) {
        guard let stranger = members.keys.min() else { return }
        throw PolicyDocumentError(
            path: path.isEmpty ? String(stranger.prefix(40)) : "\(path).\(stranger.prefix(40))",
            reason: "there is no such member here: correct or remove it")
    }
}

/// Why a policy's document was refused. Safe to show.
package struct PolicyDocumentError: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String
    package let reason: String

    package var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}
