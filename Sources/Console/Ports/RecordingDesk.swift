import AlertModel

/// Spoken messages, as the console needs them. Every function may throw `ConsoleProblem`.
package struct RecordingDesk: Sendable {
    /// Bytes of an uploaded sound.
    package let mostBytes: Int
    /// The organisation's, and those of the organisations above it, by name.
    package var all: @Sendable (Account) async throws -> [RecordingCard]
    /// Makes an uploaded sound into what telephones carry, and keeps it.
    package var add: @Sendable (Account, _ name: String, _ file: [UInt8]) async throws -> RecordingCard
    /// - Returns: whether there is such a recording.
    package var remove: @Sendable (Account, _ id: Int64) async throws -> Bool

    package init(
        mostBytes: Int, all: @escaping @Sendable (Account) async throws -> [RecordingCard],
        add: @escaping @Sendable (Account, String, [UInt8]) async throws -> RecordingCard,
        remove: @escaping @Sendable (Account, Int64) async throws -> Bool
    ) {
        self.mostBytes = mostBytes
        self.all = all
        self.add = add
        self.remove = remove
    }
}

/// A recording: `GET /api/recordings`.
package struct RecordingCard: Codable, Hashable, Sendable {
    package let id: Int64
    package let name: String
    /// By which wordings name it.
    package let hash: String
    package let seconds: Double
    /// False for what an organisation above has: it is played here, and removed there.
    package let isOwn: Bool

    package init(id: Int64, name: String, hash: SoundHash, seconds: Double, isOwn: Bool) {
        self.id = id
        self.name = name
        self.hash = hash.hexadecimal
        self.seconds = seconds
        self.isOwn = isOwn
    }
}
