/// The text form of a policy: one `rail=consequence` or `limit=number` a line, in a fixed order.
///
/// The same words are typed on the command line, shown by it and stored.
extension GuardPolicy {
    package struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    private struct Limit {
        let name: String
        let range: ClosedRange<Double>
        let path: WritableKeyPath<GuardPolicy, Double>
    }

    private struct Count {
        let name: String
        var range = 0...Int.max
        let path: WritableKeyPath<GuardPolicy, Int>
    }

    private static var limits: [Limit] {
        [
            Limit(name: "outside_share", range: 0...1, path: \.outsideShare),
            Limit(name: "register_share_limit", range: 0...1, path: \.registerShare),
            Limit(name: "population_ratio", range: 0...1_000_000, path: \.populationRatio),
            Limit(name: "least_population_ratio", range: 0...1, path: \.leastPopulationRatio),
        ]
    }

    private static var counts: [Count] {
        [
            Count(name: "small_register", path: \.smallRegister),
            Count(name: "population_spare", path: \.populationSpare),
            Count(name: "already_alerted_hours", path: \.alreadyAlertedHours),
            Count(name: "large_audience_limit", path: \.largeAudience),
            Count(name: "typed_above", path: \.typedAbove),
            // Whoever asks is never kept from alerting for longer than an hour, and nobody approves yesterday's flood.
            Count(name: "break_glass_seconds", range: 0...3_600, path: \.breakGlassSeconds),
            Count(name: "approval_minutes", range: 1...1_440, path: \.approvalMinutes),
        ]
    }

    /// Name and value of everything that can be settled.
    package var lines: [(name: String, value: String)] {
        GuardRail.allCases.map { ($0.rawValue, consequence(of: $0).rawValue) }
            + Self.limits.map { ($0.name, "\(self[keyPath: $0.path])") }
            + Self.counts.map { ($0.name, "\(self[keyPath: $0.path])") }
    }

    package var text: String { lines.map { "\($0.name)=\($0.value)" }.joined(separator: "\n") }

    /// - Throws: for a name or a value that there is none of.
    package init(text: String) throws(Fault) {
        self = .standard
        for line in text.split(whereSeparator: \.isNewline) { try set(String(line)) }
    }

    /// Settles one thing: `register_share=stop`, `population_ratio=3`.
    package mutating func set(_ text: String) throws(Fault) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw Fault(description: "“\(text.prefix(60))” is not NAME=VALUE") }
        let (name, value) = (parts[0], parts[1])
        if let rail = GuardRail(rawValue: name) {
            guard let consequence = GuardConsequence(rawValue: value) else {
                let words = GuardConsequence.allCases.map(\.rawValue).joined(separator: ", ")
                throw Fault(description: "\(name): one of \(words) is due")
            }
            guard rail != .empty || consequence == .stop else {
                throw Fault(description: "empty: an empty audience always stops")
            }
            guard rail != .quota || consequence == .warn || consequence == .secondPerson else {
                throw Fault(description: "quota: warn or second_person; a quota never keeps an alert back, nor is it silent")
            }
            if rail != .empty { consequences[rail] = consequence }
        } else if let limit = Self.limits.first(where: { $0.name == name }) {
            guard let number = Double(value), limit.range.contains(number) else {
                throw Fault(
                    description: "\(name): a number from \(limit.range.lowerBound) to \(limit.range.upperBound) is due")
            }
            self[keyPath: limit.path] = number
        } else if let count = Self.counts.first(where: { $0.name == name }) {
            guard let number = Int(value), count.range.contains(number) else {
                let bounds = count.range.upperBound == .max ? "" : " from \(count.range.lowerBound) to \(count.range.upperBound)"
                throw Fault(description: "\(name): a whole number\(bounds) is due")
            }
            self[keyPath: count.path] = number
        } else {
            throw Fault(
                description: "there is no guard rail “\(name.prefix(40))”: they are "
                    + GuardPolicy.standard.lines.map(\.name).joined(separator: ", "))
        }
    }
}
