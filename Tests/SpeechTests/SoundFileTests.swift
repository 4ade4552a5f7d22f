import Foundation
import Testing

@testable import Speech

@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sox"), "SoX is not installed: run Scripts/bootstrap"))
struct SoundFileTests {
    /// What SoX makes of its own words, through a file.
    private static func made(_ type: String, _ words: [String]) throws -> [UInt8] {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).\(type)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/sox")
        process.arguments = ["-V0", "-n", "-r", "44100", "-c", "2", path] + words
        try process.run()
        process.waitUntilExit()
        return Array(try Data(contentsOf: URL(filePath: path)))
    }

    @Test(arguments: ["wav", "mp3", "ogg", "flac"])
    func `each form is made into what telephones carry, the same each time`(type: String) throws {
        let file = try Self.made(type, ["synth", "2", "sine", "440", "vol", "0.05"])
        let sound = try SoundFile.aLaw(file)
        #expect((15_000...17_000).contains(sound.count), "two seconds")
        #expect(try SoundFile.aLaw(file) == sound)
        // However faint it was, it is loud.
        let samples = WaveSound.file(aLaw: sound)[44...]
        let largest = stride(from: samples.startIndex, to: samples.endIndex, by: 2).map { abs(Int(Int16(bitPattern: UInt16(samples[$0]) | UInt16(samples[$0 + 1]) << 8))) }.max()
        #expect((20_000...24_500).contains(try #require(largest)))
    }

    @Test func `what is too long, silent or no sound is refused`() throws {
        func code(_ file: [UInt8]) -> SpeechError.Code? { #expect(throws: SpeechError.self) { try SoundFile.aLaw(file) }?.code }
        #expect(code(try Self.made("ogg", ["synth", "182", "sine", "440"])) == .recordingTooLong)
        #expect(try SoundFile.aLaw(Self.made("ogg", ["synth", "179", "sine", "440"])).count == 179 * 8_000)
        #expect(code(try Self.made("wav", ["trim", "0", "1"])) == .silentSound)
        let whole = try Self.made("flac", ["synth", "2", "sine", "440"])
        for file in [[], Array("RIFF".utf8), Array("<html></html>".utf8), Array("RIFF....WAVE".utf8), [0xFF, 0xFB] + [UInt8](repeating: 0, count: 400)] {
            #expect(code(file) == .unknownSound)
        }
        #expect(code(Array(whole.prefix(30))) == .unknownSound)
        #expect(code([UInt8](repeating: 0x52, count: SoundFile.mostBytes + 1)) == .unknownSound)
    }

    @Test func `a header that promises more than there is harms nobody`() throws {
        var file = try Self.made("wav", ["synth", "1", "sine", "440"])
        for at in [4, 5, 6, 7, 40, 41, 42, 43] { file[at] = 0xFE }
        // Either the second that is there, or nothing.
        if let sound = try? SoundFile.aLaw(file) { #expect(sound.count <= 8_100) }
        for seed in 0..<40 {
            var broken = file
            for step in 0..<12 { broken[(seed * 97 + step * 31) % 60] = UInt8(truncatingIfNeeded: seed * 13 + step * 7) }
            _ = try? SoundFile.aLaw(broken)
        }
    }
}
