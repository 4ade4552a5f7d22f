import Foundation

/// Who may try codes: after too many wrong ones, only telephones that are known, for as long as it takes to forget them.
struct CallerGate: Sendable {
    /// Of everybody together: a code has four digits or more, and a PIN six.
    static let mostWrong = 12
    static let period: TimeInterval = 3_600

    private var wrong: [Date] = []

    mutating func note(wrongTries: Int, at now: Date) {
        wrong.removeAll { !Self.counts($0, now) }
        wrong += Array(repeating: now, count: min(wrongTries, Self.mostWrong))
    }

    func isOpen(toKnown isKnown: Bool, at now: Date) -> Bool {
        isKnown || wrong.count { Self.counts($0, now) } < Self.mostWrong
    }

    private static func counts(_ time: Date, _ now: Date) -> Bool { now.timeIntervalSince(time) < period }
}
