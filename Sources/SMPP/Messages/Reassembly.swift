/// Joins the parts of long inbound messages, within bounds of count, size and age.
package struct Reassembly: Sendable {
    package struct Limits: Sendable {
        /// Messages waiting for parts; the oldest is given up for a new one.
        package var messages = 1_000
        /// Octets in all waiting parts.
        package var octets = 1_000_000
        /// A phone sends its parts within seconds; networks try again for minutes.
        package var ageMilliseconds: Int64 = 10 * 60_000

        package init() {}
    }

    /// A text as it came together.
    package struct Whole: Hashable, Sendable {
        package let text: String
        /// Parts never came within the time allowed: what did come is given rather than lost.
        package let isIncomplete: Bool
    }

    private struct Key: Hashable {
        let source: String
        let destination: String
        let reference: UInt16
        let total: UInt8
    }

    private struct Waiting {
        var parts: [UInt8: String]
        var octets: Int
        let startedAt: Int64
        let key: Key
    }

    private let limits: Limits
    private var waiting: [Key: Waiting] = [:]
    private var octets = 0

    package init(limits: Limits = Limits()) { self.limits = limits }

    package var waitingCount: Int { waiting.count }

    /// - Parameter now: milliseconds of any clock that does not jump.
    /// - Returns: the whole text with its sender once the last part is there.
    package mutating func add(
        _ part: UserDataHeader.Concatenation, text: String, source: String, destination: String, now: Int64
    ) -> String? {
        let key = Key(source: source, destination: destination, reference: part.reference, total: part.total)
        var entry = waiting[key] ?? Waiting(parts: [:], octets: 0, startedAt: now, key: key)
        guard entry.parts[part.number] == nil else { return nil }
        entry.parts[part.number] = text
        entry.octets += text.utf8.count
        octets += text.utf8.count
        waiting[key] = entry
        guard entry.parts.count == Int(part.total) else { return nil }
        remove(key)
        return (1...part.total).map { entry.parts[$0] ?? "" }.joined()
    }

    /// Gives up what is too old or too much. Call it after `add` and now and then.
    /// - Returns: what had come of each message given up, with its sender and the number it was sent to.
    package mutating func expire(now: Int64) -> [(source: String, destination: String, whole: Whole)] {
        guard !waiting.isEmpty else { return [] }
        var given: [(String, String, Whole)] = []
        var old = waiting.values.filter { now - $0.startedAt >= limits.ageMilliseconds }
        if waiting.count - old.count > limits.messages || octets > limits.octets {
            // Half at once, so that a flood does not sort the whole for each part it sends.
            old = Array(waiting.values.sorted { $0.startedAt < $1.startedAt }.prefix((waiting.count + 1) / 2))
        }
        for entry in old {
            remove(entry.key)
            let text = entry.parts.sorted { $0.key < $1.key }.map(\.value).joined()
            given.append((entry.key.source, entry.key.destination, Whole(text: text, isIncomplete: true)))
        }
        return given
    }

    private mutating func remove(_ key: Key) {
        octets -= waiting.removeValue(forKey: key)?.octets ?? 0
    }
}
