import AlertModel

/// How many recipients a zone selects. `recipients` is certain + possible; who could not be located is apart.
package struct ZoneCounts: Sendable, Equatable {
    package var certain = 0
    package var possible = 0
    package var notLocated = 0
    /// Selected recipients with at least one contact point of the channel.
    package var channels: [Channel: Int] = [:]
    /// Selected recipients without any contact point.
    package var unreachable = 0
    /// Communes that selected recipients belong to, by their code.
    package var communes = 0

    package var recipients: Int { certain + possible }

    package init() {}

    /// The lines of `tocsin target --format count`: a contract that scripts rely on.
    package var lines: [(key: String, value: Int)] {
        [("recipients", recipients), ("certain", certain), ("possible", possible), ("not_located", notLocated)]
            + Channel.allCases.map { ($0.rawValue, channels[$0] ?? 0) }
    }
}
