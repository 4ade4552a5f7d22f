import ArgumentParser
import Console

/// One bound on what clients of the server may cost, as `--limit NAME=NUMBER` sets it.
struct LimitSetting: ExpressibleByArgument, Sendable {
    private static let seconds: [String: any WritableKeyPath<ConsoleLimits, Duration> & Sendable] = [
        "bodySeconds": \.bodyTime, "handshakeSeconds": \.handshakeTime, "headSeconds": \.headTime, "idleSeconds": \.idleTime,
        "lingerSeconds": \.lingerTime,
    ]
    private static let numbers: [String: any WritableKeyPath<ConsoleLimits, Int> & Sendable] = [
        "connections": \.connections, "connectionsPerAddress": \.connectionsPerAddress,
        "requestsPerAccount": \.requestsPerSecondByAccount, "requestsPerAddress": \.requestsPerSecondByAddress,
    ]

    static var names: String { (Array(seconds.keys) + Array(numbers.keys)).sorted().joined(separator: ", ") }

    let name: String
    let number: Int

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let number = Int(parts[1]), (0...1_000_000).contains(number) else { return nil }
        name = String(parts[0])
        self.number = number
        guard Self.seconds[name] != nil && number > 0 || Self.numbers[name] != nil else { return nil }
    }

    func apply(to limits: inout ConsoleLimits) {
        if let path = Self.seconds[name] { limits[keyPath: path] = .seconds(number) }
        if let path = Self.numbers[name] { limits[keyPath: path] = number }
    }
}
