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

    /// Syllables of changing length and loudness, from a seed: of one voice, or of another.
    private static func voice(_ seed: UInt64, seconds: Double) -> [Double] {
        var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1, samples: [Double] = []
        func next(_ bound: UInt64) -> Double {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Double(state % bound)
        }
        while samples.count < Int(seconds * 8_000) {
            let length = 600 + Int(next(1_800)), loudness = 0.02 + next(100) / 250, pitch = 90 + next(90)
            for index in 0..<length {
                let time = Double(index) / 8_000
                samples.append(loudness * (1...10).reduce(0) { $0 + sin(2 * .pi * pitch * Double($1) * time) / 10 })
            }
            samples += [Double](repeating: 0, count: 200 + Int(next(1_200)))
        }
        return Array(samples.prefix(Int(seconds * 8_000)))
    }

    private static func late(_ samples: [Double], milliseconds: Int, _ share: Double) -> [Double] {
        [Double](repeating: 0, count: milliseconds * 8) + samples.map { $0 * share }
    }

    @Test(arguments: [(20, 1.0), (120, 0.5), (333, 0.3), (900, 1.0)])
    func `our own voice that comes back is nobody's, however late`(milliseconds: Int, share: Double) {
        let said = Self.voice(7, seconds: 20), echo = Self.late(said, milliseconds: milliseconds, share)
        #expect(LineListener.findings(in: echo.map(Self.aLaw), said: said.map(Self.aLaw)).isEmpty)
        #expect(!LineListener.findings(in: echo.map(Self.aLaw)).isEmpty, "without what was said it would be a greeting")
    }

    @Test(arguments: 1...20)
    func `a greeting is told from what we say meanwhile, and over a faint echo of it`(seed: UInt64) {
        let said = Self.voice(seed &+ 100, seconds: 20), greeting = Self.voice(seed, seconds: 8) + [Double](repeating: 0, count: 24_000)
        let echo = Self.late(said, milliseconds: 80, 0.05)
        #expect(LineListener.findings(in: greeting.map(Self.aLaw), said: said.map(Self.aLaw)).first?.finding == .greeting)
        #expect(LineListener.findings(in: zip(greeting, echo).map { Self.aLaw($0 + $1) }, said: said.map(Self.aLaw)).first?.finding == .greeting)
    }

    @Test func `a tone of ours that comes back is no machine's`() {
        let said = Self.tone(1_000, 0.5) + Self.hush + Self.hush, echo = Self.sound(0.2) { _ in 0 } + said
        #expect(LineListener.findings(in: echo, said: said).isEmpty)
        #expect(LineListener.findings(in: Self.sound(0.2) { _ in 0 } + Self.tone(800, 0.5) + Self.hush, said: said).map(\.finding) == [.records])
    }
}
