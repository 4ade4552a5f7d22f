import Testing

@testable import Import

@Suite struct TextEncodingTests {
    private func detect(_ bytes: [UInt8]) throws -> TextEncoding {
        let bench = try ImportBench()
        return try TextEncoding.detect(in: try FileSource(path: try bench.file("f", bytes)))
    }

    @Test func `UTF-8 is told from Windows-1252 by the whole file`() throws {
        #expect(try detect(Array("é".utf8)) == .utf8)
        #expect(try detect(Array("plain".utf8)) == .utf8)
        #expect(try detect([0xE9]) == .windows1252)
        // A late accent, beyond the first chunk.
        #expect(try detect([UInt8](repeating: 0x41, count: 300_000) + [0xE9, 0x0A]) == .windows1252)
        #expect(try detect([UInt8](repeating: 0x41, count: 262_143) + Array("é".utf8)) == .utf8)
        #expect(try detect(Array("cut".utf8) + [0xC3]) == .windows1252)
    }

    @Test(arguments: [false, true])
    func `UTF-16 is told by its mark and read, cut anywhere`(isBigEndian: Bool) throws {
        let text = "id;nom\n1;Zoé 🌊\n"
        let units = Array(("\u{FEFF}" + text).utf16)
        let bytes = units.flatMap { unit -> [UInt8] in
            let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
            return isBigEndian ? [high, low] : [low, high]
        }
        #expect(try detect(bytes) == .utf16(isBigEndian: isBigEndian))
        for size in 1...7 {
            var decoder = UTF16Decoder(isBigEndian: isBigEndian)
            var decoded: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                Array(bytes[start..<min(start + size, bytes.count)]).withUnsafeBytes { decoded += decoder.decode($0) }
            }
            decoded += decoder.finish()
            #expect(String(decoding: decoded, as: UTF8.self) == "\u{FEFF}" + text, "chunks of \(size)")
        }
    }

    @Test func `half a character of UTF-16 is shown as one that is missing`() {
        var decoder = UTF16Decoder(isBigEndian: true)
        // A lead surrogate before a letter, and a byte too many at the end.
        let bytes: [UInt8] = [0xD8, 0x3C, 0x00, 0x41, 0x00]
        let decoded = bytes.withUnsafeBytes { decoder.decode($0) } + decoder.finish()
        #expect(String(decoding: decoded, as: UTF8.self) == "\u{FFFD}A\u{FFFD}")
    }

    /// Every sequence that Unicode's table 3-7 allows at its ends, and its neighbours that it does not.
    @Test(
        arguments: [
            ([0x7F], true), ([0x80], false), ([0xC1, 0xBF], false), ([0xC2, 0x80], true), ([0xDF, 0xBF], true),
            ([0xE0, 0x9F, 0xBF], false), ([0xE0, 0xA0, 0x80], true), ([0xED, 0x9F, 0xBF], true),
            ([0xED, 0xA0, 0x80], false), ([0xEF, 0xBF, 0xBF], true), ([0xF0, 0x8F, 0xBF, 0xBF], false),
            ([0xF0, 0x90, 0x80, 0x80], true), ([0xF4, 0x8F, 0xBF, 0xBF], true), ([0xF4, 0x90, 0x80, 0x80], false),
            ([0xF5, 0x80, 0x80, 0x80], false), ([0xE2, 0x82], false), ([0xC3, 0x28], false),
        ] as [([UInt8], Bool)])
    func `UTF-8 is validated as Unicode says, one byte at a time`(bytes: [UInt8], isValid: Bool) {
        var validator = UTF8Validator()
        let accepted = bytes.allSatisfy { byte in
            [byte].withUnsafeBytes { validator.feed($0) }
        }
        #expect((accepted && validator.isComplete) == isValid)
    }

    @Test func `all 256 bytes of Windows-1252 mean something`() {
        let text = TextEncoding.windows1252.text(Array(0...255))
        #expect(text.unicodeScalars.count == 256)
        #expect(String(text.unicodeScalars.dropFirst(0x80).prefix(4).map(Character.init)) == "€\u{81}‚ƒ")
        #expect(text.unicodeScalars.last == "ÿ")
    }
}
