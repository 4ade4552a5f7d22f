import CRe

/// Sound as a telephone carries it: G.711 A-law, one channel of 8,000 samples a second. Kept as long as somebody holds or plays it.
package final class CallAudio: Sendable {
    /// A minute is 480,000 samples; no message is longer than ten.
    package static let mostSamples = 10 * 60 * samplesPerSecond
    package static let samplesPerSecond = 8_000

    nonisolated(unsafe) let handle: OpaquePointer
    package let samples: Int

    /// - Parameter aLaw: one byte a sample; nil when there are none, or more than `mostSamples`.
    package init?(aLaw: [UInt8]) {
        guard !aLaw.isEmpty, aLaw.count <= Self.mostSamples, let handle = cre_audio_new(aLaw, aLaw.count) else { return nil }
        self.handle = handle
        samples = aLaw.count
    }

    package var milliseconds: Int { samples * 1000 / Self.samplesPerSecond }

    deinit { cre_audio_free(handle) }
}
