import Testing

@testable import Speech

@Suite struct WaveSoundTests {
    @Test func `a file holds each sample's value, and says how many there are`() {
        // Of ITU-T G.711, table 1a: the two smallest, and the two largest, of either sign.
        let file = WaveSound.file(aLaw: [0xD5, 0x55, 0xAA, 0x2A])
        #expect(file.count == 44 + 8)
        #expect(Array(file[..<4]) == Array("RIFF".utf8) && Array(file[8..<16]) == Array("WAVEfmt ".utf8))
        func number(_ at: Int) -> Int { Int(file[at]) | Int(file[at + 1]) << 8 | Int(file[at + 2]) << 16 | Int(file[at + 3]) << 24 }
        #expect(number(4) == file.count - 8 && number(40) == 8 && number(24) == 8_000 && number(28) == 16_000)
        let values = stride(from: 44, to: 52, by: 2).map { Int16(bitPattern: UInt16(file[$0]) | UInt16(file[$0 + 1]) << 8) }
        #expect(values == [8, -8, 32_256, -32_256])
    }
}
