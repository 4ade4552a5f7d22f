import AlertModel

/// What a scenario says otherwise than when it was last approved: what a second person has to read again.
package struct ScenarioChange: Hashable, Sendable {
    /// What of it, in the order in which it is read.
    package enum Field: String, CaseIterable, Codable, Hashable, Sendable {
        case zone, kind, subject, text, wordings, channels, cascade, retries, validity, lateJoiners = "late_joiners", quiet, weight, blanks
    }

    package let field: Field
    /// In words, without personal data; empty where there was nothing, or where it is shown elsewhere.
    package let before: String
    package let after: String

    package init(field: Field, before: String, after: String) {
        self.field = field
        self.before = before
        self.after = after
    }
}

extension Scenario {
    /// - Parameters:
    ///   - earlier: as it was approved.
    ///   - zoneLabel: a zone's document in words.
    /// - Returns: nothing only where both have the same digest.
    package func changes(since earlier: Scenario, zoneLabel: (String) -> String) -> [ScenarioChange] {
        var changes: [ScenarioChange] = []
        func note<Value: Equatable>(_ field: ScenarioChange.Field, _ value: (Scenario) -> Value, _ words: (Scenario) -> String) {
            guard value(earlier) != value(self) else { return }
            changes.append(ScenarioChange(field: field, before: words(earlier), after: words(self)))
        }
        note(.zone, \.zoneDocument) { zoneLabel($0.zoneDocument) }
        note(.kind, \.kind) { $0.kind.rawValue }
        note(.subject, \.message.subject) { $0.message.subject }
        note(.text, \.message.text) { $0.message.text }
        note(.wordings, \.message.variants) { $0.message.variants.map { "\($0.use.language ?? "") \($0.use.channel?.rawValue ?? ""): \($0.subject ?? "") \($0.text)\($0.recording.map { " [\($0.hexadecimal.prefix(8))]" } ?? "")" }
                .joined(separator: " / ") }
        note(.channels, { $0.policy.channels.sorted() }) {
            $0.policy.channels.sorted().map(\.rawValue).joined(separator: ", ")
        }
        note(.cascade, \.policy.cascade) { $0.policy.cascade.map { "\(CascadeWords.write($0)), \($0.until.rawValue)" } ?? "" }
        note(.retries, { [$0.policy.maximumRetries, $0.policy.retryPeriodSeconds, $0.policy.jitterPercent].map(String.init) + $0.causes }) {
            (["\($0.policy.maximumRetries) × \($0.policy.retryPeriodSeconds) s"] + $0.causes).joined(separator: ", ")
        }
        note(.validity, \.policy.validitySeconds) { "\($0.policy.validitySeconds) s" }
        note(.lateJoiners, \.policy.admitsLateJoiners) { $0.policy.admitsLateJoiners ? "yes" : "no" }
        note(.quiet, \.policy.quiet) { $0.policy.quiet.map { "\($0)" } ?? "" }
        note(.weight, \.weight) { String($0.weight) }
        note(.blanks, \.blanks) { Scenario.write($0.blanks) }
        return changes
    }

    /// Rules of single causes, in words.
    private var causes: [String] {
        policy.retries.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.rawValue) \($0.value.count) × \($0.value.periodSeconds) s" }
    }
}
