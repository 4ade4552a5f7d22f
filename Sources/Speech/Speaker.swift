import Foundation
import Synchronization

/// Texts as telephones carry them: G.711 A-law, 8,000 samples a second, all equally loud. What was said lately is kept.
package actor Speaker {
    static let mostSeconds = 300
    private static let everybodys = "fr"
    private static let samplesPerSecond = 8_000
    /// A minute is 480,000 bytes.
    private static let keptBytes = 64_000_000
    /// As WAV of up to 48,000 samples of two bytes.
    private static let mostSpokenBytes = mostSeconds * 96_000

    private struct Key: Hashable {
        let text: String
        let language: String
    }

    private let command: SpeechCommand
    private let converter: String
    private var kept: [Key: Task<[UInt8], any Error>] = [:]
    /// The oldest first.
    private var order: [(key: Key, bytes: Int)] = []

    /// - Parameter converter: SoX.
    package init(command: SpeechCommand = .espeak, converter: String = "/usr/bin/sox") {
        self.command = command
        self.converter = converter
    }

    /// A language without a voice is spoken by the French one: badly said is better than not called.
    ///
    /// - Parameter language: a code as engines name their voices: fr, en, pt-br.
    /// - Throws: `SpeechError`.
    package func aLaw(of text: String, language: String) async throws -> [UInt8] {
        do {
            return try await spoken(text, language)
        } catch let error as SpeechError where error.code == .failed && language != Self.everybodys {
            return try await spoken(text, Self.everybodys)
        }
    }

    private func spoken(_ text: String, _ language: String) async throws -> [UInt8] {
        guard text.contains(where: { !$0.isWhitespace }) else { throw SpeechError(code: .silent, program: "") }
        let key = Key(text: text, language: language)
        if let task = kept[key] { return try await task.value }
        let task = Task { [command, converter] in try await Self.speak(text, command.words(in: language), converter) }
        kept[key] = task
        do {
            let sound = try await task.value
            keep(key, sound.count)
            return sound
        } catch {
            kept[key] = nil
            throw error
        }
    }

    private func keep(_ key: Key, _ bytes: Int) {
        order.append((key, bytes))
        var sum = order.reduce(0) { $0 + $1.bytes }
        while sum > Self.keptBytes, order.count > 1 {
            let oldest = order.removeFirst()
            kept[oldest.key] = nil
            sum -= oldest.bytes
        }
    }

    private static func speak(_ text: String, _ words: [String], _ converter: String) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            // Programs are waited for: that is no work for the pool that everything else shares.
            Thread.detachNewThread {
                continuation.resume(with: Result {
                    let wave = try Subprocess.run(words, input: Array(text.utf8), mostBytes: mostSpokenBytes)
                    return try Subprocess.run(
                        // A telephone carries 300 to 3,400 Hz; -3 dB leaves room for what the network adds.
                        [converter, "-V0", "-t", "wav", "--ignore-length", "-", "-t", "al", "-r", "8000", "-c", "1", "-", "highpass", "200", "norm", "-3"],
                        input: wave, mostBytes: mostSeconds * samplesPerSecond)
                })
            }
        }
    }
}
