import Foundation

/// Sound files of any telephone or studio, made into what a telephone carries.
package enum SoundFile {
    /// Bytes of a file: three minutes of a CD's samples are 32 million, and of anything compressed far fewer.
    package static let mostBytes = 40_000_000
    package static let mostSeconds = 180
    /// Address space of the program that reads: a file made to fill the memory ends that program alone.
    private static let mostMemory = 1 << 30

    /// What a file is, by its first bytes.
    private static let beginnings: [(type: String, bytes: [UInt8], at: Int)] = [
        ("wav", Array("WAVE".utf8), 8), ("ogg", Array("OggS".utf8), 0), ("flac", Array("fLaC".utf8), 0), ("mp3", Array("ID3".utf8), 0),
    ]

    /// One channel, 8,000 samples a second, A-law, as loud as what is spoken; the same bytes for the same file.
    ///
    /// Waits for a program: call it from a thread that may.
    /// - Parameter converter: SoX.
    /// - Throws: `SpeechError`: `.unknownSound`, `.recordingTooLong`, `.silent`; nothing is kept then.
    package static func aLaw(_ file: [UInt8], converter: String = "/usr/bin/sox") throws(SpeechError) -> [UInt8] {
        guard file.count <= mostBytes, let type = type(of: file) else { throw SpeechError(code: .unknownSound, program: "") }
        let words = [
            "/usr/bin/prlimit", "--as=\(mostMemory)", "--fsize=\(mostMemory / 8)", "--core=0",
            converter, "-V1", "-D", "-t", type, "-", "-t", "al", "-r", "8000", "-c", "1", "-",
            // One second more than is taken tells what is longer. No dither: the same file sounds, and hashes, the same.
            "trim", "0", "\(mostSeconds + 1)", "highpass", "200", "norm", "-3",
        ]
        let sound: [UInt8]
        do throws(SpeechError) {
            sound = try Subprocess.run(words, input: file, mostBytes: (mostSeconds + 2) * 8_000)
        } catch {
            throw error.code == .failed ? SpeechError(code: .unknownSound, program: "") : error
        }
        guard sound.count <= mostSeconds * 8_000 else { throw SpeechError(code: .recordingTooLong, program: "") }
        // Of silence nothing can be made loud. 0x55 and 0xD5 are the two zeros.
        guard sound.contains(where: { $0 | 0x80 != 0xD5 }) else { throw SpeechError(code: .silentSound, program: "") }
        return sound
    }

    private static func type(of file: [UInt8]) -> String? {
        if let known = beginnings.first(where: { file.dropFirst($0.at).starts(with: $0.bytes) }) { return known.type }
        // A frame of MPEG audio without a title before it: eleven bits set, then layer 3.
        guard file.count > 2, file[0] == 0xFF, file[1] & 0xE6 == 0xE2 else { return nil }
        return "mp3"
    }
}
