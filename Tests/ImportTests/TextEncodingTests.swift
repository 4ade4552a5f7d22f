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

    @Test(arguments: [[0xFF, 0xFE, 0x41, 0x00], [0xFE, 0xFF, 0x00, 0x41]] as [[UInt8]])
    func `UTF-16 is refused with a way out`(bytes: [UInt8]) {
        let error = #expect(throws: ImportError.self) { try detect(bytes) }
        #expect(error == .unsupportedEncoding(file: "f", name: "UTF-16"))
        #expect(error?.description.contains("save it as UTF-8") == true)
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
