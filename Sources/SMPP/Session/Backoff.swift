/// The wait before each try to connect again: doubled from half a second to a minute, give or take half, so that many
/// clients do not come back to an SMSC at the same instant.
package struct Backoff: Sendable {
    static let firstMilliseconds: Int64 = 500
    static let longestMilliseconds: Int64 = 60_000
    /// A session that lived this long was a success: the next wait starts small again.
    static let settledMilliseconds: Int64 = 10_000

    private var failures = 0

    package init() {}

    /// - Parameter lived: how long the session that ended had been bound; 0 when it never was.
    package mutating func next(
        lived: Int64, using generator: inout some RandomNumberGenerator
    ) -> Int64 {
        failures = lived >= Self.settledMilliseconds ? 0 : failures
        let wait = min(Self.longestMilliseconds, Self.firstMilliseconds << min(failures, 10))
        failures += 1
        return Int64.random(in: wait / 2...wait + wait / 2, using: &generator)
    }
}
