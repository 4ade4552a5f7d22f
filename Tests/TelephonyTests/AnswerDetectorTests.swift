import Foundation
import Testing

@testable import Telephony

@Suite struct AnswerDetectorTests {
    private typealias Heard = (LineSound, Int)

    /// What is found of changes, and of the time between them.
    private func findings(_ changes: [(LineSound, Int)], until end: Int) -> [AnswerDetector.Finding] {
        var detector = AnswerDetector(), found: [AnswerDetector.Finding] = []
        var rest = changes[...]
        for now in stride(from: 0, through: end, by: 20) {
            if let (sound, at) = rest.first, at <= now {
                rest.removeFirst()
                if let finding = detector.heard(sound, at: at) { found.append(finding) }
            } else if let deadline = detector.deadline, deadline <= now, let finding = detector.elapsed(to: now) {
                found.append(finding)
            }
        }
        return found
    }

    @Test func `who says a word and listens is a person, however often`() {
        #expect(findings([(.speech, 300), (.silence, 1_100)], until: 30_000) == [])
        #expect(findings([(.speech, 300), (.silence, 1_500), (.speech, 4_000), (.silence, 4_900), (.speech, 9_000), (.silence, 10_000)], until: 30_000) == [])
        #expect(findings([], until: 30_000) == [], "who says nothing, too")
        #expect(findings([(.speech, 200), (.silence, 3_500)], until: 30_000) == [], "an office says its name")
    }

    @Test func `a long greeting is a machine's, which records after its tone`() {
        #expect(findings([(.speech, 200), (.silence, 7_000), (.tone, 7_500), (.silence, 8_000)], until: 20_000) == [.greeting, .records])
        // Between two of its sentences.
        #expect(findings([(.speech, 200), (.silence, 2_400), (.speech, 2_800), (.silence, 5_900), (.tone, 6_500), (.silence, 7_000)], until: 20_000) == [.greeting, .records])
    }

    @Test func `without a tone it records once it is silent`() {
        #expect(findings([(.speech, 200), (.silence, 7_000)], until: 20_000) == [.greeting, .records])
    }

    @Test func `a short greeting is told by its tone alone, and a tone counts once, and soon`() {
        #expect(findings([(.speech, 200), (.silence, 2_000), (.tone, 2_600), (.silence, 3_000), (.tone, 5_000), (.silence, 5_400)], until: 20_000) == [.records])
        #expect(findings([(.tone, 70_000), (.silence, 70_500)], until: 90_000) == [])
    }
}

@Suite struct LineListenerTests {
    /// A-law by the standard's own rule (G.711), not by the library that is tested.
    private static func aLaw(_ sample: Double) -> UInt8 {
        var value = Int(max(-1, min(1, sample)) * 4_095)
        let sign: UInt8 = value >= 0 ? 0x80 : 0
        if value < 0 { value = -value - 1 }
        var exponent = 0
        while value >> (exponent + 5) > 0, exponent < 7 { exponent += 1 }
        let mantissa = exponent == 0 ? value >> 1 & 0xf : value >> exponent & 0xf
        return (sign | UInt8(exponent << 4 | mantissa)) ^ 0x55
    }

    private static func sound(_ seconds: Double, _ wave: (Double) -> Double) -> [UInt8] {
        (0..<Int(seconds * 8_000)).map { aLaw(wave(Double($0) / 8_000)) }
    }

    private static func tone(_ frequency: Double, _ seconds: Double, level: Double = 0.3) -> [UInt8] {
        sound(seconds) { level * sin(2 * .pi * frequency * $0) }
    }

    private static let hush = sound(1) { _ in 0 }

    private func sounds(_ recording: [UInt8]) -> [LineSound] {
        var listener = LineListener(), told: [LineSound] = []
        for start in stride(from: 0, through: recording.count - LineListener.frame, by: LineListener.frame) {
            let sound = listener.hear(recording[start..<start + LineListener.frame])
            if told.last != sound { told.append(sound) }
        }
        return told
    }

    @Test(arguments: [350.0, 425, 440, 800, 1_000, 1_400, 2_100])
    func `a beep is a tone at any usual frequency`(frequency: Double) {
        #expect(sounds(Self.hush + Self.tone(frequency, 0.3) + Self.hush) == [.silence, .tone, .silence])
        #expect(sounds(Self.hush + Self.tone(frequency, 0.3, level: 0.03) + Self.hush) == [.silence, .tone, .silence])
    }

    @Test func `what is no single steady tone is speech, and what is faint or short is nothing`() {
        let keys = Self.sound(0.5) { 0.2 * sin(2 * .pi * 770 * $0) + 0.2 * sin(2 * .pi * 1_336 * $0) }
        let voice = Self.sound(1) { time in (1...12).reduce(0) { $0 + 0.1 * sin(2 * .pi * 120 * Double($1) * time) / Double($1).squareRoot() } }
        let siren = Self.sound(1) { 0.3 * sin(2 * .pi * (600 * $0 + 600 * $0 * $0)) }
        for loud in [keys, voice, siren] { #expect(sounds(Self.hush + loud + Self.hush) == [.silence, .speech, .silence]) }
        #expect(sounds(Self.hush + Self.tone(1_000, 0.5, level: 0.002) + Self.hush) == [.silence])
        #expect(sounds(Self.hush + Self.tone(1_000, 0.04) + Self.hush) == [.silence])
    }
}
