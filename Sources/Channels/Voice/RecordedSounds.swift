import AlertModel

/// What recordings sound like: A-law, 8,000 samples a second; nil where one is not to be had. It may wait for a disk.
package typealias RecordedSounds = @Sendable (SoundHash) async throws -> [UInt8]?
