/// Gives each long message to a phone a reference its last ones did not have, so that a phone never joins parts of
/// two messages. Counted per destination, as phones keep parts by sender and reference.
package struct ConcatenationReferences: Sendable {
    /// Destinations remembered. Beyond it all are forgotten and start anew from a random number.
    package static let limit = 200_000

    private var last: [String: UInt8] = [:]

    package init() {}

    /// - Parameter random: where an unknown destination starts; a restart must not repeat the last minutes' numbers.
    package mutating func next(for destination: String, random: () -> UInt8 = { .random(in: 0...255) }) -> UInt16 {
        if last.count >= Self.limit, last[destination] == nil { last.removeAll(keepingCapacity: true) }
        let reference = last[destination].map { $0 &+ 1 } ?? random()
        last[destination] = reference
        return UInt16(reference)
    }
}
