import AlertModel
import GeoModel

/// A policy an operator keeps in a file, read strictly. Every member but `version` may be left out:
///
///     {"version": 1, "maximumRetries": 2, "retryPeriodSeconds": 120, "validitySeconds": 86400, "jitterPercent": 10,
///      "quiet": "20:00-08:00 sundays holidays",
///      "retries": {"busy": {"count": 3, "periodSeconds": 120}, "network": {"count": 20, "periodSeconds": 30}},
///      "cascade": {"until": "acknowledged", "steps": [{"channels": ["sms", "email"]},
///                  {"channels": ["voice"], "waitSeconds": 600, "eachSeconds": 120}]}}
package struct PolicyDocument: Hashable, Sendable {
    package static let version = 1
    /// Bytes: a policy is a few hundred.
    package static let largest = 64 << 10

    package var maximumRetries: Int?
    package var retryPeriodSeconds: Int?
    package var validitySeconds: Int?
    package var jitterPercent: Int?
    package var retries: [FailureCause: RetryRule] = [:]
    package var cascade: Cascade?
    package var lateJoiners: Bool?
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
            node = try JSONNode.read(bytes, limits: JSONNode.Limits(maxDepth: 6, maxValues: 100))
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
        if let node = members.removeValue(forKey: "lateJoiners") {
            guard case .bool(let isAdmitted) = node else {
                throw PolicyDocumentError(path: "lateJoiners", reason: "true or false is due")
            }
            document.lateJoiners = isAdmitted
        }
        if let cascade = members.removeValue(forKey: "cascade") { document.cascade = try self.cascade(cascade) }
        try finish(members, "")
        return document
    }

    private static func cascade(_ node: JSONNode) throws(PolicyDocumentError) -> Cascade {
        var members = try object(node, "cascade")
        var until = StopWord.acknowledged
        if let word = members.removeValue(forKey: "until") {
            guard case .string(let text) = word, let known = StopWord(rawValue: text) else {
                let words = StopWord.allCases.map(\.rawValue).joined(separator: ", ")
                throw PolicyDocumentError(path: "cascade.until", reason: "one of these is due: \(words)")
            }
            until = known
        }
        guard case .array(let nodes)? = members.removeValue(forKey: "steps") else {
            throw PolicyDocumentError(path: "cascade.steps", reason: "an array of steps is due")
        }
        try finish(members, "cascade")
        var steps: [Cascade.Step] = []
        for (index, node) in nodes.enumerated() {
            let path = "cascade.steps.\(index)"
            var step = try object(node, path)
            guard case .array(let words)? = step.removeValue(forKey: "channels") else {
                throw PolicyDocumentError(path: "\(path).channels", reason: "an array of channels is due")
            }
            var channels: [Channel] = []
            for word in words {
                guard case .string(let text) = word, let channel = Channel(rawValue: text) else {
                    throw PolicyDocumentError(path: "\(path).channels", reason: "they are sms, voice, email, fax")
                }
                channels.append(channel)
            }
            let wait = try take(&step, "waitSeconds", path)
            let each = try take(&step, "eachSeconds", path)
            try finish(step, path)
            steps.append(Cascade.Step(channels: channels.sorted(), waitSeconds: wait ?? 0, eachSeconds: each))
        }
        return Cascade(steps: steps, until: until)
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
